import { describe, expect, it } from 'vitest';
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { readDecisions } from '../../../src/store/queries.ts';
import { openReader } from '../../../src/store/reader.ts';
import { base, everyRule, ledgerFile, noon, order, pass, running, SPY, turn, wheel } from './fixture.ts';

describe('decisions', () => {
  const tick = (seq: number, decisions: Parameters<typeof turn>[1] & object, phase: 'entry' | 'manage' = 'entry') =>
    turn(seq, { event: { kind: 'tick', strategy: wheel, phase, slot: '10:30', slotAt: noon }, ...decisions });
  const runs = (file: string) => {
    const opened = openReader(file);
    if (!opened.ok) throw new Error(opened.fault.message);
    const rows = readDecisions(opened.reader);
    opened.reader.close();
    return rows;
  };

  it('said again lengthen their row and keep the first and the last observation', () => {
    const file = ledgerFile();
    const store = running(file);
    for (const [i, observed] of [12, 14, 9].entries()) store.commit(tick(i + 1, { decisions: [pass({ slot: `10:${30 + i}` }, observed)] }));
    const [row, ...more] = runs(file);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      count: 3,
      firstSeq: 1,
      lastSeq: 3,
      firstAt: noon + 1000,
      lastAt: noon + 3000,
      slot: '10:30',
      why: 'IV rank 12 is below 30',
    });
    expect(row?.last).toMatchObject({ slot: '10:32', why: 'IV rank 9 is below 30', gates: [{ observed: 9 }] });
  });

  it.each([
    ['another reason', () => ({ decisions: [{ ...pass(), decision: { ...pass().decision, code: 'SPREAD_TOO_WIDE' as const } }] }), 'entry'],
    [
      'a gate that now passes',
      () => ({
        decisions: [{ ...pass(), decision: { ...pass().decision, gates: [{ name: 'iv_rank', threshold: 30, observed: 31, pass: true }] } }],
      }),
      'entry',
    ],
    ['another subject', () => ({ decisions: [{ ...pass(), decision: { ...pass().decision, subject: symbol('MSFT') } }] }), 'entry'],
    ['another strategy', () => ({ decisions: [pass({ strategy: base })] }), 'entry'],
    ['another day', () => ({ day: tradingDay('2026-03-10'), decisions: [pass()] }), 'entry'],
    ['another phase', () => ({ decisions: [pass()] }), 'manage'],
    ['an assumed input', () => ({ decisions: [{ ...pass(), decision: { ...pass().decision, assumed: ['vix'] } }] }), 'entry'],
  ] as const)('with %s begin a row of their own', (_name, parts, phase) => {
    const file = ledgerFile();
    const store = running(file);
    store.commit(tick(1, { decisions: [pass()] }));
    store.commit(tick(2, parts(), phase));
    expect(runs(file).map((row) => row.count)).toEqual([1, 1]);
  });

  it('interrupted by another verdict begin anew', () => {
    const file = ledgerFile();
    const store = running(file);
    const other = { ...pass(), decision: { ...pass().decision, code: 'SPREAD_TOO_WIDE' as const } };
    [pass(), other, pass()].forEach((row, i) => void store.commit(tick(i + 1, { decisions: [row] })));
    expect(runs(file).map((row) => row.count)).toEqual([1, 1, 1]);
  });

  it('of one subject in one tick each keep their own run', () => {
    const file = ledgerFile();
    const store = running(file);
    const other = { ...pass(), decision: { ...pass().decision, code: 'ALREADY_HELD' as const } };
    for (const seq of [1, 2, 3]) store.commit(tick(seq, { decisions: [pass(), other, pass()] }));
    expect(
      runs(file)
        .map((row) => `${row.code} ${row.count}`)
        .sort(),
    ).toEqual(['ALREADY_HELD 3', 'IV_RANK_OUT_OF_BAND 3', 'IV_RANK_OUT_OF_BAND 3']);
  });

  it('that became an order are never merged', () => {
    const file = ledgerFile();
    const store = running(file);
    for (const seq of [1, 2]) {
      const id = clientOrderId(`wsb1-${seq}`);
      const opened = {
        kind: 'open' as const,
        subject: SPY,
        code: 'ENTRY' as const,
        why: 'below target',
        gates: [],
        key: 'k',
        legs: legs(leg(equity(SPY), 'buy', 'open')),
        qty: qty(1),
        prices: { rungs: [price(500_000_000)] as const, stepMs: 1000 },
        maxLoss: usd(500_000_000),
      };
      store.commit(
        tick(seq, {
          orders: [order({ id })],
          decisions: [{ ...pass(), strategy: strategyId('base'), decision: opened, verdict: 'cleared', checks: everyRule, orders: [id] }],
        }),
      );
    }
    expect(runs(file)).toMatchObject([{ count: 1, verdict: 'cleared', intent: { key: 'k', qty: 1, maxLoss: 500_000_000 } }, { count: 1 }]);
  });
});
