// Walks down a list of limits: one order at a time, the next only when the one before is known to be over.
import { describe, expect, it } from 'vitest';
import type { Close, Open } from '../../../src/domain/decision.ts';
import { price } from '../../../src/domain/money.ts';
import { buy, cover, micros, sell } from '../risk/contexts.ts';
import { holding, market, put, shortPuts, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const walking = <T extends Open | Close>(intent: T, rungs: readonly number[], stepMs = 10_000): T => ({
  ...intent,
  prices: { rungs: rungs.map((r) => price(micros(r))) as unknown as T['prices']['rungs'], stepMs },
});
const canceled = (w: EngineWorld, id: Parameters<EngineWorld['order']>[0]) =>
  w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });

describe('a walk', () => {
  it('takes a rung back when its time is up, and places the next on evidence of that alone', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99, 10]));
    const first = working(w);
    w.advance(9_999);
    expect(w.take('cancel')).toEqual([]);
    w.advance(1);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: first.id }]);
    expect(w.order(first.id).state).toBe('canceling');
    w.push({ kind: 'cancel_answered', id: first.id, answer: 'requested' });
    w.advance(1_000);
    expect(w.take('post')).toEqual([]);
    canceled(w, first.id);
    const second = w.posted();
    expect(second).toMatchObject({ rung: 1, limit: 9_990_000, qty: 5, ladder: first.ladder });
    expect(second.id).not.toBe(first.id);
  });
  it('repeats a cancel and looks up until there is evidence', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.advance(10_000);
    w.take('cancel');
    w.advance(60_000);
    expect(w.take('find').length).toBeGreaterThanOrEqual(2);
    expect(w.take('cancel').length).toBeGreaterThanOrEqual(1);
    expect(w.take('post')).toEqual([]);
    expect(w.order(id).state).toBe('canceling');
  });
  it('goes on for the rest after a rung was filled in part', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.fill(id, 2, 9.98);
    w.advance(10_000);
    canceled(w, id);
    expect(w.posted()).toMatchObject({ rung: 1, qty: 3 });
  });
  it('ends when the fill wins the race against the cancel', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.advance(10_000);
    w.take('cancel');
    w.fill(id, 5, 9.98);
    w.push({ kind: 'cancel_answered', id, answer: 'too_late' });
    w.advance(30_000);
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 5 });
    expect(w.take('post')).toEqual([]);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'filled', filled: 5, of: 5 });
  });
  it('looks up what a cancel that came too late says', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.advance(10_000);
    w.push({ kind: 'cancel_answered', id, answer: 'too_late' });
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.fill(id, 5, 9.98) } });
    expect(w.order(id).state).toBe('filled');
  });
  it('counts a fill that is told after its cancel, and buys no more than was wanted', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.97, 9.98, 9.99]));
    const first = working(w);
    w.advance(10_000);
    canceled(w, first.id);
    const second = working(w);
    w.fill(first.id, 2, 9.97);
    expect(w.order(first.id)).toMatchObject({ state: 'canceled', cumQty: 2 });
    w.advance(10_000);
    canceled(w, second.id);
    expect(w.posted()).toMatchObject({ rung: 2, qty: 3 });
  });
  it('ends unfilled after its last rung', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98]));
    const { id } = working(w);
    w.advance(10_000);
    canceled(w, id);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'unfilled', filled: 0 });
  });
  it('keeps a rung for a quarter of a second of wall time, however fast the exchange runs', () => {
    const w = market({ speed: 1_000 });
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    working(w);
    w.advance(249);
    expect(w.take('cancel')).toEqual([]);
    w.advance(1);
    expect(w.take('cancel')).toHaveLength(1);
  });
  it('does not place a rung while the fate of the one before is unknown', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99], 1_000));
    const { id } = w.posted();
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    w.advance(20_000);
    expect(w.take('post')).toEqual([]);
    expect(w.take('cancel')).toEqual([]);
  });
  it('of an opening ends when a rung may not be sent any more', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.link(false);
    w.advance(10_000);
    const turn = canceled(w, id);
    expect(turn.decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'NOT_READY' } }]);
    expect(w.take('post')).toEqual([]);
  });
  it('is judged anew at each rung', () => {
    const w = market();
    w.open(walking(buy('ABC', 10, 5), [9.98, 9.99]));
    const { id } = working(w);
    w.quote('ABC', 8.99, 9.01);
    w.advance(10_000);
    expect(canceled(w, id).decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'COLLAR' } }]);
  });
});

describe('an order above the size of one', () => {
  it('goes out in slices, one after the other', () => {
    const w = market({ limits: { orderEquityPctMax: 0.00031 } });
    w.open(buy('ABC', 10, 7));
    const sizes: number[] = [];
    for (let i = 0; i < 3; i++) {
      const order = working(w);
      sizes.push(order.qty);
      expect(w.take('post')).toEqual([]);
      w.fill(order.id, order.qty, 10);
    }
    expect(sizes).toEqual([3, 3, 1]);
    expect(w.beliefs.positions()).toMatchObject([{ qty: 7 }]);
    expect(w.notes('ladder.done')).toHaveLength(1);
  });
});

