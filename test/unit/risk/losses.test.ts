// Losses, drawdown and volatility as numbers, and what the rules make of them.
import { describe, expect, it } from 'vitest';
import type { LossBase, LossCause, Waiver } from '../../../src/domain/losses.ts';
import { usd } from '../../../src/domain/money.ts';
import { absent, type Known, known } from '../../../src/domain/reasons.ts';
import type { RuleCheck } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import {
  changeSince,
  drawdownOf,
  type Equities,
  gainNeeded,
  type LossStanding,
  sizeFactor,
  tripsOf,
  unitsAfter,
  worseChange,
} from '../../../src/risk/losses.ts';
import { volatilityFactor } from '../../../src/risk/volatility.ts';
import { buy, contextOf, day, limits, micros, noLosses, sell } from './contexts.ts';

const dollars = (n: number) => usd(micros(n));
const unknown = absent('EQUITY_UNKNOWN', 'a test');
const base = (ours: number | null, broker: number | null, flows = 0): LossBase => ({
  day,
  ours: ours === null ? null : dollars(ours),
  broker: broker === null ? null : dollars(broker),
  flows: dollars(flows),
});
const both = (ours: number | null, broker: number | null): Equities => ({
  ours: ours === null ? unknown : known(dollars(ours)),
  broker: broker === null ? unknown : known(dollars(broker)),
});
const figure = (part: Known<number>): number | null => (part.known ? part.value : null);

describe('a loss', () => {
  it('is not hidden by a deposit: 100,000 and 5,000 more at 101,500 is -3.5 %', () => {
    expect(changeSince(dollars(101_500), dollars(100_000), dollars(5_000))).toBe(-0.035);
  });
  it('is not made by a withdrawal', () => {
    expect(changeSince(dollars(95_000), dollars(100_000), dollars(-5_000))).toBe(0);
  });
  it.each([[0], [-1], [Number.NaN]])('has no measure against a base of %d', (before) => {
    expect(changeSince(dollars(100), before as never, dollars(0))).toBeNull();
  });
  it.each([
    ['both known: ours is worse', both(98_000, 99_500), base(100_000, null), base(null, 100_000), -0.02],
    ['both known: the broker says worse', both(99_500, 98_000), base(100_000, null), base(null, 100_000), -0.02],
    ['each against its own close: a difference in marking is no loss', both(100_000, 99_000), base(100_000, null), base(null, 99_000), 0],
    ['ours unknown', both(null, 98_000), base(100_000, null), base(null, 100_000), -0.02],
    ['no close of ours', both(98_000, null), base(null, null), base(null, 100_000), null],
    ['nothing known', both(null, null), base(100_000, null), base(null, 100_000), null],
  ])('is the worse of two: %s', (_name, equities, ours, broker, expected) => {
    expect(figure(worseChange(equities, ours, broker))).toBe(expected);
  });
});

describe('a drawdown', () => {
  it.each([
    [104_000, -0.037, 1],
    [102_500, -0.0509, 0.5],
    [97_000, -0.1019, 0],
    [91_000, -0.1574, 0],
  ])('from 108,000 to %d is %d and leaves %d of an opening', (equity, expected, factor) => {
    const fall = drawdownOf(equity / 100_000, 1.08);
    expect(fall).toBeCloseTo(expected, 4);
    expect(sizeFactor({ ...noLosses, drawdown: known(fall) }, limits.losses, limits.volatility)).toBe(factor);
  });
  it('calls for the halt at 10 % and for the four strategies at 15 %', () => {
    const at = (equity: number) =>
      tripsOf({ ...noLosses, drawdown: known(drawdownOf(equity / 100_000, 1.08)) }, limits.losses, []).map((t) => `${t.cause} ${t.scope}`);
    expect(at(102_500)).toEqual([]);
    expect(at(97_000)).toEqual(['DRAWDOWN_HALT account']);
    expect(at(91_000)).toEqual([
      'DRAWDOWN_HALT account',
      ...['mwk', 'swing', 'zdte', 'lotto'].map((id) => `DRAWDOWN_FLATTEN strategy:${id}`),
    ]);
  });
  it.each([
    [-0.1, 0.111],
    [-0.2, 0.25],
    [-0.5, 1],
  ])('of %d wants a gain of %d', (fall, gain) => expect(gainNeeded(fall)).toBeCloseTo(gain, 3));
  it('is unitised: a flow buys or sells units at their value and moves none', () => {
    const units = 100_000;
    const after = unitsAfter(units, dollars(150_000), dollars(50_000));
    expect(150_000e6 / after).toBeCloseTo(100_000e6 / units, 9);
    expect(unitsAfter(units, dollars(50_000), dollars(50_000))).toBe(dollars(50_000));
  });
});

const tripped = (figures: Partial<LossStanding>, waivers: readonly Waiver[] = []) =>
  tripsOf({ ...noLosses, ...figures }, limits.losses, waivers).map((t) => t.cause);
