// Whether a forecast came true, by what the ledger books and by what a market says afterwards.
import { describe, expect, it } from 'vitest';
import { dueAt, type Evidence, endsOf, type Foreteller, outcomeOf, type PriceBar, type Prices } from '../../../src/cli/report/outcome.ts';
import type { Forecast, Foretold } from '../../../src/domain/forecast.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { parseOcc } from '../../../src/domain/instrument.ts';
import { type EpochMs, epochMs, MINUTE, tradingDay } from '../../../src/domain/time.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import type { OptionEnd } from '../../../src/store/forecasts.ts';

const calendar = usCalendar();
const day = tradingDay('2026-03-10');
const before = tradingDay('2026-03-09');
const SPY = symbol('SPY');
const at = (hour: number, minute: number, on = day): EpochMs => calendar.instant(on, hour, minute);
const LATER = at(9, 0, tradingDay('2026-04-20'));

function end(occ: string, kind: OptionEnd['kind'], on = day): OptionEnd {
  const option = parseOcc(occ);
  if (option === undefined) throw new Error(occ);
  return { option, kind, day: on };
}
const foreteller = (event: Foretold, parts: Partial<Forecast> = {}, saidAt: EpochMs | null = at(10, 0)): Foreteller => ({
  underlying: SPY,
  saidAt,
  forecast: { name: 'gain_at_expiry', method: 'quoted_smile', probability: 0.8, spot: 600, event, ...parts },
});
const evidence = (parts: Partial<Evidence> = {}): Evidence => ({ calendar, ends: new Map(), prices: null, asOf: LATER, ...parts });
const booked = (...ends: readonly OptionEnd[]): Evidence => evidence({ ends: endsOf(ends, calendar) });

const above: Foretold = { kind: 'ends', day, within: [{ from: 593.44, to: null }] };
const condor: Foretold = { kind: 'ends', day, within: [{ from: 592.85, to: 606.15 }] };
const below: Foretold = { kind: 'ends', day, within: [{ from: null, to: 594 }] };
const P594 = 'SPY260310P00594000';
const P589 = 'SPY260310P00589000';
const C605 = 'SPY260310C00605000';

describe('the ledger alone', () => {
  it.each([
    ['a short put that expired: the share ended above', above, [end(P594, 'expiry')], true],
    ['both puts assigned and exercised: under both', above, [end(P594, 'assignment'), end(P589, 'exercise')], false],
    ['a condor of which all legs expired', condor, [end(P594, 'expiry'), end(C605, 'expiry')], true],
    ['a put in the money', below, [end(P594, 'assignment')], true],
    ['a put out of the money', below, [end(P594, 'expiry')], false],
  ] as const)('%s', (_, event, ends, happened) => {
    expect(outcomeOf(foreteller(event), booked(...ends))).toEqual({ kind: 'known', happened, from: 'ledger' });
  });
  it.each([
    ['says nothing where the trade was left before', above, [], 'NOT_IN_LEDGER'],
    ['says nothing of a day by an assignment before it', below, [end(P594, 'assignment', before)], 'NOT_IN_LEDGER'],
    ['does not guess between strikes', above, [end(P594, 'assignment'), end(P589, 'expiry')], 'BETWEEN_STRIKES'],
    ['does not choose where its rows contradict each other', above, [end(P589, 'assignment'), end(P594, 'expiry')], 'CONTRADICTORY'],
    ['does not know a path', { kind: 'touches', side: 'below', level: 594, by: at(16, 0) }, [end(P594, 'assignment')], 'NOT_IN_LEDGER'],
  ] as const)('%s', (_, event, ends, reason) => {
    expect(outcomeOf(foreteller(event), booked(...ends))).toEqual({ kind: 'unknown', reason });
  });
  it('judges by the options of other trades on the same name and day, too', () => {
    expect(outcomeOf(foreteller(above), booked(end('SPY260310P00598000', 'expiry')))).toMatchObject({ happened: true });
    expect(outcomeOf(foreteller(above), booked(end('QQQ260310P00598000', 'expiry')))).toMatchObject({ reason: 'NOT_IN_LEDGER' });
  });
  it('waits for the close of the last day', () => {
    const asOf = at(15, 59);
    expect(outcomeOf(foreteller(above), { ...booked(end(P594, 'expiry')), asOf })).toEqual({ kind: 'unknown', reason: 'NOT_DUE' });
    expect(dueAt(above, calendar)).toBe(at(16, 0));
  });
});

