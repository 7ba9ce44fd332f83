// S-61: what an opening foretells is what it was judged by, comes of the quotes, and moves with them: no strategy has a constant for it.
import { describe, expect, it } from 'vitest';
import type { Decision, Open } from '../../../src/domain/decision.ts';
import type { Forecast, ForecastName } from '../../../src/domain/forecast.ts';
import { dollars } from '../../../src/domain/money.ts';
import { evaluate as dcs } from '../../../src/strategies/debit-call-spreads/entry.ts';
import { evaluate as dip } from '../../../src/strategies/dip-after-run/entry.ts';
import { evaluate as earn } from '../../../src/strategies/earnings-protection/entry.ts';
import { evaluate as lotto } from '../../../src/strategies/lotto-scanner/entry.ts';
import { evaluate as wheel } from '../../../src/strategies/wheel/entry.ts';
import { evaluate as zdte } from '../../../src/strategies/zero-dte-credit-spreads/entry.ts';
import * as dcsWorld from './dcs-worlds.ts';
import * as dipWorld from './dip-worlds.ts';
import * as earnWorld from './earn-worlds.ts';
import * as lottoWorld from './lotto-worlds.ts';
import * as wheelWorld from './wheel-worlds.ts';
import { contextOf, sharePosition } from './world.ts';
import * as zdteWorld from './zdte-worlds.ts';

/** The one opening of a world. */
function opening(decisions: readonly Decision[]): Open {
  const [open, ...more] = decisions.filter((d) => d.kind === 'open');
  if (open === undefined || more.length > 0) throw new Error(`${String(more.length)} openings too many, or none`);
  return open;
}
function forecast(open: Open, name: ForecastName): Forecast {
  const found = open.forecasts?.filter((f) => f.name === name) ?? [];
  expect(found).toHaveLength(1);
  return found[0] as Forecast;
}
const gate = (open: Open, name: string): unknown => open.gates.find((g) => g.name === name)?.observed;

const sells = (strikes = zdteWorld.strikes()) => opening(zdte(zdteWorld.ask(zdteWorld.risen({ strikes }))));
const buysSpread = (strikes = dcsWorld.withCalls(dcsWorld.quoted)) =>
  opening(dcs(contextOf(dcsWorld.marketOn({ strikes }), dcsWorld.params())));
const buysTicket = (strikes = lottoWorld.smile) => opening(lotto(contextOf(lottoWorld.moved({ strikes }), lottoWorld.params())));
const buysCall = (call: readonly [number, number]) => opening(dip(dipWorld.ask(dipWorld.dipWorld({ call }))));
const sellsPut = (strikes = wheelWorld.smile) => opening(wheel(contextOf(wheelWorld.cashWorld({}, strikes), wheelWorld.params())));
const sellsCondor = (sigma?: number) =>
  opening(earn(contextOf(earnWorld.evening(sigma === undefined ? {} : { front: { sigma } }), earnWorld.params({ mleg_calendar: false }))));

describe('a forecast is the figure of a gate', () => {
  it.each([
    ['zdte', () => sells(), 'gain_at_expiry', 'chance of a gain', 'quoted_smile'],
    ['zdte', () => sells(), 'strike_touched', 'put: chance that the short strike is touched', 'own_quote'],
    ['dcs', () => buysSpread(), 'gain_at_expiry', 'chance of a gain at the last price', 'quoted_smile'],
    ['dip', () => buysCall([2.72, 2.86]), 'gain_at_expiry', 'probability above break-even', 'quoted_smile'],
    ['dip', () => buysCall([2.72, 2.86]), 'multiple_in_time', 'probability of 3 times the price in time', 'own_quote'],
    ['earn', () => sellsCondor(), 'gain_at_expiry', 'chance of a gain at expiry', 'quoted_smile'],
    ['lotto', () => buysTicket(), 'multiple_in_time', 'chance of 3 times the price', 'own_quote'],
  ] as const)('%s', (_, make, name, of, method) => {
    const open = make();
    expect(forecast(open, name)).toMatchObject({ probability: gate(open, of), method });
  });
  it('lotto over a report: the jump beyond the level, on the morning after', () => {
    const quiet = lottoWorld.reportsTonight({ moves: Array.from({ length: 8 }, () => 0.07) });
    const willing = { earnings_universe: ['XYZ'], premium_max_usd: 2.3, min_volume: 50, p_hit_min: 0.05, cheap_max: 1 };
    const open = opening(lotto(contextOf(quiet, lottoWorld.params(willing))));
    const found = forecast(open, 'multiple_after_report');
    expect(found).toMatchObject({ probability: gate(open, 'chance of 3 times the price'), method: 'quoted_event' });
    expect(found.event).toMatchObject({ kind: 'stands', side: 'above', level: gate(open, 'share price it takes') });
  });
});

