// An order's way out: two commits before a byte leaves, and what follows each kind of answer.
import { describe, expect, it } from 'vitest';
import { buy, cover, putSpread, sell, write } from '../risk/contexts.ts';
import { strangeReport } from './desk.ts';
import { holding, market, put } from './scenes.ts';
import type { EngineWorld } from './world.ts';

describe('an order goes out', () => {
  it('in two steps: recorded with its verdict, then its attempt, then the post', () => {
    const w = market();
    const before = w.turns.length;
    w.open(buy('ABC', 10, 5));
    const [recorded, sent] = w.turns.slice(before);
    expect(recorded?.orders).toMatchObject([{ state: 'recorded', attempts: 0 }]);
    expect(recorded?.decisions).toMatchObject([{ verdict: 'cleared', orders: [recorded?.orders[0]?.id] }]);
    expect(recorded?.commands).toEqual([{ kind: 'send', id: recorded?.orders[0]?.id }]);
    expect(recorded?.orders[0]?.verdictSeq).toBe(recorded?.seq);
    expect(sent?.orders).toMatchObject([{ state: 'submitting', attempts: 1 }]);
    expect(sent?.commands).toEqual([{ kind: 'post', id: recorded?.orders[0]?.id, attempt: 1 }]);
  });
  it('and is working, not filled, when it is accepted', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.accept(id);
    expect(w.order(id)).toMatchObject({ state: 'working', cumQty: 0, brokerId: expect.any(String) });
    expect(w.beliefs.positions()).toEqual([]);
    expect(w.ledger.fills).toEqual([]);
  });
  it('and is filled only by a fill, partly at first', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.accept(id);
    w.fill(id, 2, 9.99);
    expect(w.order(id)).toMatchObject({ state: 'working', cumQty: 2, reserve: 30_000_000 });
    w.fill(id, 5, 10);
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 5, reserve: 0 });
    expect(w.beliefs.positions()).toMatchObject([{ owner: 'base', qty: 5, cost: -49_980_000 }]);
    expect(w.ledger.fills.map((f) => [f.cumQty, f.qty, f.price])).toEqual([
      [2, 2, 9_990_000],
      [5, 3, 10_000_000],
    ]);
  });
  it('and keeps cash aside for all that may still fill, however often it is told of', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    w.accept(id);
    w.fill(id, 2, 10);
    w.fill(id, 3, 10);
    expect(w.order(id)).toMatchObject({ state: 'working', cumQty: 3, reserve: 20_000_000 });
    w.advance(11_000); // the walk is at its end: its order is cancelled, and may fill until that is confirmed
    expect(w.order(id)).toMatchObject({ state: 'canceling', reserve: 20_000_000 });
  });
  it('and books all legs of a package', () => {
    const w = market({ optionsLevel: 3 });
    w.quote('ABC260417P00045000', 0.4, 0.45);
    w.open(putSpread(put, 'ABC260417P00045000', -0.55, 2));
    const { id } = w.posted();
    w.accept(id);
    w.fill(id, 2, 1, 0.45);
    expect(w.beliefs.positions().map((p) => [p.instrument.symbol, p.qty, p.cost])).toEqual([
      [put, -2, 200_000_000],
      ['ABC260417P00045000', 2, -90_000_000],
    ]);
    expect(w.beliefs.cash).toBe(100_110_000_000);
  });
  it('never on the same decision twice, nor with a second intent beside a walk', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    w.posted();
    const again = w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toEqual([]);
    expect(again.orders).toEqual([]);
  });
  it('of each of two strategies that decide alike in one slot', () => {
    const w = market({ strategies: ['base', 'dip'] });
    w.open(buy('ABC', 10, 5), 'base');
    w.open(buy('ABC', 10, 3), 'dip');
    const posts = w.take('post').map((p) => w.order(p.id));
    expect(posts.map((o) => [o.strategy, o.qty])).toEqual([
      ['base', 5],
      ['dip', 3],
    ]);
    expect(new Set(posts.map((o) => o.id)).size).toBe(2);
  });
  it.each([
    [5_000, 'submitting', null],
    [5_001, 'dropped', 'verdict too old'],
  ])('opening, while its verdict is %d ms old: %s', (lag, state, reason) => {
    const w = market();
    w.lag = lag;
    const [recorded] = w.open(buy('ABC', 10, 5)).orders;
    expect(w.order(recorded?.id as never)).toMatchObject({ state, reason });
  });
  it('closing, however old its verdict is', () => {
    const w = holding(5);
    w.lag = 60_000;
    w.close(sell('ABC', 10, 5));
    expect(w.posted().state).toBe('submitting');
  });
  it('not when what is sold is not held', () => {
    const w = market();
    const turn = w.close(sell('ABC', 10, 5));
    expect(turn.decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'NAKED' }, orders: [] }]);
    const option = w.close(cover(put, 1.05));
    expect(option.decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'OVER_CLOSE' } }]);
    expect(w.take('post')).toEqual([]);
  });
});

