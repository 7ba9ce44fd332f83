// Packages of two to four legs through their whole life: they trade whole, in ratio, rung by rung, and go out as they came in.
import { describe, expect, it } from 'vitest';
import { buy } from '../risk/contexts.ts';
import { c105, c105May, c110, closes, having, opens, optionMarket, own, p90, p95, serve, shown } from './structures.ts';
import type { EngineWorld } from './world.ts';

const condor = [`-${p95}`, `+${p90}`, `-${c105}`, `+${c110}`] as const;
const canceled = (w: EngineWorld, id: Parameters<EngineWorld['order']>[0]) =>
  w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
const heldBy = (w: EngineWorld) => Object.fromEntries(w.beliefs.positions().map((p) => [p.instrument.symbol, p.qty as number]));
const stop = (w: EngineWorld) =>
  w.operate({ action: 'shutdown', policy: 'flatten', reason: 'SIGTERM', marketOpen: true, budgetMs: 60_000 });

describe('a package that walks in', () => {
  it('fills in ratio, goes on for the rest at the next rung, and buys no more than was wanted', () => {
    const w = optionMarket();
    w.open(opens(condor, { qty: 5, rungs: [-1.2, -1.1, -1] }));
    const first = w.posted();
    expect(first).toMatchObject({
      qty: 5,
      limit: -1_200_000,
      legs: [{ side: 'sell' }, { side: 'buy' }, { side: 'sell' }, { side: 'buy' }],
    });
    w.accept(first.id);
    w.fill(first.id, 2, 1, 0.5, 1, 0.5);
    expect(heldBy(w)).toEqual({ [p95]: -2, [p90]: 2, [c105]: -2, [c110]: 2 });
    w.advance(10_000);
    canceled(w, first.id);
    const second = w.posted();
    expect(second).toMatchObject({ rung: 1, qty: 3, limit: -1_100_000 });
    w.accept(second.id);
    w.fill(second.id, 3, 1, 0.5, 1, 0.5);
    expect(heldBy(w)).toEqual({ [p95]: -5, [p90]: 5, [c105]: -5, [c110]: 5 });
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'filled', filled: 5, of: 5 });
  });
  it('above the cap of one order goes out in slices', () => {
    const w = optionMarket({ limits: { contractsMax: 2 } });
    w.open(opens(condor, { qty: 5, rungs: [-1.2] }));
    const sizes: number[] = [];
    for (let i = 0; i < 3; i++) {
      const order = w.posted();
      sizes.push(order.qty);
      w.accept(order.id);
      w.fill(order.id, order.qty, 1, 0.5, 1, 0.5);
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(heldBy(w)[c105]).toBe(-5);
  });
  it('of a calendar sets its debit aside', () => {
    const w = optionMarket();
    w.open(opens([`-${c105}`, `+${c105May}`], { qty: 2, rungs: [2.1] }));
    expect(w.posted().reserve).toBe(420_000_000);
  });
});

describe('what stands behind packages held', () => {
  it('is their width, not the strikes of their short puts', () => {
    const w = having([`-${p95}`, `+${p90}`], 5);
    w.tick('manage', []);
    expect(w.script.seen?.book).toMatchObject({ putCollateral: 2_500_000_000, cashClaims: 2_500_000_000 });
  });
});