describe('its event is the one that the figure speaks of', () => {
  it('zdte: to end where the credit at the last rung is not eaten up, and the short strike before the close', () => {
    const open = sells();
    const credit = -dollars(open.prices.rungs.at(-1) ?? open.prices.rungs[0]);
    expect(forecast(open, 'gain_at_expiry').event).toEqual({
      kind: 'ends',
      day: '2026-03-10',
      within: [{ from: expect.closeTo(594 - credit, 8), to: null }],
    });
    expect(forecast(open, 'strike_touched').event).toMatchObject({ kind: 'touches', side: 'below', level: 594 });
  });
  it('earn: to end between the break-evens of the condor', () => {
    const { event } = forecast(sellsCondor(), 'gain_at_expiry');
    expect(event).toMatchObject({ kind: 'ends', within: [{ from: expect.any(Number), to: expect.any(Number) }] });
  });
  it('lotto: by the end of its horizon, 150 minutes from now', () => {
    const world = lottoWorld.moved();
    const { event } = forecast(buysTicket(), 'multiple_in_time');
    expect(event).toMatchObject({ kind: 'touches', by: world.at + 150 * 60_000 });
  });
  it('wheel: a put below its strike, a call above it', () => {
    expect(forecast(sellsPut(), 'in_the_money_at_expiry').event).toEqual({
      kind: 'ends',
      day: '2026-04-17',
      within: [{ from: null, to: 44 }],
    });
    const w = wheelWorld.cashWorld();
    dcsWorld.dividends(w, [], 'XYZ');
    const shares = {
      ...w,
      positions: [sharePosition('XYZ', 200, 43.02, '2026-03-03')],
      cycles: [wheelWorld.cycle(0, -43.02 * 200, '2026-03-03')],
    };
    const open = opening(wheel(contextOf(shares, wheelWorld.params())));
    const found = forecast(open, 'in_the_money_at_expiry');
    expect(found.probability).toBe(gate(open, 'probability to be called'));
    const { instrument } = open.legs[0];
    if (instrument.kind !== 'option') throw new Error('an option was sold');
    expect(found.event).toMatchObject({ within: [{ from: dollars(instrument.strike), to: null }] });
  });
});

describe('it moves with the quotes', () => {
  const raised = <T extends { readonly sigma: number }>(strikes: readonly T[], by: number): readonly T[] =>
    strikes.map((s) => ({ ...s, sigma: s.sigma * by }));
  it.each([
    ['zdte', 'gain_at_expiry', () => sells(), () => sells(raised(zdteWorld.strikes(), 1.08))],
    ['dcs', 'gain_at_expiry', () => buysSpread(), () => buysSpread(dcsWorld.withCalls(dcsWorld.quoted, raised(dcsWorld.smile, 1.02)))],
    ['dip', 'gain_at_expiry', () => buysCall([2.72, 2.86]), () => buysCall([2.9, 3.04])],
    ['dip', 'multiple_in_time', () => buysCall([2.72, 2.86]), () => buysCall([2.9, 3.04])],
    ['earn', 'gain_at_expiry', () => sellsCondor(), () => sellsCondor(earnWorld.sigmaOf(3) * 1.05)],
    ['lotto', 'multiple_in_time', () => buysTicket(), () => buysTicket(raised(lottoWorld.smile, 0.97))],
    ['wheel', 'in_the_money_at_expiry', () => sellsPut(), () => sellsPut(raised(wheelWorld.smile, 1.05))],
  ] as const)('%s %s', (_, name, one, other) => {
    const [a, b] = [forecast(one(), name).probability, forecast(other(), name).probability];
    expect(a).not.toBe(b);
    for (const p of [a, b]) {
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
    }
  });
});
