// What is left of a trade, side by side: whole spreads, short options that lost their wing, wings that outlived their short.
import type { Option, Right } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import type { Trade } from '../../domain/trade.ts';
import type { Quote } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { entryNet } from '../toolkit/holding.ts';
import type { Leftover } from '../toolkit/leftover.ts';
import { mid, type NetMarket } from '../toolkit/limits.ts';
import type { QuotedLeg } from '../toolkit/structure.ts';
import { shareOfCredit } from './thesis.ts';

/** Whole spreads of one right. */
export interface Spread {
  readonly right: Right;
  readonly short: Option;
  readonly long: Option;
  readonly units: number;
  /** What it brought, dollars a share: its part of the trade's credit. */
  readonly credit: number;
}

export interface Remains {
  /** Puts first. */
  readonly spreads: readonly Spread[];
  readonly bareShorts: readonly Leftover[];
  readonly loneLongs: readonly Leftover[];
  /** Delivered by an assignment or an exercise. */
  readonly shares: readonly Leftover[];
}

interface Piece {
  readonly option: Option;
  readonly qty: number;
}

const rights = ['put', 'call'] as const satisfies readonly Right[];

/** A trade of this strategy has at most one short and one long option of a right. */
export function remainsOf(trade: Trade): Remains {
  const pieces = trade.held.flatMap(({ instrument, qty }): readonly Piece[] =>
    instrument.kind === 'option' ? [{ option: instrument, qty }] : [],
  );
  const sold = new Set(trade.legs.flatMap((l) => (l.instrument.kind === 'option' ? [l.instrument.right] : []))).size;
  const credit = -entryNet(trade);
  const spreads: Spread[] = [];
  const bareShorts: Leftover[] = [];
  const loneLongs: Leftover[] = [];
  for (const right of rights) {
    const short = pieces.find((p) => p.option.right === right && p.qty < 0);
    const long = pieces.find((p) => p.option.right === right && p.qty > 0);
    const units = Math.min(-(short?.qty ?? 0), long?.qty ?? 0);
    if (short !== undefined && long !== undefined && units > 0) {
      const share = shareOfCredit(trade.thesis, right, sold);
      spreads.push({ right, short: short.option, long: long.option, units, credit: credit * share });
    }
    if (short !== undefined && -short.qty > units) bareShorts.push({ instrument: short.option, qty: short.qty + units });
    if (long !== undefined && long.qty > units) loneLongs.push({ instrument: long.option, qty: long.qty - units });
  }
  const shares = trade.held.flatMap(({ instrument, qty }) => (instrument.kind === 'equity' ? [{ instrument, qty }] : []));
  return { spreads, bareShorts, loneLongs, shares };
}

/** Spreads that are closed together, as one order. */
export interface Quoted {
  readonly spreads: readonly Spread[];
  /** Of each short option, in the order of the spreads. */
  readonly shorts: readonly Quote[];
  readonly legs: readonly Omit<QuotedLeg, 'quote'>[];
  readonly close: NetMarket;
}

const nothing = { bid: 0, ask: 0 };
const inDollars = (quote: Quote) => ({ bid: dollars(quote.bid), ask: dollars(quote.ask) });

/**
 * What closing spreads costs, net dollars a share. A wing without a quote counts for nothing: the cost is then stated too high, never
 * too low. The absence of the first short option without a quote; RECON_PENDING where there is nothing to close together.
 */
export function quotedSpreads(market: MarketView, spreads: readonly Spread[]): Known<Quoted> {
  const shorts: Quote[] = [];
  let [middle, natural, best] = [0, 0, 0];
  if (spreads.length === 0) return absent('RECON_PENDING', 'no whole spread is left');
  for (const { short, long } of spreads) {
    const quote = market.quote(short.symbol);
    if (!quote.known) return quote;
    shorts.push(quote.value);
    const wing = market.quote(long.symbol);
    const { bid, ask } = wing.known ? inDollars(wing.value) : nothing;
    middle += mid(quote.value) - (bid + ask) / 2;
    natural += dollars(quote.value.ask) - bid;
    best += dollars(quote.value.bid) - ask;
  }
  const legs = spreads.flatMap(({ short, long }) => [
    { option: short, side: 'buy' as const, ratio: 1 },
    { option: long, side: 'sell' as const, ratio: 1 },
  ]);
  return known({ spreads, shorts, legs, close: { mid: middle, natural, best } });
}
