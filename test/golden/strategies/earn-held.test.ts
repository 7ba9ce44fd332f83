// The report trades over the night and on the morning after, and the insurance of shares that others hold.
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/domain/position.ts';
import { evaluate } from '../../../src/strategies/earnings-protection/entry.ts';
import { manage } from '../../../src/strategies/earnings-protection/manage.ts';
import { earningsProtection } from '../../../src/strategies/earnings-protection.ts';
import {
  addName,
  BACK,
  EVENT,
  evening,
  type HeldTold,
  morning,
  NAME,
  opened,
  params,
  report,
  SPOT,
  sigmaOf,
  TUESDAY,
} from './earn-worlds.ts';
import { expectGolden } from './golden.ts';
import { closesOf, gate, opensOf, passesOf } from './wheel-worlds.ts';
import { contextOf, sharePosition, type World, world } from './world.ts';
import { holding, optionOf } from './world-more.ts';

const said = (w: World) => manage(contextOf(w, params()));
const at = (hour: number, minute: number, spot = SPOT, told: HeldTold = {}) => said(morning(spot, hour, minute, opened(told)));

describe('the morning after', () => {
  it.each([
    [9, 31, SPOT, undefined],
    [9, 44, SPOT, undefined],
    [9, 45, SPOT, 'TIME_STOP'],
    [10, 7, SPOT, 'TIME_STOP'],
    [10, 8, SPOT, undefined], // a patient walk would not be over by 10:15
    [10, 15, SPOT, 'FLAT_TIME'],
    [11, 0, SPOT, 'FLAT_TIME'],
    [9, 34, 285, undefined],
    [9, 35, 285, 'INVALIDATION'], // 14 % is beyond twice 6.5 %
    [9, 35, 282, undefined], // 12.8 % is not
    [9, 35, 215, 'INVALIDATION'],
  ])('at %d:%d with the share at %d: %s', (hour, minute, spot, code) => {
    const decisions = at(hour, minute, spot);
    expect(decisions).toHaveLength(1);
    expect(closesOf(decisions)[0]?.code).toBe(code);
    if (code === undefined) expect(passesOf(decisions)).toMatchObject([{ code: 'HOLD' }]);
  });
  it('walks from mid to natural first, and through it from 10:15 on, never for more than the width', () => {
    const [patient] = closesOf(at(9, 45, 262));
    expect(patient?.qty).toBe(2);
    expect(patient?.prices.stepMs).toBe(90_000);
    expect(patient?.prices.rungs.every((rung) => rung > 0)).toBe(true);
    const [urgent] = closesOf(said(morning(290, 10, 15, opened(), { half: 0.5 })));
    expect(Math.max(...(urgent?.prices.rungs ?? []))).toBeLessThanOrEqual(5_000_000);
    expectGolden('earn-morning', at(9, 45, 262));
  });
  it('buys back what was sold leg by leg where nobody bids for a wing, and keeps the wing', () => {
    const closes = closesOf(said(morning(SPOT, 9, 45, opened(), { unbid: true })));
    expect(closes.map((c) => [c.code, c.legs.length, c.legs[0].side, c.legs[0].instrument.symbol, c.qty])).toEqual([
      ['TIME_STOP', 1, 'buy', 'XYZ270129P00232500', 2],
      ['TIME_STOP', 1, 'buy', 'XYZ270129C00267500', 2],
    ]);
    const t = opened();
    const wings = { ...t, held: t.held.filter((h) => h.qty > 0) };
    const left = said(morning(SPOT, 10, 0, wings, { unbid: true }));
    expect(left).toMatchObject([
      { kind: 'pass', code: 'HOLD' },
      { kind: 'pass', code: 'HOLD' },
    ]);
    expect(closesOf(said(morning(SPOT, 10, 0, wings))).map((c) => c.code)).toEqual(['INVALIDATION', 'INVALIDATION']);
  });
  it('never pays to be rid of a calendar', () => {
    const [close] = closesOf(at(10, 15, 320, { kind: 'calendar' }));
    expect(close?.prices.rungs.every((rung) => rung <= 0)).toBe(true);
  });
  it('ends what a night too many has left at any hour', () => {
    expect(closesOf(at(9, 40, SPOT, { exitDay: TUESDAY }))[0]?.code).toBe('FLAT_TIME');
  });
  it('ends a trade whose own record cannot be read on the first morning', () => {
    const t = { ...opened(), thesis: null };
    expect(closesOf(said(morning(SPOT, 9, 45, t)))[0]?.code).toBe('TIME_STOP');
  });
  it('holds what has no quote, and says so', () => {
    const w = morning(SPOT, 9, 45, opened(), {});
    const quote = w.board.quote(optionOf('XYZ', '2027-01-29', 'call', 267.5).symbol);
    if (quote === undefined) throw new Error('no quote');
    w.board.setQuote({ ...quote, ageAtSightMs: 16_000 });
    expect(said(w)).toMatchObject([{ kind: 'pass', code: 'QUOTE_STALE' }]);
  });
});

