// The swing trader's worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { rungsOf } from '../../../src/strategies/swing-trading/rungs.ts';
import { pivotHigh } from '../../../src/strategies/swing-trading/shapes.ts';
import { breakoutStrength, momentumStrength, reversalStrength } from '../../../src/strategies/swing-trading/strength.ts';
import { swingTrading } from '../../../src/strategies/swing-trading.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { rowsOf, valuedRows } from '../../../src/strategies/toolkit/select.ts';
import { expectGolden } from './golden.ts';
import {
  breakout,
  breakoutBars,
  chain,
  EXPIRY,
  gate,
  MONDAY,
  mirror,
  opens,
  params,
  passes,
  run,
  runBars,
  type Story,
  say,
  tell,
  told,
  turn,
  turnBars,
  whole,
  XYZ,
} from './swing-worlds.ts';
import { contextOf, type World } from './world.ts';
import { trade } from './world-more.ts';

const code = (w: World): string | undefined => passes(say(w))[0]?.code;

describe('G-S6-01: a break of 182.40 at 184.22 on 3.4 times the volume', () => {
  it('has a strength of 62.956', () => {
    expect(breakoutStrength({ distance: 184.22 / 182.4 - 1, rvol: 3.4, roc: 0.012 })).toBeCloseTo(62.956, 3);
  });
  it('is bought', () => {
    const decisions = say(whole(breakout()));
    const [open] = opens(decisions);
    expect(gate(open, 'pattern')).toBe('breakout up');
    expect(gate(open, 'pivot high')).toBe(182.4);
    expect(gate(open, 'relative volume, 15 minutes')).toBe(3.4);
    expect(gate(open, 'strength')).toBeCloseTo(62.956, 3);
    expect(open?.thesis).toMatchObject({ kind: 'breakout', way: 1, level: 182.4 });
    expectGolden('swing-s6-01', decisions);
  });
  it('is bought the other way round with a put', () => {
    const [open] = opens(say(whole(breakout({ spot: 179.78, eve: 183, range: [183.5, 184.5], fifteen: mirror(breakoutBars(), 182) }))));
    expect(gate(open, 'pattern')).toBe('breakout down');
    expect(gate(open, 'pivot low')).toBeCloseTo(181.6, 9);
    expect(open?.legs[0].instrument.symbol).toMatch(/^XYZ261203P/);
  });
});

describe('G-S6-02: the same on 2.8 times the volume', () => {
  it('has a strength of 55.956, which is too little', () => {
    expect(breakoutStrength({ distance: 184.22 / 182.4 - 1, rvol: 2.8, roc: 0.012 })).toBeCloseTo(55.956, 3);
    const [pass] = passes(say(whole(breakout({ fifteen: breakoutBars(184.22, [2_800_000, 2_800_000]) }))));
    expect(pass?.code).toBe('STRENGTH_TOO_LOW');
    expect(gate(pass, 'strength')).toBeCloseTo(55.956, 3);
  });
});

describe('a breakout', () => {
  /** At 10:42 today has four bars; they open at 182.60 and trade down to `low`. */
  const gapped = (low: number): Story => {
    const today = { open: 182.6, close: 182.5, high: 182.6, low };
    const shapes = breakoutBars().map((shape, i) => {
      if (i < 10) return shape;
      return i < 13 ? { ...shape, ...today } : { ...shape, low };
    });
    return breakout({ hour: 10, minute: 42, fifteen: shapes });
  };
  it.each<[string, Story, string]>([
    ['on less than twice the volume', breakout({ fifteen: breakoutBars(184.22, [1_990_000, 1_990_000]) }), 'RVOL_TOO_LOW'],
    ['that is no three thousandths beyond', breakout({ spot: 182.94, fifteen: breakoutBars(182.94) }), 'NO_PATTERN'],
    ['that opened beyond its level and has not held it for one bar', gapped(182.39), 'NO_PATTERN'],
    ['five percent above the last close', breakout({ eve: 175.4 }), 'CHASE'],
    ['once the price is back inside', breakout({ spot: 181.9 }), 'SIGNAL_GONE'],
    ['with two sessions of history', breakout({ sessions: 2 }), 'BARS_SHORT'],
    ['with fourteen sessions of history', breakout({ sessions: 14 }), 'RVOL_HISTORY_SHORT'],
    ['with a report after the close of the second session', breakout({ earningsIn: 2, earningsTime: 'AMC' }), 'EARNINGS_WINDOW'],
  ])('is not bought %s', (_name, story, expected) => {
    expect(code(whole(story))).toBe(expected);
  });
  it.each<[string, Story]>([
    ['with a report after the close of the third session', breakout({ earningsIn: 3, earningsTime: 'AMC' })],
    ['that opened beyond its level and held it', gapped(182.4)],
    ['with fifteen sessions of history', breakout({ sessions: 15 })],
  ])('is bought %s', (_name, story) => {
    expect(opens(say(whole(story)))).toHaveLength(1);
  });
  const rule = { pivot_wing_bars: 3, pivot_age_bars: 5, pivot_near_pct: 0.02 };
  const highs = (...list: readonly number[]) => list.map((high) => ({ high, low: high - 1, close: high - 0.5 }));
  it.each([
    ['is a high with three lower bars on each side', highs(1, 2, 3, 100, 5, 4, 3, 2, 1), 100],
    ['may be shared, and counts once', highs(1, 2, 3, 100, 100, 4, 3, 2, 1, 1), 100],
    ['is none with a higher bar three away', highs(101, 2, 3, 100, 5, 4, 3, 2, 1), undefined],
    ['is five bars old at least', highs(1, 2, 3, 4, 100, 5, 4, 3, 2), undefined],
    ['lies within two percent of the highest high so far', highs(104, 99, 99, 99, 101, 99, 98, 97, 96, 95), undefined],
    ['so far, not of the bar that breaks it', highs(1, 2, 3, 100, 5, 4, 3, 2, 1, 104), 100],
  ])('has a level that %s', (_name, bars, expected) => {
    expect(pivotHigh(bars, rule)).toBe(expected);
  });
});

