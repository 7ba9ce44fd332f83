import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOrderId, symbol } from '../../../src/domain/ids.ts';
import {
  readCycles,
  readDecisions,
  readFills,
  readLedger,
  readNotes,
  readOrders,
  readPositions,
  readStatus,
  readStrategies,
} from '../../../src/store/queries.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { readWhy, subjectOf } from '../../../src/store/why.ts';
import { base, everyRule, ledgerFile, noon, running, SPY, today, wheel } from './fixture.ts';
import { first, PUT, second, shortPut, told, tomorrow } from './story.ts';

function reading(file: string): Reader {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  onTestFinished(() => opened.reader.close());
  return opened.reader;
}
const story = (): Reader => reading(told().file);

describe('a reader', () => {
  it('sees what the daemon has just committed, and cannot write', () => {
    const reader = story();
    expect(readStatus(reader).turn?.seq).toBe(9);
    expect(() => reader.client.exec('DELETE FROM memories')).toThrow(/readonly/);
  });

  it.each([
    ['a file that is not there', () => undefined, 'DB_MISSING'],
    ['a file that is no database', (file: string) => writeFileSync(file, 'no database at all, just words in a row'), 'DB_NOT_OURS'],
    ['a newer database', (file: string) => version(file, 99), 'DB_NEWER'],
    ['an older database', (file: string) => version(file, 1), 'DB_OLDER'],
  ] as const)('refuses %s and says the fix', (_name, prepare, code) => {
    const file = ledgerFile();
    prepare(file);
    const result = openReader(file);
    expect(result).toMatchObject({ ok: false, fault: { code } });
    if (!result.ok) expect(result.fault.fix.length).toBeGreaterThan(20);
  });
});

function version(file: string, n: number): void {
  running(file).close();
  const db = new Database(file);
  db.pragma(`user_version = ${n}`);
  db.close();
}

describe('status', () => {
  it('says how the ledger stands', () => {
    expect(readStatus(story())).toMatchObject({
      stamp: { mode: 'sim', account: 'PA3SIM0001' },
      run: { epoch: 1, clean: null, exitCode: null },
      turn: { seq: 9, day: tomorrow },
      modes: ['HALTED'],
      halts: [{ scope: { kind: 'strategy', id: wheel }, level: 'halt', reason: 'operator', since: noon }],
      cash: 100_000_000_000 - 5_000_000_000 + 310_000_000,
      positions: 2,
      liveOrders: 0,
      ambiguousOrders: 0,
      decisionsToday: 0,
      fillsToday: 1,
    });
  });

  it('of a new ledger says nothing is known', () => {
    const file = ledgerFile();
    running(file);
    expect(readStatus(reading(file))).toMatchObject({
      stamp: null,
      turn: null,
      modes: [],
      halts: [],
      cash: null,
      positions: 0,
      liveOrders: 0,
    });
  });
});

