// How much of the book may be options that can go to nothing: bought, sold, and about to expire.
import type { StrategyId } from '../../domain/ids.ts';
import type { Legs } from '../../domain/legs.ts';
import { addDays, type TradingDay } from '../../domain/time.ts';
import { isOpen } from '../../domain/trade.ts';
import { capped } from '../capped.ts';
import { maxLossOf } from '../portfolio/risk-amount.ts';
import { deny, type Finding, type Rule, type RuleContext, skip } from '../rule.ts';
import { worstNet } from '../unit-risk.ts';
import { atRisk } from '../usage.ts';

/** One trade or opening at work: what it can lose, whether it was paid for or collected, and when its first option expires. */
interface Part {
  readonly amount: number;
  readonly paid: boolean;
  readonly expiry: TradingDay | null;
}

const firstExpiry = (legs: Legs): TradingDay | null =>
  legs.reduce<TradingDay | null>((first, { instrument }) => {
    if (instrument.kind !== 'option') return first;
    return first === null || instrument.expiry < first ? instrument.expiry : first;
  }, null);

type Used = Pick<RuleContext, 'limits' | 'trades' | 'live'>;

function partsOf(c: Used, counts: (strategy: StrategyId) => boolean): readonly Part[] {
  const held = c.trades.filter((t) => isOpen(t) && counts(t.owner));
  const working = c.live.filter((o) => (o.purpose === 'O' || o.purpose === 'R') && counts(o.strategy));
  return [
    ...held.map((t): Part => ({ amount: atRisk(t), paid: t.entryCash < 0, expiry: firstExpiry(t.legs) })),
    ...working.map((o): Part => ({ amount: o.reserve, paid: (o.limit ?? 0) >= 0, expiry: firstExpiry(o.legs) })),
  ];
}

const sharesBudgets =
  ({ limits }: Used) =>
  (strategy: StrategyId): boolean =>
    limits.orders.budget.strategies.includes(strategy);

/** The last day on which an expiry is near. */
const nearUntil = ({ limits }: Used, today: TradingDay): TradingDay => addDays(today, limits.orders.budget.nearExpiryDays);

/** What is used of each budget, micros: premium bought, worst loss of what is sold, worst loss of what expires soon. */
export function usedOfBudgets(c: Used, today: TradingDay): Readonly<Record<'paid' | 'sold' | 'near', number>> {
  const near = nearUntil(c, today);
  const parts = partsOf(c, sharesBudgets(c));
  const total = (of: (part: Part) => boolean): number => parts.reduce((n, p) => n + (of(p) ? p.amount : 0), 0);
  return { paid: total((p) => p.paid), sold: total((p) => !p.paid), near: total((p) => p.expiry !== null && p.expiry <= near) };
}

/** Each budget the order falls under, the strictest answer counting. */
export const optionBudget: Rule = (c): Finding => {
  const { budget } = c.limits.orders;
  if (c.intent.kind === 'close') return skip('OPTION_BUDGET', 'exits use nothing up');
  if (!sharesBudgets(c)(c.strategy)) return skip('OPTION_BUDGET', 'has ceilings of its own');
  const expiry = firstExpiry(c.intent.legs);
  if (expiry === null) return skip('OPTION_BUDGET', 'no options');
  if (c.session === undefined)
    return deny('OPTION_BUDGET', { observed: 'closed', limit: 'a session', unit: 'text' }, 'no session to count from');
  const net = worstNet(c);
  const unit = maxLossOf(c.intent.legs, net, 1);
  const used = usedOfBudgets(c, c.session.day);
  const paid = net >= 0;
  const asks = [
    [
      paid ? used.paid : used.sold,
      paid ? budget.longPremiumPct : budget.shortLossPct,
      paid ? 'premium bought' : 'worst loss of what is sold',
    ],
    ...(expiry <= nearUntil(c, c.session.day)
      ? [[used.near, budget.nearExpiryPct, `worst loss within ${budget.nearExpiryDays} days of expiry`] as const]
      : []),
  ] as const;
  let tightest: Finding | undefined;
  let { qty } = c;
  for (const [before, part, what] of asks) {
    const found = capped(
      'OPTION_BUDGET',
      { used: before, unit, qty, limit: Math.trunc(c.equity * part) },
      `${what}: more than ${part} of equity`,
    );
    if (found.kind === 'deny') return found;
    if (found.kind === 'resize') qty = found.qty;
    if (tightest === undefined || found.kind === 'resize') tightest = found;
  }
  return tightest ?? skip('OPTION_BUDGET', 'no options');
};