describe('G-S6-03: means in order', () => {
  it('have a strength of 66.4 at 1.08 % apart, 2.2 times the volume and an index of 31', () => {
    expect(momentumStrength({ spread: 0.0108, rvol: 2.2, adx: 31 })).toBeCloseTo(66.4, 4);
  });
  it('are bought, and the other way round with a put', () => {
    const [up] = opens(say(whole(run())));
    expect(gate(up, 'pattern')).toBe('momentum up');
    expect(gate(up, 'fast mean over slow')).toBeCloseTo(183.82 / 182.32 - 1, 6);
    expect(up?.thesis).toMatchObject({ kind: 'momentum', level: null, invalidation: null });
    const [down] = opens(say(whole(run({ spot: 179.78, eve: 183, range: [177, 182.5], five: mirror(runBars(), 182) }))));
    expect(gate(down, 'pattern')).toBe('momentum down');
  });
  it.each<[string, Story, string]>([
    ['less than half as much volume again', run({ five: runBars(1_490_000) }), 'RVOL_TOO_LOW'],
    ['means too close', run({ five: runBars(2_200_000, 0.05) }), 'STRENGTH_TOO_LOW'],
    ['before six bars of the day', run({ hour: 9, minute: 56 }), 'BARS_SHORT'],
  ])('are not with %s', (_name, story, expected) => {
    expect(code(whole(story))).toBe(expected);
  });
});

describe('G-S6-04: a turn', () => {
  it('has a strength of 61.5 at 2.6 %, 2.9 times the volume and an index of 24', () => {
    expect(reversalStrength({ bounce: 0.026, rvol: 2.9, rsi: 24 })).toBeCloseTo(61.5, 4);
  });
  it('is bought, and the other way round with a put', () => {
    const [up] = opens(say(whole(turn())));
    expect(gate(up, 'pattern')).toBe('reversal up');
    expect(gate(up, 'bounce')).toBeCloseTo(0.026, 6);
    expect(up?.thesis).toMatchObject({ kind: 'reversal', level: 180, invalidation: 180 });
    const [down] = opens(say(whole(turn({ spot: 179.32, eve: 178, range: [171.5, 172.5], fifteen: mirror(turnBars(), 182) }))));
    expect(gate(down, 'pattern')).toBe('reversal down');
    expect(down?.thesis).toMatchObject({ level: 184 });
  });
  it.each<[string, Story, string]>([
    ['a bounce of less than a percent and a half', turn({ spot: 182.69, fifteen: turnBars(182.69) }), 'NO_PATTERN'],
    [
      'a close in the lower half of its bar',
      turn({ fifteen: turnBars().map((s, i) => (i === 26 ? { ...s, high: 187 } : s)) }),
      'NO_PATTERN',
    ],
    ['too little volume', turn({ fifteen: turnBars(184.68, [1_900_000, 1_900_000]) }), 'RVOL_TOO_LOW'],
  ])('is not with %s', (_name, story, expected) => {
    expect(code(whole(story))).toBe(expected);
  });
});

describe('G-S6-05: the strike nearest a delta of 0.50', () => {
  it('is 185 of these deltas and prices', () => {
    const w = whole(breakout());
    const ctx = contextOf(w, params());
    const quote = ctx.market.quote(XYZ);
    const listed = ctx.market.chain(XYZ);
    if (!quote.known || !listed.known) throw new Error('the world is whole');
    const setting = settingOf(ctx, XYZ, quote.value, tradingDay(EXPIRY));
    const rows = valuedRows(rowsOf(listed.value.rows, 'call', tradingDay(EXPIRY)), setting, (s) => ctx.market.quote(s));
    const of = (strike: number) => rows.find((row) => row.option.strike === strike * 1e6);
    for (const [strike, delta, value] of [
      [182.5, 0.5766, 6.3306],
      [185, 0.5013, 5.0568],
      [187.5, 0.4269, 3.9699],
    ] as const) {
      const row = of(strike);
      expect(row?.delta).toBeCloseTo(delta, 4);
      expect(row === undefined ? 0 : (row.quote.bid + row.quote.ask) / 2e6).toBeCloseTo(value, 3);
    }
    const [open] = opens(say(w));
    expect(gate(open, 'contract')).toBe('XYZ261203C00185000');
    expect(gate(open, 'delta')).toBeCloseTo(0.5013, 4);
  });
  it('is none where nothing lies in the band', () => {
    const w = told(breakout());
    expect(code(chain(w, 184.22, [], {}, 'XYZ', '2026-12-18'))).toBe('NO_EXPIRY_IN_RANGE');
    expect(passes(say(whole(breakout()), { delta_min: 0.502, delta_max: 0.51, delta_target: 0.505 }))[0]?.code).toBe('NO_STRIKE_IN_BAND');
  });
});

