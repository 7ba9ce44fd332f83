import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { brokerOrderId, clientOrderId } from '../../../src/domain/ids.ts';
import { netQty, price, qty, usd } from '../../../src/domain/money.ts';
import { isTerminal, type Order, type OrderEvent, type OrderState, orderStates } from '../../../src/domain/order.ts';
import { moves, step } from '../../../src/domain/order-machine.ts';
import { closure, everyRule, fill, ledgerFile, ledgerRow, lot, order, pass, running, SPY, today, trade, turn } from './fixture.ts';

/** A ledger with a row in every table that only grows. */
function filled(): Database.Database {
  const file = ledgerFile();
  const store = running(file);
  store.stamp('sim', 'PA3SIM0001');
  store.commit(
    turn(1, {
      orders: [order({ state: 'submitting', attempts: 1 })],
      fills: [fill()],
      ledger: [ledgerRow()],
      trades: [trade()],
      lots: [lot({ qtyLeft: netQty(1), cashLeft: usd(-500_000_000) })],
      closures: [closure()],
      decisions: [{ ...pass({ orders: [order().id] }), verdict: 'cleared', checks: everyRule }],
      iv: [{ symbol: SPY, day: today, iv30: 0.2, quality: 'bars', flags: [] }],
      modes: ['RECOVERING'],
      halts: [{ scope: { kind: 'account' }, level: 'halt', reason: 'test', since: order().recordedAt }],
      commands: [{ kind: 'send', id: order().id }],
      notes: [{ event: 'order.recorded', severity: 'info', detail: {} }],
    }),
  );
  store.close();
  return new Database(file);
}

describe('tables that only grow', () => {
  it.each([
    ['turns', 'kind'],
    ['fills', 'cash'],
    ['ledger', 'cash'],
    ['closures', 'realized'],
    ['order_events', 'state'],
    ['decision_orders', 'decision_id'],
    ['mode_changes', 'modes'],
    ['iv_history', 'iv30'],
    ['outbox', 'kind'],
    ['notes', 'event'],
    ['stamp', 'account'],
  ])('%s refuses a change and a deletion', (table, column) => {
    const db = filled();
    expect(() => db.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow(`${table}: rows are never changed`);
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`${table}: rows are never deleted`);
    db.close();
  });

  it.each(['runs', 'orders', 'attempts', 'decisions', 'halts', 'trades', 'lots'])('%s refuses a deletion', (table) => {
    const db = filled();
    expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`${table}: rows are never deleted`);
    db.close();
  });

  it.each([
    ['no finding', []],
    ['a finding too few', everyRule.slice(1)],
    ['one rule twice in place of another', [...everyRule.slice(1), ...everyRule.slice(1, 2)]],
    ['a finding against it', everyRule.map((check, i) => (i === 3 ? { ...check, result: 'deny' as const } : check))],
    ['a finding that defers it', everyRule.map((check, i) => (i === 3 ? { ...check, result: 'defer' as const } : check))],
  ])('S-41: an order is not put on record with %s, and nothing of its turn is', (_name, checks) => {
    const file = ledgerFile();
    const store = running(file);
    const bare = turn(1, { orders: [order()], decisions: [{ ...pass({ orders: [order().id] }), verdict: 'cleared', checks }] });
    expect(() => store.commit(bare)).toThrow('decision_orders: an order has the findings of every rule on record');
    store.close();
    const db = new Database(file);
    expect(db.prepare('SELECT count(*) AS n FROM orders').get()).toEqual({ n: 0 });
    db.close();
  });

  it('S-41: nor with a decision that was denied', () => {
    const store = running(ledgerFile());
    const denied = { ...pass({ orders: [order().id] }), verdict: 'denied', checks: everyRule } as const;
    expect(() => store.commit(turn(1, { orders: [order()], decisions: [denied] }))).toThrow('decision_orders:');
    store.close();
  });

  it('decisions let only their run length grow', () => {
    const db = filled();
    for (const column of ['strategy', 'why', 'gates', 'verdict', 'first_seq']) {
      expect(() => db.exec(`UPDATE decisions SET ${column} = ${column}`)).toThrow(/only last_seq, last_at, count, last may change/);
    }
    expect(() => db.exec('UPDATE decisions SET count = count + 2, last_seq = last_seq + 1')).toThrow(/a run only grows/);
    expect(() => db.exec('UPDATE decisions SET count = count + 1')).toThrow(/a run only grows/);
    db.close();
  });

  it('a trade keeps what was decided, and its units never fall', () => {
    const db = filled();
    for (const column of ['owner', 'legs', 'code', 'why', 'max_loss', 'opened_at', 'opened_day'])
      expect(() => db.exec(`UPDATE trades SET ${column} = ${column} || '0'`)).toThrow(/what was decided does not change/);
    expect(() => db.exec(`UPDATE trades SET thesis = '7'`)).toThrow(/what was decided does not change/);
    expect(() => db.exec('UPDATE trades SET units = units - 1')).toThrow(/units never fall/);
    expect(() => db.exec('UPDATE trades SET closed_at = 5')).toThrow(/trades_closed/);
    db.exec('UPDATE trades SET units = units + 1, realized = -5');
    db.close();
  });

  it('a lot keeps what was opened, and what is left of it only shrinks', () => {
    const db = filled();
    for (const column of ['owner', 'symbol', 'trade_id', 'origin', 'opened_at', 'opened_day', 'qty', 'cash'])
      expect(() => db.exec(`UPDATE lots SET ${column} = ${column} || '0'`)).toThrow(/what was opened does not change/);
    expect(() => db.exec('UPDATE lots SET qty_left = 2')).toThrow(/only shrinks/);
    expect(() => db.exec('UPDATE lots SET qty_left = -1')).toThrow(/lots_left/);
    expect(() => db.exec('UPDATE lots SET qty_left = 0')).toThrow(/lots_left/);
    db.exec('UPDATE lots SET qty_left = 0, cash_left = 0');
    db.close();
  });

  it('an attempt takes one outcome', () => {
    const db = filled();
    db.exec(`UPDATE attempts SET outcome = 'accepted'`);
    expect(() => db.exec(`UPDATE attempts SET outcome = 'refused'`)).toThrow(/written once/);
    db.close();
  });
});