describe('packages on the way out', () => {
  it('of one name may go at the same time, when they share no leg', () => {
    const w = having(condor, 2);
    w.tick('manage', [
      closes([`+${p95}`, `-${p90}`], { qty: 2, rungs: [0.6], code: 'STOP' }),
      closes([`+${c105}`, `-${c110}`], { qty: 2, rungs: [0.6], code: 'STOP' }),
    ]);
    expect(w.take('post').map(({ id }) => shown(w.order(id)))).toEqual([
      '2 x buy 07P00095000, sell 07P00090000',
      '2 x buy 07C00105000, sell 07C00110000',
    ]);
  });
  it('leave in part what they could not close', () => {
    const w = having(condor, 4);
    w.close(
      closes(
        ['+', '-', '+', '-'].map((s, i) => s + [p95, p90, c105, c110][i]),
        { qty: 4, rungs: [1.2] },
      ),
    );
    const order = w.posted();
    w.accept(order.id);
    w.fill(order.id, 3, 1, 0.5, 1, 0.5);
    w.advance(10_000);
    canceled(w, order.id);
    expect(heldBy(w)).toEqual({ [p95]: -1, [p90]: 1, [c105]: -1, [c110]: 1 });
  });
  it('are cut to what is left, when some of it has gone meanwhile', () => {
    const w = having([`-${c105}`, `+${c110}`], 3);
    w.close(closes([`+${c105}`, `-${c110}`], { qty: 5, rungs: [0.6] }));
    const order = w.posted();
    expect(order.qty).toBe(3);
    w.accept(order.id);
    w.fill(order.id, 3, 1, 0.5);
    expect(w.notes('ladder.done').at(-1)?.detail).toMatchObject({ how: 'filled', filled: 3, of: 3 });
    expect(w.notes('intent.denied')).toEqual([]);
  });
});

describe('a contract', () => {
  it('has one side, whichever strategy asks for it', () => {
    const w = having([`-${c105}`, `+${c110}`], 1, { strategies: ['zdte', 'dip'] });
    const turn = w.open(buy(c105, 1.05), 'dip');
    expect(turn.decisions).toMatchObject([{ denial: { code: 'CONTRACT_CONFLICT' } }]);
    w.advance(1_000);
    w.open(buy(c110, 0.45), 'dip');
    expect(w.take('post')).toHaveLength(1);
  });
  it('that two strategies hold the same way is closed by each for itself', () => {
    const w = having([`+${c105}`], 2, { strategies: ['zdte', 'dip'] });
    own(w, [`+${c105}`], 1, 'dip');
    w.close(closes([`-${c105}`], { qty: 3, rungs: [-1] }), 'zdte');
    expect(w.posted()).toMatchObject({ qty: 2, strategy: 'zdte' });
  });
});

describe('an orderly stop', () => {
  it('closes a condor as one order', () => {
    const w = having(condor, 2);
    stop(w);
    w.advance(800);
    expect(w.take('post').map(({ id }) => shown(w.order(id)))).toEqual([
      '2 x buy 07P00095000, sell 07P00090000, buy 07C00105000, sell 07C00110000',
    ]);
  });
  it('closes a calendar as one order', () => {
    const w = having([`-${c105}`, `+${c105May}`], 2);
    stop(w);
    w.advance(800);
    expect(w.take('post').map(({ id }) => shown(w.order(id)))).toEqual(['2 x buy 07C00105000, sell 5-15C00105000']);
  });
  it('where nobody bids for the long leg buys the short one back first, and says what it cannot close', () => {
    const w = having([`-${c105}`, `+${c110}`], 2);
    w.quote(c110, 0, 0.05);
    stop(w);
    w.advance(800);
    const first = w.posted();
    expect(shown(first)).toBe('2 x buy 07C00105000');
    w.accept(first.id);
    w.fill(first.id, 2, 1.1);
    w.advance(10_000);
    expect(w.take('post')).toEqual([]);
    expect(w.notes('shutdown.unpriced')).toHaveLength(1);
    expect(heldBy(w)).toEqual({ [c110]: 2 });
  });
  it('ends flat with 0, whatever it held', () => {
    const w = having(condor, 2, { strategies: ['zdte', 'dip'] });
    own(w, [`-${c105}`, `+${c105May}`], 1, 'zdte');
    own(w, [`+${c110}`], 3, 'dip');
    stop(w);
    serve(w, 40_000, () => true, 200);
    expect(heldBy(w)).toEqual({});
    expect(w.take('stop')).toMatchObject([{ exitCode: 0 }]);
  });
});
