// How the swing trader leaves: every exit with the quote, the minute or the price just short of it.
import { describe, expect, it } from 'vitest';
import type { Decision, Json } from '../../../src/domain/decision.ts';
import { manage } from '../../../src/strategies/swing-trading/manage.ts';
import { expectGolden } from './golden.ts';
import { chain, EXPIRY, gate, MONDAY, params, path, type Story, told } from './swing-worlds.ts';
import { calendar, contextOf } from './world.ts';
import { holding, optionOf, trade } from './world-more.ts';

const OPTION = optionOf('XYZ', EXPIRY, 'call', 185);
const ID = (day: string): string => `swing:entry:${day}:XYZ`;
const thesis = (kind: 'breakout' | 'momentum' | 'reversal', invalidation: number | null): Json => ({
  kind,
  way: 1,
  strength: 63,
  rvol: 3.4,
  level: invalidation,
  invalidation,
});
const breakout = thesis('breakout', 182.2);

interface Hold {
  readonly units?: number;
  readonly left?: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly at?: readonly [number, number];
  readonly day?: string;
  readonly openedDay?: string;
  readonly openedAt?: string;
  readonly thesis?: Json;
  readonly memory?: Json;
  readonly expiry?: string;
  readonly story?: Partial<Story>;
  readonly changed?: Parameters<typeof params>[0];
}

function held(h: Hold): readonly Decision[] {
  const [hour, minute] = h.at ?? [11, 12];
  const day = h.day ?? MONDAY;
  const w = told({ spot: 184.22, day, hour, minute, ...h.story });
  const bid = h.bid ?? 4.96;
  const expiry = h.expiry ?? EXPIRY;
  chain(w, 184.22, [{ strike: 185, sigma: 0.33, call: [bid, h.ask ?? bid + 0.08], put: [5.2, 5.3] }], {}, 'XYZ', expiry);
  const units = h.units ?? 5;
  const own = trade({
    owner: 'swing',
    name: 'XYZ',
    legs: [{ expiry, right: 'call', strike: 185, side: 'buy' }],
    units,
    left: h.left ?? units,
    entry: 5,
    openedDay: h.openedDay ?? MONDAY,
    openedAt: h.openedAt ?? '10:30',
    thesis: h.thesis ?? breakout,
  });
  return manage(contextOf({ ...holding(w, own), memory: h.memory ?? null, slot: 'manage' }, params(h.changed)));
}
const what = (h: Hold): readonly (string | number)[] => {
  const [decision] = held(h);
  if (decision?.kind === 'close') return [decision.code, decision.qty];
  return decision?.kind === 'pass' ? [decision.code] : [];
};
const ago = (seconds: number, day = MONDAY): number => told({ spot: 184.22, day }).at - seconds * 1_000;
const memory = (stopSince: number | null, peak: number | null, evening?: readonly [string, number], opened = MONDAY): Json => ({
  v: 1,
  watch: { v: 1, trades: { [ID(opened)]: { stopSince, peak } } },
  evenings: evening === undefined ? {} : { [ID(opened)]: { day: evening[0], stop: evening[1] } },
});

describe('a held option', () => {
  it('is held, with its numbers, while nothing is due', () => {
    const [pass, remember] = held({});
    expect(pass).toMatchObject({ kind: 'pass', code: 'HOLD' });
    expect(gate(pass, 'stop level')).toBeCloseTo(3.5, 9);
    expect(remember).toMatchObject({ kind: 'remember', memory: memory(null, 5) });
  });
  it.each<[string, Hold, readonly (string | number)[]]>([
    ['holds at 3.51', { bid: 3.47, memory: memory(ago(10), 5) }, ['HOLD']],
    ['holds at 3.50 on the first quote', { bid: 3.46 }, ['HOLD']],
    ['is stopped at 3.50 on a second quote 5 s later', { bid: 3.46, memory: memory(ago(5), 5) }, ['STOP', 5]],
    ['holds just under a quarter more', { bid: 6.2 }, ['HOLD']],
    ['sells a third at a quarter more', { bid: 6.21 }, ['SCALE_OUT', 1]],
    ['does not sell it twice', { bid: 6.21, left: 4 }, ['HOLD']],
    ['sells another at half more', { bid: 7.46, left: 4 }, ['SCALE_OUT', 1]],
    ['sells both, when it got there in one go', { bid: 7.46 }, ['SCALE_OUT', 2]],
    ['sells the rest at twice the price', { bid: 9.96, left: 3 }, ['TARGET', 3]],
    ['sells all at twice the price, when it got there in one go', { bid: 9.96 }, ['TARGET', 5]],
    ['does not sell one contract at a quarter more', { bid: 6.21, units: 1 }, ['HOLD']],
    ['sells one contract at half more', { bid: 7.46, units: 1 }, ['TARGET', 1]],
    ['keeps one of two at half more', { bid: 7.46, units: 2, left: 1 }, ['HOLD']],
    ['has its stop at what was paid once a third is sold', { left: 4, memory: memory(ago(5), 6.3) }, ['STOP', 4]],
    ['has it there once the first rung was seen', { memory: memory(ago(5), 6.25) }, ['STOP', 5]],
    ['has not for one contract, whose first rung is half more', { units: 1, memory: memory(ago(5), 6.25) }, ['HOLD']],
    ['is left when a bar of fifteen minutes closes back inside', { story: { fifteen: path([182.19], [1]) } }, ['INVALIDATION', 5]],
    ['is kept when it closes at the edge', { story: { fifteen: path([182.2], [1]) } }, ['HOLD']],
    ['is kept when that bar closed before it was bought', { openedAt: '11:05', story: { fifteen: path([182.19], [1]) } }, ['HOLD']],
    [
      'is left when a run closes behind its slow mean',
      { thesis: thesis('momentum', null), story: { five: path([184.2], [1]) } },
      ['INVALIDATION', 5],
    ],
    ['is kept while a run stands on it', { thesis: thesis('momentum', null) }, ['HOLD']],
    ['is left when a turn trades below its low', { thesis: thesis('reversal', 184.23) }, ['INVALIDATION', 5]],
    ['is kept when a turn trades at its low', { thesis: thesis('reversal', 184.22) }, ['HOLD']],
    ['is left after four hours of a run', { thesis: thesis('momentum', null), at: [14, 30] }, ['TIME_STOP', 5]],
    ['is kept a minute before', { thesis: thesis('momentum', null), at: [14, 29] }, ['HOLD']],
    ['is kept after four hours of a breakout', { at: [14, 30] }, ['HOLD']],
  ])('%s', (_name, h, expected) => {
    expect(what(h)).toEqual(expected);
  });
  it('sells what it bought, patiently and down to the bid at a profit', () => {
    const decisions = held({ bid: 6.21 });
    expect(decisions[0]).toMatchObject({ kind: 'close', legs: [{ instrument: { symbol: OPTION.symbol }, side: 'sell', effect: 'close' }] });
    expectGolden('swing-third', decisions);
  });
});

