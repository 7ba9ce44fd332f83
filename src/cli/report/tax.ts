// What was sold in a year, as Form 8949 asks for it: lot by lot, with the losses that are not allowed, tied to what the ledger realized.
import type { Owner, Symbol } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { type Usd, usd } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import { type TaxPart, type WashLink, washSales } from '../../execution/wash-sales.ts';
import type { TaxBook } from '../../store/tax-book.ts';

/** A line of the form. Amounts are micros. */
export interface TaxRow {
  readonly owner: Owner;
  readonly symbol: Symbol;
  /** `100 sh. ABC`, or the contract in words. */
  readonly description: string;
  /** The day of the purchase; of a short position, that of the purchase which ended it. */
  readonly acquired: TradingDay;
  readonly sold: TradingDay;
  readonly proceeds: Usd;
  readonly cost: Usd;
  /** `W` where a part of the loss is not allowed. */
  readonly code: '' | 'W';
  /** What is not allowed, positive. */
  readonly adjustment: Usd;
  /** Proceeds less cost, with the adjustment. */
  readonly gain: Usd;
  readonly term: 'short' | 'long';
}

export interface TaxTotals {
  readonly rows: number;
  readonly proceeds: Usd;
  readonly cost: Usd;
  readonly adjustment: Usd;
  readonly gain: Usd;
}

export interface TaxReport {
  readonly year: number;
  readonly rows: readonly TaxRow[];
  readonly totals: { readonly short: TaxTotals; readonly long: TaxTotals };
  readonly tie: {
    /** Of the closures of the year, as the ledger has it. */
    readonly realized: Usd;
    /** Paid in cash for fractions of shares in the year. */
    readonly inLieu: Usd;
    /** Moved into the year or out of it: disallowed losses, and premiums that became part of the price of shares. */
    readonly moved: Usd;
    /** True when the gains of all years and what open lots carry make what all closures realized. */
    readonly ties: boolean;
  };
  readonly washSales: readonly WashLink[];
}

const total = <T>(rows: readonly T[], of: (row: T) => number): Usd => usd(rows.reduce((n, row) => n + of(row), 0));

const plain = (n: number): string => String(Number(n.toFixed(2)));

function describe(instrument: Instrument, units: number): string {
  if (instrument.kind === 'equity') return `${plain(units)} sh. ${instrument.symbol}`;
  const { underlying, expiry, right, strike } = instrument;
  return `${plain(units / instrument.multiplier)} ${underlying} ${expiry} ${plain(strike / 1_000_000)} ${right.toUpperCase()}`;
}

const keyOf = ({ closure, term, acquired }: TaxPart): string => `${closure.lot} ${closure.by} ${term} ${acquired}`;

/** Parts of one closing with one term are one line. */
function rowsOf(parts: readonly TaxPart[]): readonly TaxRow[] {
  const groups = new Map<string, TaxPart[]>();
  for (const part of parts) groups.set(keyOf(part), [...(groups.get(keyOf(part)) ?? []), part]);
  return [...groups.values()].map((group): TaxRow => {
    const [first] = group as [TaxPart, ...TaxPart[]];
    const { lot, closure, term } = first;
    const [proceeds, cost, adjustment] = [total(group, (p) => p.proceeds), total(group, (p) => p.cost), total(group, (p) => p.disallowed)];
    return {
      owner: lot.owner,
      symbol: lot.instrument.symbol,
      description: describe(
        lot.instrument,
        total(group, (p) => p.units),
      ),
      acquired: lot.qty > 0 ? first.acquired : closure.day,
      sold: closure.day,
      proceeds,
      cost,
      code: adjustment === 0 ? '' : 'W',
      adjustment,
      gain: usd(proceeds - cost + adjustment),
      term,
    };
  });
}

const inLieuRow = ({ owner, symbol, day, cash }: TaxBook['inLieu'][number]): TaxRow => ({
  owner,
  symbol: symbol ?? ('' as Symbol),
  description: `cash in lieu of a fraction, ${symbol ?? ''}`,
  acquired: day,
  sold: day,
  proceeds: cash,
  cost: usd(0),
  code: '',
  adjustment: usd(0),
  gain: cash,
  term: 'short',
});

function totalsOf(rows: readonly TaxRow[]): TaxTotals {
  const [proceeds, cost] = [total(rows, (r) => r.proceeds), total(rows, (r) => r.cost)];
  return { rows: rows.length, proceeds, cost, adjustment: total(rows, (r) => r.adjustment), gain: total(rows, (r) => r.gain) };
}

/** The report of a calendar year; a year without sales has no rows. */
export function taxReport({ lots, closures, inLieu }: TaxBook, year: number): TaxReport {
  const inYear = (day: TradingDay): boolean => Number(day.slice(0, 4)) === year;
  const { parts, links, carried } = washSales(lots, closures);
  const paid = inLieu.filter((row) => inYear(row.day));
  const rows = [...rowsOf(parts.filter((part) => inYear(part.closure.day))), ...paid.map(inLieuRow)].sort((a, b) =>
    a.sold < b.sold ? -1 : a.sold > b.sold ? 1 : 0,
  );
  const ended = closures.filter((c) => inYear(c.day));
  const realized = total(ended, (c) => c.realized);
  const lieu = total(paid, (row) => row.cash);
  const allGains = total(parts, (p) => p.proceeds - p.cost + p.disallowed) - total([...carried.values()], (n) => n);
  const sales = new Set(ended.map((c) => `${c.lot} ${c.by}`));
  return {
    year,
    rows,
    totals: { short: totalsOf(rows.filter((r) => r.term === 'short')), long: totalsOf(rows.filter((r) => r.term === 'long')) },
    tie: {
      realized,
      inLieu: lieu,
      moved: usd(total(rows, (r) => r.gain) - realized - lieu),
      ties: allGains === total(closures, (c) => c.realized),
    },
    washSales: links.filter((link) => sales.has(`${link.lot} ${link.by}`)),
  };
}
