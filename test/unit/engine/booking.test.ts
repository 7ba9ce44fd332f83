import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import { bookLedger, ledgerRow } from '../../../src/engine/booking.ts';
import { newDraft } from '../../../src/engine/draft.ts';
import { stateFrom } from '../../../src/engine/load.ts';
import { limits } from '../risk/contexts.ts';
import { emptyLedger } from './ledger.ts';

const draft = () => newDraft(7, { exchange: epochMs(1_000), mono: monoMs(1), speed: 1 }, tradingDay('2026-03-10'), { kind: 'wake' });
const row = (over: Partial<Parameters<typeof ledgerRow>[1]> = {}) =>
  ledgerRow(draft(), {
    key: 'life:ABC:1',
    kind: 'assignment',
    owner: strategyId('wheel'),
    symbol: symbol('ABC'),
    qty: 100,
    cash: usd(-5_000),
    why: 'test',
    ...over,
  });

describe('a ledger row', () => {
  it('is booked once: a second one of its key changes nothing', () => {
    const state = stateFrom(emptyLedger().loaded(), limits);
    const first = draft();
    expect(bookLedger(state, first, row())).toBe(true);
    const again = draft();
    expect(bookLedger(state, again, row({ qty: 900, cash: usd(-9) }))).toBe(false);
    expect(again).toEqual(draft());
    expect(state.cash).toBe(-5_000);
    expect([...state.positions.values()]).toMatchObject([{ qty: 100, cost: -5_000 }]);
  });
  it('of a key that the disk holds is not booked either', () => {
    const state = stateFrom({ ...emptyLedger().loaded(), ledgerKeys: new Set(['life:ABC:1']) }, limits);
    expect(bookLedger(state, draft(), row())).toBe(false);
    expect(state.positions.size).toBe(0);
  });
  it('without a symbol moves cash alone', () => {
    const state = stateFrom(emptyLedger().loaded(), limits);
    bookLedger(state, draft(), row({ key: 'act:1', kind: 'dividend', symbol: null, qty: 0, cash: usd(70) }));
    expect([state.cash, state.positions.size]).toEqual([70, 0]);
  });
  it('carries the stamps of its turn', () => {
    expect(row()).toMatchObject({ day: '2026-03-10', at: 1_000, kind: 'assignment' });
    expect(row({ day: tradingDay('2026-03-09') }).day).toBe('2026-03-09');
  });
});
