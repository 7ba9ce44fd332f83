// What the baseline makes of the others' closed trades: figures at every mark, a verdict a month, and what its memory then holds.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { recall } from '../../../src/strategies/index-baseline/ledger.ts';
import { baselineParams } from '../../../src/strategies/index-baseline/params.ts';
import { largestFall, resultOf } from '../../../src/strategies/index-baseline/results.ts';
import { judgementsIn } from '../../../src/strategies/index-baseline/standing.ts';
import { indexBaseline } from '../../../src/strategies/index-baseline.ts';
import { strategies } from '../../../src/strategies/registry.ts';
import { contextOf, type World, world } from './world.ts';
import { trade } from './world-more.ts';

const told = (over: Record<string, unknown> = {}) => baselineParams.parse({ benchmarks: ['SPY'], ...over });

/** Closed single-leg trades of a strategy, one result in dollars each, a session day apart going back from a day. */
const closed = (owner: string, results: readonly number[], until: string): readonly Trade[] =>
  results.map((realized, i) => ({
    ...trade({
      owner,
      name: 'AAPL',
      legs: [{ side: 'buy', expiry: '2026-06-19', right: 'call', strike: 200 }],
      units: 1,
      entry: 3,
      openedDay: addDays(tradingDay(until), i - results.length),
      closed: { day: addDays(tradingDay(until), i - results.length), exit: 'TARGET', realized },
    }),
    id: `${owner}:${i}`,
  }));
const everyOne = (trades: readonly Trade[], dollars: number): ReadonlyMap<string, number> => new Map(trades.map((t) => [t.id, dollars]));

/** The mark of a day, with trades of others in sight and what half a spread cost each. */
const mark = (day: string, trades: readonly Trade[], penalties: ReadonlyMap<string, number>, memory: World['memory'] = null): World => ({
  ...world(day, 16, 15),
  slot: 'mark',
  othersTrades: trades,
  penalties,
  memory,
});
const about = (decisions: readonly Decision[], id: string) => decisions.find((d) => d.kind === 'pass' && d.subject === symbol(id));
const gates = (decisions: readonly Decision[], id: string): Record<string, unknown> => {
  const row = about(decisions, id);
  return row?.kind === 'pass' ? Object.fromEntries(row.gates.map((g) => [g.name, g.observed])) : {};
};
const memoryOf = (decisions: readonly Decision[]) => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
const say = (w: World, over: Record<string, unknown> = {}) => indexBaseline.evaluate(contextOf(w, told(over)));
const winners = Array.from({ length: 30 }, (_, i) => 40 + i);

describe('a trade at penalised prices', () => {
  const [one] = closed('dip', [100], '2026-03-10');
  it('is its result less fees of both ways and half a spread of each fill', () => {
    expect(resultOf(one as Trade, { fee: 0.05, penalties: new Map([[one?.id ?? '', 12_000_000 as never]]) })).toEqual({
      trade: 'dip:0',
      day: '2026-03-09',
      booked: 99.9,
      penalised: 87.9,
    });
  });
  it('is not known where a fill was not quoted, and is not counted then', () => {
    expect(resultOf(one as Trade, { fee: 0.05, penalties: new Map() }).penalised).toBeNull();
    const trades = closed('dip', [100, 50], '2026-03-10');
    const decisions = say(mark('2026-03-10', trades, new Map([['dip:0', 10]])));
    expect(gates(decisions, 'dip')).toMatchObject({
      'closed trades at penalised prices': 1,
      'closed trades left out for want of a quote': 1,
      'penalised expectancy': 89.9,
    });
  });
  it('falls from its running high', () => {
    expect(largestFall([100, -30, 20, -60, 200])).toBe(70);
    expect(largestFall([-10, -20])).toBe(30);
    expect(largestFall([])).toBe(0);
  });
});

describe('the mark of an ordinary day', () => {
  it('says how each of the nine stands, with its figures, and judges nobody', () => {
    const before = memoryOf(say(mark('2026-03-09', [], new Map())));
    const trades = closed('dip', winners, '2026-03-10');
    const decisions = say(mark('2026-03-10', trades, everyOne(trades, 5), before));
    const ids = strategies.map((s) => s.id).filter((id) => id !== 'base');
    for (const id of ids) expect(about(decisions, id)).toMatchObject({ code: 'MARK', why: 'ACTIVE: it opens as it is configured' });
    expect(gates(decisions, 'dip')).toMatchObject({
      'closed trades at penalised prices': 30,
      'penalised expectancy': 49.4,
      ceiling: 3_000,
    });
    expect(judgementsIn(memoryOf(decisions))).toEqual({});
  });
  it('keeps a trade once, however often it is in sight, and as it ended last', () => {
    const first = closed('dip', [100, 50], '2026-03-10');
    const memory = memoryOf(say(mark('2026-03-10', first, everyOne(first, 5))));
    const reopened = [{ ...(first[0] as Trade), realized: 20_000_000 as never }, ...first.slice(1)];
    const later = memoryOf(say(mark('2026-03-11', reopened, everyOne(first, 5), memory)));
    expect(recall(later).results['dip']?.map((r) => [r.trade, r.booked])).toEqual([
      ['dip:0', 19.9],
      ['dip:1', 49.9],
    ]);
  });
  it('does not judge by an account nobody has read', () => {
    const w = { ...mark('2026-03-31', [], new Map()), account: { equity: 1, settledCash: 1, optionsBuyingPower: 1, ageMs: 60_000 } };
    expect(about(say(w), 'dip')).toBeUndefined();
  });
});

