// Splits of an invented name: when the seed brings one, and in which shares its prices are counted on a session.
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { ShareSplit } from '../market.ts';
import { ratioBetween } from '../splits.ts';
import type { DailyPath } from './daily-path.ts';
import { draw, streamOf } from './draws.ts';
import { FIRST_DAY, LAST_DAY, REFERENCE_DAY, type SessionIndex } from './session-index.ts';

/** A split of a session, announced on an earlier one. */
export interface DatedSplit extends ShareSplit {
  readonly index: number;
  readonly announced: TradingDay;
}

export interface ShareBasis {
  /** Splits of sessions up to a number, oldest first. */
  upTo(index: number): readonly DatedSplit[];
  /** Shares of a session that one share of the first day has become. */
  factor(index: number): number;
  /** As `factor`, for the session of a day or the last one before it. */
  factorOn(day: TradingDay): number;
  /** The path of prices counted in the shares of a session. */
  path(index: number): DailyPath;
}

/** A split that is to come about whatever the seed draws. */
export interface WantedSplit {
  readonly symbol: string;
  /** Its ex-day: the first session on or after it. */
  readonly day: TradingDay;
  readonly from: number;
  readonly to: number;
}

/** In a quarter, one name in this many splits: one market in a few sees one. */
const ONE_IN = 300;
const QUARTER = 91;
/** Sessions from the announcement of a split to its ex-day. */
export const NOTICE = 10;

type Ratio = readonly [from: number, to: number];
/** Boards split what has become dear and merge what has become cheap. Dollars a share, from which ratios are drawn. */
const choices: readonly { readonly above: number; readonly ratios: readonly Ratio[] }[] = [
  {
    above: 400,
    ratios: [
      [1, 4],
      [1, 5],
      [1, 10],
    ],
  },
  {
    above: 120,
    ratios: [
      [1, 2],
      [1, 3],
      [1, 4],
    ],
  },
  {
    above: 25,
    ratios: [
      [1, 2],
      [2, 3],
    ],
  },
  {
    above: 8,
    ratios: [
      [2, 1],
      [2, 3],
    ],
  },
  {
    above: 0,
    ratios: [
      [4, 1],
      [5, 1],
      [10, 1],
    ],
  },
];

/** One candidate a quarter from the reference day on: a day of it, where the draw falls on this name. */
function candidateOf(stream: number, quarter: number): TradingDay | undefined {
  const bits = draw(stream, quarter);
  return bits % ONE_IN === 0 ? addDays(REFERENCE_DAY, QUARTER * quarter + (draw(stream, quarter, 1) % QUARTER)) : undefined;
}

function ratioOf(stream: number, quarter: number, dollars: number): Ratio {
  const ratios = choices.find(({ above }) => dollars >= above)?.ratios ?? [];
  return ratios[draw(stream, quarter, 2) % Math.max(1, ratios.length)] ?? [1, 2];
}

const inBasis = (path: DailyPath, factor: number): DailyPath => {
  if (factor === 1) return path;
  const shift = Math.log(factor);
  const step = (index: number): ReturnType<DailyPath['step']> => {
    const one = path.step(index);
    return { ...one, open: one.open - shift, close: one.close - shift, volume: Math.round(one.volume * factor) };
  };
  return { ...path, step };
};

/**
 * @param path in shares of the first day
 * @param wanted splits of this name beside those that are drawn; index funds with daily expiries draw none
 */
export function shareBasis(seed: number, path: DailyPath, sessions: SessionIndex, wanted: readonly WantedSplit[]): ShareBasis {
  const { symbol, dailies } = path.name;
  const stream = streamOf(seed, `${symbol}/splits`);
  const splits: DatedSplit[] = [];
  const paths = new Map<number, DailyPath>();
  let quarter = 0;
  /** No split of a session up to this number is missing. */
  let known = sessions.from(REFERENCE_DAY) - 1;

  const factorOf = (day: TradingDay): number => ratioBetween(splits, FIRST_DAY, day);
  function add(index: number, ratio: (announced: TradingDay, notice: number) => Ratio): void {
    if (splits.some((other) => other.index === index)) return;
    const notice = Math.max(0, index - NOTICE);
    const { day: announced } = sessions.session(notice);
    const [from, to] = ratio(announced, notice);
    splits.push({ symbol, exDay: sessions.session(index).day, from, to, index, announced });
    splits.sort((a, b) => a.index - b.index);
  }
  function drawn(upTo: TradingDay): void {
    for (; !dailies && addDays(REFERENCE_DAY, QUARTER * quarter) <= upTo; quarter++) {
      const day = candidateOf(stream, quarter);
      if (day === undefined || addDays(day, QUARTER) >= LAST_DAY) continue;
      const own = quarter;
      add(sessions.from(day), (announced, notice) => ratioOf(stream, own, Math.exp(path.step(notice).close) / factorOf(announced)));
    }
  }
  function cover(index: number): void {
    if (index <= known) return;
    // A quarter is drawn whole, so that what comes next does not depend on what was asked.
    drawn(sessions.session(index).day);
    known = index;
  }
  for (const { day, from, to } of wanted) add(sessions.from(day), () => [from, to]);
  const factorOn = (day: TradingDay): number => {
    cover(sessions.from(day));
    return splits.length === 0 ? 1 : factorOf(day);
  };
  const factor = (index: number): number => {
    cover(index);
    return splits.length === 0 ? 1 : factorOf(sessions.session(index).day);
  };
  return {
    upTo(index) {
      cover(index);
      return splits.filter((split) => split.index <= index);
    },
    factor,
    factorOn,
    path(index) {
      const by = factor(index);
      const found = paths.get(by) ?? inBasis(path, by);
      paths.set(by, found);
      return found;
    },
  };
}
