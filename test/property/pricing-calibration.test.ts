// What must hold of any forecasts: the parts make the score, order is nothing, and a right model comes out calibrated.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Rng, seededRng } from '../../src/base/rng.ts';
import { dailyPath } from '../../src/exchange/synthetic/daily-path.ts';
import { streamOf } from '../../src/exchange/synthetic/draws.ts';
import { minutePath, profileOf } from '../../src/exchange/synthetic/minute-path.ts';
import { syntheticNames } from '../../src/exchange/synthetic/names.ts';
import { sessionIndex } from '../../src/exchange/synthetic/session-index.ts';
import { usCalendar } from '../../src/market/calendar.ts';
import { type Calibration, calibration, disjointSpans, type Judged, wilson } from '../../src/pricing/calibration.ts';
import { type EndTerms, probabilityBeyond } from '../../src/pricing/probability.ts';
import { touchProbability } from '../../src/pricing/touch.ts';

function done(judged: readonly Judged[]): Calibration {
  const found = calibration(judged);
  if (found.kind === 'refused') throw new Error(found.reason);
  return found.calibration;
}

const forecasts = fc.array(fc.record({ predicted: fc.double({ min: 0, max: 1, noNaN: true }), happened: fc.boolean() }), {
  minLength: 1,
  maxLength: 200,
});

describe('the decomposition', () => {
  it('makes the score, whatever was foretold and whatever happened', () => {
    fc.assert(
      fc.property(forecasts, (judged) => {
        const { brier, parts } = done(judged);
        const sum = parts.reliability - parts.resolution + parts.uncertainty + parts.withinVariance - parts.withinCovariance;
        expect(Math.abs(sum - brier)).toBeLessThan(1e-12);
      }),
    );
  });
  it('has no negative part, and resolves no more than there was to be known', () => {
    fc.assert(
      fc.property(forecasts, (judged) => {
        const { parts, baseRateBrier, buckets, count } = done(judged);
        for (const part of [parts.reliability, parts.resolution, parts.uncertainty, parts.withinVariance])
          expect(part).toBeGreaterThanOrEqual(0);
        expect(parts.resolution).toBeLessThanOrEqual(parts.uncertainty + 1e-12);
        expect(baseRateBrier).toBe(parts.uncertainty);
        expect(buckets.reduce((sum, b) => sum + b.count, 0)).toBe(count);
        for (const b of buckets) {
          expect(b.interval.low).toBeLessThanOrEqual(b.observed);
          expect(b.interval.high).toBeGreaterThanOrEqual(b.observed);
        }
      }),
    );
  });
  it('is the same to the last bit in any order', () => {
    fc.assert(
      fc.property(
        forecasts.chain((judged) => fc.tuple(fc.constant(judged), fc.shuffledSubarray(judged, { minLength: judged.length }))),
        ([judged, shuffled]) => {
          expect(done(shuffled)).toEqual(done(judged));
        },
      ),
    );
  });
  it('turns round with the question: what does not happen is foretold by the complement, at the same score', () => {
    fc.assert(
      fc.property(forecasts, (judged) => {
        const turned = judged.map(({ predicted, happened }) => ({ predicted: 1 - predicted, happened: !happened }));
        expect(Math.abs(done(turned).brier - done(judged).brier)).toBeLessThan(1e-12);
        expect(Math.abs(done(turned).parts.uncertainty - done(judged).parts.uncertainty)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('spans that do not overlap', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 10 }))
    .map(([from, long]) => ({ from, to: from + long }));
  /** Every subset, the largest without an overlap. */
  const most = (spans: readonly { readonly from: number; readonly to: number }[]): number => {
    let best = 0;
    for (let subset = 0; subset < 2 ** spans.length; subset++) {
      const chosen = spans.filter((_, i) => (subset >> i) & 1).sort((a, b) => a.from - b.from);
      if (chosen.every((s, i) => i === 0 || s.from >= (chosen[i - 1]?.to ?? 0))) best = Math.max(best, chosen.length);
    }
    return best;
  };
  it('are as many as the best choice has', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 9 }), (spans) => {
        expect(disjointSpans(spans)).toBe(most(spans));
      }),
    );
  });
});