describe('an exit', () => {
  it('walks on although everything is halted', () => {
    const w = shortPuts(1);
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'stop' });
    w.link(false);
    w.close(walking(cover(put, 1), [1.03, 1.05]));
    const { id } = working(w);
    w.advance(10_000);
    canceled(w, id);
    expect(w.posted()).toMatchObject({ purpose: 'C', rung: 1 });
  });
  it('that is refused goes on to the next rung, and after three refusals calls for a person and waits a minute', () => {
    const w = shortPuts(1);
    const refuse = (): number => {
      const { id, limit } = w.posted();
      w.answer(id, { kind: 'refused', code: 'ALPACA_REFUSED', message: 'no' });
      return limit as number;
    };
    w.close(walking(cover(put, 1), [1.03, 1.05]));
    const limits = [refuse()];
    w.advance(1_000);
    limits.push(refuse());
    w.advance(1_000);
    limits.push(refuse());
    expect(limits).toEqual([1_030_000, 1_050_000, 1_050_000]);
    expect(w.notes('exit.blocked')).toHaveLength(1);
    expect(w.notes('exit.blocked')[0]?.severity).toBe('critical');
    w.advance(59_999);
    expect(w.take('post')).toEqual([]);
    w.advance(1);
    expect(w.take('post')).toHaveLength(1);
  });
  it('waits its turn while an opening of ours works the other side', () => {
    const w = holding(5);
    w.open(buy('ABC', 9.9, 1));
    const opening = working(w);
    w.close(sell('ABC', 10, 5));
    expect(w.take('post')).toEqual([]);
    canceled(w, opening.id);
    w.advance(1_000);
    expect(w.posted()).toMatchObject({ purpose: 'C', qty: 5 });
  });
  it('is tried three times in ten minutes, and again when those are over', () => {
    const w = shortPuts(1);
    const attempt = (): string => {
      const turn = w.close(walking(cover(put, 1), [1.03], 1_000));
      for (const { id } of w.take('post')) {
        w.accept(id);
        w.advance(1_000);
        canceled(w, id);
      }
      return turn.decisions[0]?.denial?.code ?? 'placed';
    };
    const attempts = Array.from({ length: 5 }, attempt);
    expect(attempts).toEqual(['placed', 'placed', 'placed', 'EXIT_CAP', 'EXIT_CAP']);
    w.advance(600_000);
    expect(attempt()).toBe('placed');
  });
  it('that risk denied was no try', () => {
    const w = shortPuts(1);
    for (let i = 0; i < 6; i++) {
      expect(w.close(walking(cover(put, 1), [2])).decisions).toMatchObject([{ denial: { code: 'COLLAR' } }]);
      w.advance(30_000);
    }
    w.close(walking(cover(put, 1), [1.03]));
    expect(w.posted().purpose).toBe('C');
  });
  it('finds a number that no walk of the day has had', () => {
    const w = shortPuts(1);
    w.close(walking(cover(put, 1), [2])); // denied, and forgotten ten minutes later
    w.close(walking(cover(put, 1), [1.03], 1_000));
    const placed = working(w);
    w.advance(1_000);
    canceled(w, placed.id);
    w.advance(601_000);
    w.reconcile();
    w.close(walking(cover(put, 1), [1.03], 1_000));
    const again = w.posted();
    expect(again.id).not.toBe(placed.id);
    expect(again.ladder).not.toBe(placed.ladder);
  });
  it('of shares ends at the market when the walk says so', () => {
    const w = holding(5);
    const asked = walking(sell('ABC', 10, 5), [-10], 1_000);
    w.close({ ...asked, prices: { ...asked.prices, last: 'market' } });
    const { id } = working(w);
    w.advance(1_000);
    canceled(w, id);
    expect(w.posted()).toMatchObject({ type: 'market', limit: null, tif: 'day', rung: 1 });
  });
});

describe('a strategy', () => {
  it('sees its orders, its positions and what is busy', () => {
    const w = holding(5);
    w.close(walking(sell('ABC', 10, 5), [-10]));
    w.posted();
    w.tick('manage', []);
    expect(w.script.seen).toMatchObject({ positions: [{ qty: 5 }], working: [{ purpose: 'C' }], slot: 'manage', day: '2026-03-10' });
    expect([...(w.script.seen?.busy ?? [])]).toEqual(['ABC']);
  });
  it('takes back an order of its own, and none of another', () => {
    const w = market({ strategies: ['base', 'dip'] });
    w.open(buy('ABC', 9.9, 1), 'base');
    const { id } = working(w);
    const take = { kind: 'cancel', order: id, subject: 'ABC', code: 'SIGNAL_GONE', why: 'gone', gates: [] } as never;
    w.tick('manage', [take], 'dip');
    expect(w.order(id).state).toBe('working');
    w.tick('manage', [take], 'base');
    expect(w.order(id).state).toBe('canceling');
  });
  it('remembers what it was told to, over a restart too', () => {
    const w = market();
    w.tick('manage', [{ kind: 'remember', memory: { count: 3 } }]);
    w.crash();
    w.ready();
    w.tick('manage', []);
    expect(w.script.seen?.memory).toEqual({ count: 3 });
  });
  it('is not asked for entries while they are off, and the day says so', () => {
    const w = market();
    w.link(false);
    const turn = w.open(buy('ABC', 10, 5));
    expect(turn.decisions).toMatchObject([{ decision: { kind: 'pass', code: 'RECON_PENDING' } }]);
    expect(w.script.seen).toBeNull();
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'stop' });
    expect(w.open(buy('ABC', 10, 5)).decisions).toMatchObject([{ decision: { kind: 'pass', code: 'KILL_SWITCH' } }]);
  });
  it('that needs a higher options level sits out', () => {
    const w = market({ optionsLevel: 3 });
    Object.assign(w.desk.account, { optionsLevel: 2 });
    w.reconcile();
    expect(w.open(buy('ABC', 10, 5)).decisions).toMatchObject([{ decision: { kind: 'pass', code: 'LEVEL_TOO_LOW' } }]);
  });
});
