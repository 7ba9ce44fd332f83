// What an execution was worth against the market it was sent into, and how long each part of its way took. Signed from our side.
import { type Legs, multiplierOf, sign } from '../domain/legs.ts';
import { type Usd, usd } from '../domain/money.ts';
import type { LegExecution, PlacedOrder, TurnInstant } from '../domain/placed-order.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import type { SeenQuote } from '../domain/turn.ts';

/** A package's market, dollars' micros a share, net: what is paid for one package is positive, what is collected negative. */
export interface NetMarket {
  readonly mid: number;
  /** The far side of every leg: what taking the market costs. */
  readonly natural: number;
  /** Ask less bid, all legs added up. */
  readonly spread: number;
  /** Of the oldest of its quotes, wall milliseconds. */
  readonly ageMs: number;
}

/** The market of a package; absent while a leg had no two sides. */
export function netMarketOf(package_: Legs, quotes: readonly SeenQuote[] | null): Known<NetMarket> {
  if (quotes === null) return absent('QUOTE_MISSING', 'the market of the decision was not kept');
  const seen = new Map(quotes.map((quote) => [quote.symbol, quote]));
  let market: NetMarket = { mid: 0, natural: 0, spread: 0, ageMs: 0 };
  for (const { instrument, side, ratio } of package_) {
    const quote = seen.get(instrument.symbol);
    if (quote === undefined) return absent('QUOTE_MISSING', `${instrument.symbol} is not in the market of the decision`);
    if (quote.kind === 'absent') return absent(quote.code, `${instrument.symbol} had no market when it was decided`);
    const { bid, ask, ageMs } = quote;
    const way = sign(side) * ratio;
    market = {
      mid: market.mid + (way * (bid + ask)) / 2,
      natural: market.natural + way * (side === 'buy' ? ask : bid),
      spread: market.spread + ratio * (ask - bid),
      ageMs: Math.max(market.ageMs, ageMs),
    };
  }
  return known(market);
}

/** Whole packages that one turn completed. */
export interface PackageFill {
  readonly heard: TurnInstant;
  /** Packages: shares or contracts of a simple order. */
  readonly units: number;
  /** Signed: paid is negative. */
  readonly cash: Usd;
}

/**
 * Executions of an order as packages. Legs that were told apart wait until their package is whole; what never becomes whole is in none.
 */
export function packageFills({ legs, executions }: Pick<PlacedOrder, 'legs' | 'executions'>): readonly PackageFill[] {
  const fills: PackageFill[] = [];
  const counts = legs.map(() => 0);
  let cash = 0;
  let done = 0;
  const turns = new Map<number, LegExecution[]>();
  for (const one of executions) turns.set(one.heard.seq, [...(turns.get(one.heard.seq) ?? []), one]);
  for (const parts of turns.values()) {
    for (const part of parts) {
      counts[part.legNo] = (counts[part.legNo] ?? 0) + Math.abs(part.qty);
      cash += part.cash;
    }
    const units = legs.map((leg, i) => (counts[i] ?? 0) / leg.ratio);
    const [whole = 0] = units;
    const [first] = parts;
    if (first === undefined || whole <= done || units.some((n) => n !== whole)) continue;
    fills.push({ heard: first.heard, units: whole - done, cash: usd(cash) });
    done = whole;
    cash = 0;
  }
  return fills;
}