describe('the verdict', () => {
  const losers = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? -20 : 12));
  const deep = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? -20 : 2));
  /** A verdict on the last session of March, before which February was judged. */
  const verdictOn = (results: readonly number[], penalty = 0, over: Record<string, unknown> = {}) => {
    const before = memoryOf(say(mark('2026-03-09', [], new Map())));
    const trades = closed('dip', results, '2026-03-31');
    return say(mark('2026-03-31', trades, everyOne(trades, penalty), before), over);
  };
  it.each([
    ['30 winners', winners, 0, 'VERDICT', 'ACTIVE'],
    ['29 winners', winners.slice(1), 0, 'INSUFFICIENT_OBS', undefined],
    ['losses with t under -1', losers, 0, 'VERDICT', 'PROBATION'],
    ['losses with t under -2', deep, 0, 'VERDICT', 'SUSPEND'],
    ['winners that half a spread makes losers', winners, 60, 'VERDICT', 'SUSPEND'],
    ['a drawdown of more than two ceilings', [...winners, -6_100], 0, 'VERDICT', 'SUSPEND'],
  ] as const)('on %s', (_name, results, penalty, code, standing) => {
    const decisions = verdictOn(results, penalty);
    expect(about(decisions, 'dip')).toMatchObject({ code });
    expect(judgementsIn(memoryOf(decisions))['dip']).toEqual(standing === undefined ? undefined : { standing, month: '2026-03' });
    expect(about(decisions, 'mwk')).toMatchObject({ code: 'INSUFFICIENT_OBS', why: expect.stringContaining('stays ACTIVE') as string });
  });
  it('comes once a month, and is made up for when the last session was missed', () => {
    const trades = closed('dip', losers, '2026-03-31');
    const before = memoryOf(say(mark('2026-03-09', [], new Map())));
    const missed = say(mark('2026-04-02', trades, everyOne(trades, 0), before));
    expect(about(missed, 'dip')).toMatchObject({ code: 'VERDICT' });
    expect(judgementsIn(memoryOf(missed))['dip']).toEqual({ standing: 'PROBATION', month: '2026-03' });
    const next = say(mark('2026-04-06', trades, everyOne(trades, 0), memoryOf(missed)));
    expect(about(next, 'dip')).toMatchObject({ code: 'MARK', why: 'PROBATION: it opens half of what it asks for' });
  });
  it('binds until a later one, however few trades there are by then', () => {
    const suspended = memoryOf(verdictOn(deep));
    const quiet = say(mark('2026-04-30', [], new Map(), suspended));
    expect(judgementsIn(memoryOf(quiet) ?? suspended)['dip']).toMatchObject({ standing: 'SUSPEND' });
  });
  it('is said and binds nobody where an operator set it aside', () => {
    const decisions = verdictOn(deep, 0, { verdict_exempt: ['dip'] });
    expect(about(decisions, 'dip')).toMatchObject({ code: 'DISABLED', why: expect.stringContaining('SUSPEND by its record') as string });
    expect(judgementsIn(memoryOf(decisions))).toEqual({});
    const released = say(mark('2026-04-01', [], new Map(), memoryOf(verdictOn(deep))), { verdict_exempt: ['dip'] });
    expect(judgementsIn(memoryOf(released))).toEqual({});
  });
});

describe('the ceilings a drawdown is measured in', () => {
  it("are the strategies' own", () => {
    const { ceilings } = told();
    const own: { [id: string]: number } = {};
    for (const s of strategies) {
      if (s.id === 'base') continue;
      const params = s.params.parse({}) as { strategy_risk_pct?: number; total_pct?: number; total_collateral_pct?: number };
      own[s.id] = params.strategy_risk_pct ?? params.total_pct ?? params.total_collateral_pct ?? Number.NaN;
    }
    expect(ceilings).toEqual(own);
  });
});