describe('G-S6-06: the rungs', () => {
  it.each([
    [1, [[0.5, 1]]],
    [
      2,
      [
        [0.25, 1],
        [1, 1],
      ],
    ],
    [
      3,
      [
        [0.25, 1],
        [0.5, 1],
        [1, 1],
      ],
    ],
    [
      5,
      [
        [0.25, 1],
        [0.5, 1],
        [1, 3],
      ],
    ],
    [
      7,
      [
        [0.25, 2],
        [0.5, 2],
        [1, 3],
      ],
    ],
  ])('of %i contracts', (bought, expected) => {
    expect(rungsOf(bought, params()).map(({ gain, units }) => [gain, units])).toEqual(expected);
  });
});

describe('room', () => {
  it('is half for what moves threefold', () => {
    const plain = opens(say(whole(breakout()), { max_contracts: 100, risk_pct: 0.03 }))[0]?.qty;
    const leveraged = opens(say(whole(breakout()), { max_contracts: 100, risk_pct: 0.03, leveraged: ['XYZ'] }))[0]?.qty;
    expect([plain, leveraged]).toEqual([5, 2]);
  });
  const both = (): World => {
    const w = told(breakout({ name: 'SPY' }));
    tell(w, breakout({ name: 'QQQ', fifteen: breakoutBars(184.22, [3_600_000, 3_600_000]) }));
    chain(w, 184.22, [], {}, 'SPY');
    return chain(w, 184.22, [], {}, 'QQQ');
  };
  it('is for one of those that move as one, the stronger', () => {
    const decisions = say(both(), { universe: ['SPY', 'QQQ'] });
    expect(opens(decisions).map((d) => d.subject)).toEqual(['QQQ']);
    expect(passes(decisions)[0]).toMatchObject({ subject: 'SPY', code: 'RANKED_OUT' });
    const alone = say({ ...both(), busy: ['IWM' as never] }, { universe: ['SPY', 'QQQ'] });
    expect(passes(alone).map((d) => d.code)).toEqual(['ALREADY_HELD', 'ALREADY_HELD']);
  });
  it('asks no report date of a fund, and one of everything else', () => {
    const w = both();
    w.board.setEarnings([]);
    expect(opens(say(w, { universe: ['SPY', 'QQQ'] }))).toHaveLength(1);
    const other = whole(breakout());
    other.board.setEarnings([]);
    expect(code(other)).toBe('EARNINGS_UNKNOWN');
  });
});

describe('after five losses in a row', () => {
  const past = (day: string, realized: number, at: string) =>
    trade({
      owner: 'swing',
      name: 'ABC',
      legs: [{ expiry: EXPIRY, right: 'call', strike: 185, side: 'buy' }],
      units: 1,
      entry: 5,
      openedDay: day,
      closed: { day, at, exit: realized < 0 ? 'STOP' : 'TARGET', realized },
    });
  const losses = (count: number, day: string, last = -150) =>
    Array.from({ length: count }, (_, i) => past(day, i === count - 1 ? last : -150, `1${i}:00`));
  it.each([
    ['it rests for three sessions', 5, '2026-11-11', -150, 'LOSS_STREAK_PAUSE'],
    ['it trades again in the fourth', 5, '2026-11-10', -150, undefined],
    ['a win among them counts from there', 5, '2026-11-13', 10, undefined],
    ['what the fees ate is a loss', 5, '2026-11-13', 0.05, 'LOSS_STREAK_PAUSE'],
    ['four are not five', 4, '2026-11-13', -150, undefined],
  ] as const)('%s', (_name, count, day, last, expected) => {
    expect(code({ ...whole(breakout()), closedTrades: losses(count, day, last) })).toBe(expected);
  });
});

describe('what is fetched', () => {
  const needs = (w: World) => ({ ...contextOf(w, params()), phase: 'entry' as const, equity: contextOf(w, params()).account.equity });
  it('is a chain for a name with a setup, and for no other', () => {
    expect(swingTrading.chains(needs(told(breakout())))).toEqual([{ underlying: 'XYZ', dteFrom: 7, dteTo: 30 }]);
    expect(swingTrading.chains(needs(told(breakout({ fifteen: [] }))))).toEqual([]);
    expect(swingTrading.chains({ ...needs(told(breakout())), busy: new Set([XYZ]) })).toEqual([]);
    expect(MONDAY < EXPIRY).toBe(true);
  });
});
