// Is it an order at all: whole positive quantities, prices on the grid, one underlying, standard contracts.
import { isAdjusted } from '../../domain/instrument.ts';
import { boundsOf, isOneExpiry, weightsOf } from '../../domain/worth.ts';
import { deny, type Finding, pass, type Rule, type RuleContext } from '../rule.ts';

/** What a purchase at the market is reckoned to cost, of the ask. */
const MARKET_SLIP = 1.02;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The most a package can be worth; null where that has no bound or is no matter of intrinsic value alone. */
function mostWorth(c: RuleContext): number | null {
  const parts = weightsOf(c.intent.legs);
  return c.intent.legs.length > 1 && isOneExpiry(parts) ? boundsOf(parts).most : null;
}

const text = (observed: string, limit: string) => ({ observed, limit, unit: 'text' }) as const;

/** Shares bought at any price may cost more than anybody meant: above an amount they are bought with a limit. */
function unlimited(c: RuleContext): boolean {
  const [{ instrument }] = c.intent.legs;
  if (c.net !== null || c.intent.kind === 'close' || instrument.kind !== 'equity') return false;
  const quote = c.quote(instrument.symbol);
  const worth = quote.known ? quote.value.ask * MARKET_SLIP * c.qty : Number.POSITIVE_INFINITY;
  return !(worth <= c.limits.orders.marketOrderMax);
}

function fault(c: RuleContext): readonly [string, string, string] | undefined {
  const { legs } = c.intent;
  if (!Number.isSafeInteger(c.qty) || c.qty < 1) return [String(c.qty), 'a whole number, at least 1', 'quantity'];
  if (legs.length > 4) return [String(legs.length), 'at most 4 legs', 'legs'];
  if (new Set(legs.map((l) => l.instrument.symbol)).size !== legs.length) return ['repeated', 'different legs', 'legs'];
  if (new Set(legs.map((l) => l.instrument.underlying)).size !== 1) return ['mixed', 'one underlying', 'legs'];
  if (legs.length > 1 && legs.some((l) => l.instrument.kind !== 'option')) return ['shares', 'options only', 'legs of a package'];
  if (legs.some((l) => !Number.isSafeInteger(l.ratio) || l.ratio < 1) || legs.reduce((n, l) => gcd(n, l.ratio), 0) !== 1)
    return [legs.map((l) => l.ratio).join(':'), 'reduced whole ratios', 'ratios'];
  if (c.intent.prices.last === 'market' && legs.some((l) => l.instrument.kind === 'option'))
    return ['market', 'limits only', 'an option order'];
  if (unlimited(c)) return ['market', 'a limit', 'an order for shares of this size'];
  const odd = legs.find((l) => l.instrument.kind === 'option' && isAdjusted(l.instrument));
  if (odd !== undefined) return [odd.instrument.symbol, 'standard contracts', 'instrument'];
  const most = mostWorth(c);
  for (const rung of c.intent.prices.rungs) {
    if (!Number.isSafeInteger(rung)) return [String(rung), 'a whole number of micros', 'limit'];
    const [first] = legs;
    const tick = legs.length === 1 ? c.tick(first.instrument.symbol, rung) : 10_000;
    if (rung % tick !== 0) return [String(rung), `a multiple of ${tick}`, 'limit is off the tick'];
    if (most !== null && rung > most) return [String(rung), `at most ${most}, which is all it can be worth`, 'limit of the package'];
    if (legs.length === 1 && rung === 0) return ['0', 'not zero', 'limit'];
    if (legs.length === 1 && Math.sign(rung) !== (first.side === 'buy' ? 1 : -1))
      return [String(rung), `${first.side}s ${first.side === 'buy' ? 'pay' : 'collect'}`, 'sign of the limit'];
  }
  return undefined;
}

/** A limit on the wrong side of zero would authorise paying for what should collect. */
export const shape: Rule = (c): Finding => {
  const found = fault(c);
  if (found === undefined) return pass('SHAPE', text('ok', 'ok'));
  const [observed, limit, what] = found;
  return deny('SHAPE', text(observed, limit), `${what}: ${observed}, wanted ${limit}`);
};