/** Each bucket's mean forecast lies within the sampling error of its share: 4 deviations, so that ten buckets in a hundred worlds hold. */
const WIDE = 4;
function expectCalibrated(judged: readonly Judged[], leastBuckets: number): void {
  const { buckets } = done(judged);
  expect(buckets.length).toBeGreaterThanOrEqual(leastBuckets);
  for (const { observed, count, meanPredicted } of buckets) {
    const { low, high } = wilson(observed, count, WIDE);
    expect(meanPredicted).toBeGreaterThanOrEqual(low);
    expect(meanPredicted).toBeLessThanOrEqual(high);
  }
}

const PATHS = 20_000;

describe('draws of the probabilities themselves', () => {
  it.each([1, 2, 3])('are calibrated, with hardly any loss to reliability: seed %d', (seed) => {
    const rng = seededRng(seed);
    const judged = Array.from({ length: PATHS }, (): Judged => {
      const predicted = rng.float();
      return { predicted, happened: rng.float() < predicted };
    });
    expectCalibrated(judged, 10);
    expect(done(judged).parts.reliability).toBeLessThan(0.001);
    expect(done(judged).brier).toBeCloseTo(1 / 6, 2);
  });
  it('are not, when the odds are told a third too timid', () => {
    const rng = seededRng(4);
    const judged = Array.from({ length: PATHS }, (): Judged => {
      const truth = rng.float();
      return { predicted: 0.5 + (truth - 0.5) * 0.67, happened: rng.float() < truth };
    });
    expect(() => expectCalibrated(judged, 6)).toThrow();
  });
});

interface Path {
  readonly terms: EndTerms;
  readonly sigma: number;
  readonly level: number;
  /** Logarithm of the end over the start. */
  readonly end: number;
}

/** A share, a level within two deviations or so, and a draw of where geometric Brownian motion ends. */
function drawPath(rng: Rng, drift = 0): Path {
  const sigma = 0.08 + 0.7 * rng.float();
  const years = (1 + 60 * rng.float()) / 365;
  const terms = { spot: 20 + 400 * rng.float(), years, rate: 0.06 * rng.float(), dividendYield: 0.03 * rng.float() };
  const deviation = sigma * Math.sqrt(years);
  const mean = (terms.rate - terms.dividendYield + drift - sigma ** 2 / 2) * years;
  const level = terms.spot * Math.exp(1.8 * deviation * rng.normal());
  return { terms, sigma, level, end: mean + deviation * rng.normal() };
}

/** Whether the path between its two ends got to the level: the law of a Brownian bridge's furthest point, exact, so that no step is missed. */
function touched(rng: Rng, { terms, sigma, level, end }: Path): boolean {
  const distance = Math.log(level / terms.spot);
  if (distance > 0 ? end >= distance : end <= distance) return true;
  const chance = Math.exp((-2 * distance * (distance - end)) / (sigma ** 2 * terms.years));
  return rng.float() < chance;
}

