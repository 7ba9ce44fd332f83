// The momentum buyer's worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { expiriesInReach } from '../../../src/strategies/momentum-weeklies/contract.ts';
import { isBreakout, reversalOf } from '../../../src/strategies/momentum-weeklies/patterns.ts';
import { momentumWeeklies } from '../../../src/strategies/momentum-weeklies.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { rowsOf, valuedRows } from '../../../src/strategies/toolkit/select.ts';
import { expectGolden } from './golden.ts';
import { FRIDAY, gate, MONDAY, opens, params, passes, type Story, say, surge, tell, turn, turned, weekly, XYZ } from './mwk-worlds.ts';
import { contextOf, type World, world } from './world.ts';
import { headlines, holding, trade } from './world-more.ts';

const code = (w: World): string | undefined => passes(say(w))[0]?.code;
const mirrored = turn.map((close) => Math.round((2 * 248 - close) * 100) / 100);

describe('G-S2-01: a turn from a low with three times the volume', () => {
  it('is bought, with the figures it was seen in', () => {
    const [open] = opens(say(weekly(turned())));
    expect(gate(open, 'relative volume, 5 minutes')).toBeCloseTo(3.4146, 4);
    expect(gate(open, 'place of the low')).toBe(9);
    expect(gate(open, 'bounce')).toBeCloseTo(0.017213, 6);
    expect(gate(open, 'vwap')).toBeCloseTo(247, 6);
    expect(gate(open, 'pattern')).toBe('reversal up');
    expect(reversalOf(1, turn, params()).mean).toBeCloseTo(246.7417, 4);
    expect(open?.thesis).toMatchObject({ kind: 'reversal', way: 1, level: 244 });
  });
  it('is bought the other way round with a put', () => {
    const [open] = opens(say(weekly(turned({ closes: mirrored, vwap: 249 }), 247.8)));
    expect(gate(open, 'pattern')).toBe('reversal down');
    expect(open?.legs[0].instrument.symbol).toMatch(/^XYZ261120P/);
    expect(open?.thesis).toMatchObject({ kind: 'reversal', way: -1, level: 252 });
  });
  const late = [...turn.slice(0, 4), ...turn.slice(4, 9), 244.7, 244.8, 244.9, 245, 245.1, 245.2, 244, ...turn.slice(16)];
  it.each<[string, Story, string]>([
    ['a low one bar too young', { closes: late }, 'NO_PATTERN'],
    ['a bounce just too small', { closes: [...turn.slice(0, 23), 247.65] }, 'NO_PATTERN'],
    ['a price under the mean by volume', { vwap: 248.3 }, 'NO_PATTERN'],
    ['volume just under three times the usual', { volumes: [420_000, 400_000, 409_000] }, 'RVOL_TOO_LOW'],
    ['fourteen sessions of history', { sessions: 14 }, 'RVOL_HISTORY_SHORT'],
    ['a report tonight', { earningsIn: 0, earningsTime: 'AMC' }, 'EARNINGS_WINDOW'],
    ['a report tomorrow before the open', { earningsIn: 1, earningsTime: 'BMO' }, 'EARNINGS_WINDOW'],
  ])('is not with %s', (_name, story, expected) => {
    expect(code(weekly(turned(story)))).toBe(expected);
  });
  it.each<[string, Story]>([
    ['a low at the last place that counts', { closes: [...turn.slice(0, 9), 244.6, 244.5, 244.4, 244.3, 244.2, 244, ...turn.slice(15)] }],
    ['a report this morning, whose move is the past', { earningsIn: 0, earningsTime: 'BMO' }],
    ['a report tomorrow after the close', { earningsIn: 1, earningsTime: 'AMC' }],
    ['fifteen sessions of history', { sessions: 15 }],
  ])('still is with %s', (_name, story) => {
    expect(opens(say(weekly(turned(story))))).toHaveLength(1);
  });
  it('reads nothing from the first bar of the day', () => {
    // This mean by volume takes a first bar far below every close: were it in the window, it would be its low, three bars later.
    const [open] = opens(say(weekly(turned({ vwap: 244.5 }))));
    expect(gate(open, 'place of the low')).toBe(9);
    expect(open?.thesis).toMatchObject({ level: 244 });
  });
  it('is over when the bar that completed it is not the last that could have ended', () => {
    const later = turned({ hour: 11, minute: 5 });
    const bars = contextOf(later, params()).market.intradayBars(XYZ, 5, 21, 2);
    if (!bars.known) throw new Error(bars.why);
    later.board.setIntradayBars(XYZ, 5, { bars: bars.value.slice(0, -1), from: bars.value[0]?.at as World['at'], seen: 0 as never });
    expect(code(weekly(later))).toBe('BARS_STALE');
  });
});

