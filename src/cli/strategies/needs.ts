// What a strategy asked for, and what came of it: for each kind of data whether the source has it, and whether it can be used now.
import type { Symbol } from '../../domain/ids.ts';
import type { Known, ReasonCode } from '../../domain/reasons.ts';
import { DAY, type TradingDay } from '../../domain/time.ts';
import type { Board } from '../../market/board.ts';
import type { MarketView } from '../../market/view.ts';
import type { DataNeeds } from '../../strategies/strategy.ts';

/**
 * `ok` is there for every name, `part` for some, `late` was given but cannot be used at this moment, `absent` is not to be had from this
 * source.
 */
export type NeedState = 'ok' | 'part' | 'late' | 'absent';

export interface Need {
  readonly need: string;
  /** What has to offer it. */
  readonly port: string;
  readonly asked: number;
  readonly usable: number;
  readonly state: NeedState;
  /** Why something is missing: each code once, with the names it holds for. */
  readonly missing: readonly { readonly code: ReasonCode; readonly names: readonly string[]; readonly why: string }[];
  readonly fix: string | null;
}

export const NOT_SERVED = 'This source has none: see what the data plan covers, or what the tape holds (docs/tape.md).';

/** The states of one kind of data by name. */
interface Seen {
  readonly name: string;
  /** The source gave something. */
  readonly given: boolean;
  readonly judged: Known<unknown>;
}

function missingOf(seen: readonly Seen[]): Need['missing'] {
  const byCode = new Map<ReasonCode, { readonly names: string[]; readonly why: string }>();
  for (const { name, judged } of seen) {
    if (judged.known) continue;
    const before = byCode.get(judged.code);
    if (before === undefined) byCode.set(judged.code, { names: [name], why: judged.why });
    else before.names.push(name);
  }
  return [...byCode].map(([code, { names, why }]) => ({ code, names, why }));
}

function stateOf(seen: readonly Seen[], usable: number): NeedState {
  if (usable === seen.length) return 'ok';
  if (usable > 0) return 'part';
  return seen.some((s) => s.given) ? 'late' : 'absent';
}

function needOf(need: string, port: string, fix: string, seen: readonly Seen[]): readonly Need[] {
  if (seen.length === 0) return [];
  const usable = seen.filter((s) => s.judged.known).length;
  const state = stateOf(seen, usable);
  return [{ need, port, asked: seen.length, usable, state, missing: missingOf(seen), fix: state === 'absent' ? fix : null }];
}

const each = (names: readonly Symbol[], given: (name: Symbol) => boolean, judge: (name: Symbol) => Known<unknown>): readonly Seen[] =>
  [...new Set(names)].map((name) => ({ name, given: given(name), judged: judge(name) }));

/** A row for each kind of data that was asked for. */
export function dataNeeds(needs: DataNeeds, board: Board, view: MarketView, day: TradingDay): readonly Need[] {
  const sessions = new Map(needs.dailyBars.map((n) => [n.symbol, n.sessions]));
  return [
    ...needOf(
      'quotes',
      'MarketData.quotes',
      NOT_SERVED,
      each(
        needs.quotes,
        (s) => board.quote(s) !== undefined,
        (s) => view.quote(s),
      ),
    ),
    ...needOf(
      'daily bars',
      'MarketData.dailyBars',
      NOT_SERVED,
      each(
        [...sessions.keys()],
        (s) => board.dailyBars(s) !== undefined,
        (s) => view.dailyBars(s, sessions.get(s) ?? 1),
      ),
    ),
    ...[...new Set(needs.intradayBars.map((n) => n.minutes))].flatMap((minutes) => {
      const wanted = new Map(needs.intradayBars.filter((n) => n.minutes === minutes).map((n) => [n.symbol, n.sessions]));
      return needOf(
        `bars of ${String(minutes)} min`,
        'MarketData.intradayBars',
        NOT_SERVED,
        each(
          [...wanted.keys()],
          (s) => (board.intradayBars(s, minutes)?.bars.length ?? 0) > 0,
          (s) => view.intradayBars(s, minutes, wanted.get(s) ?? 1, 1),
        ),
      );
    }),
    ...needOf(
      'chains',
      'MarketData.chain',
      NOT_SERVED,
      each(
        needs.chains.map((n) => n.underlying),
        (s) => (board.chain(s)?.rows.length ?? 0) > 0,
        (s) => view.chain(s),
      ),
    ),
    ...needOf(
      'IV history',
      'MarketData.optionBars',
      'The daemon fills it in within minutes of its first start where the source has daily bars of options; on a tape --assume supplies it.',
      each(
        needs.ivHistory,
        (s) => board.ivHistory(s).length > 0 || view.assumedIvRank(s) !== undefined,
        (s) => (view.assumedIvRank(s) === undefined ? view.ivHistory(s) : { known: true, value: view.assumedIvRank(s) }),
      ),
    ),
    ...referenceNeeds(needs, board, view, day),
  ];
}

/** What stands beside prices. */
function referenceNeeds(needs: DataNeeds, board: Board, view: MarketView, day: TradingDay): readonly Need[] {
  const macro = { name: 'MACRO', given: board.macro() !== undefined, judged: view.macro(day, day) };
  return [
    ...needOf(
      'earnings',
      'report dates',
      'Name a file of report dates in data.earnings_file (docs/configuration.md).',
      each(
        needs.earnings,
        (s) => board.earnings(s) !== undefined,
        (s) => view.earnings(s, day, day),
      ),
    ),
    ...needOf(
      'dividends',
      'MarketData.dividends',
      NOT_SERVED,
      each(
        needs.dividends,
        (s) => board.dividends(s) !== undefined,
        (s) => view.dividends(s, day, day),
      ),
    ),
    ...needOf(
      'index values',
      'MarketData.indexValues',
      NOT_SERVED,
      each(
        needs.indexValues,
        (s) => board.indexLevel(s) !== undefined,
        (s) => view.indexValue(s),
      ),
    ),
    ...needOf(
      'news',
      'MarketData.news',
      NOT_SERVED,
      each(
        needs.news,
        (s) => board.news(s) !== undefined,
        (s) => view.news(s, DAY),
      ),
    ),
    ...(needs.macro
      ? needOf('macro events', 'macro calendar', 'Name a file of macro events in data.macro_file (docs/configuration.md).', [macro])
      : []),
  ];
}

/** A row for what needs no list of names: it is there, or it is absent by a code. */
export const singleNeed = (need: string, port: string, judged: Known<unknown>, fix: string): Need => ({
  need,
  port,
  asked: 1,
  usable: judged.known ? 1 : 0,
  state: judged.known ? 'ok' : 'absent',
  missing: judged.known ? [] : [{ code: judged.code, names: [], why: judged.why }],
  fix: judged.known ? null : fix,
});

/** The needs of several ticks: of two rows of one kind the one that asked for more, of equals the later. */
export function mergedNeeds(lists: readonly (readonly Need[])[]): readonly Need[] {
  const kept = new Map<string, Need>();
  for (const row of lists.flat()) if (row.asked >= (kept.get(row.need)?.asked ?? 0)) kept.set(row.need, row);
  return [...kept.values()];
}