/** One execution against its market. Amounts are of the whole execution; what is null could not be reckoned, and `why` says why. */
export interface FillQuality {
  readonly order: PlacedOrder['id'];
  readonly strategy: PlacedOrder['strategy'];
  readonly purpose: PlacedOrder['purpose'];
  readonly legs: Legs;
  readonly heard: TurnInstant;
  readonly units: number;
  /** Net of one package, micros a share: positive was paid. */
  readonly price: number;
  /** What it is measured by: the mid when the order was sent, or, for one that lay in wait, the price that set it off. */
  readonly against: 'arrival' | 'stop';
  /** Net mid when the walk was decided, and when this order of it was. */
  readonly decisionMid: number | null;
  readonly arrivalMid: number | null;
  /** All the market's spread then. */
  readonly spread: number | null;
  readonly quoteAgeMs: number | null;
  /** Cash less what the reference would have brought: negative is a cost. */
  readonly slippage: Usd | null;
  /** Of what the reference came to, in ten-thousandths; null where that was nothing. */
  readonly slippageBps: number | null;
  /** The part of the half spread that was paid: 1 took the market, 0 was the mid, negative was paid to us. Null without a spread. */
  readonly spreadPaid: number | null;
  /** Cash less what taking the market on arrival would have brought: positive is better than the market's far side. */
  readonly improvement: Usd | null;
  /** The value at the reference, not negative. */
  readonly value: Usd | null;
  /** Wall milliseconds; null where one end is not known or lies in another run. */
  readonly decideToSubmitMs: number | null;
  readonly submitToAckMs: number | null;
  readonly ackToFillMs: number | null;
  /** Why there is no slippage; null where there is. */
  readonly why: string | null;
}

/** Wall milliseconds from one turn to another; null where they cannot be compared. */
export const elapsed = (from: TurnInstant | null, to: TurnInstant | null): number | null =>
  from === null || to === null || from.run !== to.run ? null : to.mono - from.mono;

interface Reference {
  readonly net: number;
  readonly market: NetMarket | null;
}

/** A stop waits for days: the mid of its placing says nothing of its execution, the price that set it off does. */
function referenceOf({ legs, type, stop, quotes }: PlacedOrder): Known<Reference> {
  if (type === 'stop') {
    if (stop === null) return absent('QUOTE_MISSING', 'a stop without its price');
    return known({ net: sign(legs[0].side) * stop, market: null });
  }
  const market = netMarketOf(legs, quotes);
  return market.known ? known({ net: market.value.mid, market: market.value }) : market;
}

function qualityOf(order: PlacedOrder, fill: PackageFill): FillQuality {
  const { id, strategy, purpose, legs } = order;
  const size = fill.units * multiplierOf(legs);
  const reference = referenceOf(order);
  const decision = order.type === 'stop' ? absent('QUOTE_MISSING', 'a stop has no walk') : netMarketOf(legs, order.firstQuotes);
  const market = reference.known ? reference.value.market : null;
  // What a net price would have moved: paid is positive in a price and negative in cash.
  const against = (net: number): number => fill.cash + net * size;
  const slippage = reference.known ? against(reference.value.net) : null;
  const value = reference.known ? Math.abs(reference.value.net) * size : null;
  return {
    order: id,
    strategy,
    purpose,
    legs,
    heard: fill.heard,
    units: fill.units,
    price: -fill.cash / size,
    against: order.type === 'stop' ? 'stop' : 'arrival',
    decisionMid: decision.known ? decision.value.mid : null,
    arrivalMid: market?.mid ?? null,
    spread: market?.spread ?? null,
    quoteAgeMs: market?.ageMs ?? null,
    slippage: slippage === null ? null : usd(Math.round(slippage)),
    slippageBps: slippage === null || value === null || !(value > 0) ? null : (10_000 * slippage) / value,
    spreadPaid: slippage === null || market === null || !(market.spread > 0) ? null : -slippage / ((market.spread / 2) * size) + 0,
    improvement: market === null ? null : usd(Math.round(against(market.natural))),
    value: value === null ? null : usd(Math.round(value)),
    decideToSubmitMs: elapsed(order.decided, order.submitted),
    submitToAckMs: elapsed(order.submitted, order.acknowledged),
    ackToFillMs: elapsed(order.acknowledged, fill.heard),
    why: reference.known ? null : reference.why,
  };
}

/** Every execution of an order, in the order in which they were heard. */
export const fillQuality = (order: PlacedOrder): readonly FillQuality[] => packageFills(order).map((fill) => qualityOf(order, fill));
