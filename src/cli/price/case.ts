// One row of the cases' file to one option: cells to checked figures, or the status that says what is wrong with it.
import type { CashDividend } from '../../pricing/american/contract.ts';
import type { Style, Terms } from '../valuation.ts';
import type { Status } from './status.ts';

const required = ['id', 'style', 'type', 'S', 'K', 'T', 'r', 'q'] as const;
const optional = ['sigma', 'price', 'dividends'] as const;
type Column = (typeof required)[number] | (typeof optional)[number];

/** Where each column stands in a row; -1 for an optional one that is not there. */
export interface Columns {
  readonly width: number;
  readonly names: readonly string[];
  readonly at: Readonly<Record<Column, number>>;
}

export type Header = { readonly kind: 'columns'; readonly columns: Columns } | { readonly kind: 'fault'; readonly why: string };

/** The header's columns, in any order, others among them; a fault names what is missing or there twice. */
export function headerOf(names: readonly string[]): Header {
  const found = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    if (found.has(name) && [...required, ...optional].some((known) => known === name))
      return { kind: 'fault', why: `the header names column ${name} twice` };
    found.set(name, i);
  }
  const missing: string[] = required.filter((name) => !found.has(name));
  if (!found.has('sigma') && !found.has('price')) missing.push('sigma or price');
  if (missing.length > 0) return { kind: 'fault', why: `the header lacks ${missing.join(', ')}; it has ${names.join(', ')}` };
  const at = Object.fromEntries([...required, ...optional].map((name) => [name, found.get(name) ?? -1])) as Record<Column, number>;
  return { kind: 'columns', columns: { width: names.length, names, at } };
}

export interface PriceCase {
  readonly style: Style;
  readonly terms: Terms;
  readonly given: { readonly kind: 'sigma'; readonly sigma: number } | { readonly kind: 'price'; readonly price: number };
}

export type Reading = { readonly kind: 'case'; readonly case: PriceCase } | { readonly kind: 'refused'; readonly status: Status };

const refused = (status: Status): Reading => ({ kind: 'refused', status });
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DAYS_A_YEAR = 365;

/** A finite number as written; undefined for anything else, an empty cell and one beyond the doubles included. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (!decimal.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

/** `day:amount` pairs with `;` between them, days from today (Actual/365), dollars a share; undefined when it is not so written. */
export function dividendsOf(text: string): readonly CashDividend[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const found: CashDividend[] = [];
  for (const pair of trimmed.split(';')) {
    const [day = '', amount = '', ...rest] = pair.split(':');
    const [days, dollars] = [numberOf(day), numberOf(amount)];
    if (rest.length > 0 || days === undefined || dollars === undefined || days < 0 || dollars < 0) return undefined;
    found.push({ years: days / DAYS_A_YEAR, amount: dollars });
  }
  return found.sort((a, b) => a.years - b.years);
}

/** What the option is judged by: its volatility where the row gives one, else its price. */
function givenOf(sigma: string, price: string): PriceCase['given'] | Status {
  if (sigma.trim() !== '') {
    const value = numberOf(sigma);
    return value === undefined || value < 0 ? 'bad_number:sigma' : { kind: 'sigma', sigma: value };
  }
  if (price.trim() === '') return 'missing_sigma_and_price';
  if (/^[+-]?nan$/i.test(price.trim())) return 'nan';
  const value = numberOf(price);
  return value === undefined ? 'bad_number:price' : { kind: 'price', price: value };
}

/** A number beyond 0: a logarithm is taken of spot and strike. */
const positive = (text: string): number | undefined => {
  const value = numberOf(text);
  return value !== undefined && value > 0 ? value : undefined;
};

/** The case a row states, or why it states none. `fields` is as wide as the header. */
export function caseOf(fields: readonly string[], { at }: Columns): Reading {
  const cell = (column: Column): string => fields[at[column]] ?? '';
  const style = cell('style').trim();
  if (style !== 'european' && style !== 'american') return refused('bad_style');
  const right = cell('type').trim();
  if (right !== 'call' && right !== 'put') return refused('bad_type');
  const spot = positive(cell('S'));
  if (spot === undefined) return refused('bad_number:S');
  const strike = positive(cell('K'));
  if (strike === undefined) return refused('bad_number:K');
  const years = numberOf(cell('T'));
  if (years === undefined) return refused('bad_number:T');
  const rate = numberOf(cell('r'));
  if (rate === undefined) return refused('bad_number:r');
  const dividendYield = numberOf(cell('q'));
  if (dividendYield === undefined) return refused('bad_number:q');
  if (years < 0) return refused('expired');
  const dividends = dividendsOf(cell('dividends'));
  if (dividends === undefined) return refused('bad_number:dividends');
  const given = givenOf(cell('sigma'), cell('price'));
  if (typeof given === 'string') return refused(given);
  return { kind: 'case', case: { style, terms: { right, spot, strike, years, rate, dividendYield, dividends }, given } };
}
