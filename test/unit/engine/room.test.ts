// What may be spent: our figure and the broker's, whichever is less, and never the same dollar twice.
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/domain/time.ts';
import { buy, micros, write } from '../risk/contexts.ts';
import { market, put, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

const denied = (w: EngineWorld): string | undefined => w.turns.flatMap((t) => t.decisions).at(-1)?.denial?.code;
/** Two strategies, two names; 5,000 of every room is the buffer. */
function pair(over: Partial<EngineWorld['desk']['account']>): EngineWorld {
  const w = market({ strategies: ['base', 'dip'] });
  w.quote('XYZ', 9.99, 10.01);
  Object.assign(w.desk.account, over);
  w.reconcile();
  return w;
}

describe('room to buy', () => {
  it('at the broker shrinks with each order since it was read', () => {
    const w = pair({ nonMarginableBuyingPower: micros(5_080) as never });
    w.open(buy('ABC', 10, 5), 'base');
    working(w);
    w.open(buy('XYZ', 10, 5), 'dip');
    expect(denied(w)).toBe('BUYING_POWER');
    expect(w.take('post')).toEqual([]);
  });
  it('is what the broker says of it once it was read again', () => {
    const w = pair({ nonMarginableBuyingPower: micros(5_080) as never });
    w.open(buy('ABC', 10, 5), 'base');
    working(w);
    w.advance(SECOND);
    w.reconcile();
    w.open(buy('XYZ', 10, 5), 'dip');
    expect(w.take('post')).toHaveLength(1);
  });
  it('for options is the broker’s figure for options', () => {
    const w = pair({ optionsBuyingPower: micros(9_999) as never });
    w.open(write(put, 1.02), 'base');
    expect(denied(w)).toBe('BUYING_POWER');
    w.open(buy('ABC', 10, 5), 'dip');
    expect(w.take('post')).toHaveLength(1);
  });
  it.each([
    ['the broker has less cash than our ledger', -95_000, 0],
    ['our ledger has less than the broker', 0, 95_000],
  ])('is the lesser one when %s', (_name, theirs, ours) => {
    const w = market({ cash: 100_000 - ours });
    Object.assign(w.desk.account, { nonMarginableBuyingPower: micros(100_000), equity: micros(100_000) });
    w.desk.cash += micros(theirs + ours);
    w.reconcile();
    w.open(buy('ABC', 10, 5));
    expect(denied(w)).toBe('BUYING_POWER');
  });
  it('is not there before the account was read', () => {
    const w = market();
    w.crash();
    w.boot();
    w.link(true);
    w.open(buy('ABC', 10, 5));
    expect(w.turns.flatMap((t) => t.decisions).at(-1)).toMatchObject({ decision: { kind: 'pass', code: 'RECON_PENDING' } });
  });
});

describe('a name', () => {
  it('has one walk of a strategy in each direction, whatever else it wants there', () => {
    const w = market({ optionsLevel: 2 });
    w.open(buy('ABC', 10, 5));
    working(w);
    const turn = w.open({ ...write(put, 1.02), key: 'another' });
    expect(turn.decisions).toEqual([]);
    expect(w.take('post')).toEqual([]);
  });
});
