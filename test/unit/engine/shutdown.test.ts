// An orderly stop: what is in flight settles, openings are taken back, the book is closed, and the exit code says what is left.
import { describe, expect, it } from 'vitest';
import type { ShutdownPolicy } from '../../../src/domain/event.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { buy, cover, write } from '../risk/contexts.ts';
import { call, holding, market, put, shortPuts, working } from './scenes.ts';
import { type Command_, type EngineWorld, engineWorld } from './world.ts';

const stop = (w: EngineWorld, over: { readonly policy?: ShutdownPolicy; readonly marketOpen?: boolean; readonly budgetMs?: number } = {}) =>
  w.operate({ action: 'shutdown', policy: 'flatten', reason: 'SIGTERM', marketOpen: true, budgetMs: 60 * SECOND, ...over });

/** Answers as a healthy broker would: orders are accepted, cancels confirmed, reads answered; `fills` says which orders trade. */
function serve(w: EngineWorld, ms: number, fills: (purpose: string) => boolean): Command_<'stop'> | undefined {
  for (let i = 0; i < ms; i += 100) {
    for (const { id } of w.take('cancel')) w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
    for (const { id } of w.take('post')) {
      w.accept(id);
      const order = w.order(id);
      if (fills(order.purpose)) w.fill(id, order.qty, ...order.legs.map((l) => (l.instrument.kind === 'option' ? 1.05 : 10)));
    }
    for (const { id } of w.take('find'))
      w.push({ kind: 'found', id, answer: w.desk.has(id) ? { kind: 'found', report: w.desk.report(id) } : { kind: 'absent' } });
    if (w.take('reconcile').length > 0) w.reconcile();
    const [stopped] = w.take('stop');
    if (stopped !== undefined) return stopped;
    w.advance(100);
  }
  return undefined;
}
const all = () => true;
const none = () => false;

