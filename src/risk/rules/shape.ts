// Is it an order at all: whole positive quantities, prices on the grid, one underlying, standard contracts.
import { isAdjusted } from '../../domain/instrument.ts';
import { deny, type Finding, pass, type Rule, type RuleContext } from '../rule.ts';

const text = (observed: string, limit: string) => ({ observed, limit, unit: 'text' }) as const;

function fault(c: RuleContext): readonly [string, string, string] | undefined {
  const { legs } = c.intent;
  if (!Number.isSafeInteger(c.qty) || c.qty < 1) return [String(c.qty), 'a whole number, at least 1', 'quantity'];
  if (legs.length > 4) return [String(legs.length), 'at most 4 legs', 'legs'];
  if (new Set(legs.map((l) => l.instrument.symbol)).size !== legs.length) return ['repeated', 'different legs', 'legs'];
  if (new Set(legs.map((l) => l.instrument.underlying)).size !== 1) return ['mixed', 'one underlying', 'legs'];
  if (legs.length > 1 && legs.some((l) => l.instrument.kind !== 'option')) return ['shares', 'options only', 'legs of a package'];
  const odd = legs.find((l) => l.instrument.kind === 'option' && isAdjusted(l.instrument));
  if (odd !== undefined) return [odd.instrument.symbol, 'standard contracts', 'instrument'];
  for (const rung of c.intent.prices.rungs) {
    if (!Number.isSafeInteger(rung)) return [String(rung), 'a whole number of micros', 'limit'];
    const [first] = legs;
    const tick = legs.length === 1 ? c.tick(first.instrument.symbol, rung) : 10_000;
    if (rung % tick !== 0) return [String(rung), `a multiple of ${tick}`, 'limit is off the tick'];
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