/** A market with one close a day and bars of a minute from 10:00 on. */
function market(
  closes: Readonly<Record<string, number>>,
  path: readonly (readonly [high: number, low: number])[] = [],
  from = at(10, 0),
): Prices {
  const bars = path.map(([high, low], i): PriceBar => ({ at: epochMs(from + i * MINUTE), minutes: 1, high, low, close: (high + low) / 2 }));
  return {
    close: (name, on) => (name === SPY ? closes[on] : undefined),
    bars: (_, first, last) => bars.filter((bar) => bar.at >= first && bar.at + MINUTE <= last),
  };
}
const priced = (prices: Prices, parts: Partial<Evidence> = {}): Evidence => evidence({ prices, ...parts });

describe('with a market', () => {
  it.each([
    [593.45, true],
    [593.44, false],
    [590, false],
  ])('a close of %d decides an end', (close, happened) => {
    expect(outcomeOf(foreteller(above), priced(market({ [day]: close })))).toEqual({ kind: 'known', happened, from: 'market' });
  });
  it('comes before the ledger, which speaks where it is silent', () => {
    const { ends } = booked(end(P594, 'expiry'));
    expect(outcomeOf(foreteller(above), priced(market({ [day]: 590 }), { ends }))).toMatchObject({ happened: false, from: 'market' });
    expect(outcomeOf(foreteller(above), priced(market({}), { ends }))).toMatchObject({ happened: true, from: 'ledger' });
    expect(outcomeOf(foreteller(above), priced(market({})))).toEqual({ kind: 'unknown', reason: 'BARS_MISSING' });
  });
  it('knows a split by prices of another size', () => {
    expect(outcomeOf(foreteller(above), priced(market({ [day]: 60 })))).toEqual({ kind: 'unknown', reason: 'SPLIT' });
  });

  const touch: Foretold = { kind: 'touches', side: 'below', level: 594, by: at(10, 30) };
  const flat = Array.from({ length: 30 }, () => [600.5, 599.5] as const);
  const dip = flat.map((bar, i) => (i === 17 ? ([600, 594] as const) : bar));
  it.each([
    ['happened in one minute', dip, { kind: 'known', happened: true, from: 'market' }],
    ['did not happen in any', flat, { kind: 'known', happened: false, from: 'market' }],
    ['is not denied where minutes are missing', flat.slice(0, 15), { kind: 'unknown', reason: 'BARS_INCOMPLETE' }],
    ['is affirmed by those there are', dip.slice(0, 18), { kind: 'known', happened: true, from: 'market' }],
    ['is not known without any', [], { kind: 'unknown', reason: 'BARS_MISSING' }],
  ] as const)('a touch %s', (_, path, outcome) => {
    expect(outcomeOf(foreteller(touch), priced(market({ [day]: 600 }, path)))).toEqual(outcome);
  });
  it('counts no minute before the decision or after the deadline', () => {
    const early = market({ [day]: 600 }, [[600, 590], ...flat], at(9, 59));
    const late = market({ [day]: 600 }, [...flat, [600, 590]]);
    for (const prices of [early, late]) expect(outcomeOf(foreteller(touch), priced(prices))).toMatchObject({ happened: false });
  });
  it('judges no path whose beginning is not on record', () => {
    expect(outcomeOf(foreteller(touch, {}, null), priced(market({ [day]: 600 }, dip)))).toEqual({
      kind: 'unknown',
      reason: 'DECISION_MISSING',
    });
  });

  it.each([
    ['above', 600.5, true],
    ['below', 600.5, false],
    ['above', 599, false],
  ] as const)('where it stands at an instant: %s', (side, last, happened) => {
    const stands: Foretold = { kind: 'stands', side, level: 600, at: at(10, 30) };
    const path = [...flat.slice(0, 29), [last, last] as const];
    expect(outcomeOf(foreteller(stands), priced(market({ [day]: 600 }, path)))).toMatchObject({ happened });
  });
  it('does not carry an old price to that instant', () => {
    const stands: Foretold = { kind: 'stands', side: 'above', level: 600, at: at(11, 0) };
    expect(outcomeOf(foreteller(stands), priced(market({ [day]: 600 }, flat)))).toEqual({ kind: 'unknown', reason: 'BARS_MISSING' });
  });
});
