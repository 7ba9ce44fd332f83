// The value at risk against what came of it: one promise and one result a session, and the test of them once a month.
import { describe, expect, it } from 'vitest';
import type { LossRecord, VarDay } from '../../../src/domain/losses.ts';
import { type Usd, usd } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import { addDays, epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import { newDraft } from '../../../src/engine/draft.ts';
import type { Look } from '../../../src/engine/loss-watch.ts';
import { backTestOf, promiseKept, sayBackTest } from '../../../src/engine/var-record.ts';

const first = tradingDay('2026-01-02');
/** So many sessions, of which some lost a micro more than was promised. */
const sessions = (count: number, failures: number): readonly VarDay[] =>
  Array.from({ length: count }, (_, i) => ({
    day: addDays(first, i),
    promised: usd(1_000),
    pnl: usd(i < failures ? -1_001 : -1_000),
  }));
const ended = (promised: Usd | null, varDays: readonly VarDay[] = []) => ({ day: first, promised, varDays }) as unknown as LossRecord;
const looked = (pnl: number | null) => ({ dayPnl: pnl === null ? absent('EQUITY_UNKNOWN', 'a test') : known(usd(pnl)) }) as unknown as Look;

describe('the end of a session', () => {
  it('holds its result against the promise of the close before, and promises anew', () => {
    expect(promiseKept(ended(usd(500)), looked(-600), usd(700))).toEqual({
      promised: 700,
      varDays: [{ day: first, promised: 500, pnl: -600 }],
    });
  });
  it('without a promise, or without a result, leaves no session on record', () => {
    expect(promiseKept(ended(null), looked(-600), usd(700))).toEqual({ promised: 700, varDays: [] });
    expect(promiseKept(ended(usd(500)), looked(null), usd(700))).toEqual({ promised: 700, varDays: [] });
    expect(promiseKept(ended(usd(500)), looked(-600), null)).toMatchObject({ promised: null, varDays: [{ pnl: -600 }] });
  });
  it('keeps the last 250', () => {
    const { varDays } = promiseKept(ended(usd(500), sessions(250, 0)), looked(7), usd(700));
    expect([varDays.length, varDays[0]?.day, varDays.at(-1)?.pnl]).toEqual([250, addDays(first, 1), 7]);
  });
});

describe('the test of the promises', () => {
  it('waits for sixty sessions', () => {
    expect(backTestOf(sessions(59, 0))).toBeUndefined();
    expect(backTestOf(sessions(60, 0))).toMatchObject({ days: 60, failures: 0, verdict: 'accept' });
  });
  // Of 250 sessions at 99 %: none is too good to be true (5.025), six are as many as may be (3.555), seven are too many (5.497).
  it.each([
    [0, 5.025, 'reject', 'major'],
    [3, 0.095, 'accept', 'info'],
    [6, 3.555, 'accept', 'info'],
    [7, 5.497, 'reject', 'major'],
  ])('of %d failures in 250 has the ratio %f: %s, said as %s', (failures, ratio, verdict, severity) => {
    const days = sessions(250, failures);
    const found = backTestOf(days);
    expect(found).toMatchObject({ days: 250, failures, verdict });
    expect(found?.ratio).toBeCloseTo(ratio, 3);
    const draft = newDraft(1, { exchange: epochMs(1), mono: monoMs(1), speed: 1 }, first, { kind: 'wake' });
    sayBackTest(draft, days);
    expect(draft.notes).toMatchObject([{ event: 'var.tested', severity, detail: { failures, verdict } }]);
  });
  it('says nothing while there is nothing to say', () => {
    const draft = newDraft(1, { exchange: epochMs(1), mono: monoMs(1), speed: 1 }, first, { kind: 'wake' });
    sayBackTest(draft, sessions(59, 9));
    expect(draft.notes).toEqual([]);
  });
  it('counts a promise that is no number as broken', () => {
    const days = sessions(60, 0).map((d) => ({ ...d, promised: Number.NaN as Usd }));
    expect(backTestOf(days)?.failures).toBe(60);
  });
});