describe('G-S2-02: the strike nearest a delta of 0.40', () => {
  const modelled = (): World => weekly(turned(), 248.2, [{ strike: 260, sigma: 0.34 }]);
  it('has these deltas, and this move to expiry', () => {
    const ctx = contextOf(modelled(), params());
    const quote = ctx.market.quote(XYZ);
    const chain = ctx.market.chain(XYZ);
    if (!quote.known || !chain.known) throw new Error('the world is whole');
    const setting = settingOf(ctx, XYZ, quote.value, tradingDay(FRIDAY));
    const rows = valuedRows(rowsOf(chain.value.rows, 'call', tradingDay(FRIDAY)), setting, (s) => ctx.market.quote(s));
    const deltas = Object.fromEntries(rows.map((row) => [row.option.strike / 1e6, row.delta]));
    expect(deltas[247.5]).toBeCloseTo(0.5426, 4);
    expect(deltas[250]).toBeCloseTo(0.4332, 4);
    expect(deltas[252.5]).toBeCloseTo(0.3296, 4);
    expect(deltas[260]).toBeCloseTo(0.107, 4);
  });
  it('chooses 250', () => {
    const [open] = opens(say(modelled()));
    expect(gate(open, 'one-deviation move to expiry')).toBeCloseTo(9.0613, 4);
    expect(gate(open, 'contract')).toBe('XYZ261120C00250000');
    expect(gate(open, 'delta')).toBeCloseTo(0.4332, 4);
    expect(gate(open, 'premium')).toBeCloseTo(2.8417, 3);
  });
  it('takes the next one when nobody trades it, and none beyond half the move to expiry', () => {
    const dear = { strike: 250, sigma: 0.34, call: [2.5, 3.2] as const, put: [4.3, 4.5] as const };
    expect(gate(opens(say(weekly(turned(), 248.2, [dear])))[0], 'contract')).toBe('XYZ261120C00252500');
    expect(passes(say(weekly(turned(), 248.2, [dear]), { otm_cap_sd: 0.3 }))[0]?.code).toBe('SPREAD_TOO_WIDE');
    expect(passes(say(weekly(turned()), { otm_cap_sd: 0.1 }))[0]?.code).toBe('NO_STRIKE_IN_BAND');
  });
});

const quoted = { strike: 250, sigma: 0.34, call: [2.78, 2.9] as const, put: [4.46, 4.58] as const };

describe('G-S2-03: three contracts of 2.78 to 2.90', () => {
  it('walk up to 2.88 and risk 864.30', () => {
    const decisions = say(weekly(turned(), 248.2, [quoted]));
    const [open] = opens(decisions);
    expect(open?.qty).toBe(3);
    expect(open?.prices.rungs.at(0)).toBe(2_840_000);
    expect(open?.prices.rungs.at(-1)).toBe(2_880_000);
    expect(open?.maxLoss).toBe(864_300_000);
    expect(gate(open, 'relative spread')).toBeCloseTo(0.0423, 4);
    expectGolden('mwk-s2-03', decisions);
  });
  it('are none when the budget of the trade holds none', () => {
    const w = weekly(turned(), 248.2, [quoted]);
    expect(code({ ...w, account: { ...w.account, equity: 28_000 } })).toBe('SIZE_ZERO');
    expect(opens(say({ ...w, account: { ...w.account, equity: 29_000 } }))[0]?.qty).toBe(1);
  });
});

describe('G-S2-04: a busy open', () => {
  it('is no spike where opens are always busy', () => {
    const w = turned({ hour: 9, minute: 50, volumes: [560_000, 560_000, 560_000] });
    const bars = contextOf(w, params()).market.intradayBars(XYZ, 5, 21, 2);
    if (!bars.known) throw new Error(bars.why);
    // 540,000 in each of the first slots of every session before.
    const busy = bars.value.map((bar, i, all) =>
      bar.day !== w.day && i - all.findIndex((b) => b.day === bar.day) < 4 ? { ...bar, volume: 540_000 } : bar,
    );
    w.board.setIntradayBars(XYZ, 5, { bars: busy, from: busy[0]?.at as World['at'], seen: 0 as never });
    const [pass] = passes(say(weekly(w)));
    expect(pass?.code).toBe('RVOL_TOO_LOW');
    expect(gate(pass, 'relative volume, 5 minutes')).toBeCloseTo(1.037, 3);
  });
});

