// May this intent become an order? Runs every rule in order, keeps every finding, and alone mints `Cleared`.
import type { Price, Qty, Usd } from '../domain/money.ts';
import type { Cleared, Denial, DenialCode, RuleCheck, Verdict } from '../domain/verdict.ts';
import { reservePerUnit } from './margin.ts';
import { type Finding, type Rule, type RuleContext, skip } from './rule.ts';
import { buyingPower, exitCap, naked, overClose } from './rules/cover.ts';
import { contractConflict, duplicate, selfCross } from './rules/duplicate.ts';
import { freshness } from './rules/freshness.ts';
import { lotteryCap } from './rules/lottery.ts';
import { shape } from './rules/shape.ts';
import { collar, fatFinger } from './rules/size-and-price.ts';
import { halted, ready, session } from './rules/standing.ts';

/** In the order of the rule catalogue; the first failing rule names the denial. */
// biome-ignore format: a table
const rules: readonly (readonly [DenialCode, Rule])[] = [
  ['HALTED', halted], ['NOT_READY', ready], ['SESSION', session], ['SHAPE', shape], ['STALE', freshness], ['DUPLICATE', duplicate],
  ['SELF_CROSS', selfCross], ['CONTRACT_CONFLICT', contractConflict], ['FAT_FINGER', fatFinger], ['COLLAR', collar],
  ['LOTTERY_CAP', lotteryCap], ['BUYING_POWER', buyingPower], ['NAKED', naked],
  ['OVER_CLOSE', overClose], ['EXIT_CAP', exitCap],
];

/** The verdict on an intent, with every rule's finding. A resized quantity is judged on by the rules that follow. */
export function judge(context: RuleContext): Verdict {
  const checks: RuleCheck[] = [];
  let denial: Denial | undefined;
  let { qty } = context;
  let misshapen = false;
  for (const [code, rule] of rules) {
    // What is no order has no value, no collateral and no cover to judge.
    const finding: Finding = misshapen ? skip(code, 'not an order') : rule({ ...context, qty });
    misshapen ||= code === 'SHAPE' && finding.kind === 'deny';
    checks.push(finding.check);
    if (finding.kind === 'resize') qty = finding.qty;
    if (finding.kind === 'deny' && denial === undefined) denial = { code: finding.check.rule, why: finding.why, check: finding.check };
  }
  if (denial !== undefined) return { kind: 'denied', denial, checks };
  const worst = Math.max(...context.intent.prices.rungs) as Price;
  const cleared = { intent: context.intent, qty: qty as Qty, reservePerUnit: reservePerUnit(context.intent.legs, worst) satisfies Usd };
  return { kind: 'cleared', cleared: cleared as Cleared, checks };
}
