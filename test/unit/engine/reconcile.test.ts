// The broker's books against ours: what is explained, what is booked only on second sight, and what is never touched.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { buy, micros, write } from '../risk/contexts.ts';
import { strangeReport } from './desk.ts';
import { call, holding, market, put, shortPuts, working } from './scenes.ts';
import { type EngineWorld, engineWorld } from './world.ts';

const held = (w: EngineWorld) => w.beliefs.positions().map((p) => [p.owner, p.instrument.symbol, p.qty]);
const modes = (w: EngineWorld) => [...w.beliefs.modes];

describe('the first read of an account', () => {
  it('opens the ledger with its cash and what it holds, which is nobody’s of ours', () => {
    const w = engineWorld({ cash: 5_000 });
    w.desk.move('XYZ', 30);
    w.ready();
    expect(w.beliefs.cash).toBe(micros(5_000));
    expect(held(w)).toEqual([['EXTERNAL', 'XYZ', 30]]);
    expect(w.beliefs.ready()).toBe(true);
  });
  it('keeps what was paid for it, without moving cash', () => {
    const w = engineWorld({ cash: 5_000 });
    w.boot();
    w.link(true);
    const snapshot = w.desk.snapshot(w.now());
    w.push({
      kind: 'snapshot',
      snapshot: { ...snapshot, positions: [{ symbol: symbol('XYZ'), net: netQty(30), cost: usd(micros(300)), mark: null }] },
    });
    expect(w.beliefs.positions()).toMatchObject([{ qty: 30, cost: -micros(300) }]);
    expect(w.beliefs.cash).toBe(micros(5_000));
  });
  it('does not count what the broker recorded before it, not even after a restart', () => {
    const w = engineWorld({ cash: 5_000 });
    w.desk.book({ id: '20260309000000000::a', type: 'CSD', netAmount: usd(micros(5_000)) });
    w.ready();
    w.crash();
    w.ready();
    expect(w.beliefs.cash).toBe(micros(5_000));
    expect(w.ledger.rows.filter((r) => r.kind === 'transfer')).toEqual([]);
    expect(w.beliefs.ready()).toBe(true);
  });
});

describe('entries wait for a clean read', () => {
  it('after boot, whatever the stream says', () => {
    const w = engineWorld();
    w.boot();
    expect(modes(w)).toEqual(['RECOVERING']);
    expect(w.take('reconcile')).toHaveLength(1);
    w.link(true);
    expect(w.beliefs.ready()).toBe(false);
    w.reconcile();
    expect(modes(w)).toEqual([]);
    expect(w.beliefs.ready()).toBe(true);
  });
  it('after the stream was away', () => {
    const w = market();
    w.link(false);
    expect(modes(w)).toContain('STREAM_DOWN');
    w.link(true);
    expect(modes(w)).toEqual(['RECOVERING']);
    expect(w.take('reconcile')).toHaveLength(1);
    w.reconcile();
    expect(w.beliefs.ready()).toBe(true);
  });
  it('that was begun after the stream came up: an earlier one may have missed what neither told', () => {
    const w = market();
    const early = w.desk.snapshot(w.now());
    w.advance(1_000);
    w.link(false);
    w.link(true);
    w.push({ kind: 'snapshot', snapshot: early });
    expect(w.beliefs.ready()).toBe(false);
    expect(w.take('reconcile').length).toBeGreaterThanOrEqual(1);
    w.reconcile();
    expect(w.beliefs.ready()).toBe(true);
  });
  it('which a failed one is not', () => {
    const w = engineWorld();
    w.boot();
    w.link(true);
    w.take('reconcile');
    w.push({ kind: 'snapshot_failed', because: 'timeout' });
    expect(w.beliefs.ready()).toBe(false);
    w.advance(1_999);
    expect(w.take('reconcile')).toEqual([]);
    w.advance(1);
    expect(w.take('reconcile')).toHaveLength(1);
  });
  it('and a failed one never takes positions away', () => {
    const w = holding(5);
    w.push({ kind: 'snapshot_failed', because: 'timeout' });
    expect(held(w)).toEqual([['base', 'ABC', 5]]);
  });
  it('one at a time', () => {
    const w = market();
    w.operate({ action: 'reconcile' });
    w.operate({ action: 'reconcile' });
    expect(w.take('reconcile')).toHaveLength(1);
    w.reconcile();
    expect(w.take('reconcile')).toHaveLength(1);
  });
  it('while reads fail altogether, and until one succeeds after them', () => {
    const w = market();
    w.push({ kind: 'breaker', lane: 'read', state: 'open' });
    expect(modes(w)).toEqual(['BROKER_DOWN']);
    w.push({ kind: 'breaker', lane: 'read', state: 'half_open' });
    w.push({ kind: 'breaker', lane: 'read', state: 'closed' });
    expect(modes(w)).toEqual([]);
    expect(w.take('reconcile')).toHaveLength(1);
  });
});

