// May this intent become an order? Runs every rule in order, keeps every finding, and alone mints `Cleared`.
import type { Price, Qty, Usd } from '../domain/money.ts';
import type { Cleared, Denial, DenialCode, RuleCheck, Verdict } from '../domain/verdict.ts';
import { reservePerUnit } from './margin.ts';
import { type Finding, type Rule, type RuleContext, skip } from './rule.ts';
import { cluster } from './rules/cluster.ts';
import { buyingPower, exitCap, naked, overClose } from './rules/cover.ts';
import { dailyLoss } from './rules/daily-loss.ts';
import { dayTrade } from './rules/day-trade.ts';
import { drawdown } from './rules/drawdown.ts';
import { contractConflict, duplicate, selfCross } from './rules/duplicate.ts';
import { errors } from './rules/errors.ts';
import { event } from './rules/event.ts';
import { exposure } from './rules/exposure.ts';
import { freshness } from './rules/freshness.ts';
import { greeks } from './rules/greeks.ts';
import { instrument } from './rules/instrument.ts';
import { kelly } from './rules/kelly.ts';
import { lotteryCap } from './rules/lottery.ts';
import { mode } from './rules/mode.ts';
import { openRisk } from './rules/open-risk.ts';
import { optionBudget } from './rules/option-budget.ts';
import { positionPct } from './rules/position-pct.ts';
import { rate } from './rules/rate.ts';
import { sector } from './rules/sector.ts';
import { shape } from './rules/shape.ts';
import { collar, fatFinger } from './rules/size-and-price.ts';
import { spreadWide } from './rules/spread-wide.ts';
import { halted, ready, session } from './rules/standing.ts';
import { strategyCap } from './rules/strategy-cap.ts';
import { strategyPaused } from './rules/strategy-paused.ts';
import { stress } from './rules/stress.ts';
import { tradeRisk } from './rules/trade-risk.ts';
import { valueAtRisk } from './rules/value-at-risk.ts';
import { volatility } from './rules/volatility.ts';
import { wash } from './rules/wash.ts';

/** In the order of the rule catalogue; the first failing rule names the denial. */
// biome-ignore format: a table
const rules: readonly (readonly [DenialCode, Rule])[] = [
  ['HALTED', halted], ['NOT_READY', ready], ['MODE', mode], ['SESSION', session], ['INSTRUMENT', instrument], ['SHAPE', shape],
  ['STALE', freshness], ['DUPLICATE', duplicate], ['SELF_CROSS', selfCross], ['CONTRACT_CONFLICT', contractConflict],
  ['FAT_FINGER', fatFinger], ['COLLAR', collar], ['SPREAD_WIDE', spreadWide], ['POSITION_PCT', positionPct], ['LOTTERY_CAP', lotteryCap],
  ['TRADE_RISK', tradeRisk], ['EXPOSURE', exposure], ['OPEN_RISK', openRisk], ['STRATEGY_CAP', strategyCap],
  ['OPTION_BUDGET', optionBudget], ['CLUSTER', cluster], ['SECTOR', sector], ['BUYING_POWER', buyingPower], ['NAKED', naked],
  ['GREEKS', greeks], ['VAR', valueAtRisk], ['STRESS', stress], ['OVER_CLOSE', overClose], ['EXIT_CAP', exitCap],
  ['DAILY_LOSS', dailyLoss], ['DRAWDOWN', drawdown], ['STRATEGY_PAUSED', strategyPaused], ['RATE', rate], ['ERRORS', errors],
  ['DAYTRADE', dayTrade], ['EVENT', event], ['VOLATILITY', volatility], ['WASH', wash], ['KELLY', kelly],
];

/** What such a rule leaves is a part that was meant to be one: a slice of the whole, or what is left of a holding. */
const parts: ReadonlySet<DenialCode> = new Set<DenialCode>(['FAT_FINGER', 'OVER_CLOSE']);

/** Less than half of what was asked for is another trade than the one that was thought of: it is refused, not cut. */
function halfAtLeast(finding: Finding, asked: number): Finding {
  if (finding.kind !== 'resize' || parts.has(finding.check.rule) || finding.qty * 2 >= asked) return finding;
  const { check, why, qty } = finding;
  return { kind: 'deny', check: { ...check, result: 'deny' }, why: `${why}; the ${qty} that fit are less than half of ${asked}` };
}

/** The first of each kind that stands against the order. */
interface Against {
  deny?: Denial;
  defer?: Denial;
}

/**
 * The verdict on an intent, with every rule's finding. A resized quantity is judged on by the rules that follow. Any denial denies;
 * what is only deferred is refused for now, with a check that says so.
 */
export function judge(context: RuleContext): Verdict {
  const checks: RuleCheck[] = [];
  const against: Against = {};
  let { qty } = context;
  // What the halves are of, and what of it all may be sent: a slice leaves the rest for later, a cap leaves none.
  let asked = qty;
  let whole = qty;
  let misshapen = false;
  for (const [code, rule] of rules) {
    // What is no order has no value, no collateral and no cover to judge.
    const finding: Finding = misshapen ? skip(code, 'not an order') : halfAtLeast(rule({ ...context, qty }), asked);
    misshapen ||= code === 'SHAPE' && finding.kind === 'deny';
    checks.push(finding.check);
    if (finding.kind === 'resize') {
      qty = finding.qty;
      if (parts.has(code)) asked = qty;
      if (code !== 'FAT_FINGER') whole = qty;
    }
    if (finding.kind === 'deny') against.deny ??= { code: finding.check.rule, why: finding.why, check: finding.check };
    if (finding.kind === 'defer') against.defer ??= { code: finding.check.rule, why: finding.why, check: finding.check };
  }
  const denial = against.deny ?? against.defer;
  if (denial !== undefined) return { kind: 'denied', denial, checks };
  const worst = Math.max(...context.intent.prices.rungs) as Price;
  const cleared = { intent: context.intent, qty: qty as Qty, reservePerUnit: reservePerUnit(context.intent.legs, worst) satisfies Usd };
  return { kind: 'cleared', cleared: cleared as Cleared, whole: whole as Qty, checks };
}