describe('orders', () => {
  const events: readonly OrderEvent[] = [
    { kind: 'send_begun' },
    { kind: 'unsent' },
    { kind: 'dropped', reason: 'r' },
    { kind: 'refused', reason: 'r' },
    { kind: 'answer_lost' },
    { kind: 'absent' },
    { kind: 'unreachable' },
    { kind: 'mismatch' },
    { kind: 'accepted', brokerId: brokerOrderId('b') },
    { kind: 'cancel_sent' },
    { kind: 'cancel_refused' },
    { kind: 'filled', brokerId: brokerOrderId('b'), cumQty: 4, cumCash: usd(-4), fills: [] },
    { kind: 'filled', brokerId: brokerOrderId('b'), cumQty: 10, cumCash: usd(-10), fills: [] },
    ...(['canceled', 'expired', 'rejected', 'replaced'] as const).map((as) => ({
      kind: 'closed' as const,
      as,
      brokerId: brokerOrderId('b'),
      reason: null,
    })),
  ];

  it('may make every move of the order machine', () => {
    const store = running();
    let made = 0;
    for (const state of Object.keys(moves) as OrderState[]) {
      for (const event of events) {
        const before = order({ id: clientOrderId(`wsb1-${made}`), state, brokerId: brokerOrderId(`b-${made}`) });
        const next = step(before, 'brokerId' in event ? { ...event, brokerId: brokerOrderId(`b-${made}`) } : event);
        if (next.kind !== 'moved') continue;
        made++;
        store.commit(turn(2 * made, { orders: [before] }));
        store.commit(turn(2 * made + 1, { orders: [next.order] }));
      }
    }
    expect(made).toBeGreaterThan(60);
  });

  it('closed, may take no state but those that late evidence leads to', () => {
    const db = filled();
    const move = (from: OrderState, to: OrderState, filledWhole: boolean): boolean => {
      db.exec('SAVEPOINT try');
      db.exec('DROP TRIGGER orders_closed');
      db.exec(`UPDATE orders SET state = '${from}'`);
      db.exec(closed);
      try {
        db.exec(`UPDATE orders SET state = '${to}', cum_qty = ${filledWhole ? 10 : 4}`);
        return true;
      } catch {
        return false;
      } finally {
        db.exec('ROLLBACK TO try');
      }
    };
    const closed = db.prepare<[], { sql: string }>(`SELECT sql FROM sqlite_master WHERE name = 'orders_closed'`).get()?.sql ?? '';
    const reopened = new Set(['working', 'canceling', 'quarantined', 'filled', 'canceled', 'expired', 'rejected', 'replaced']);
    for (const from of orderStates.filter(isTerminal)) {
      for (const to of orderStates) {
        const gaveUp = from === 'dropped' || from === 'refused';
        const partly = from === to || (gaveUp && reopened.has(to));
        const wholly = partly || (to === 'filled' && ['canceled', 'expired', 'replaced'].includes(from));
        expect(`${from} to ${to}: ${move(from, to, false)} ${move(from, to, true)}`).toBe(`${from} to ${to}: ${partly} ${wholly}`);
      }
    }
    db.close();
  });

  it('keep what was decided, and never lose a fill or an attempt', () => {
    const store = running();
    store.commit(turn(1, { orders: [order({ cumQty: 4, attempts: 1 })] }));
    const changed = (parts: Partial<Order>) => () => store.commit(turn(2, { orders: [order({ cumQty: 4, attempts: 1, ...parts })] }));
    expect(changed({ limit: price(1) })).toThrow(/what was decided does not change/);
    expect(changed({ qty: qty(11) })).toThrow(/what was decided does not change/);
    expect(changed({ cumQty: 3 })).toThrow(/never fall/);
    expect(changed({ attempts: 0 })).toThrow(/never fall/);
    expect(changed({ cumQty: 5 })).not.toThrow();
  });
});
