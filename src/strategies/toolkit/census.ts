// What became of the contracts of a chain: how many were looked at, how many were taken, and of the others how many for which reason.
import type { Symbol } from '../../domain/ids.ts';
import type { Right } from '../../domain/instrument.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Chain, ChainRow } from '../../market/quote.ts';
import type { MarketView } from '../strategy.ts';
import { settle, type Trial, told } from './gates.ts';
import { type Setting, type ValuedRow, valued } from './select.ts';

/** The contracts of a chain that a choice is about. */
export interface Field {
  readonly chain: Chain;
  readonly right: Right;
  /** The expiry, or the expiries, chosen from. */
  readonly wanted: (expiry: TradingDay) => boolean;
  /** Expiries that would have done as well, had none been nearer. */
  readonly reach: (expiry: TradingDay) => boolean;
  readonly setting: Setting;
}

/**
 * Says what became of every contract looked at. Each of them is either taken or has exactly one reason, so that the counts add up to the
 * contracts looked at.
 */
export function* census(rows: readonly ChainRow[], taken: Iterable<Symbol>, whyNot: (row: ChainRow) => ReasonCode): Trial<void> {
  const chosen = new Set(taken);
  const counts = new Map<ReasonCode, number>();
  let kept = 0;
  for (const row of rows) {
    if (chosen.has(row.contract.option.symbol)) kept++;
    else {
      const code = whyNot(row);
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  }
  const rejected = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${code} ${count}`);
  yield told('contracts looked at', rows.length);
  yield told('contracts taken', kept);
  yield told('contracts rejected', rejected.length > 0 ? rejected.join(', ') : 'none');
}

/** Why a candidate that was not taken was not: the test it fails, or that another was better. */
export const reasonAgainst = (trial: Trial<unknown>): ReasonCode => {
  const outcome = settle(trial);
  return outcome.ok ? 'RANKED_OUT' : outcome.code;
};

/** Why a contract cannot be valued; undefined where it can. */
export function notValued(
  market: Pick<MarketView, 'entryQuote'>,
  { contract: { option } }: ChainRow,
  setting: Setting,
): ReasonCode | undefined {
  const quote = market.entryQuote(option.symbol);
  if (!quote.known) return quote.code;
  if (quote.value.bid <= 0) return 'QUOTE_MISSING';
  const value = valued(option, quote.value, setting);
  return value.known ? undefined : value.code;
}

/** Why a contract is not even a candidate: of the other right, of another expiry, or without a price that can be explained. */
export function barred(market: Pick<MarketView, 'entryQuote'>, field: Field, row: ChainRow): ReasonCode | undefined {
  const { option } = row.contract;
  if (option.right !== field.right) return 'WRONG_RIGHT';
  if (!field.wanted(option.expiry)) return field.reach(option.expiry) ? 'RANKED_OUT' : 'NO_EXPIRY_IN_RANGE';
  return notValued(market, row, field.setting);
}

export interface Choice {
  readonly field: Field;
  /** All that could be valued. */
  readonly rows: readonly ValuedRow[];
  /** Of those, best first. */
  readonly candidates: readonly ValuedRow[];
  suits(row: ValuedRow): Trial<unknown>;
  /** Why a row that could be valued is no candidate. */
  outside(row: ValuedRow): ReasonCode;
}

/** The first of the candidates that suits, undefined when none does; with what became of every contract of the chain. */
export function* firstSuited(
  ctx: { readonly market: Pick<MarketView, 'entryQuote'> },
  { field, rows, candidates, suits, outside }: Choice,
): Trial<ValuedRow | undefined> {
  const chosen = candidates.find((row) => settle(suits(row)).ok);
  const judged = new Map(rows.map((row) => [row.option.symbol, row]));
  const inBand = new Set(candidates.map((row) => row.option.symbol));
  const whyNot = (row: ChainRow): ReasonCode => {
    const value = judged.get(row.contract.option.symbol);
    if (value === undefined) return barred(ctx.market, field, row) ?? 'RANKED_OUT';
    return inBand.has(value.option.symbol) ? reasonAgainst(suits(value)) : outside(value);
  };
  yield* census(field.chain.rows, chosen === undefined ? [] : [chosen.option.symbol], whyNot);
  return chosen;
}