describe('the last look before the network', () => {
  it('lets an opening pass until a halt stands', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    expect(w.beliefs.mayLeave(id)).toBe(true);
    w.operate({ action: 'halt', scope: { kind: 'strategy', id: 'base' as never }, reason: 'stop' });
    expect(w.beliefs.mayLeave(id)).toBe(false);
  });
  it.each([
    ['the stream is down', (w: EngineWorld) => w.link(false)],
    ['the clock is bad', (w: EngineWorld) => void w.push({ kind: 'clock', good: false, skewMs: 9_000 })],
    ['reads fail', (w: EngineWorld) => void w.push({ kind: 'breaker', lane: 'read', state: 'open' })],
    [
      'we are stopping',
      (w: EngineWorld) => void w.operate({ action: 'shutdown', policy: 'leave', reason: 'test', marketOpen: true, budgetMs: 60_000 }),
    ],
    [
      'the symbol is halted',
      (w: EngineWorld) => void w.operate({ action: 'halt', scope: { kind: 'symbol', symbol: 'ABC' as never }, reason: 'news' }),
    ],
    [
      'the account is blocked',
      (w: EngineWorld) => {
        Object.assign(w.desk.account, { tradingBlocked: true });
        w.reconcile();
      },
    ],
  ])('holds an opening back when %s', (_name, happen) => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    happen(w);
    expect(w.beliefs.mayLeave(id)).toBe(false);
  });
  it('lets an exit pass through all of it', () => {
    const w = holding(5);
    w.close(sell('ABC', 10, 5));
    const { id } = w.posted();
    w.link(false);
    void w.push({ kind: 'clock', good: false, skewMs: 9_000 });
    void w.push({ kind: 'breaker', lane: 'read', state: 'open' });
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'stop' });
    expect(w.beliefs.mayLeave(id)).toBe(true);
  });
  it('knows nothing of an order it has not recorded', () => {
    expect(market().beliefs.mayLeave('wsb1-ba-O-260310-aaaaaaaaaaaaaaaa' as never)).toBe(false);
  });
});

describe('the answer of a post', () => {
  const sent = (): readonly [EngineWorld, ReturnType<EngineWorld['posted']>] => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    return [w, w.posted()];
  };
  it('refused closes the order with the words of the broker, and the walk', () => {
    const [w, { id }] = sent();
    w.answer(id, { kind: 'refused', code: 'ALPACA_REFUSED', message: 'insufficient buying power' });
    expect(w.order(id)).toMatchObject({
      state: 'refused',
      reason: 'ALPACA_REFUSED: insufficient buying power',
      reserve: 0,
      closedAt: expect.any(Number),
    });
    w.advance(120_000);
    expect(w.take('post')).toEqual([]);
  });
  it('unsent drops an opening: the next slot decides afresh', () => {
    const [w, { id }] = sent();
    w.answer(id, { kind: 'unsent', because: 'no connection' });
    expect(w.order(id)).toMatchObject({ state: 'dropped', reason: 'not sent: no connection', reserve: 0 });
    w.advance(120_000);
    expect(w.take('post')).toEqual([]);
  });
  it('unsent sends an exit again a second later, with the same id', () => {
    const w = holding(5);
    w.close(sell('ABC', 10, 5));
    const { id } = w.posted();
    w.answer(id, { kind: 'unsent', because: 'no connection' });
    expect(w.order(id).state).toBe('recorded');
    w.advance(999);
    expect(w.take('post')).toEqual([]);
    w.advance(1);
    expect(w.take('post')).toEqual([{ kind: 'post', id, attempt: 2 }]);
  });
  it('duplicate on the first attempt means a twin: everything halts, and the order is looked up', () => {
    const [w, { id }] = sent();
    w.answer(id, { kind: 'duplicate' });
    expect(w.order(id).state).toBe('unknown');
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'account' } }]);
    expect(w.notes('order.twin')).toHaveLength(1);
    w.advance(250);
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
  });
  it('duplicate on a later attempt is our own first one: no halt', () => {
    const w = holding(5);
    w.close(sell('ABC', 10, 5));
    const { id } = w.posted();
    w.answer(id, { kind: 'unsent', because: 'reset' });
    w.advance(1_000);
    w.take('post');
    w.answer(id, { kind: 'duplicate' });
    expect(w.beliefs.halts).toEqual([]);
    w.push({ kind: 'found', id, answer: { kind: 'found', report: w.desk.accept(w.order(id)) } });
    expect(w.order(id).state).toBe('working');
  });
  it('of another order than was sent halts the strategy and takes the order back', () => {
    const [w, { id }] = sent();
    const report = { ...w.desk.accept(w.order(id)), qty: 50 };
    w.answer(id, { kind: 'mismatch', report });
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'strategy', id: 'base' } }]);
    expect(w.notes('order.mismatch')).toHaveLength(1);
    expect(w.order(id).state).toBe('canceling');
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    w.push({ kind: 'report', report: { ...w.desk.end(id, 'canceled'), qty: 50 } });
    expect(w.order(id).state).toBe('canceled');
    w.advance(60_000);
    expect(w.take('post')).toEqual([]);
  });
  it('for an order of another id does not touch ours', () => {
    const [w, { id }] = sent();
    w.answer(id, { kind: 'mismatch', report: strangeReport('manual-1') });
    expect(w.order(id)).toMatchObject({ state: 'quarantined', brokerId: null });
    w.advance(250);
    expect(w.take('find')).toEqual([{ kind: 'find', id }]);
  });
  it('that comes after the stream has told the same changes nothing', () => {
    const [w, { id }] = sent();
    const accepted = w.desk.accept(w.order(id));
    w.fill(id, 5, 10);
    w.answer(id, { kind: 'accepted', report: accepted });
    expect(w.order(id)).toMatchObject({ state: 'filled', cumQty: 5 });
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    expect(w.order(id).state).toBe('filled');
    expect(w.take('find')).toEqual([]);
  });
  it('for a short put keeps its strike aside until it is bought back', () => {
    const w = market({ strategies: ['wheel'], optionsLevel: 2 });
    w.open(write(put, 1.02), 'wheel');
    const order = w.posted();
    expect(order.reserve).toBe(5_000_000_000);
    w.accept(order.id);
    w.fill(order.id, 1, 1.02);
    expect(w.order(order.id).reserve).toBe(0);
    w.tick('manage', [], 'wheel');
    expect(w.script.seen?.book).toMatchObject({ reserved: 0, putCollateral: 5_000_000_000, cashClaims: 5_000_000_000 });
  });
});