describe('in the evening', () => {
  /** Time enough for the count of sessions to speak alone. */
  const patient = { thesis: thesis('reversal', 1), changed: { hold_minutes_reversal: 3_900 } };
  const evening = { at: [15, 45] as const, openedAt: '14:00' };
  it.each<[string, Hold, readonly (string | number)[]]>([
    ['is sold with a gain of less than a tenth', { ...evening, bid: 5.45 }, ['FLAT_TIME', 5]],
    ['is kept with a tenth', { ...evening, bid: 5.46 }, ['HOLD']],
    ['is kept a minute before, whatever it gained', { ...evening, at: [15, 44] }, ['HOLD']],
    ['is sold with six days to its expiry', { ...evening, bid: 5.46, expiry: '2026-11-20' }, ['FLAT_TIME', 5]],
    [
      'is sold when a report comes in the night',
      { ...evening, bid: 5.46, story: { earningsIn: 0, earningsTime: 'AMC' } },
      ['FLAT_TIME', 5],
    ],
    ['is sold in its third session', { ...evening, ...patient, openedDay: '2026-11-13', day: '2026-11-17', bid: 5.46 }, ['FLAT_TIME', 5]],
    ['is kept in its second, a weekend between', { ...evening, ...patient, openedDay: '2026-11-13', day: MONDAY, bid: 5.46 }, ['HOLD']],
  ])('an option %s', (_name, h, expected) => {
    expect(what(h)).toEqual(expected);
  });
  it('leaves a stop for the night, at what was paid or four fifths of the mark', () => {
    expect(held({ ...evening, bid: 5.46 })[1]).toMatchObject({ memory: memory(null, 5.5, [MONDAY, 5]) });
    expect(held({ ...evening, bid: 7.16, left: 3, units: 5 })[1]).toMatchObject({
      memory: { evenings: { [ID(MONDAY)]: { day: MONDAY } } },
    });
    const [, remember] = held({ ...evening, bid: 7.16, left: 3 });
    expect(remember).toMatchObject({ memory: { evenings: { [ID(MONDAY)]: { stop: expect.closeTo(0.8 * 7.2, 9) as number } } } });
  });
  it('sets it once, and never lower than the evening before', () => {
    const once = held({ ...evening, bid: 6.96, left: 4, memory: memory(null, 8, [MONDAY, 5.2]) });
    expect(once[1]).toBeUndefined();
    const second = { ...evening, day: '2026-11-17', thesis: thesis('reversal', 1), openedAt: '15:00', bid: 6.96, left: 4 };
    expect(held({ ...second, memory: memory(null, 8, [MONDAY, 6.4]) })[1]).toMatchObject({
      memory: { evenings: { [ID(MONDAY)]: { day: '2026-11-17', stop: 6.4 } } },
    });
  });
  it('is what stops it in the morning, on two quotes', () => {
    const morning = { day: '2026-11-17', at: [9, 35] as const, openedAt: '15:00', bid: 5.56, left: 3 };
    const since = calendar.instant('2026-11-17' as never, 9, 35) - 5_000;
    expect(what({ ...morning, memory: memory(since, 7.2, [MONDAY, 5.6]) })).toEqual(['STOP', 3]);
    expect(what({ ...morning, memory: memory(null, 7.2, [MONDAY, 5.6]) })).toEqual(['HOLD']);
    expect(what({ ...morning, memory: memory(since, 7.2, [MONDAY, 5.59]) })).toEqual(['HOLD']);
  });
  it('is forgotten with a memory that cannot be read, and the stop is that of the entry', () => {
    const [pass] = held({ memory: { v: 2 } });
    expect(gate(pass, 'stop level')).toBeCloseTo(3.5, 9);
  });
});