describe('lognormal paths', () => {
  it.each([11, 12, 13])('end beyond a level as often as foretold: seed %d', (seed) => {
    const rng = seededRng(seed);
    const judged = Array.from({ length: PATHS }, (): Judged => {
      const path = drawPath(rng);
      return {
        predicted: probabilityBeyond('above', path.level, path.terms, path.sigma),
        happened: path.end > Math.log(path.level / path.terms.spot),
      };
    });
    expectCalibrated(judged, 10);
  });
  it.each([21, 22, 23])('touch a level as often as foretold: seed %d', (seed) => {
    const rng = seededRng(seed);
    const judged = Array.from({ length: PATHS }, (): Judged => {
      const path = drawPath(rng);
      const { terms, sigma, level } = path;
      return { predicted: touchProbability({ ...terms, barrier: level, sigma }), happened: touched(rng, path) };
    });
    expectCalibrated(judged, 10);
  });
  it('show it when the world drifts and the model does not: levels above are passed more often than foretold', () => {
    const rng = seededRng(31);
    const judged = Array.from({ length: PATHS }, (): Judged => {
      const path = drawPath(rng, 1);
      return {
        predicted: probabilityBeyond('above', path.level, path.terms, path.sigma),
        happened: path.end > Math.log(path.level / path.terms.spot),
      };
    });
    expect(() => expectCalibrated(judged, 10)).toThrow();
    expect(done(judged).baseRate).toBeGreaterThan(done(judged).meanPredicted + 0.02);
  });
});

const SESSIONS = 600;
const NAMES = 6;
const LEVELS = 4;
const MINUTES_A_YEAR = 252 * 390;

/** One regular session of a synthetic name, minute by minute, with the deviation that its own law gave it. */
function* sessionsOf(seed: number) {
  const sessions = sessionIndex(usCalendar());
  const profile = profileOf(390);
  for (const name of syntheticNames.slice(0, NAMES)) {
    const path = dailyPath(seed, name, sessions);
    const streams = { minutes: streamOf(seed, `${name.symbol}/minutes`), seconds: 0, volumes: 0 };
    for (let index = 1; index <= SESSIONS; index++) {
      const step = path.step(index);
      yield { step, path: minutePath(profile, step, streams, index) };
    }
  }
}

describe('the minute paths of the synthetic market', () => {
  const years = 390 / MINUTES_A_YEAR;
  it.each([7, 8])('end and touch as often as their own deviation says, from the open to the close: seed %d', (seed) => {
    const rng = seededRng(seed);
    const ends: Judged[] = [];
    const touches: Judged[] = [];
    for (const { step, path } of sessionsOf(seed)) {
      const sigma = step.deviation / Math.sqrt(years);
      // Logs of prices have no drift in the synthetic market: the rate that gives the model none either.
      const terms = { spot: 100, years, rate: sigma ** 2 / 2, dividendYield: 0 };
      for (let i = 0; i < LEVELS; i++) {
        const distance = step.deviation * 1.5 * rng.normal();
        const level = 100 * Math.exp(distance);
        const happened = step.close - step.open > distance;
        ends.push({ predicted: probabilityBeyond('above', level, terms, sigma), happened });
        const extremes = distance > 0 ? path.highs : path.lows;
        const reached = extremes.some((at) => (distance > 0 ? at - step.open >= distance : at - step.open <= distance));
        touches.push({ predicted: touchProbability({ ...terms, barrier: level, sigma }), happened: reached });
      }
    }
    for (const judged of [ends, touches]) {
      // Several levels share a session: as many independent draws as there are sessions, not levels.
      for (const { observed, count, meanPredicted } of done(judged).buckets) {
        const { low, high } = wilson(observed, count / LEVELS, WIDE);
        expect(meanPredicted).toBeGreaterThanOrEqual(low);
        expect(meanPredicted).toBeLessThanOrEqual(high);
      }
      expect(done(judged).parts.reliability).toBeLessThan(0.002);
    }
  });
  it('move less than their options say, as they are made to: at the quoted volatility the odds are told too timid', () => {
    const judged: Judged[] = [];
    for (const { step } of sessionsOf(9)) {
      const quoted = step.deviation / 0.85;
      const sigma = quoted / Math.sqrt(years);
      const terms = { spot: 100, years, rate: sigma ** 2 / 2, dividendYield: 0 };
      judged.push({
        predicted: probabilityBeyond('above', 100 * Math.exp(quoted), terms, sigma),
        happened: step.close - step.open > quoted,
      });
    }
    const { meanPredicted, baseRate, count } = done(judged);
    expect(meanPredicted).toBeGreaterThan(wilson(baseRate, count, 3).high);
  });
});