describe('G-S2-05: a close beyond the highest price of three sessions', () => {
  it('needs half a percent', () => {
    expect(isBreakout(1, 183.31, 182.4, params())).toBe(false);
    expect(isBreakout(1, 183.32, 182.4, params())).toBe(true);
    expect(isBreakout(-1, 181.49, 182.4, params())).toBe(false);
    expect(isBreakout(-1, 181.48, 182.4, params())).toBe(true);
  });
  const flat = Array.from({ length: 24 }, () => 182.9);
  const broken = (close: number, volume = 1_600_000, more: Story = {}): Story => ({
    closes: flat,
    spot: close,
    vwap: 182.9,
    range: [178, 182.4],
    fifteen: [
      { close: 182, volume: 1_000_000 },
      { close, open: 182, low: 182, volume },
    ],
    ...more,
  });
  const listed = (story: Story): World => {
    const w = turned(story);
    const spot = story.spot as number;
    return weekly(
      w,
      spot,
      Array.from({ length: 13 }, (_, i) => ({ strike: 170 + 2.5 * i, sigma: 0.34 })),
    );
  };
  it('is bought at 183.32 on half as much volume again', () => {
    const [open] = opens(say(listed(broken(183.32))));
    expect(gate(open, 'pattern')).toBe('breakout up');
    expect(gate(open, 'high to break')).toBe(182.4);
    expect(gate(open, 'relative volume, 15 minutes')).toBe(1.6);
    expect(open?.thesis).toMatchObject({ kind: 'breakout', level: 182.4 });
    expect(open?.thesis).toMatchObject({ invalidation: expect.closeTo(182.4 * 0.998, 9) as number });
  });
  it('is sold short with a put where a low breaks', () => {
    const [open] = opens(
      say(
        listed(
          broken(177.1, 1_600_000, {
            fifteen: [
              { close: 179, volume: 1 },
              { close: 177.1, open: 179, volume: 1_600_000 },
            ],
          }),
        ),
      ),
    );
    expect(gate(open, 'pattern')).toBe('breakout down');
    expect(open?.legs[0].instrument.symbol).toMatch(/P00/);
  });
  it.each<[string, Story, string]>([
    ['at 183.31', broken(183.31), 'NO_PATTERN'],
    ['on too little volume', broken(183.32, 1_499_999), 'RVOL_TOO_LOW'],
    ['once the price is back inside', broken(183.32, 1_600_000, { spot: 182 }), 'SIGNAL_GONE'],
  ])('is not %s', (_name, story, expected) => {
    expect(code(listed(story))).toBe(expected);
  });
});

describe('G-S2-06: the expiry', () => {
  const reach = (day: string, hour: number, listed: readonly string[], minute = 0): readonly string[] =>
    expiriesInReach(contextOf(world(day, hour, minute), params()), listed.map(tradingDay));
  it.each([
    ['on a Thursday is next Friday', '2026-11-12', 11, ['2026-11-13', '2026-11-20'], ['2026-11-20']],
    [
      'on a Thursday is Monday where Monday is listed',
      '2026-11-12',
      11,
      ['2026-11-13', '2026-11-16', '2026-11-20'],
      ['2026-11-16', '2026-11-20'],
    ],
    ['on a Friday morning may be Monday', '2026-11-13', 12, ['2026-11-16', '2026-11-20'], ['2026-11-16', '2026-11-20']],
    ['on a Friday afternoon is not Monday', '2026-11-13', 13, ['2026-11-16', '2026-11-20'], ['2026-11-20']],
    ['on a Thursday afternoon is Monday all the same', '2026-11-12', 14, ['2026-11-16'], ['2026-11-16']],
    ['is never ten days out', '2026-11-12', 11, ['2026-11-23'], []],
  ] as const)('%s', (_name, day, hour, listed, expected) => {
    expect(reach(day, hour, listed)).toEqual(expected);
  });
  it('is refused where none is in range', () => {
    expect(code(weekly(turned(), 248.2, [], {}, '2026-11-27'))).toBe('NO_EXPIRY_IN_RANGE');
  });
});

