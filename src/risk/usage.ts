// What trades and orders at work put at stake: the part of a ceiling that is used already.
import type { StrategyId } from '../domain/ids.ts';
import { multiplierOf } from '../domain/legs.ts';
import type { Price } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import { isOpen, qtyLeft, type Trade } from '../domain/trade.ts';
import { reservePerUnit } from './margin.ts';

/** Packages of a trade that are left, a package with one leg gone counting whole: what remains of it may still lose as much. */
const packagesLeft = (trade: Trade): number =>
  Math.max(0, ...trade.legs.map((l) => Math.ceil(Math.abs(qtyLeft(trade, l.instrument.symbol)) / l.ratio)));

/**
 * What is left of a trade can still lose this much of what was paid or collected for it, micros, positive; NaN where its record is
 * broken, so that nothing fits beside it.
 */
export function atRisk(trade: Trade): number {
  const net = Math.round(-trade.entryCash / (trade.units * multiplierOf(trade.legs)));
  return Number.isSafeInteger(net) ? reservePerUnit(trade.legs, net as Price) * packagesLeft(trade) : Number.NaN;
}

/** What a trade has put at stake, closed or not, micros: what was paid for it, or, where it collected, the worst that was reckoned with. */
export const stakeOf = (trade: Trade): number => (trade.entryCash >= 0 ? trade.maxLoss : -trade.entryCash);

/** Openings of a strategy at work, those of uncertain fate included: each may turn out to have filled. */
export const openingsOf = (live: readonly Order[], strategy: StrategyId): readonly Order[] =>
  live.filter((o) => (o.purpose === 'O' || o.purpose === 'R') && o.strategy === strategy);

/** Cash that openings at work still set aside. */
export const reservedBy = (orders: readonly Order[]): number => orders.reduce((n, o) => n + o.reserve, 0);

/** What a walk that is judged again has put at stake with its own fills. */
export const ownStake = (trades: readonly Trade[], ladder: string | null): number =>
  trades.reduce((n, t) => n + (t.id === ladder && isOpen(t) ? atRisk(t) : 0), 0);
