// The risk of an engine's book: what it tells, that it tells it without changing anything, and that the gate answers as it would act.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty } from '../../../src/domain/money.ts';
import type { SupposedOrder } from '../../../src/risk/supposed-order.ts';
import { buy, micros } from '../risk/contexts.ts';
import { wideExposure } from '../risk/portfolio/still-market.ts';
import { type EngineWorld, engineWorld } from './world.ts';

const supposed = (n: number, limit = 100): SupposedOrder => ({
  strategy: strategyId('base'),
  legs: legs(leg(equity(symbol('ABC')), 'buy', 'open')),
  qty: qty(n),
  rungs: [price(micros(limit))],
});

function holding(exposure = wideExposure): EngineWorld {
  const world = engineWorld({ limits: { exposure } });
  world.quote('ABC', 99.9, 100.1);
  world.ready();
  world.open(buy('ABC', 100, 5));
  const bought = world.posted();
  world.accept(bought.id);
  world.fill(bought.id, 5, 100);
  // Past the window in which the same opening again is a duplicate.
  world.advance(61_000);
  world.ready();
  return world;
}

describe('the risk of a book', () => {
  it('is not known before the account was read', () => {
    const world = engineWorld();
    expect(world.beliefs.risk(world.now())).toMatchObject({ known: false, code: 'ACCOUNT_STALE' });
  });
  it('has a row for every limit, the figures of the book, and the ladder', () => {
    const world = holding({ ...wideExposure, grossPct: 1 });
    const found = world.beliefs.risk(world.now());
    if (!found.known) throw new Error(found.why);
    const { uses, reading, sizeFactor, losses } = found.value;
    expect(uses.find((use) => use.what === 'gross delta')).toMatchObject({
      rule: 'EXPOSURE',
      observed: micros(500),
      limit: found.value.equity,
      share: 500 / 99_500,
    });
    expect(reading).toMatchObject({ kind: 'figures', figures: { gross: micros(500), varMethod: 'thin', worstGap: { name: 'ABC' } } });
    expect([sizeFactor, losses.step]).toEqual([1, 'normal']);
  });
  it('says what cannot be valued', () => {
    const world = holding();
    world.advance(6 * 60_000, 'stale');
    const found = world.beliefs.risk(world.now());
    expect(found.known && found.value.reading).toMatchObject({
      kind: 'absent',
      code: 'BOOK_UNVALUED',
      why: expect.stringContaining('ABC') as string,
    });
    expect(found.known && found.value.uses.find((use) => use.rule === 'STRESS')).toMatchObject({ observed: null, share: null });
  });
});

describe('a supposed order', () => {
  it('gets the answer that the same order would get', () => {
    const limits = { ...wideExposure, singleName: { sharesPct: 0.01, deltaPct: 1, reservePct: 1 } };
    const world = holding(limits);
    const verdict = world.beliefs.verdict(supposed(9), world.now());
    expect(verdict).toMatchObject({ kind: 'denied', denial: { code: 'POSITION_PCT' } });
    world.open(buy('ABC', 100, 9));
    const acted = world.turns.flatMap((turn) => turn.decisions).at(-1);
    expect(acted?.denial).toEqual(verdict.kind === 'denied' ? verdict.denial : null);
    expect(acted?.checks).toEqual(verdict.checks);
  });
  it('is cleared, and nothing of it is sent', () => {
    const world = holding();
    const orders = world.beliefs.orders.size;
    expect(world.beliefs.verdict(supposed(5), world.now())).toMatchObject({ kind: 'cleared', cleared: { qty: 5 } });
    expect(world.beliefs.orders.size).toBe(orders);
    expect(world.take('post')).toEqual([]);
  });
  it('is judged by halts and limits as they stand now', () => {
    const world = holding();
    world.operate({ action: 'halt', scope: { kind: 'symbol', symbol: symbol('ABC') }, reason: 'news' });
    expect(world.beliefs.verdict(supposed(5), world.now())).toMatchObject({ kind: 'denied', denial: { code: 'HALTED' } });
  });
});

describe('looking', () => {
  const story = (look: (world: EngineWorld) => void): readonly string[] => {
    const world = holding();
    world.advance(20_000);
    // A price that a look alone has seen must not stand in for a missing one later: the last mark of the engine's own is older by then.
    look(world);
    world.advance(290_000, 'stale');
    const later = world.beliefs.risk(world.now());
    expect(later).toMatchObject({ value: { reading: { kind: 'absent' } } });
    world.quote('ABC', 99.9, 100.1);
    world.open(buy('ABC', 100, 1));
    return world.turns.map((turn) => JSON.stringify(turn, (_, value: unknown) => (value instanceof Map ? [...value] : value)));
  };
  it('changes no turn that follows', () => {
    const looked = story((world) => {
      world.beliefs.risk(world.now());
      world.beliefs.verdict(supposed(5, 90), world.now());
    });
    expect(looked).toEqual(story(() => undefined));
  });
});
