// The book as the gate of a running engine sees it: what cannot be valued opens nothing, and lets everything close.
import { describe, expect, it } from 'vitest';
import { buy, sell } from '../risk/contexts.ts';
import { wideExposure } from '../risk/portfolio/still-market.ts';
import { engineWorld } from './world.ts';

const put = 'DEF260417P00090000';
const denials = (world: ReturnType<typeof engineWorld>) => world.turns.flatMap((t) => t.decisions).flatMap((d) => d.denial ?? []);

describe('an engine with a holding that cannot be valued', () => {
  it('opens nothing, whosever it is, and says what is missing', () => {
    const world = engineWorld();
    world.quote('ABC', 99.9, 100.1);
    world.desk.move(put, 1);
    world.ready();
    world.advance(61_000);
    world.ready();
    expect(world.beliefs.positions('EXTERNAL').map((p) => p.instrument.symbol)).toEqual([put]);
    world.open(buy('ABC', 100, 5));
    expect(denials(world).at(-1)).toMatchObject({ code: 'STALE', why: expect.stringContaining('DEF') as string });
    expect(world.take('post')).toEqual([]);
  });
  it('opens again once it can', () => {
    const world = engineWorld();
    world.quote('ABC', 99.9, 100.1);
    world.quote('DEF', 99.9, 100.1);
    world.quote(put, 2, 2.1);
    world.desk.move(put, 1);
    world.ready();
    world.advance(61_000);
    world.ready();
    world.open(buy('ABC', 100, 5));
    expect(denials(world)).toEqual([]);
    world.posted();
  });
  it('still closes what it holds', () => {
    const world = engineWorld();
    world.quote('ABC', 99.9, 100.1);
    world.ready();
    world.open(buy('ABC', 100, 5));
    const bought = world.posted();
    world.accept(bought.id);
    world.fill(bought.id, 5, 100);
    world.desk.move(put, 1);
    world.reconcile();
    world.advance(61_000);
    world.ready();
    world.close(sell('ABC', 99.9, 5));
    expect(world.posted().purpose).toBe('C');
  });
});

describe('two intents for the same room', () => {
  it('share it: the second is judged with the first at work', () => {
    const exposure = { ...wideExposure, singleName: { sharesPct: 0.01, deltaPct: 1, reservePct: 1 } };
    const world = engineWorld({ strategies: ['base', 'dip'], limits: { exposure } });
    world.quote('ABC', 99.9, 100.1);
    world.ready();
    world.open(buy('ABC', 100, 9));
    expect(world.posted().qty).toBe(9);
    world.open(buy('ABC', 100, 9), 'dip');
    expect(denials(world).at(-1)?.code).toBe('POSITION_PCT');
    expect(world.take('post')).toEqual([]);
    expect(world.beliefs.orders.size).toBe(1);
  });
});
