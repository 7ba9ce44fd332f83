import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { equity, type Option, occSymbol } from '../../../src/domain/instrument.ts';
import { type Leg, type Legs, leg } from '../../../src/domain/legs.ts';
import { price, usd } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { gainAtExpiry, payoffAtExpiry } from '../../../src/pricing/payoff.ts';

const spy = symbol('SPY');
const december = tradingDay('2026-12-18');
const option = (right: 'call' | 'put', strike: number, expiry = december): Option => {
  const at = price(strike * 1_000_000);
  return { kind: 'option', symbol: occSymbol(spy, expiry, right, at), underlying: spy, multiplier: 100, right, strike: at, expiry };
};
const buy = (right: 'call' | 'put', strike: number): Leg => leg(option(right, strike), 'buy', 'open');
const sell = (right: 'call' | 'put', strike: number): Leg => leg(option(right, strike), 'sell', 'open');
const micros = (amount: number): number => Math.round(amount * 1_000_000);

describe('payoffAtExpiry', () => {
  it.each<[string, Legs, number, number | 'unbounded', number | 'unbounded', readonly number[]]>([
    ['a long call', [buy('call', 100)], 2.5, 250, 'unbounded', [102.5]],
    ['a long put', [buy('put', 100)], 2.5, 250, 9750, [97.5]],
    ['a short put', [sell('put', 44)], -0.98, 4302, 98, [43.02]],
    ['a naked short call', [sell('call', 100)], -1, 'unbounded', 100, [101]],
    ['a debit call spread', [buy('call', 100), sell('call', 105)], 1.8, 180, 320, [101.8]],
    ['a credit put spread', [sell('put', 100), buy('put', 95)], -1.2, 380, 120, [98.8]],
    ['an iron condor', [buy('put', 90), sell('put', 95), sell('call', 105), buy('call', 110)], -1.15, 385, 115, [93.85, 106.15]],
    ['a straddle', [buy('call', 100), buy('put', 100)], 6, 600, 'unbounded', [94, 106]],
    ['a spread given for nothing', [buy('call', 100), sell('call', 105)], 0, 0, 500, [0, 100]],
  ])('of %s', (_, package_, net, loss, gain, breakEvens) => {
    const payoff = payoffAtExpiry(package_, price(micros(net)));
    expect(payoff.worstLoss).toBe(loss === 'unbounded' ? loss : usd(micros(loss)));
    expect(payoff.bestGain).toBe(gain === 'unbounded' ? gain : usd(micros(gain)));
    expect(payoff.breakEvens.map((b) => Number(b.toFixed(9)))).toEqual(breakEvens);
  });

  it('of shares is the whole price', () => {
    const shares: Legs = [leg(equity(spy), 'buy', 'open')];
    expect(payoffAtExpiry(shares, price(micros(540.25)))).toEqual({
      worstLoss: usd(micros(540.25)),
      bestGain: 'unbounded',
      breakEvens: [540.25],
      gainsWithin: [{ from: 540.25, to: Infinity }],
    });
  });

  it.each<[string, Legs, number, readonly (readonly [number, number])[]]>([
    ['a long call', [buy('call', 100)], 2.5, [[102.5, Infinity]]],
    ['a short put', [sell('put', 44)], -0.98, [[43.02, Infinity]]],
    ['an iron condor', [buy('put', 90), sell('put', 95), sell('call', 105), buy('call', 110)], -1.15, [[93.85, 106.15]]],
    [
      'a straddle',
      [buy('call', 100), buy('put', 100)],
      6,
      [
        [0, 94],
        [106, Infinity],
      ],
    ],
    [
      'a straddle for nothing',
      [buy('call', 100), buy('put', 100)],
      0,
      [
        [0, 100],
        [100, Infinity],
      ],
    ],
    ['a spread given for nothing', [buy('call', 100), sell('call', 105)], 0, [[100, Infinity]]],
    ['a spread that is paid for', [buy('call', 100), sell('call', 105)], -1, [[0, Infinity]]],
    ['a condor at its width', [buy('put', 90), sell('put', 95), sell('call', 105), buy('call', 110)], 0, []],
    ['a call never bought back', [sell('call', 100)], 0, []],
  ])('of %s names where it gains', (_, package_, net, stretches) => {
    expect(payoffAtExpiry(package_, price(micros(net))).gainsWithin).toEqual(stretches.map(([from, to]) => ({ from, to })));
  });

  it('of a covered call is that of the short put it resembles, whichever leg comes first', () => {
    const [share, call] = [leg(equity(spy), 'buy', 'open', 100), sell('call', 100)];
    const covered = {
      worstLoss: usd(9_500_000_000),
      bestGain: usd(500_000_000),
      breakEvens: [95],
      gainsWithin: [{ from: 95, to: Infinity }],
    };
    expect(payoffAtExpiry([share, call], price(95_000_000))).toEqual(covered);
    expect(payoffAtExpiry([call, share], price(95_000_000))).toEqual(covered);
  });

  it('has break-evens that are the nearest doubles to their fractions', () => {
    const ratio: Legs = [buy('call', 100), leg(option('call', 110), 'sell', 'open', 3)];
    // Above 110 it loses two for one: 100 + (110 - 100) / 1 gained, less 0.01 paid, given back over (10 - 0.01) / 2.
    expect(payoffAtExpiry(ratio, price(10_000)).breakEvens).toEqual([100.01, 114.995]);
    const third: Legs = [leg(option('call', 100), 'buy', 'open', 3)];
    expect(payoffAtExpiry(third, price(1_000_000)).breakEvens).toEqual([301 / 3]);
  });

  it('refuses legs without a common expiry or underlying', () => {
    const later: Legs = [buy('call', 100), leg(option('call', 100, tradingDay('2027-01-15')), 'sell', 'open')];
    expect(() => payoffAtExpiry(later, price(0))).toThrow('expire on different days');
    const other: Legs = [buy('call', 100), leg(equity(symbol('QQQ')), 'buy', 'open')];
    expect(() => payoffAtExpiry(other, price(0))).toThrow('QQQ is not of SPY');
  });

  it('gains nothing at its break-evens', () => {
    const condor: Legs = [buy('put', 90), sell('put', 95), sell('call', 105), buy('call', 110)];
    for (const at of payoffAtExpiry(condor, price(-1_150_000)).breakEvens)
      expect(gainAtExpiry(condor, price(-1_150_000), price(micros(at)))).toBe(0);
  });
});
