// What a margin account must keep against what it holds: parts of market value, premium of options in full.
import { multiplierOf } from '../domain/legs.ts';
import type { Position } from '../domain/position.ts';
import { openQty, type RuleContext } from './rule.ts';
import { worstNet } from './unit-risk.ts';

const LONG = 0.25;
const SHORT = 0.3;

/** Market value of a position without its sign, micros; what it cost where nobody quotes it. */
function valueOf(c: Pick<RuleContext, 'quote'>, { instrument, qty, cost }: Position): number {
  const quote = c.quote(instrument.symbol);
  return quote.known ? ((quote.value.bid + quote.value.ask) / 2) * Math.abs(qty) * instrument.multiplier : Math.abs(cost);
}

/** Maintenance of all that is held by anybody, micros (FINRA 4210: 25 % of shares held long, 30 % short, the whole premium of options). */
export const maintenanceHeld = (c: Pick<RuleContext, 'positions' | 'quote'>): number =>
  c.positions.reduce((n, p) => n + valueOf(c, p) * (p.instrument.kind === 'option' ? 1 : p.qty > 0 ? LONG : SHORT), 0);

type Priced = Pick<RuleContext['intent'], 'legs'>;
const ofPackage = ({ legs }: Priced, net: number, qty: number): number =>
  Math.abs(net) * multiplierOf(legs) * qty * (legs[0].instrument.kind === 'equity' ? LONG : 1);

/** Maintenance that openings at work would add to an amount, micros. */
export function maintenanceWorking({ live }: Pick<RuleContext, 'live'>, to = 0): number {
  const working = live.filter((o) => o.purpose === 'O' || o.purpose === 'R');
  return working.reduce((n, o) => n + ofPackage(o, o.limit ?? o.reserve / o.qty, openQty(o)), to);
}

/** Maintenance that openings at work and the order itself would add, micros. */
export const maintenanceAdded = (c: RuleContext): number => maintenanceWorking(c, ofPackage(c.intent, worstNet(c), c.qty));