describe('a difference that nothing explains', () => {
  it('disputes the name at first sight, and is booked at the second', () => {
    const w = market();
    w.desk.move('ABC', 50, -500);
    w.reconcile();
    expect(held(w)).toEqual([]);
    w.tick('manage', []);
    expect([...(w.script.seen?.book.disputed ?? [])]).toEqual(['ABC']);
    w.take('reconcile');
    w.advance(1_500);
    expect(w.take('reconcile')).toHaveLength(1);
    w.reconcile();
    expect(held(w)).toEqual([['EXTERNAL', 'ABC', 50]]);
    w.reconcile();
    expect(w.beliefs.cash).toBe(micros(99_500));
    w.tick('manage', []);
    expect(w.script.seen?.book.disputed.size).toBe(0);
    expect(w.notes('reconcile.drift')).toMatchObject([{ severity: 'minor' }]);
  });
  it('that is gone at the second sight was a race, and leaves nothing', () => {
    const w = market();
    w.desk.move('ABC', 50);
    w.reconcile();
    w.desk.move('ABC', -50);
    w.reconcile();
    w.desk.move('ABC', 50);
    w.reconcile();
    expect(held(w)).toEqual([]);
    expect(w.notes('reconcile.drift')).toEqual([]);
  });
  it('that changed is seen for the first time', () => {
    const w = market();
    w.desk.move('ABC', 50);
    w.reconcile();
    w.desk.move('ABC', 10);
    w.reconcile();
    expect(held(w)).toEqual([]);
    w.reconcile();
    expect(held(w)).toEqual([['EXTERNAL', 'ABC', 60]]);
  });
  it('is not booked while an order in the name is of uncertain fate', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    w.desk.accept(w.order(id));
    w.desk.fill(id, 5, 10);
    const { orders: _orders, ...rest } = w.desk.snapshot(w.now());
    for (let i = 0; i < 4; i++) w.push({ kind: 'snapshot', snapshot: { ...rest, orders: [] } });
    expect(held(w)).toEqual([]);
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.report(id) } });
    expect(held(w)).toEqual([['base', 'ABC', 5]]);
    w.reconcile();
    expect(w.notes('reconcile.drift')).toEqual([]);
  });
  it('in cash is booked at the second sight, as nobody’s of ours', () => {
    const w = market();
    w.desk.cash -= micros(12.34);
    w.reconcile();
    expect(w.beliefs.cash).toBe(micros(100_000));
    w.reconcile();
    expect(w.beliefs.cash).toBe(micros(100_000 - 12.34));
    expect(w.ledger.rows.at(-1)).toMatchObject({ kind: 'adjust', owner: 'EXTERNAL', cash: -micros(12.34) });
  });
  it('of two cents in cash is one', () => {
    const w = market();
    w.desk.cash -= micros(0.02);
    w.reconcile();
    w.reconcile();
    expect(w.notes('reconcile.cash')).toHaveLength(1);
  });
  it('of a cent a fill in cash is none', () => {
    const w = market();
    w.desk.cash -= micros(0.01);
    w.reconcile();
    w.reconcile();
    expect(w.notes('reconcile.cash')).toEqual([]);
    expect(w.beliefs.ready()).toBe(true);
  });
});

describe('a person trades in the account', () => {
  it('selling some of ours: our lot shrinks, and it is said loudly', () => {
    const w = holding(5);
    w.desk.move('ABC', -2, 20);
    w.reconcile();
    w.reconcile();
    expect(held(w)).toEqual([['base', 'ABC', 3]]);
    expect(w.notes('reconcile.drift')).toMatchObject([{ severity: 'major' }]);
  });
  it('selling where both hold: theirs shrinks first', () => {
    const w = holding(5);
    w.desk.move('ABC', 4);
    w.reconcile();
    w.reconcile();
    w.desk.move('ABC', -6);
    w.reconcile();
    w.reconcile();
    expect(held(w)).toEqual([['base', 'ABC', 3]]);
  });
  it('beyond flat: the lot is gone, the rest is theirs, and the name is halted', () => {
    const w = holding(5);
    w.desk.move('ABC', -8);
    w.reconcile();
    w.reconcile();
    expect(held(w)).toEqual([['EXTERNAL', 'ABC', -3]]);
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'symbol', symbol: 'ABC' } }]);
    expect(w.notes('reconcile.drift')).toMatchObject([{ severity: 'critical' }]);
  });
  it('by an order of their own: it is not touched', () => {
    const w = market();
    const { positions, ...rest } = w.desk.snapshot(w.now());
    w.push({ kind: 'snapshot', snapshot: { ...rest, positions, orders: [strangeReport('manual-1')] } });
    w.push({ kind: 'report', report: strangeReport('manual-1', { status: 'filled', cumQty: 1 }) });
    expect(w.take('cancel')).toEqual([]);
    expect(w.beliefs.orders.size).toBe(0);
    expect(w.beliefs.ready()).toBe(true);
  });
  it('holding a fraction of a share: shown by the broker, not by us', () => {
    const w = market();
    const snapshot = w.desk.snapshot(w.now());
    w.push({
      kind: 'snapshot',
      snapshot: { ...snapshot, positions: [{ symbol: symbol('ABC'), net: { fractional: '0.5' }, cost: usd(5), mark: null }] },
    });
    expect(held(w)).toEqual([]);
    expect(w.beliefs.ready()).toBe(true);
  });
});