describe('a stop', () => {
  it('with nothing held and nothing working ends at once with 0', () => {
    const w = market();
    stop(w);
    const ended = serve(w, 10_000, all);
    expect(ended).toMatchObject({ exitCode: 0, remainder: [] });
  });
  it('closes what is held, and ends flat with 0', () => {
    const w = holding(5, { stopBelow: 0.15 });
    working(w);
    stop(w);
    expect(serve(w, 60_000, all)).toMatchObject({ exitCode: 0, remainder: [] });
    expect(w.beliefs.positions()).toEqual([]);
    expect(w.desk.held.get('ABC' as never)).toBe(0);
  });
  it('takes the stop back before it sends the close of what it protects', () => {
    const w = holding(5, { stopBelow: 0.15 });
    const guard = working(w);
    stop(w);
    w.advance(800);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: guard.id }]);
    w.advance(1_000);
    expect(w.take('post')).toEqual([]);
    w.push({ kind: 'report', report: w.desk.end(guard.id, 'canceled') });
    expect(w.posted()).toMatchObject({ purpose: 'C', qty: 5, type: 'limit' });
  });
  it('buys short options back before it sells what covers them', () => {
    const w = holding(100, { optionsLevel: 2 });
    w.open(write(call, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    stop(w);
    w.advance(800);
    const first = w.posted();
    expect(first).toMatchObject({ legs: [{ side: 'buy', instrument: { symbol: call } }] });
    w.advance(2_000);
    expect(w.take('post')).toEqual([]);
    w.accept(first.id);
    w.fill(first.id, 1, 1.05);
    w.advance(300);
    expect(w.posted()).toMatchObject({ legs: [{ side: 'sell', instrument: { symbol: 'ABC' } }] });
  });
  it('buys a short put back before it sells shares of the name, which no rule of risk asks for', () => {
    const w = holding(5, { strategies: ['wheel'], optionsLevel: 2 });
    w.open(write(put, 1.02));
    const { id } = working(w);
    w.fill(id, 1, 1.02);
    stop(w);
    w.advance(800);
    const first = working(w);
    expect(first.legs[0].instrument.symbol).toBe(put);
    w.advance(1_000);
    expect(w.take('post')).toEqual([]);
    w.fill(first.id, 1, 1.05);
    w.advance(300);
    expect(w.posted().legs[0].instrument.symbol).toBe('ABC');
  });
  it('closes options by limits alone, shares at the market in the end', () => {
    const w = holding(100, { optionsLevel: 2 });
    w.open(write(call, 1.02));
    const sold = working(w);
    w.fill(sold.id, 1, 1.02);
    stop(w);
    serve(w, 40_000, none);
    const sent = [...w.beliefs.orders.values()].filter((o) => o.purpose === 'C');
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter((o) => o.legs[0].instrument.kind === 'option').every((o) => o.type === 'limit')).toBe(true);
    const shares = holding(5);
    stop(shares);
    serve(shares, 40_000, none);
    expect([...shares.beliefs.orders.values()].filter((o) => o.type === 'market').length).toBeGreaterThan(0);
  });
  it('with the market closed queues nothing, keeps the stops, and ends with 10 and the remainder', () => {
    const w = holding(5, { stopBelow: 0.15 });
    working(w);
    stop(w, { marketOpen: false });
    expect(serve(w, 60_000, all)).toMatchObject({
      exitCode: 10,
      remainder: [{ what: 'position', symbol: 'ABC', qty: 5, protection: expect.stringContaining('stop at') }],
    });
    expect([...w.beliefs.orders.values()].filter((o) => o.purpose === 'C')).toEqual([]);
    expect([...w.beliefs.orders.values()].filter((o) => o.purpose === 'P')).toMatchObject([{ state: 'working' }]);
  });
  it('says of options that nothing protects them while we are away', () => {
    const w = shortPuts(1);
    stop(w, { marketOpen: false });
    expect(serve(w, 60_000, all)?.remainder).toMatchObject([
      { what: 'position', symbol: put, qty: -1, protection: expect.stringContaining('none') },
    ]);
  });
  it('that does not get flat in its time says so with 10, before its deadline', () => {
    const w = shortPuts(1);
    stop(w, { budgetMs: 20_000 });
    const start = w.now().mono;
    expect(serve(w, 60_000, none)).toMatchObject({ exitCode: 10 });
    expect(w.now().mono - start).toBeLessThanOrEqual(21_000);
  });
  it('past its deadline ends with 11, whatever it was waiting for', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    stop(w, { budgetMs: 5_000 });
    w.advance(5_000);
    expect(w.take('stop')).toMatchObject([
      { exitCode: 11, remainder: [{ what: 'order', symbol: 'ABC', why: expect.stringContaining(id) }] },
    ]);
  });
  it('with an order of uncertain fate ends with 12', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    stop(w);
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    expect(serve(w, 60_000, all)).toMatchObject({ exitCode: 12, remainder: [{ what: 'unresolved', symbol: 'ABC', qty: 5 }] });
  });
  it('with a stop order of uncertain fate ends with 12, and does not call the shares protected', () => {
    const w = holding(5, { stopBelow: 0.15 });
    const { id } = w.posted();
    w.answer(id, { kind: 'unknown', because: 'timeout' });
    stop(w, { policy: 'leave', budgetMs: 5_000 });
    w.advance(5_000);
    expect(w.take('stop')).toMatchObject([{ exitCode: 12, remainder: [{ what: 'position', protection: 'none' }, { what: 'unresolved' }] }]);
  });
  it('waits for a post that is out, and for nothing longer than ten seconds', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    stop(w);
    w.advance(9_000);
    expect(w.beliefs.shutdownPhase()).toBe('settle');
    w.accept(id);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    expect(w.beliefs.shutdownPhase()).toBe('cancel');
  });
  it('goes on without the answer of a post after ten seconds', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    w.posted();
    stop(w);
    w.advance(10_300);
    expect(w.beliefs.shutdownPhase()).not.toBe('settle');
  });
  it('drops what has not left yet', () => {
    const w = market();
    w.lag = 'never';
    w.open(buy('ABC', 10, 5));
    stop(w);
    expect([...w.beliefs.orders.values()]).toMatchObject([{ state: 'dropped' }]);
    expect(serve(w, 10_000, all)).toMatchObject({ exitCode: 0 });
  });
  it('hurried ends at once with what is left', () => {
    const w = shortPuts(1);
    stop(w);
    w.advance(300);
    w.operate({ action: 'hurry' });
    expect(w.take('stop')).toMatchObject([{ exitCode: 11, remainder: [{ what: 'position', symbol: put, qty: -1 }] }]);
  });
  it('ends once', () => {
    const w = market();
    stop(w);
    serve(w, 10_000, all);
    w.operate({ action: 'hurry' });
    stop(w);
    w.advance(60_000);
    expect(w.take('stop')).toEqual([]);
  });
  it('asks no strategy any more, and opens nothing', () => {
    const w = market();
    stop(w);
    w.open(buy('ABC', 10, 5));
    w.close(cover(put, 1.05));
    expect(w.script.seen).toBeNull();
    expect(w.take('post')).toEqual([]);
  });
  it('closes nothing before the books were squared once', () => {
    const w = holding(5);
    w.crash();
    w.boot();
    stop(w);
    w.advance(30_000);
    expect(w.take('post')).toEqual([]);
    expect(w.take('stop')).toMatchObject([{ exitCode: 10, remainder: [{ what: 'position' }] }]);
  });
  it('before anything was booted ends with 0', () => {
    const w = engineWorld();
    w.boot();
    stop(w);
    w.advance(30_000);
    expect(w.take('stop')).toMatchObject([{ exitCode: 0 }]);
  });
  it.each(['protect', 'leave'] as const)('by the policy %s closes nothing', (policy) => {
    const w = holding(5, { stopBelow: 0.15 });
    working(w);
    stop(w, { policy });
    const ended = serve(w, 60_000, all);
    expect([...w.beliefs.orders.values()].filter((o) => o.purpose === 'C')).toEqual([]);
    expect(ended?.remainder).toMatchObject([{ what: 'position', protection: expect.stringContaining('stop at 8.50') }]);
  });
  it('never touches what is not ours', () => {
    const w = market();
    w.desk.move('ABC', 50);
    w.reconcile();
    w.reconcile();
    stop(w);
    expect(serve(w, 30_000, all)).toMatchObject({ exitCode: 0, remainder: [] });
    expect(w.desk.held.get('ABC' as never)).toBe(50);
  });
});
