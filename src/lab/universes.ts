// The names that a seed's other strategies look at: a few of those they ship with, since each costs a simulated day some of its time.
import type { Rng } from '../base/rng.ts';
import type { Table } from '../config/tree.ts';

/** A strategy's lists of names in the files' own spelling, each with how many a seed takes of it at most. */
interface Drawn {
  readonly key: string;
  /** The table that the list stands in, where it is not the strategy's own section. */
  readonly under?: string;
  readonly most: number;
  readonly from: readonly string[];
}

export type Universes = Readonly<Record<string, Table>>;

const large = ['AAPL', 'MSFT', 'GOOGL', 'AMZN', 'NVDA', 'META', 'AMD', 'NFLX', 'CRM', 'ADBE'] as const;
const reporters = [...large, 'TSLA', 'ORCL', 'INTC', 'QCOM', 'PYPL', 'PLTR', 'COIN', 'ROKU', 'ZM', 'DOCU', 'SNOW', 'CRWD'] as const;

/** What is not named here looks at all it ships with: a fund or two, or a list that it narrows down by itself. */
const lists: Readonly<Record<string, readonly Drawn[]>> = {
  dip: [{ key: 'universe', most: 5, from: [...large, 'TSLA', 'AVGO', 'COST', 'V', 'MA', 'LIN'] }],
  dcs: [{ key: 'universe', most: 4, from: [...large, 'TSLA', 'ORCL', 'QCOM', 'UBER', 'PLTR', 'SHOP'] }],
  mwk: [{ key: 'universe', most: 4, from: [...large, 'TSLA', 'INTC', 'DIS', 'JPM', 'BAC', 'WMT'] }],
  swing: [{ key: 'universe', most: 4, from: ['SPY', 'QQQ', 'IWM', ...large, 'TSLA', 'COIN', 'XLF', 'TQQQ'] }],
  leaps: [
    { under: 'themes', key: 'ai', most: 2, from: ['NVDA', 'AMD', 'GOOGL', 'META'] },
    { under: 'themes', key: 'cloud', most: 1, from: ['MSFT', 'AMZN', 'CRM'] },
    { under: 'themes', key: 'electric_mobility', most: 1, from: ['TSLA', 'GM', 'F'] },
    { under: 'themes', key: 'cybersecurity', most: 1, from: ['CRWD', 'ZS', 'PANW'] },
    { under: 'themes', key: 'fintech', most: 1, from: ['V', 'MA', 'COIN'] },
  ],
  earn: [{ key: 'universe', most: 8, from: reporters }],
  lotto: [
    { key: 'universe', most: 3, from: ['SPY', 'QQQ', 'AAPL', 'MSFT', 'AMZN', 'TSLA', 'NVDA', 'META'] },
    { key: 'catalyst_universe', most: 2, from: ['GME', 'AMC', 'PLTR', 'COIN', 'HOOD', 'RIVN', 'SOFI'] },
    { key: 'earnings_universe', most: 5, from: reporters },
  ],
};

/** `most` of them at most and one at least, in an order of chance. */
export function someOf<T>(rng: Rng, most: number, from: readonly T[]): readonly T[] {
  const left = [...from];
  const out: T[] = [];
  for (let n = rng.int(1, most); n > 0 && left.length > 0; n--) out.push(...left.splice(rng.int(0, left.length - 1), 1));
  return out;
}

/** The section of one strategy, with the tables in it. */
function sectionOf(rng: Rng, own: readonly Drawn[]): Table {
  const drawn = own.map(({ key, under, most, from }) => ({ under, list: [key, someOf(rng.fork(key), most, from)] as const }));
  const listsUnder = (table: string | undefined): Table =>
    Object.fromEntries(drawn.flatMap(({ under, list }) => (under === table ? [list] : [])));
  const tables = [...new Set(own.flatMap(({ under }) => under ?? []))].map((table) => [table, listsUnder(table)] as const);
  return { ...listsUnder(undefined), ...Object.fromEntries(tables) };
}

/** What each of these strategies looks at; a strategy that is not narrowed is absent. */
export function universesOf(rng: Rng, strategies: readonly string[]): Universes {
  const drawn = strategies.flatMap((id) => {
    const own = lists[id];
    return own === undefined ? [] : [[id, sectionOf(rng.fork(id), own)] as const];
  });
  return Object.fromEntries(drawn);
}