describe('lists', () => {
  it.each([
    ['all', {}, [shortPut, second, first]],
    ['one strategy', { strategy: wheel }, [shortPut]],
    ['a ticker, its options included', { symbol: symbol('AAPL') }, [shortPut]],
    ['an option by its own symbol', { symbol: PUT }, [shortPut]],
    ['since a day', { since: tomorrow }, [shortPut]],
    ['a state', { state: 'canceled' as const }, [first]],
    ['what may still trade', { open: true }, []],
    ['what is closed', { open: false }, [shortPut, second, first]],
    ['a limit', { limit: 1 }, [shortPut]],
  ])('orders: %s', (_name, filter, ids) => {
    expect(readOrders(story(), filter).map((o) => o.id)).toEqual(ids);
  });

  it.each([
    ['all', {}, [-1, 6, 4]],
    ['one strategy', { strategy: base }, [6, 4]],
    ['a ticker, its options included', { symbol: symbol('AAPL') }, [-1]],
    ['one order', { order: second }, [6, 4]],
    ['since a day', { since: tomorrow }, [-1]],
  ])('fills: %s', (_name, filter, quantities) => {
    expect(readFills(story(), filter).map((f) => f.qty)).toEqual(quantities);
  });

  it('positions, decisions, ledger and notes', () => {
    const reader = story();
    expect(readPositions(reader).map((p) => [p.owner, p.instrument.symbol, p.qty])).toEqual([
      [base, SPY, 10],
      [wheel, PUT, -1],
    ]);
    expect(readPositions(reader, { owner: 'EXTERNAL' })).toEqual([]);
    expect(readDecisions(reader, { strategy: wheel }).map((d) => [d.subject, d.count])).toEqual([
      ['AAPL', 2],
      ['MSFT', 1],
    ]);
    expect(readDecisions(reader, { code: 'ENTRY' }).map((d) => d.subject)).toEqual([SPY]);
    expect(readDecisions(reader, { since: tomorrow })).toEqual([]);
    expect(readLedger(reader).map((row) => row.key)).toEqual(['opening']);
    expect(readNotes(reader, { severity: 'major' })).toEqual([
      { seq: 4, at: noon + 4000, event: 'order.unknown', severity: 'major', detail: { id: first } },
    ]);
    expect(readCycles(reader).map((c) => [c.owner, c.underlying, c.premium, c.stock])).toEqual([
      [base, SPY, 0, -5_000_000_000],
      [wheel, 'AAPL', 310_000_000, 0],
    ]);
  });

  it('strategies, with what each last said', () => {
    expect(readStrategies(story())).toEqual([
      {
        strategy: base,
        decisions: 1,
        orders: 2,
        liveOrders: 0,
        fills: 2,
        positions: 1,
        cash: -5_000_000_000,
        firstDay: today,
        last: { code: 'ENTRY', subject: SPY, at: noon + 2000 },
      },
      {
        strategy: wheel,
        decisions: 3,
        orders: 1,
        liveOrders: 0,
        fills: 1,
        positions: 1,
        cash: 310_000_000,
        firstDay: today,
        last: { code: 'IV_RANK_OUT_OF_BAND', subject: 'AAPL', at: noon + 8000 },
      },
    ]);
  });
});

describe('why', () => {
  it.each([
    ['wsb1-ba-O-260309-first', { kind: 'order', id: first }],
    ['wheel', { kind: 'strategy', strategy: wheel }],
    ['aapl', { kind: 'symbol', symbol: 'AAPL' }],
  ])('reads %s as what it names', (word, subject) => {
    expect(subjectOf(word)).toEqual(subject);
  });

  it.each([
    ['the symbol', subjectOf('SPY')],
    ['the strategy', subjectOf('base')],
    ['its first order', subjectOf(first)],
    ['a later rung', subjectOf(second)],
  ])('tells a trade whole, asked by %s', (_name, subject) => {
    const [why, ...more] = readWhy(story(), subject);
    expect(more).toEqual([]);
    expect(why?.decision).toMatchObject({
      code: 'ENTRY',
      verdict: 'cleared',
      gates: [{ name: 'drift', pass: true }],
      checks: everyRule.map(({ rule }) => ({ rule, result: 'pass' })),
    });
    expect(
      why?.orders.map(({ order, events, attempts, fills }) => [
        order.id,
        events.map((e) => e.state),
        attempts.map((a) => [a.outcome, a.detail]),
        fills.map((f) => f.qty),
      ]),
    ).toEqual([
      [first, ['recorded', 'submitting', 'unknown', 'canceled'], [['unknown', 'the answer was cut off']], []],
      [second, ['submitting', 'filled'], [[null, null]], [4, 6]],
    ]);
  });

  it('tells an abstention with the gate that failed, newest first', () => {
    const told = readWhy(story(), subjectOf('wheel'));
    expect(told.map((why) => [why.decision?.subject, why.decision?.gates[0]?.pass, why.orders])).toEqual([
      ['AAPL', false, []],
      ['MSFT', false, []],
    ]);
    expect(readWhy(story(), subjectOf('wheel'), { limit: 1 })).toHaveLength(1);
    expect(readWhy(story(), subjectOf('wheel'), { since: tomorrow })).toEqual([]);
  });

  it('tells an order without a recorded decision, and nothing of one that is not there', () => {
    expect(readWhy(story(), { kind: 'order', id: shortPut })).toMatchObject([{ decision: null, orders: [{ order: { id: shortPut } }] }]);
    expect(readWhy(story(), { kind: 'order', id: clientOrderId('wsb1-none') })).toEqual([]);
  });
});
