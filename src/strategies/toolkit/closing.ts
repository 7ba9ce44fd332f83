// The order that closes a trade or a part of it: patient for a profit, urgent for a danger, never more than is held.
import type { Close, Gate, PricePlan } from '../../domain/decision.ts';
import { dollars, price, qty } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { MarketView } from '../strategy.ts';
import { assumedFor } from './context.ts';
import type { Held } from './holding.ts';
import { type NetMarket, netLadder, type TickAt } from './limits.ts';
import { orderLegs, packageGrid, type QuotedLeg } from './structure.ts';

export interface Exit {
  readonly code: ReasonCode;
  readonly why: string;
  readonly gates: readonly Gate[];
  /** Packages to close; all that are left when not given. */
  readonly units?: number;
  /** `patient` walks from mid to natural; `urgent` starts half-way and goes on through it, tick by tick; `forced` starts at natural. */
  readonly pace: 'patient' | 'urgent' | 'forced';
  /** The worst net price, dollars a share: the most paid or, negative, the least collected. */
  readonly bound?: number;
}

/** An exit in a line, of all that is left or of so many units. */
export const exit = (code: ReasonCode, pace: Exit['pace'], why: string, gates: readonly Gate[], units?: number): Exit => ({
  code,
  pace,
  why,
  gates,
  ...(units === undefined ? {} : { units }),
});

/** A package that can be closed: its legs, how many of it there are, and what closing costs. */
export type Closable = Pick<Held, 'trade' | 'name' | 'units' | 'close'> & { readonly legs: readonly Omit<QuotedLeg, 'quote'>[] };

const paces = {
  patient: { from: 0, to: 1, steps: 4 },
  urgent: { from: 0.5, to: 1, steps: 2, through: 5 },
  forced: { from: 1, to: 1, steps: 1, through: 5 },
} as const;

/** What is only sold brings a tick at least: an option nobody bids for is not paid to be rid of. */
const saleBound = (held: Pick<Closable, 'legs'>, tickAt: TickAt): number =>
  held.legs.every((l) => l.side === 'sell') ? -dollars(tickAt(price(0))) : Number.POSITIVE_INFINITY;

export interface WayOut {
  readonly market: NetMarket;
  readonly tickAt: TickAt;
  readonly stepSeconds: number;
}

/** The limits of a way out of any market, by its pace. */
export const pacedPrices = (out: WayOut, { pace, bound }: Pick<Exit, 'pace' | 'bound'>): PricePlan =>
  netLadder({ ...out, ...paces[pace], ...(bound === undefined ? {} : { bound }) });

/** The limits of an exit. */
export function exitPrices(market: MarketView, held: Closable, exit: Pick<Exit, 'pace' | 'bound'>, stepSeconds: number): PricePlan {
  const tickAt = packageGrid(market, held.name, held.legs);
  const bound = Math.min(exit.bound ?? Number.POSITIVE_INFINITY, saleBound(held, tickAt));
  return pacedPrices({ market: held.close, tickAt, stepSeconds }, { pace: exit.pace, bound });
}

/** The closing order. Its subject is the trade's name; its key the trade and the reason, so one reason closes once at a time. */
export function closeTrade(market: MarketView, held: Closable, exit: Exit, stepSeconds: number): Close {
  const units = Math.min(exit.units ?? held.units, held.units);
  const assumed = assumedFor(
    market,
    held.legs.map((l) => l.option),
  );
  return {
    kind: 'close',
    subject: held.name,
    code: exit.code,
    why: exit.why,
    gates: exit.gates,
    key: `${exit.code.toLowerCase()}:${held.trade.id}`,
    legs: orderLegs(held.legs, 'close'),
    qty: qty(units),
    prices: exitPrices(market, held, exit, stepSeconds),
    ...(assumed.length > 0 ? { assumed } : {}),
  };
}
