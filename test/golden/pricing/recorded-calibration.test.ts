// Probabilities that recorded quotes give (WSB_SHARED), held against where the names ended.
//
// The forecasts are anything but independent: ten strikes of an expiry share one end, each day's chain speaks of the same expiries as the
// day before, and all names move with one market. So a bucket counts as many independent observations as it has forecasts whose spans of
// time do not overlap, whatever their names: the fewest there can be. Its sampling interval is Wilson's for that many, at 99.5 %, so that
// all ten hold together at 95 %. That is wide, and it is what this data can show.
import { beforeAll, describe, expect, it } from 'vitest';
import { recordedSets } from '../../../scripts/calibration/chains.ts';
import { type Recorded, type RecordedForecast, recordedForecasts, widened } from '../../../scripts/calibration/recorded.ts';
import { type Calibration, calibration } from '../../../src/pricing/calibration.ts';
import { root } from '../../tidy/repository.ts';

const shared = process.env['WSB_SHARED'];
/** Two-sided 0.5 %: a twentieth shared by ten buckets. */
const Z = 2.807;
/** Buckets with fewer spans apart are not asked anything. */
const WELL_FILLED = 10;

function done(forecasts: readonly RecordedForecast[]): Calibration {
  const found = calibration(forecasts);
  if (found.kind === 'refused') throw new Error(found.reason);
  return found.calibration;
}

describe.skipIf(shared === undefined)('S-61: chances to end above a strike, on recorded chains of WSB_SHARED', () => {
  let recorded: Recorded;
  beforeAll(() => {
    recorded = recordedForecasts(String(shared), root);
  }, 240_000);

  it('come of every set that is asked for, some thousands in all, and what is left out has its reason', () => {
    expect([...new Set(recorded.forecasts.map((f) => f.set))]).toEqual(recordedSets.map((set) => set.name));
    expect(recorded.forecasts.length).toBeGreaterThan(7_000);
    expect(recorded.leftOut['no rate']).toBe(0);
    // The one snapshot taken at the close of its own expiry.
    expect(recorded.leftOut['over at the snapshot']).toBe(1);
  });
  it('lie on an even grid: each tenth from 0 to 1 has its share', () => {
    const { buckets, count } = done(recorded.forecasts);
    expect(buckets).toHaveLength(10);
    for (const bucket of buckets) expect(bucket.count / count).toBeGreaterThan(0.05);
  });
  it('score better than the base rate does, known beforehand though it is here: 0.143 against 0.248', () => {
    const { brier, baseRateBrier, skill } = done(recorded.forecasts);
    expect(brier).toBeLessThan(0.15);
    expect(baseRateBrier).toBeGreaterThan(0.24);
    expect(skill).toBeGreaterThan(0.4);
  });
  it('lie, bucket by bucket, within the sampling interval of as many ends as can be independent', () => {
    const buckets = widened(recorded.forecasts, done(recorded.forecasts).buckets, Z).filter((b) => b.independent >= WELL_FILLED);
    expect(buckets.length).toBeGreaterThanOrEqual(9);
    for (const { meanPredicted, widened: within } of buckets) {
      expect(meanPredicted).toBeGreaterThanOrEqual(within.low);
      expect(meanPredicted).toBeLessThanOrEqual(within.high);
    }
  });
  it('rank: of two buckets the one foretold more happened more', () => {
    const observed = done(recorded.forecasts).buckets.map((b) => b.observed);
    expect(observed).toEqual([...observed].sort((a, b) => a - b));
  });
  it('lose little to reliability over all, and each set is off to the side that its market went', () => {
    expect(done(recorded.forecasts).parts.reliability).toBeLessThan(0.01);
    const gone = (set: string): number => {
      const { baseRate, meanPredicted } = done(recorded.forecasts.filter((f) => f.set === set));
      return baseRate - meanPredicted;
    };
    // The S&P rose 27 % in 2021 and 5 % in January 2018; Netflix fell by a quarter in the winter of 2025.
    expect(gone('SPY 2021')).toBeGreaterThan(0.05);
    expect(gone('SPXW 2018-01')).toBeGreaterThan(0.05);
    expect(gone('NFLX 2025-11')).toBeLessThan(-0.2);
  });
  it('beat the same view told as a certainty; and told the wrong way round they lie outside', () => {
    const certain = recorded.forecasts.map((f) => ({ ...f, predicted: Number(f.predicted > 0.5) }));
    expect(done(certain).brier).toBeGreaterThan(done(recorded.forecasts).brier + 0.03);
    const turned = recorded.forecasts.map((f) => ({ ...f, predicted: 1 - f.predicted }));
    const outside = widened(turned, done(turned).buckets, Z).filter(
      ({ meanPredicted, widened: within }) => meanPredicted < within.low || meanPredicted > within.high,
    );
    expect(outside.length).toBeGreaterThanOrEqual(4);
  });
  it('were too timid, if anything: squared odds would have scored as well, as where less moves than options are paid for', () => {
    const surer = recorded.forecasts.map((f) => {
      const odds = (f.predicted / (1 - f.predicted)) ** 2;
      return { ...f, predicted: odds / (1 + odds) };
    });
    expect(Math.abs(done(surer).brier - done(recorded.forecasts).brier)).toBeLessThan(0.005);
  });
});
