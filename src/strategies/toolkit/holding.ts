// What is left of a trade, priced: the order that would close it, its mark, and what it was entered for.
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { Trade } from '../../domain/trade.ts';
import type { MarketView } from '../strategy.ts';
import type { NetMarket } from './limits.ts';
import { packageMarket, type QuotedLeg, quotedLegs } from './structure.ts';

/** What a package was entered for, dollars a share of one unit: positive was paid, negative collected. */
export const entryNet = (trade: Trade): number => -dollars(trade.entryCash) / (trade.units * 100);

/** What is held of a trade, without its market: enough for every level that does not move with it. */
export type Owned = Pick<Held, 'trade' | 'units' | 'entry'>;

/** Undefined where no whole package of a trade is left: what remains then is put in order, not held. */
export function ownedOf(trade: Trade): Owned | undefined {
  const units = trade.units > 0 ? wholeUnits(trade) : 0;
  return units === 0 ? undefined : { trade, units, entry: entryNet(trade) };
}

interface HeldOption {
  readonly option: Option;
  /** Signed contracts. */
  readonly contracts: number;
}

const optionsHeld = (trade: Trade): readonly HeldOption[] =>
  trade.held.flatMap(({ instrument, qty }) => (instrument.kind === 'option' ? [{ option: instrument, contracts: qty }] : []));

/** Units of the package that are whole: 0 once a leg was assigned, exercised or closed alone. */
export function wholeUnits(trade: Trade): number {
  const held = optionsHeld(trade);
  const units = trade.legs.map((l) => {
    const left = held.find((h) => h.option.symbol === l.instrument.symbol)?.contracts ?? 0;
    return Math.floor(Math.abs(left) / l.ratio);
  });
  return Math.min(...units);
}

/** True when the options left are exactly whole units of the package, and nothing else is held. */
export function isWhole(trade: Trade): boolean {
  const units = wholeUnits(trade);
  const exact = trade.legs.every((l) => {
    const left = trade.held.find((h) => h.instrument.symbol === l.instrument.symbol)?.qty ?? 0;
    return Math.abs(left) === units * l.ratio;
  });
  return units > 0 && exact && trade.held.length === trade.legs.length;
}

/** The legs of the order that closes what is held, one of each ratio. */
const closingLegs = (trade: Trade): readonly Omit<QuotedLeg, 'quote'>[] =>
  trade.legs.flatMap((l) =>
    l.instrument.kind === 'option'
      ? [{ option: l.instrument, side: l.side === 'buy' ? ('sell' as const) : ('buy' as const), ratio: l.ratio }]
      : [],
  );

export interface Held {
  readonly trade: Trade;
  readonly name: Symbol;
  /** Whole packages left. */
  readonly units: number;
  /** Entry, net dollars a share: positive was paid, negative collected. */
  readonly entry: number;
  /** The closing package with its quotes, and its net market: to sell what was bought its prices are negative. */
  readonly legs: readonly QuotedLeg[];
  readonly close: NetMarket;
  /** What the package is worth at its mids, from the holder's side: positive is an asset. */
  readonly value: number;
  /** What it would bring at once; never more than `value`. */
  readonly executable: number;
  /** The value where the market is fair, else the executable value. */
  readonly mark: number;
}

/** A mid is believed where the spread is at most this part of it. */
const FAIR_SPREAD = 0.1;

/** What closing a package is taken to cost, net dollars a share: the mid of a fair market, else the natural price. */
export const markOf = ({ mid, natural }: NetMarket): number => (natural - mid <= (FAIR_SPREAD * Math.abs(mid)) / 2 + 1e-9 ? mid : natural);

/** What a trade is worth now. The absence of the first leg without a quote; RECON_PENDING when its legs no longer make whole packages. */
export function heldTrade(market: MarketView, trade: Trade): Known<Held> {
  if (!isWhole(trade)) return absent('RECON_PENDING', `${trade.id}: its legs no longer make whole packages`);
  const legs = quotedLegs(market, closingLegs(trade));
  if (!legs.known) return legs;
  const close = packageMarket(legs.value);
  return known({
    trade,
    name: trade.underlying,
    units: wholeUnits(trade),
    entry: entryNet(trade),
    legs: legs.value,
    close,
    value: -close.mid,
    executable: -close.natural,
    mark: -markOf(close),
  });
}