const waived = (cause: LossCause, from: number): Waiver => ({ cause, scope: 'account', from, period: null });

describe('limits', () => {
  it.each<[string, Partial<LossStanding>, readonly LossCause[]]>([
    ['a day just above', { day: known(-0.0099999) }, []],
    ['a day at the limit', { day: known(-0.01) }, ['DAY_HALT']],
    ['a day at the second', { day: known(-0.02) }, ['DAY_HALT', 'DAY_FLATTEN', 'DAY_FLATTEN', 'DAY_FLATTEN', 'DAY_FLATTEN']],
    ['a week', { week: known(-0.03) }, ['WEEK_HALT']],
    ['a month', { month: known(-0.08) }, ['MONTH_HALT']],
    ['nothing known', { day: unknown, week: unknown, month: unknown, drawdown: unknown }, []],
  ])('%s', (_name, figures, causes) => expect(tripped(figures)).toEqual(causes));
  it('that a person lifted speaks again when as much is lost once more', () => {
    const lifted = [waived('DAY_HALT', -0.012)];
    expect(tripped({ day: known(-0.0219) }, lifted)).not.toContain('DAY_HALT');
    expect(tripped({ day: known(-0.022) }, lifted)).toContain('DAY_HALT');
  });
});

describe('volatility', () => {
  it.each([
    [12, null, 1],
    [19.99, 0, 1],
    [20, 0, 0.75],
    [24.99, 0, 0.75],
    [25, 0, 0.5],
    [34.99, 0, 0.5],
    [35, 0, 0.25],
    [45, 0, 0.25],
    [45.01, 0, 0],
    [16, 0.2999, 1],
    [16, 0.3, 0],
    [null, null, 0.5],
    [Number.NaN, null, 0],
    [16, Number.NaN, 0],
    [0, null, 0],
  ])('at %s, up %s, leaves %d', (level, rise, factor) => expect(volatilityFactor(level, rise, limits.volatility)).toBe(factor));
  it('the least of the three sizes counts', () => {
    const size = (over: Partial<LossStanding>) => sizeFactor({ ...noLosses, ...over }, limits.losses, limits.volatility);
    expect(size({})).toBe(1);
    expect(size({ step: 'cautious' })).toBe(0.5);
    expect(size({ step: 'restricted', volatility: known(22) })).toBe(0.25);
    expect(size({ step: 'cautious', drawdown: known(-0.06), volatility: known(40) })).toBe(0.25);
    expect(size({ step: 'halted' })).toBe(0);
    expect(size({ step: 'flatten' })).toBe(0);
    expect(size({ drawdown: unknown })).toBe(0);
  });
});

const opened = (losses: Partial<LossStanding>): string => {
  const verdict = judge(contextOf(buy('ABC', 180, 10), { losses: { ...noLosses, ...losses } }));
  return verdict.kind === 'denied' ? verdict.denial.code : 'cleared';
};
const check = (checks: readonly RuleCheck[], rule: string) => checks.find((c) => c.rule === rule);

describe('the gate', () => {
  it.each<[string, Partial<LossStanding>, string]>([
    ['an even account', {}, 'cleared'],
    ['G-9: a day of -3.5 %', { day: known(-0.035) }, 'DAILY_LOSS'],
    ['a day at its limit', { day: known(-0.01) }, 'DAILY_LOSS'],
    ['a week at its limit', { week: known(-0.03) }, 'DAILY_LOSS'],
    ['a month at its limit', { month: known(-0.08) }, 'DAILY_LOSS'],
    ['a day that is not known', { day: unknown }, 'DAILY_LOSS'],
    ['a day that is no number', { day: known(Number.NaN) }, 'DAILY_LOSS'],
    ['a drawdown of 10 %', { drawdown: known(-0.1) }, 'DRAWDOWN'],
    ['a drawdown that is not known', { drawdown: unknown }, 'DRAWDOWN'],
    ['a drawdown that is no number', { drawdown: known(Number.NaN) }, 'DRAWDOWN'],
    ['a nervous market', { volatility: known(46) }, 'VOLATILITY'],
    ['a market that jumped', { volatilityRise: known(0.31) }, 'VOLATILITY'],
    ['a level that is no number', { volatility: known(Number.NaN) }, 'VOLATILITY'],
    ['a level that is not known', { volatility: unknown }, 'cleared'],
    ['a day whose limit was lifted', { day: known(-0.015), floors: { ...noLosses.floors, day: -0.022 } }, 'cleared'],
  ])('%s', (_name, losses, expected) => expect(opened(losses)).toBe(expected));
  it('lets exits pass whatever was lost, and says that it did not ask', () => {
    const losses = { ...noLosses, day: known(-0.5), drawdown: unknown, volatility: known(80) };
    const verdict = judge(contextOf(sell('ABC', 180, 1), { losses }));
    for (const rule of ['DAILY_LOSS', 'DRAWDOWN', 'VOLATILITY']) expect(check(verdict.checks, rule)?.result).toBe('skip');
  });
});
