import { describe, expect, it } from 'vitest';
import { price } from '../../../src/domain/money.ts';
import { MINUTE, tradingDay } from '../../../src/domain/time.ts';
import { settle } from '../../../src/strategies/toolkit/gates.ts';
import { change, justEnded, notChased, tradedMinutes } from '../../../src/strategies/toolkit/intraday.ts';
import { lossStreak, netGain } from '../../../src/strategies/toolkit/record.ts';
import { beyond, farthest, gained, opposite, rightOf } from '../../../src/strategies/toolkit/way.ts';
import { calendar, instant, nowOf, world } from '../../golden/strategies/world.ts';
import { trade } from '../../golden/strategies/world-more.ts';

const day = tradingDay('2026-11-16');
const bar = (minutesAgo: number, close = 100) => {
  const at = instant(world('2026-11-16', 11).at - minutesAgo * MINUTE);
  const p = price(Math.round(close * 1e6));
  return { at, day, open: p, high: p, low: p, close: p, volume: 1 };
};

describe('minutes of trading', () => {
  it.each([
    ['inside a session', '2026-11-16', 10, 0, '2026-11-16', 11, 30, 90],
    ['from before the open', '2026-11-16', 8, 0, '2026-11-16', 10, 0, 30],
    ['over a night', '2026-11-16', 15, 0, '2026-11-17', 9, 35, 65],
    ['over a weekend', '2026-11-13', 15, 0, '2026-11-16', 10, 0, 90],
    ['over a half day', '2026-11-25', 15, 0, '2026-11-30', 10, 0, 60 + 210 + 30],
  ] as const)('%s', (_name, from, h1, m1, to, h2, m2, expected) => {
    expect(tradedMinutes(calendar, calendar.instant(tradingDay(from), h1, m1), calendar.instant(tradingDay(to), h2, m2))).toBe(expected);
  });
});

describe('a change of price', () => {
  it('is free of the noise in the last bits of a quotient', () => {
    expect(change(1.1, 1)).toBe(0.1);
    expect(gained(1, 101.5, 100)).toBe(0.015);
    expect(gained(-1, 98.5, 100)).toBe(0.015);
  });
  it('goes its way in whole micros', () => {
    expect(beyond(1, 0.1 + 0.2, 0.3)).toBe(false);
    expect(beyond(1, 0.300001, 0.3)).toBe(true);
    expect(beyond(-1, 0.299999, 0.3)).toBe(true);
    expect([farthest(1, [1, 3, 2]), farthest(-1, [1, 3, 2]), opposite(1), rightOf(-1)]).toEqual([3, 1, -1, 'put']);
  });
});

describe('the bar that has just ended', () => {
  const now = nowOf(world('2026-11-16', 11));
  const codeOf = (minutesAgo: number): string => {
    const outcome = settle(justEnded({ now }, [bar(minutesAgo)], 5));
    return outcome.ok ? 'ended' : outcome.code;
  };
  it('ended less than its own length ago', () => {
    expect(codeOf(5)).toBe('ended');
    expect(codeOf(9.99)).toBe('ended');
    expect(codeOf(10)).toBe('BARS_STALE');
    expect(settle(justEnded({ now }, [], 5))).toMatchObject({ ok: false, code: 'BARS_MISSING' });
  });
});

describe('a day that ran too far', () => {
  it.each([
    [108, true],
    [108.01, false],
    [92, true],
    [91.99, false],
  ])('at %f after 100, 8 %% allowed', (spot, allowed) => {
    expect(settle(notChased(spot, [bar(0, 100)], 0.08)).ok).toBe(allowed);
  });
});

describe('losses in a row', () => {
  const closed = (dayOf: string, at: string, realized: number) =>
    trade({
      owner: 'swing',
      name: 'XYZ',
      legs: [{ expiry: '2026-12-18', right: 'call', strike: 100, side: 'buy' }],
      units: 3,
      entry: 2,
      openedDay: dayOf,
      closed: { day: dayOf, at, exit: 'STOP', realized },
    });
  it('count the fees of every contract, both ways', () => {
    expect(netGain(closed('2026-11-13', '11:00', 1), 0.05)).toBeCloseTo(0.7, 9);
    const trades = [closed('2026-11-12', '11:00', 50), closed('2026-11-13', '11:00', 0.2), closed('2026-11-13', '12:00', -10)];
    expect(lossStreak({ trades: [], closedTrades: trades }, 0.05)).toEqual({ losses: 2, lastDay: '2026-11-13' });
    expect(lossStreak({ trades: [], closedTrades: trades })).toEqual({ losses: 1, lastDay: '2026-11-13' });
    expect(lossStreak({ trades: [], closedTrades: [] })).toEqual({ losses: 0, lastDay: null });
  });
});
