// Whatever comes in or goes out, and whenever: it is neither a profit nor a loss; and what is no number opens nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { usd } from '../../src/domain/money.ts';
import { known } from '../../src/domain/reasons.ts';
import { changeSince, drawdownOf, sizeFactor, tripsOf, unitsAfter } from '../../src/risk/losses.ts';
import { limits, micros, noLosses } from '../unit/risk/contexts.ts';

const amount = fc.integer({ min: -40_000, max: 40_000 });
/** A day's return and what comes in or goes out after it. */
const story = fc.array(fc.record({ gain: fc.double({ min: -0.05, max: 0.05, noNaN: true }), flow: amount }), {
  minLength: 1,
  maxLength: 30,
});

it('flows move neither the value of a unit nor the drawdown: they are those of the same account without any', () => {
  fc.assert(
    fc.property(story, (days) => {
      let [equity, units, peak] = [micros(100_000), micros(100_000), 1];
      let [bare, bareUnits, barePeak] = [1, 1, 1];
      for (const { gain, flow } of days) {
        equity = Math.round(equity * (1 + gain));
        bare *= 1 + gain;
        // Nobody can take out more than there is.
        const moved = Math.max(micros(flow), -Math.floor(equity / 2));
        units = unitsAfter(units, usd(equity + moved), usd(moved));
        equity += moved;
        peak = Math.max(peak, equity / units);
        barePeak = Math.max(barePeak, bare / bareUnits);
        expect(drawdownOf(equity / units, peak)).toBeCloseTo(drawdownOf(bare / bareUnits, barePeak), 6);
      }
      bareUnits = 1;
    }),
    { numRuns: 200 },
  );
});

it('the change since a base is the same whatever came in or went out in between', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: -10_000_000, max: 10_000_000 }),
      fc.array(amount),
      (base, gain, flows) => {
        const total = flows.reduce((a, b) => a + b, 0);
        expect(changeSince(usd(base + gain + total), usd(base), usd(total))).toBe(changeSince(usd(base + gain), usd(base), usd(0)));
      },
    ),
  );
});

it('a deeper loss never reaches fewer limits, and never leaves more of an opening', () => {
  const part = fc.double({ min: -0.5, max: 0.1, noNaN: true });
  fc.assert(
    fc.property(part, part, part, (a, b, drawdown) => {
      const [worse, better] = [Math.min(a, b), Math.max(a, b)];
      const at = (day: number) => tripsOf({ ...noLosses, day: known(day), drawdown: known(drawdown) }, limits.losses, []);
      expect(at(worse).length).toBeGreaterThanOrEqual(at(better).length);
      const left = (fall: number) => sizeFactor({ ...noLosses, drawdown: known(fall) }, limits.losses, limits.volatility);
      expect(left(worse)).toBeLessThanOrEqual(left(better));
    }),
  );
});