describe('an order with our prefix that the ledger does not know', () => {
  const orphan = strangeReport('wsb1-ba-O-260310-aaaaaaaaaaaaaaaa');
  it('halts everything when it lives or traded', () => {
    const w = market();
    w.push({ kind: 'snapshot', snapshot: { ...w.desk.snapshot(w.now()), orders: [orphan] } });
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'account' } }]);
    expect(w.notes('order.orphan')).toMatchObject([{ severity: 'critical' }]);
  });
  it('is nothing when it ended without a trade', () => {
    const w = market();
    w.push({ kind: 'snapshot', snapshot: { ...w.desk.snapshot(w.now()), orders: [{ ...orphan, status: 'canceled' }] } });
    expect(w.beliefs.halts).toEqual([]);
  });
  it('is not taken for ours when the stream tells of it', () => {
    const w = market();
    w.push({ kind: 'report', report: orphan });
    expect(w.notes('order.orphan')).toHaveLength(1);
    expect(w.beliefs.orders.size).toBe(0);
  });
});

describe('orders of a read', () => {
  it('repair what the stream did not tell', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    w.desk.fill(id, 5, 10);
    w.reconcile();
    expect(w.order(id).state).toBe('filled');
    expect(held(w)).toEqual([['base', 'ABC', 5]]);
  });
  it('never take back what the stream has told since', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    const early = w.desk.snapshot(w.now());
    w.fill(id, 5, 10);
    w.push({ kind: 'snapshot', snapshot: early });
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 5 });
    expect(held(w)).toEqual([['base', 'ABC', 5]]);
    w.reconcile();
    expect(w.beliefs.ready()).toBe(true);
    expect(w.notes('reconcile.drift')).toEqual([]);
  });
  it('that lack a working one of ours make us look it up', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    w.push({ kind: 'snapshot', snapshot: { ...w.desk.snapshot(w.now()), orders: [] } });
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
    expect(w.order(id).state).toBe('working');
  });
});

describe('cash that moves without a trade', () => {
  it.each([
    ['DIV', 'dividend'],
    ['FEE', 'fee'],
    ['CFEE', 'fee'],
    ['INT', 'interest'],
    ['CSD', 'transfer'],
    ['CSW', 'transfer'],
    ['JNLC', 'transfer'],
    ['MISC', 'external'],
  ])('%s is booked once as %s', (type, kind) => {
    const w = market();
    w.desk.cash += micros(7);
    w.desk.book({ id: '20260310000000000::x', type, netAmount: usd(micros(7)) });
    w.reconcile();
    w.reconcile();
    expect(w.ledger.rows.filter((r) => r.kind === kind)).toMatchObject([{ cash: micros(7) }]);
    expect(w.beliefs.cash).toBe(micros(100_007));
    w.crash();
    w.ready();
    expect(w.beliefs.cash).toBe(micros(100_007));
    expect(w.beliefs.ready()).toBe(true);
  });
  it('from outside is told to strategies', () => {
    const w = market();
    w.desk.cash += micros(500);
    w.desk.book({ id: '20260310000000000::x', type: 'CSD', netAmount: usd(micros(500)) });
    w.reconcile();
    w.tick('manage', []);
    expect(w.script.seen?.book.flows).toEqual([{ day: '2026-03-10', amount: micros(500) }]);
  });
  it('a fill among the activities is not booked again', () => {
    const w = holding(5);
    w.desk.book({ id: '20260310120000000::f', type: 'FILL', symbol: symbol('ABC'), qty: 5, netAmount: usd(micros(-50)) });
    w.reconcile();
    w.reconcile();
    expect(w.beliefs.cash).toBe(micros(99_950));
    expect(held(w)).toEqual([['base', 'ABC', 5]]);
  });
});

describe('a covered call', () => {
  it('pledges its shares, which then are not sold', () => {
    const w = holding(100, { optionsLevel: 2 });
    w.open(write(call, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    expect(held(w)).toEqual([
      ['base', 'ABC', 100],
      ['base', call, -1],
    ]);
    expect(shortPuts(1).beliefs.positions()).toMatchObject([{ instrument: { symbol: put }, qty: -1 }]);
  });
});