describe('the evening before', () => {
  const held = (told: Parameters<typeof evening>[0] = {}, of: HeldTold = {}) => {
    const w = holding(evening({ hour: 15, minute: 40, ...told }), opened(of));
    return said(w);
  };
  it('is waited out', () => expect(held()).toMatchObject([{ kind: 'pass', code: 'HOLD' }]));
  it('a report that was moved ends the trade at once', () => {
    const moved = held({ next: [report(NAME, '2027-02-02', 'AMC')] });
    expect(closesOf(moved)[0]).toMatchObject({ code: 'INVALIDATION', qty: 2 });
    expect(closesOf(held({ next: [report(NAME, '2027-01-27', 'BMO')] }))).toEqual([]);
  });
  it('a calendar of reports that cannot say changes nothing', () => {
    const w = holding(evening({ hour: 15, minute: 40 }), opened());
    w.board.setEarnings([]);
    expect(closesOf(said(w))).toEqual([]);
  });
  it.each([
    [0.2, true],
    [0.3, false],
    [0.6, false],
  ])('with %d of the event`s variance left, ended: %s', (left, ended) => {
    const front = { sigma: sigmaOf(3, 0.28, EVENT * Math.sqrt(left)) };
    expect(closesOf(held({ front, hour: 16, minute: 0 })).length > 0).toBe(ended);
  });
});

it('a contract adjusted over the night is held until what it delivers is settled', () => {
  const t = opened({ kind: 'condor', units: 1 });
  const w = morning(SPOT, 9, 45, t);
  const [leg] = t.held;
  const contract = leg === undefined ? undefined : w.board.contract(leg.instrument.symbol);
  if (contract === undefined) throw new Error('not listed');
  w.board.setContract({ ...contract, standard: false });
  expect(closesOf(said(w))).toEqual([]);
  expect(passesOf(said(w))).toMatchObject([{ code: 'RECON_PENDING', why: expect.stringContaining('was adjusted') as string }]);
});

describe('what an assignment leaves', () => {
  it('shares go first, then the options beside them', () => {
    const t = opened({ kind: 'calendar', units: 1 });
    const [long] = t.held;
    if (long === undefined) throw new Error('no legs');
    const shares = sharePosition('XYZ', -100, 250, '2027-01-27', 'earn');
    const assigned = { ...t, held: [long, { instrument: shares.instrument, qty: shares.qty, cash: shares.cost }] };
    const closes = closesOf(said(morning(260, 9, 36, assigned)));
    expect(closes.map((c) => [c.code, c.legs[0].side, c.legs[0].instrument.kind, c.qty])).toEqual([
      ['INVALIDATION', 'sell', 'option', 1],
      ['ASSIGNED', 'buy', 'equity', 100],
    ]);
  });
  it('a short option that lost its long one is bought back', () => {
    const t = opened({ kind: 'condor', units: 1 });
    const bare = { ...t, held: t.held.filter((h) => h.qty < 0 && h.instrument.symbol.includes('C')) };
    expect(closesOf(said(morning(260, 9, 36, bare)))[0]).toMatchObject({ code: 'EARLY_ASSIGNMENT_RISK', qty: 1 });
  });
});

