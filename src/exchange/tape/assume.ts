// The operator's file of assumptions: what a tape lacks, supplied by hand, each value to be stamped wherever it is used.
import { parse as parseToml } from 'smol-toml';

/**
 * TOML, or JSON when the path ends in `.json`:
 *
 *     [iv_rank]                 # 0 to 100, by symbol
 *     AAPL = 45
 *     [iv_history.AAPL]         # 30-day implied volatility by session, a fraction a year
 *     "2026-02-10" = 0.27
 *     [sizes]                   # what is shown at the touch where none is recorded
 *     options = 10              # contracts
 *     shares = 500
 *     [equity]
 *     half_spread_usd = 0.01    # either side of a share price that stands for a quote
 *     [index_values]            # levels during sessions, by index
 *     VIX = 17.7
 *     [daily_volume]            # shares a session, where bars record none
 *     SPY = 70000000
 *     [macro]                   # days of an event; naming it, even with no day, says that none is missing
 *     CPI = ["2026-02-13"]
 *     NFP = ["2026-02-11"]
 */
export interface AssumeFile {
  readonly path: string;
  readonly ivRank: ReadonlyMap<string, number>;
  readonly ivHistory: ReadonlyMap<string, readonly { readonly day: string; readonly iv30: number }[]>;
  readonly sizes: { readonly options: number | null; readonly shares: number | null };
  readonly equity: { readonly halfSpreadUsd: number | null };
  readonly indexValues: ReadonlyMap<string, number>;
  readonly dailyVolume: ReadonlyMap<string, number>;
  readonly macro: ReadonlyMap<string, readonly string[]>;
}

type Table = Readonly<Record<string, unknown>>;
interface Bound {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

const RANK: Bound = { words: 'a number from 0 to 100', holds: (v) => v >= 0 && v <= 100 };
const VOLATILITY: Bound = { words: 'a volatility above 0 and at most 5 (0.27 is 27 %)', holds: (v) => v > 0 && v <= 5 };
const COUNT: Bound = { words: 'a whole number, 1 or more', holds: (v) => Number.isInteger(v) && v >= 1 };
const DOLLARS: Bound = { words: 'dollars, from 0.0001 to 10', holds: (v) => v >= 0.0001 && v <= 10 };
const LEVEL: Bound = { words: 'a number above 0', holds: (v) => v > 0 };

const SECTIONS = ['iv_rank', 'iv_history', 'sizes', 'equity', 'index_values', 'daily_volume', 'macro'] as const;

function tableAt(path: string, where: string, value: unknown): Table {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path}: ${where}: must be a table, not ${JSON.stringify(value)}`);
  return value as Table;
}

function numberAt(path: string, where: string, value: unknown, bound: Bound): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || !bound.holds(value)) {
    throw new Error(`${path}: ${where}: must be ${bound.words}, not ${JSON.stringify(value)}`);
  }
  return value;
}

function only(path: string, where: string, table: Table, known: readonly string[]): void {
  const unknown = Object.keys(table).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`${path}: ${where}${unknown}: unknown key; known here: ${known.join(', ')}`);
}

function numbersAt(path: string, where: string, value: unknown, bound: Bound): ReadonlyMap<string, number> {
  return new Map(Object.entries(tableAt(path, where, value)).map(([key, v]) => [key, numberAt(path, `${where}.${key}`, v, bound)]));
}

function historyAt(path: string, where: string, value: unknown): readonly { readonly day: string; readonly iv30: number }[] {
  const days = [...numbersAt(path, where, value, VOLATILITY)].map(([day, iv30]) => ({ day, iv30 }));
  const wrong = days.find(({ day }) => !/^\d{4}-\d{2}-\d{2}$/.test(day));
  if (wrong !== undefined) throw new Error(`${path}: ${where}.${wrong.day}: the key must be a day like "2026-02-10"`);
  return days.sort((a, b) => (a.day < b.day ? -1 : 1));
}

function daysAt(path: string, where: string, value: unknown): readonly string[] {
  const isDay = (day: unknown): day is string => typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day);
  if (!Array.isArray(value) || !value.every(isDay))
    throw new Error(`${path}: ${where}: must be a list of days like ["2026-02-13"], not ${JSON.stringify(value)}`);
  return [...value].sort();
}

const optional = (path: string, where: string, value: unknown, bound: Bound): number | null =>
  value === undefined ? null : numberAt(path, where, value, bound);

function parsed(text: string, path: string): Table {
  try {
    return tableAt(path, 'the file', path.endsWith('.json') ? JSON.parse(text) : parseToml(text));
  } catch (error) {
    throw new Error(
      `${path}: not readable as ${path.endsWith('.json') ? 'JSON' : 'TOML'}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Reads an assumptions file.
 * @param path names the file in errors and chooses the format
 * @throws Error naming the file, the key, what was found and what is expected
 */
export function parseAssume(text: string, path: string): AssumeFile {
  const root = parsed(text, path);
  only(path, '', root, SECTIONS);
  const sizes = tableAt(path, 'sizes', root['sizes']);
  const equity = tableAt(path, 'equity', root['equity']);
  only(path, 'sizes.', sizes, ['options', 'shares']);
  only(path, 'equity.', equity, ['half_spread_usd']);
  const histories = Object.entries(tableAt(path, 'iv_history', root['iv_history']));
  return {
    path,
    ivRank: numbersAt(path, 'iv_rank', root['iv_rank'], RANK),
    ivHistory: new Map(histories.map(([symbol, value]) => [symbol, historyAt(path, `iv_history.${symbol}`, value)])),
    sizes: {
      options: optional(path, 'sizes.options', sizes['options'], COUNT),
      shares: optional(path, 'sizes.shares', sizes['shares'], COUNT),
    },
    equity: { halfSpreadUsd: optional(path, 'equity.half_spread_usd', equity['half_spread_usd'], DOLLARS) },
    indexValues: numbersAt(path, 'index_values', root['index_values'], LEVEL),
    dailyVolume: numbersAt(path, 'daily_volume', root['daily_volume'], COUNT),
    macro: new Map(
      Object.entries(tableAt(path, 'macro', root['macro'])).map(([event, days]) => [event, daysAt(path, `macro.${event}`, days)]),
    ),
  };
}
