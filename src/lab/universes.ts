// The names that a seed's other strategies look at: a few of those they ship with, since each costs a simulated day some of its time.
import type { Rng } from '../base/rng.ts';

/** A strategy's lists of names in the files' own spelling, each with how many a seed takes of it. */
interface Drawn {
  readonly key: 'universe' | 'catalyst_universe' | 'earnings_universe';
  readonly most: number;
  readonly from: readonly string[];
}

export type Universes = Readonly<Record<string, Readonly<Partial<Record<Drawn['key'], readonly string[]>>>>>;

const large = ['AAPL', 'MSFT', 'GOOGL', 'AMZN', 'NVDA', 'META', 'AMD', 'NFLX', 'CRM', 'ADBE'] as const;
const reporters = [...large, 'TSLA', 'ORCL', 'INTC', 'QCOM', 'PYPL', 'PLTR', 'COIN', 'ROKU', 'ZM', 'DOCU', 'SNOW', 'CRWD'] as const;

/** What is not named here looks at all it ships with: a fund or two, or a list that it narrows down by itself. */
const lists: Readonly<Record<string, readonly Drawn[]>> = {
  dip: [{ key: 'universe', most: 5, from: [...large, 'TSLA', 'AVGO', 'COST', 'V', 'MA', 'LIN'] }],
  dcs: [{ key: 'universe', most: 4, from: [...large, 'TSLA', 'ORCL', 'QCOM', 'UBER', 'PLTR', 'SHOP'] }],
  mwk: [{ key: 'universe', most: 4, from: [...large, 'TSLA', 'INTC', 'DIS', 'JPM', 'BAC', 'WMT'] }],
  swing: [{ key: 'universe', most: 4, from: ['SPY', 'QQQ', 'IWM', ...large, 'TSLA', 'COIN', 'XLF', 'TQQQ'] }],
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

/** What each of these strategies looks at; a strategy that is not narrowed is absent. */
export function universesOf(rng: Rng, strategies: readonly string[]): Universes {
  const drawn = strategies.flatMap((id) => {
    const own = lists[id];
    if (own === undefined) return [];
    return [[id, Object.fromEntries(own.map(({ key, most, from }) => [key, someOf(rng.fork(`${id}/${key}`), most, from)]))] as const];
  });
  return Object.fromEntries(drawn);
}
