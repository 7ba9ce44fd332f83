// What a trade holds beyond whole packages: shares that an option delivered, and options that lost their other leg.
import type { Close, Gate } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { leg, legs, sign } from '../../domain/legs.ts';
import { dollars, netQty, price, qty } from '../../domain/money.ts';
import { type Known, known, type ReasonCode } from '../../domain/reasons.ts';
import { qtyLeft, type Trade, type TradeHolding } from '../../domain/trade.ts';
import { equityTick } from '../../market/ticks.ts';
import type { MarketView } from '../strategy.ts';
import { type Exit, pacedPrices } from './closing.ts';
import { assumedFor, tickOf } from './context.ts';
import { wholeUnits } from './holding.ts';
import { netMarket } from './limits.ts';

/** The trade as if only its whole packages were left of it; undefined when there is none. */
export function wholePart(trade: Trade): Trade | undefined {
  const units = wholeUnits(trade);
  if (units === 0) return undefined;
  const held = trade.legs.flatMap((l): readonly TradeHolding[] => {
    const holding = trade.held.find((h) => h.instrument.symbol === l.instrument.symbol);
    return holding === undefined ? [] : [{ ...holding, qty: netQty(sign(l.side) * l.ratio * units) }];
  });
  return { ...trade, held };
}

export interface Leftover {
  readonly instrument: Instrument;
  /** Signed: negative is short. */
  readonly qty: number;
}

/** Everything beyond the whole packages, in the order in which it came. */
export function leftovers(trade: Trade): readonly Leftover[] {
  const units = wholeUnits(trade);
  return trade.held.flatMap(({ instrument, qty: held }): readonly Leftover[] => {
    const own = trade.legs.find((l) => l.instrument.symbol === instrument.symbol);
    const packed = own === undefined ? 0 : sign(own.side) * own.ratio * units;
    return held === packed ? [] : [{ instrument, qty: held - packed }];
  });
}

/** Shares a trade holds because an option was assigned or exercised; negative is short. */
export const sharesDelivered = (trade: Trade): number => qtyLeft(trade, trade.underlying);

export interface Disposal {
  readonly code: ReasonCode;
  readonly why: string;
  readonly gates: readonly Gate[];
  readonly pace: Exit['pace'];
}

/** The order that closes one leftover whole: bought where it is short, sold where it is long. The absence of its quote. */
export function closeLeftover(market: MarketView, trade: Trade, left: Leftover, disposal: Disposal, stepSeconds: number): Known<Close> {
  const { instrument } = left;
  const quote = market.quote(instrument.symbol);
  if (!quote.known) return quote;
  const side = left.qty < 0 ? 'buy' : 'sell';
  const option = instrument.kind === 'option' ? instrument : undefined;
  const out = {
    market: netMarket(side, quote.value),
    tickAt: option === undefined ? equityTick : tickOf(market, option),
    stepSeconds,
  };
  const assumed = option === undefined ? market.assumptions(instrument.symbol) : assumedFor(market, [option]);
  return known({
    kind: 'close',
    subject: trade.underlying,
    code: disposal.code,
    why: disposal.why,
    gates: disposal.gates,
    key: `${disposal.code.toLowerCase()}:${instrument.symbol}:${trade.id}`,
    legs: legs(leg(instrument, side, 'close')),
    qty: qty(Math.abs(left.qty)),
    // What is sold brings a tick at least.
    prices: pacedPrices(out, side === 'sell' ? { ...disposal, bound: -dollars(out.tickAt(price(0))) } : disposal),
    ...(assumed.length > 0 ? { assumed } : {}),
  });
}
