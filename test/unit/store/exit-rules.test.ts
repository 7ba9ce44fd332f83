import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ArmedExit } from '../../../src/domain/exit-rule.ts';
import { epochMs } from '../../../src/domain/time.ts';
import { base, fill, ledgerFile, ledgerRow, lot, noon, order, pass, running, today, trade, turn } from './fixture.ts';

const armed: ArmedExit = {
  trade: trade().id,
  owner: base,
  code: 'STOP',
  when: [
    { measure: 'mark', side: 'at or below', level: 475.25, unit: 'dollars a share' },
    { measure: 'clock', side: 'from', level: '2026-03-12 15:45', unit: 'New York time' },
  ],
  units: null,
  order: null,
  armedAt: noon,
  fired: 0,
  firedAt: null,
  disarmedAt: null,
};
const firedAt = epochMs(noon + 60_000);

function armedLedger(file = ledgerFile()) {
  const store = running(file);
  store.commit(turn(1, { ledger: [ledgerRow()] }));
  store.commit(turn(2, { orders: [order({ state: 'working' })], fills: [fill()], trades: [trade()], lots: [lot()], exits: [armed] }));
  return { store, file };
}

describe('exit rules in the ledger (S-43)', () => {
  it('come back as they were written, and as they were last written', () => {
    const { store } = armedLedger();
    expect(store.load(today).exits).toEqual([armed]);
    const moved: ArmedExit = { ...armed, order: order().id, units: 2, fired: 1, firedAt, disarmedAt: firedAt };
    store.commit(turn(3, { exits: [moved] }));
    expect(store.load(today).exits).toEqual([moved]);
  });

  it('are refused for a trade or an order that does not exist, with the whole turn', () => {
    const { store } = armedLedger();
    expect(() => store.commit(turn(3, { exits: [{ ...armed, trade: 'nobody' }], decisions: [pass()] }))).toThrow('FOREIGN KEY');
    expect(store.load(today).lastSeq).toBe(2);
  });

  it.each([
    ['deleted', 'DELETE FROM exit_rules', 'rows are never deleted'],
    ['given to another trade', `UPDATE exit_rules SET trade_id = 'x'`, 'whose rule it is does not change'],
    ['unfired', 'UPDATE exit_rules SET fired = 0, fired_at = NULL', 'what fired has fired'],
    ['fired at no time', 'UPDATE exit_rules SET fired = 2, fired_at = NULL', 'exit_rules_fired'],
  ])('cannot be %s', (_name, sql, words) => {
    const { store, file } = armedLedger();
    store.commit(turn(3, { exits: [{ ...armed, fired: 1, firedAt }] }));
    const db = new Database(file);
    try {
      expect(() => db.exec(sql)).toThrow(words);
    } finally {
      db.close();
    }
  });
});