describe('news', () => {
  /** Flat until the headline, then a rise of two percent. */
  const rise = (by: number): readonly number[] => [
    ...Array.from({ length: 20 }, () => 240),
    241,
    242.5,
    243.6,
    Math.round(240 * (1 + by) * 100) / 100,
  ];
  const told = (by: number, items: Parameters<typeof headlines>[2]): World => {
    const w = turned({ closes: rise(by), vwap: 240.5, range: [236, 246] });
    headlines(w, 'XYZ', items);
    return weekly(w, 240 * (1 + by), [], {});
  };
  it('is bought once the price has moved two percent since', () => {
    const [open] = opens(say(told(0.021, [{ minutesAgo: 30, text: 'XYZ wins' }]), { bounce_min_pct: 0.5 }));
    expect(gate(open, 'pattern')).toBe('news up');
    expect(open?.thesis).toMatchObject({ kind: 'news', invalidation: null });
  });
  it.each([
    ['that moved it less', 0.0199, [{ minutesAgo: 30, text: 'XYZ wins' }]],
    ['older than an hour', 0.021, [{ minutesAgo: 61, text: 'XYZ wins' }]],
    ['about four names', 0.021, [{ minutesAgo: 30, text: 'chips', symbols: ['XYZ', 'A', 'B', 'C'] }]],
    ['there is none of', 0.021, []],
  ])('%s is passed over', (_name, by, items) => {
    expect(passes(say(told(by, items), { bounce_min_pct: 0.5 }))[0]?.code).toBe('NO_PATTERN');
  });
  it('nobody could be asked for leaves the other shapes as they are', () => {
    const [open] = opens(say(weekly(turned())));
    expect(gate(open, 'headlines')).toBe('NEWS_UNKNOWN');
  });
});

describe('before any pattern', () => {
  it('what has run eight percent on the day is not chased', () => {
    const w = turned();
    const ctx = contextOf(weekly(w), params());
    const daily = ctx.market.dailyBars(XYZ, 20);
    if (!daily.known) throw new Error(daily.why);
    const lower = daily.value.map((bar) => ({ ...bar, close: 229_000_000 as typeof bar.close }));
    w.board.setDailyBars(XYZ, lower, 1_000_000 as never);
    expect(code(w)).toBe('CHASE');
  });
  const past = (exit: 'STOP' | 'TARGET', day: string, at = '10:00'): Trade =>
    trade({
      owner: 'mwk',
      name: 'XYZ',
      legs: [{ expiry: FRIDAY, right: 'call', strike: 250, side: 'buy' }],
      units: 1,
      entry: 2.8,
      openedDay: day,
      closed: { day, at, exit, realized: exit === 'STOP' ? -84 : 140 },
    });
  it('a name that was stopped today rests, one that paid does not, and after two in a week it rests till the next', () => {
    const w = weekly(turned());
    expect(code({ ...w, closedTrades: [past('STOP', MONDAY)] })).toBe('COOLDOWN');
    expect(opens(say({ ...w, closedTrades: [past('STOP', '2026-11-13')] }))).toHaveLength(1);
    expect(opens(say({ ...w, closedTrades: [past('TARGET', MONDAY)] }))).toHaveLength(1);
    expect(code({ ...w, closedTrades: [past('TARGET', MONDAY), past('TARGET', MONDAY)] })).toBe('WEEKLY_CAP');
  });
  it('the better ranked of two names is served first, and the other what is left', () => {
    const w = turned();
    tell(w, { name: 'ABC', volumes: surge.map((v) => 2 * v) });
    weekly(w);
    weekly(w, 248.2, [], {}, FRIDAY, 'ABC');
    const decisions = say(w, { universe: ['XYZ', 'ABC'], max_positions: 1 });
    expect(opens(decisions).map((d) => d.subject)).toEqual(['ABC']);
    expect(passes(decisions)[0]).toMatchObject({ subject: 'XYZ', code: 'MAX_POSITIONS' });
  });
});

describe('what is fetched', () => {
  const needs = (w: World) => ({ ...contextOf(w, params()), phase: 'entry' as const, equity: contextOf(w, params()).account.equity });
  it('is a chain for a name with a setup, and for no other', () => {
    expect(momentumWeeklies.chains(needs(turned()))).toEqual([{ underlying: 'XYZ', dteFrom: 2, dteTo: 9 }]);
    expect(momentumWeeklies.chains(needs(turned({ vwap: 248.3 })))).toEqual([]);
    expect(momentumWeeklies.chains({ ...needs(turned()), busy: new Set([XYZ]) })).toEqual([]);
  });
  it('is nothing for a name that is held, but its own quotes', () => {
    const own = trade({
      owner: 'mwk',
      name: 'XYZ',
      legs: [{ expiry: FRIDAY, right: 'call', strike: 250, side: 'buy' }],
      units: 1,
      entry: 2.8,
      openedDay: MONDAY,
    });
    const w = holding(turned(), own);
    expect(momentumWeeklies.watches(needs(w)).quotes).toEqual([]);
    expect(momentumWeeklies.watches({ ...needs(w), phase: 'manage' }).quotes).toEqual(['XYZ', 'XYZ261120C00250000']);
  });
});
