// How the momentum buyer leaves: every exit with the quote, the minute or the price just short of it.
import { describe, expect, it } from 'vitest';
import type { Decision, Json } from '../../../src/domain/decision.ts';
import { manage } from '../../../src/strategies/momentum-weeklies/manage.ts';
import { expectGolden } from './golden.ts';
import { FRIDAY, gate, MONDAY, params, type Story, turned, weekly } from './mwk-worlds.ts';
import { contextOf } from './world.ts';
import { holding, optionOf, trade } from './world-more.ts';

describe('a held weekly', () => {
  const OPTION = optionOf('XYZ', FRIDAY, 'call', 250);
  const reversal: Json = { kind: 'reversal', way: 1, level: 244, invalidation: 243.9, rvol: 3.4, momentum: 0.0172 };
  interface Hold {
    readonly units?: number;
    readonly left?: number;
    readonly bid?: number;
    readonly ask?: number;
    readonly memory?: Json;
    readonly at?: readonly [number, number];
    readonly openedAt?: string;
    readonly thesis?: Json;
    readonly spot?: number;
    readonly fifteen?: Story['fifteen'];
  }
  const memory = (stopSince: number | null, peak: number | null): Json => ({
    v: 1,
    trades: { [`mwk:entry:${MONDAY}:XYZ`]: { stopSince, peak } },
  });
  function held(h: Hold): readonly Decision[] {
    const [hour, minute] = h.at ?? [11, 0];
    const w = turned({
      hour,
      minute,
      ...(h.fifteen === undefined ? {} : { fifteen: h.fifteen }),
      ...(h.spot === undefined ? {} : { spot: h.spot }),
    });
    const bid = h.bid ?? 2.78;
    weekly(w, 248.2, [{ strike: 250, sigma: 0.34, call: [bid, h.ask ?? bid + 0.04], put: [4.4, 4.5] }]);
    const units = h.units ?? 4;
    const own = trade({
      owner: 'mwk',
      name: 'XYZ',
      legs: [{ expiry: FRIDAY, right: 'call', strike: 250, side: 'buy' }],
      units,
      left: h.left ?? units,
      entry: 2.8,
      openedDay: MONDAY,
      openedAt: h.openedAt ?? '10:30',
      thesis: h.thesis ?? reversal,
    });
    return manage(contextOf({ ...holding(w, own), memory: h.memory ?? null, slot: 'manage' }, params()));
  }
  const what = (h: Hold) => {
    const [decision] = held(h);
    return decision?.kind === 'close' ? [decision.code, decision.qty] : decision?.kind === 'pass' ? [decision.code] : [];
  };
  const ago = (seconds: number): number => turned().at - seconds * 1_000;

  it('is held, with its numbers, while nothing is due', () => {
    const [pass, remember] = held({});
    expect(pass).toMatchObject({ kind: 'pass', code: 'HOLD' });
    expect(gate(pass, 'stop level')).toBeCloseTo(1.96, 9);
    expect(remember).toMatchObject({
      kind: 'remember',
      memory: { trades: { [`mwk:entry:${MONDAY}:XYZ`]: { stopSince: null, peak: 2.8 } } },
    });
  });
  it.each<[string, Hold, readonly (string | number)[]]>([
    ['holds at 1.97, whatever was seen before', { bid: 1.95, memory: memory(ago(10), 2.8) }, ['HOLD']],
    ['holds at 1.96 on the first quote', { bid: 1.94 }, ['HOLD']],
    ['holds at 1.96 on a second quote 4 s later', { bid: 1.94, memory: memory(ago(4), 2.8) }, ['HOLD']],
    ['is stopped at 1.96 on a second quote 5 s later', { bid: 1.94, memory: memory(ago(5), 2.8) }, ['STOP', 4]],
    ['holds just under a quarter more', { bid: 3.47 }, ['HOLD']],
    ['sells half at a quarter more', { bid: 3.48 }, ['SCALE_OUT', 2]],
    ['sells the odd one with the half', { bid: 3.48, units: 3 }, ['SCALE_OUT', 2]],
    ['sells what is missing of the half', { bid: 3.48, left: 3 }, ['SCALE_OUT', 1]],
    ['does not sell the half twice', { bid: 3.48, left: 2 }, ['HOLD']],
    ['does not halve one contract', { bid: 3.48, units: 1 }, ['HOLD']],
    ['sells the rest at half more', { bid: 4.18, left: 2 }, ['TARGET', 2]],
    ['sells all at half more, when it got there in one go', { bid: 4.18 }, ['TARGET', 4]],
    ['has its stop at what was paid once half is sold', { bid: 2.78, left: 2, memory: memory(ago(5), 3.5) }, ['STOP', 2]],
    ['has its stop there, too, where one contract has seen the gain', { bid: 2.78, units: 1, memory: memory(ago(5), 3.5) }, ['STOP', 1]],
    ['holds one contract that has seen a cent less', { bid: 2.78, units: 1, memory: memory(ago(5), 3.49) }, ['HOLD']],
    ['marks an unfair market at its bid', { bid: 1.9, ask: 2.4, memory: memory(ago(5), 2.8) }, ['STOP', 4]],
    ['is left at once when the share trades beyond the low', { spot: 243.85 }, ['INVALIDATION', 4]],
    ['is kept at the invalidation itself', { spot: 243.9 }, ['HOLD']],
    ['is left after two hours without a tenth', { at: [12, 30] }, ['TIME_STOP', 4]],
    ['is kept a minute before', { at: [12, 29] }, ['HOLD']],
    ['is kept after two hours with a tenth', { at: [12, 30], bid: 3.06 }, ['HOLD']],
    ['is sold a quarter of an hour before the close', { at: [15, 45], openedAt: '14:30' }, ['FLAT_TIME', 4]],
    ['is kept a minute earlier', { at: [15, 44], openedAt: '14:30' }, ['HOLD']],
  ])('%s', (_name, h, expected) => {
    expect(what(h)).toEqual(expected);
  });
  const broke: Json = { kind: 'breakout', way: 1, level: 248.6, invalidation: 248.1028, rvol: 1.6, momentum: 0.006 };
  it.each<[string, Hold, readonly (string | number)[]]>([
    ['closes back inside', { thesis: broke, fifteen: [{ close: 248, volume: 1 }] }, ['INVALIDATION', 4]],
    ['closes at the edge', { thesis: broke, fifteen: [{ close: 248.11, volume: 1 }] }, ['HOLD']],
    ['closed inside before it was bought', { thesis: broke, openedAt: '11:00', fifteen: [{ close: 248, volume: 1 }] }, ['HOLD']],
  ])('of a breakout that %s', (_name, h, expected) => {
    expect(what(h)).toEqual(expected);
  });
  it('without a quote is held, its reason named, and its first sight of the stop forgotten', () => {
    const w = weekly(turned());
    const own = trade({
      owner: 'mwk',
      name: 'XYZ',
      legs: [{ expiry: '2026-11-27', right: 'call', strike: 250, side: 'buy' }],
      units: 1,
      entry: 2.8,
      openedDay: MONDAY,
    });
    const decisions = manage(contextOf({ ...holding(w, own), memory: memory(ago(60), 3) }, params()));
    expect(decisions[0]).toMatchObject({ kind: 'pass', code: 'QUOTE_MISSING' });
    expect(decisions[1]).toMatchObject({ kind: 'remember', memory: { trades: { [own.id]: { stopSince: null, peak: 3 } } } });
  });
  it('sells the contract it bought, urgently and through the bid for a stop', () => {
    const decisions = held({ bid: 1.94, memory: memory(ago(5), 2.8) });
    expect(decisions[0]).toMatchObject({ kind: 'close', legs: [{ instrument: { symbol: OPTION.symbol }, side: 'sell', effect: 'close' }] });
    expectGolden('mwk-stop', decisions);
  });
});