describe('insurance', () => {
  const owned = (count: number, owner = 'EXTERNAL'): Position => sharePosition('XYZ', count, 240, '2026-12-01', owner);
  const insured = (positions: readonly Position[], told: Parameters<typeof evening>[0] = {}, over: Record<string, unknown> = {}) =>
    evaluate(contextOf({ ...evening({ back: { expiry: '2027-02-05', sigma: sigmaOf(10) }, ...told }), others: positions }, params(over)));
  const cheap = { protect_cost_max_pct: 0.02 };
  it('buys a put at or under the expected low for each hundred shares, whoever holds them', () => {
    const [open] = opensOf(insured([owned(150, 'wheel'), owned(60)], {}, cheap));
    // 250 x (1 - 0.065) = 233.75; the expiry of Friday is three days away, five are asked.
    expect(open?.legs).toMatchObject([{ side: 'buy', instrument: { symbol: 'XYZ270205P00232500' } }]);
    expect(open?.qty).toBe(2);
    expect(open?.thesis).toMatchObject({ kind: 'protect', exitDay: '2027-01-27' });
    expectGolden('earn-protect', insured([owned(210)], {}, cheap));
  });
  it('is not bought for more than it may cost', () => {
    const decisions = insured([owned(200)]);
    expect(passesOf(decisions)).toMatchObject([{ code: 'PREMIUM_TOO_HIGH' }]);
  });
  it.each([['EXTERNAL'], ['wheel'], ['base']])('sells no call against shares of %s, and names the reason', (owner) => {
    const decisions = insured([owned(200, owner)], {}, cheap);
    const [open] = opensOf(decisions);
    expect(open?.legs).toHaveLength(1);
    expect(open?.gates).toContainEqual({ name: 'collar', threshold: null, observed: 'COVER_NOT_OURS', pass: true });
    expect(gate(open, 'shares that would cover a call')).toBe(`200 of ${owner}`);
    expect(decisions.some((d) => d.kind === 'open' && d.legs.some((l) => l.side === 'sell'))).toBe(false);
  });
  it('leaves small holdings and quiet reports alone', () => {
    const equity = { equity: 1_000_000, settledCash: 1_000_000, optionsBuyingPower: 1_000_000, ageMs: 0 };
    const w = { ...evening({ back: { expiry: BACK } }), others: [owned(110)], account: equity };
    // 27,500 is under 3 % of a million: the name is judged for a structure instead.
    expect(opensOf(evaluate(contextOf(w, params())))[0]?.thesis).toMatchObject({ kind: 'calendar' });
    const quiet = { front: { sigma: sigmaOf(3, 0.28, 0.045) }, back: { expiry: '2027-02-05', sigma: sigmaOf(10, 0.28, 0.045) } };
    expect(passesOf(insured([owned(200)], quiet, cheap))).toMatchObject([{ code: 'EDGE_TOO_SMALL' }]);
  });
  it('comes before structures, and takes none of their places', () => {
    const w = world(TUESDAY);
    for (const name of ['AAA', 'XYZ']) addName(w, name, { back: { expiry: '2027-02-05', sigma: sigmaOf(10) } });
    const ctx = contextOf(
      { ...w, others: [owned(100)] },
      params({ ...cheap, universe: ['AAA', 'XYZ'], mleg_calendar: false, max_positions: 1 }),
    );
    expect(opensOf(evaluate(ctx)).map((d) => d.subject)).toEqual(['XYZ', 'AAA']);
  });
  it('is judged for shares outside the universe, too', () => {
    const decisions = insured([owned(200)], {}, { ...cheap, universe: ['ZZZ'] });
    expect(opensOf(decisions).map((d) => d.subject)).toEqual(['XYZ']);
    expect(passesOf(decisions)).toMatchObject([{ subject: 'ZZZ', code: 'EARNINGS_UNKNOWN' }]);
  });
  it('says how much of a held call is time value, and does nothing about it', () => {
    const call = { ...owned(1, 'leaps'), instrument: optionOf('XYZ', BACK, 'call', 250) };
    const w = { ...evening(), others: [call] };
    const [open] = opensOf(evaluate(contextOf(w, params())));
    expect(gate(open, `time value of ${call.instrument.symbol}`)).toBe(1);
  });
  it('ends with the night', () => {
    const w = morning(SPOT, 9, 45, opened({ kind: 'protect', units: 1 }));
    expect(closesOf(said(w))[0]).toMatchObject({ code: 'TIME_STOP', qty: 1 });
  });
});

describe('what is fetched', () => {
  const needs = (w: World, phase: 'entry' | 'manage') => {
    const ctx = contextOf(w, params());
    return { ...ctx, phase, equity: ctx.account.equity };
  };
  it('on an evening without a report: nothing but the calendar of reports', () => {
    const quiet = needs(evening({ next: [report(NAME, '2027-02-24', 'AMC')] }), 'entry');
    expect(earningsProtection.watches(quiet)).toMatchObject({ quotes: [], dailyBars: [], ivHistory: [], earnings: [NAME] });
    expect(earningsProtection.chains(quiet)).toEqual([]);
  });
  it('on the evening of one: its bars, its history and its chain', () => {
    const asked = earningsProtection.watches(needs(evening(), 'entry'));
    expect(asked).toMatchObject({ quotes: [NAME], dailyBars: [{ symbol: NAME, sessions: 1_500 }], ivHistory: [NAME] });
    expect(earningsProtection.chains(needs(evening(), 'entry'))).toEqual([{ underlying: NAME, dteFrom: 1, dteTo: 55 }]);
    expect(earningsProtection.chains(needs(evening({ moves: [0.04] }), 'entry'))).toEqual([]);
  });
  it('for what is held: its legs, its share and the last close', () => {
    const asked = earningsProtection.watches(needs(morning(SPOT, 9, 45, opened()), 'manage'));
    expect(asked.quotes).toHaveLength(5);
    expect(asked.dailyBars).toEqual([{ symbol: NAME, sessions: 1 }]);
  });
});
