// The wheel's worked examples: a context in, decisions out, each with a neighbour that must come out otherwise.
import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import type { Cycle, Position } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { callYield } from '../../../src/strategies/wheel/calls.ts';
import { evaluate } from '../../../src/strategies/wheel/entry.ts';
import { manage } from '../../../src/strategies/wheel/manage.ts';
import { wheelParams } from '../../../src/strategies/wheel/params.ts';
import { putYield } from '../../../src/strategies/wheel/puts.ts';
import { expectGolden } from './golden.ts';
import { cashWorld, closesOf, cycle, gate, memoryOf, opensOf, params, passesOf, withQuote, XYZ } from './wheel-worlds.ts';
import { calendar, contextOf, list, optionPosition, sharePosition, stock, type World, world } from './world.ts';

describe('G-S5-01: the strike nearest a delta of 0.25', () => {
  it('is 44, with its own volatility and probability', () => {
    const [open] = opensOf(evaluate(contextOf(cashWorld(), params())));
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260417P00044000');
    expect(gate(open, 'delta')).toBeCloseTo(-0.2309, 4);
    expect(open?.prices.rungs[0]).toBe(-990_000); // 0.9882 rounded to our side: a sale asks for more
    expectGolden('wheel-s5-01', [open]);
  });
  it('is another when the band leaves 44 out', () => {
    const [open] = opensOf(evaluate(contextOf(cashWorld(), params({ put_delta_target: 0.27, put_delta_min: 0.25 }))));
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260417P00045000');
    expect(gate(open, 'delta')).toBeCloseTo(-0.2783, 4);
  });
});

describe('G-S5-02: price, yield, score and size of the put', () => {
  const priced = () => cashWorld({}, withQuote(44, [0.95, 1.03]));
  it('asks from the mid down to 0.35 of the spread, two contracts, judged at 0.98', () => {
    const [open] = opensOf(evaluate(contextOf(priced(), params())));
    expect(open?.qty).toBe(2);
    expect(open?.prices.rungs).toEqual([-990_000, -980_000, -970_000]);
    expect(open?.prices.stepMs).toBe(10_000);
    expect(gate(open, 'relative spread')).toBeCloseTo(0.0808, 4);
    expect(gate(open, 'yield')).toBeCloseTo(0.2187, 4);
    expect(gate(open, 'score')).toBeCloseTo(0.15822, 3);
    expectGolden('wheel-s5-02', [open]);
  });
  it('has the yield of the formula', () => {
    expect(putYield({ credit: 0.98, strike: 44, dte: 38, fee: 0.05 })).toBeCloseTo(0.2187, 5);
    expect(callYield({ credit: 1.0, spot: 50, dte: 365, fee: 0 })).toBeCloseTo(0.02, 6);
  });
  it('never rounds a size up: one contract over a tenth of equity is none', () => {
    const small = { ...priced(), account: { equity: 48_300, settledCash: 48_300, optionsBuyingPower: 48_300, ageMs: 0 } };
    expect(opensOf(evaluate(contextOf(small, params())))[0]?.qty).toBe(1);
    // 100 shares cost 4,820 and pass 10 % of 48,300; a strike of 49 would be 4,900 and would not.
    const far = wheelParams.parse({ universe: ['XYZ'], put_delta_min: 0.4, put_delta_target: 0.5, put_delta_max: 0.7 });
    const decisions = evaluate(contextOf({ ...small, account: { ...small.account, equity: 48_300 } }, far));
    expect(opensOf(decisions)).toEqual([]);
    expect(passesOf(decisions)[0]?.code).toBe('SIZE_ZERO');
  });
  it('sells nothing below settled cash', () => {
    const poor = { ...priced(), account: { equity: 100_000, settledCash: 4_399, optionsBuyingPower: 100_000, ageMs: 0 } };
    expect(passesOf(evaluate(contextOf(poor, params())))[0]?.code).toBe('COLLATERAL_SHORT');
    const enough = { ...poor, account: { ...poor.account, settledCash: 4_400 } };
    expect(opensOf(evaluate(contextOf(enough, params())))[0]?.qty).toBe(1);
  });
  it('is bought back once the ask is at half of the credit, and not a cent before', () => {
    const held = (ask: number): World => ({
      ...cashWorld({}, withQuote(44, [ask - 0.02, ask])),
      positions: [optionPosition('XYZ', '2026-04-17', 'put', 44, 2, 0.98, '2026-03-06')],
    });
    const [close] = closesOf(manage(contextOf(held(0.49), params())));
    expect(close).toMatchObject({ code: 'TARGET', qty: 2, subject: 'XYZ260417P00044000' });
    expect(close?.prices.rungs.at(-1)).toBe(490_000);
    expect(closesOf(manage(contextOf(held(0.5), params())))).toEqual([]);
    expectGolden('wheel-s5-02-buy-back', manage(contextOf(held(0.49), params())));
  });
});

describe('G-S5-03: assignment', () => {
  const assigned = (positions: readonly Position[], c: Cycle): World => ({ ...cashWorld(), positions, cycles: [c] });
  it('of both contracts leaves shares with a basis of strike less credit', () => {
    const decisions = manage(
      contextOf(assigned([sharePosition('XYZ', 200, 44, '2026-03-09')], cycle(196, -8_800, '2026-03-09')), params()),
    );
    const [held] = passesOf(decisions);
    expect(gate(held, 'stage')).toBe('SHARES');
    expect(gate(held, 'adjusted basis')).toBeCloseTo(43.02, 9);
    expectGolden('wheel-s5-03', decisions);
  });
  it('of one splits the lot: 100 shares and one put still open, whose credit is its own', () => {
    const positions = [sharePosition('XYZ', 100, 44, '2026-03-09'), optionPosition('XYZ', '2026-04-17', 'put', 44, 1, 0.98, '2026-02-05')];
    const held = passesOf(manage(contextOf(assigned(positions, cycle(196, -4_400, '2026-03-09')), params()))).find(
      (p) => p.subject === XYZ,
    );
    expect(gate(held, 'stage')).toBe('CSP_OPEN');
    expect(gate(held, 'free shares')).toBe(100);
    expect(gate(held, 'adjusted basis')).toBeCloseTo(43.02, 9);
  });
  it('keeps the basis when half of the shares have been called away', () => {
    const whole = assigned([sharePosition('XYZ', 200, 44, '2026-03-09')], cycle(402, -8_800, '2026-03-09'));
    const memory = memoryOf(manage(contextOf(whole, params())));
    const half = { ...assigned([sharePosition('XYZ', 100, 44, '2026-03-09')], cycle(402, -4_200, '2026-03-09')), memory };
    expect(gate(passesOf(manage(contextOf(half, params())))[0], 'adjusted basis')).toBeCloseTo(41.99, 9);
  });
  it('sells no call on the day the shares came', () => {
    const w = assigned([sharePosition('XYZ', 200, 44, '2026-03-10')], cycle(196, -8_800, '2026-03-10'));
    expect(passesOf(evaluate(contextOf(w, params())))[0]?.code).toBe('COOLDOWN');
  });
});

/** Tuesday 2026-03-17 at the close: the monthly of April is 31 days away. */
function sharesWorld(basis: number, spot = 43.1): World {
  const w = world('2026-03-17');
  stock(w, 'XYZ', { spot, dividendYield: 0.01 });
  w.board.setDividends(XYZ, {
    from: tradingDay('2026-03-01'),
    to: tradingDay('2026-07-01'),
    dividends: [],
    seen: { exchange: w.at, mono: contextOf(w, 0).now.mono, speed: 1 },
  });
  const strikes = [39, 40, 41, 42, 43].map((strike) => ({ strike, sigma: 0.435 }));
  list(w, 'XYZ', spot, '2026-04-17', [
    ...strikes,
    { strike: 44, sigma: 0.43 },
    { strike: 45, sigma: 0.425 },
    { strike: 46, sigma: 0.42 },
    { strike: 47, sigma: 0.42 },
    { strike: 48, sigma: 0.42 },
    { strike: 49, sigma: 0.42 },
  ]);
  return { ...w, positions: [sharePosition('XYZ', 200, basis, '2026-03-10')], cycles: [cycle(0, -basis * 200, '2026-03-10')] };
}

describe('G-S5-04: the covered call', () => {
  it('is the strike over the basis nearest a delta of 0.30', () => {
    const decisions = evaluate(contextOf(sharesWorld(43.02), params()));
    const [open] = opensOf(decisions);
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260417C00046000');
    expect(open?.qty).toBe(2);
    expect(gate(open, 'delta')).toBeCloseTo(0.3261, 4);
    expect(gate(open, 'probability to be called')).toBeCloseTo(0.2835, 4);
    expect(open?.prices.rungs.every((rung) => rung < 0)).toBe(true);
    expectGolden('wheel-s5-04', decisions);
  });
  it('is never under the basis: with no strike there worth selling it waits', () => {
    expect(passesOf(evaluate(contextOf(sharesWorld(48.5), params())))[0]?.code).toBe('NO_STRIKE_ABOVE_BASIS');
  });
  it('covers only shares that are free', () => {
    const w = sharesWorld(43.02);
    const one = { ...w, positions: [...w.positions, optionPosition('XYZ', '2026-04-17', 'call', 47, 1, 0.9, '2026-03-12')] };
    expect(opensOf(evaluate(contextOf(one, params())))[0]?.qty).toBe(1);
    const both = { ...w, positions: [...w.positions, optionPosition('XYZ', '2026-04-17', 'call', 47, 2, 0.9, '2026-03-12')] };
    expect(passesOf(evaluate(contextOf(both, params())))[0]?.code).toBe('ALREADY_HELD');
  });
  it('is not sold while the dividends are not known', () => {
    const w = sharesWorld(43.02);
    w.board.setDividends(XYZ, {
      from: tradingDay('2026-03-01'),
      to: tradingDay('2026-03-20'),
      dividends: [],
      seen: { exchange: w.at, mono: contextOf(w, 0).now.mono, speed: 1 },
    });
    expect(passesOf(evaluate(contextOf(w, params())))[0]?.code).toBe('DIVIDEND_UNKNOWN');
  });
  it('goes under the basis only in repair: a quarter under water, and far from being called', () => {
    const w = sharesWorld(49.5);
    const long: World = { ...w, positions: [sharePosition('XYZ', 200, 49.5, '2025-10-01')], cycles: [cycle(0, -9_900, '2025-10-01')] };
    const [open] = opensOf(evaluate(contextOf(long, params({ credit_min_usd: 10 }))));
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260417C00049000'); // 0.97 of the basis is 48.02, and 48.02 is over 48
    expect(Number(gate(open, 'delta'))).toBeLessThanOrEqual(0.2);
    const lately: World = { ...long, cycles: [cycle(0, -9_900, '2026-02-10')] };
    expect(passesOf(evaluate(contextOf(lately, params({ credit_min_usd: 10 }))))[0]?.code).toBe('NO_STRIKE_ABOVE_BASIS');
  });
});

describe('G-S5-05: called away', () => {
  it('earns credits and the rise from strike to strike, less fees', () => {
    const earned = (kc: number, kp: number, credits: readonly number[], shares: number): number =>
      (kc - kp + credits.reduce((a, b) => a + b, 0)) * shares;
    expect(earned(46, 44, [0.98, 1.03], 200)).toBeCloseTo(802, 9);
    expect(earned(22, 20, [0.5, 0.75], 100)).toBeCloseTo(325, 9);
    expect(earned(22, 20, [0.5, 0.75], 100) / 2_000).toBeCloseTo(0.1625, 9);
  });
  it('leaves nothing to manage and forgets the name', () => {
    const before = { ...cashWorld(), positions: [sharePosition('XYZ', 200, 44, '2026-03-09')], cycles: [cycle(402, -8_800, '2026-03-09')] };
    const memory = memoryOf(manage(contextOf(before, params())));
    const decisions = manage(contextOf({ ...cashWorld(), memory }, params()));
    expect(decisions.filter((d) => d.kind !== 'remember')).toEqual([]);
    expect(memoryOf(decisions)).toMatchObject({ peakShares: {} });
  });
});

/** Tuesday 2026-03-17 at the close; the old put has 20 days, the new ones 48. Model values stand where each is dealt. */
function rollWorld(strikes: readonly number[]): World {
  const w = world('2026-03-17');
  const spot = 42.6;
  stock(w, 'XYZ', { spot, dividendYield: 0.01 });
  list(
    w,
    'XYZ',
    spot,
    '2026-04-06',
    [40, 41, 42, 43, 44, 45].map((strike) => ({ strike, sigma: 0.45 })),
  );
  // Lower strikes keep the chain whole but nobody bids for their puts.
  list(
    w,
    'XYZ',
    spot,
    '2026-05-04',
    [
      ...[35, 36, 37, 38].map((strike) => ({ strike, sigma: 0.44, put: [0, 0.05] as const })),
      ...strikes.map((strike) => ({ strike, sigma: 0.44 })),
    ],
    { half: 0.00001 },
  );
  return { ...w, positions: [optionPosition('XYZ', '2026-04-06', 'put', 44, 2, 0.98, '2026-02-27')], cycles: [cycle(196, 0, null)] };
}

describe('G-S5-06: rolling a put in trouble', () => {
  it('goes to the lowest strike that pays and is safer: 43', () => {
    const w = rollWorld([42, 43, 44]);
    const decisions = manage(contextOf(w, params({ ladder_step_seconds: 10 })));
    const [close] = closesOf(decisions);
    expect(close).toMatchObject({ code: 'ROLL', qty: 2, subject: 'XYZ260406P00044000' });
    expect(gate(close, 'delta')).toBeCloseTo(0.594, 3);
    expect(gate(close, 'new strike')).toBe(43);
    expectGolden('wheel-s5-06', decisions);
  });
  it('has the nets of the model', () => {
    const w = rollWorld([42, 43, 44]);
    const market = contextOf(w, params()).market;
    const at = (text: string): number => {
      const q = market.quote(symbol(text));
      return q.known ? (q.value.bid + q.value.ask) / 2e6 : Number.NaN;
    };
    const old = at('XYZ260406P00044000');
    expect(old).toBeCloseTo(2.5562, 4);
    expect([42, 43, 44].map((k) => at(`XYZ260504P000${k}000`) - old)).toEqual([
      expect.closeTo(-0.2402, 4),
      expect.closeTo(0.2731, 4),
      expect.closeTo(0.8438, 4),
    ]);
  });
  it('holds for assignment when only 42 is there', () => {
    const decisions = manage(contextOf(rollWorld([42]), params()));
    expect(closesOf(decisions)).toEqual([]);
    expect(passesOf(decisions)[0]).toMatchObject({ code: 'HOLD', subject: 'XYZ260406P00044000' });
    expect(passesOf(decisions)[0]?.why).toContain('held for assignment');
  });
  it('sells the second half once the first is bought back, for more than it cost at most', () => {
    const w = rollWorld([42, 43, 44]);
    const first = manage(contextOf(w, params()));
    const paid = closesOf(first)[0]?.prices.rungs.at(-1) ?? price(0);
    const waiting = { ...w, memory: memoryOf(first), busy: [symbol('XYZ260406P00044000')] };
    expect(opensOf(manage(contextOf(waiting, params())))).toEqual([]);
    const done = { ...w, memory: memoryOf(first), positions: [], cycles: [] };
    const second = manage(contextOf(done, params()));
    const [open] = opensOf(second);
    expect(open?.legs[0].instrument.symbol).toBe('XYZ260504P00043000');
    expect(open?.qty).toBe(2);
    expect(open?.code).toBe('ROLL');
    for (const rung of open?.prices.rungs ?? []) expect(-rung).toBeGreaterThanOrEqual(paid + 100_000);
    expect(memoryOf(second)).toMatchObject({ rolls: { XYZ: { attempts: 1 } }, carried: { XYZ: { day: '2026-03-17' } } });
    expect(opensOf(evaluate(contextOf(done, params())))).toEqual([]); // nothing else is started in a name whose roll is half done
  });
  it('tries the second half in few ladders, and stops once it is sold', () => {
    const w = rollWorld([42, 43, 44]);
    let memory = memoryOf(manage(contextOf(w, params())));
    for (let ladder = 1; ladder <= 3; ladder++) {
      const again = manage(contextOf({ ...w, memory, positions: [], cycles: [] }, params()));
      expect(opensOf(again)).toHaveLength(1);
      memory = memoryOf(again);
    }
    const sold = { ...w, memory, positions: [optionPosition('XYZ', '2026-05-04', 'put', 43, 2, 2.8, '2026-03-17')] };
    expect(passesOf(manage(contextOf(sold, params())))[0]).toMatchObject({ code: 'HOLD', why: 'the roll is done' });
    expect(memoryOf(manage(contextOf(sold, params())))).toMatchObject({ rolls: {} });
    const unsold = manage(contextOf({ ...w, memory, positions: [], cycles: [] }, params()));
    expect(opensOf(unsold)).toEqual([]);
    expect(passesOf(unsold)[0]?.code).toBe('ENTRY_UNFILLED');
  });
  it('carries the loss of the buy-back into the basis of what is assigned later', () => {
    const w = rollWorld([42, 43, 44]);
    const first = memoryOf(manage(contextOf(w, params())));
    const second = memoryOf(manage(contextOf({ ...w, memory: first, positions: [], cycles: [] }, params())));
    // A new cycle: 2.78 collected for two puts at 43, assigned; the old one had 196 and paid at most 2.62 a share back.
    const begun = { ...cycle(556, -8_600, '2026-03-17'), startedDay: tradingDay('2026-03-17') };
    const assigned = { ...w, memory: second, positions: [sharePosition('XYZ', 200, 43, '2026-03-17')], cycles: [begun] };
    const held = passesOf(manage(contextOf(assigned, params()))).find((p) => p.code === 'HOLD' && p.why.startsWith('shares'));
    expect(gate(held, 'adjusted basis')).toBeCloseTo(43 - (556 + 196 - 524) / 200, 6);
  });
  it('sells only as many as were bought back, and judges the rest afresh', () => {
    const w = rollWorld([42, 43, 44]);
    const memory = memoryOf(manage(contextOf(w, params())));
    const partly = { ...w, memory, positions: [optionPosition('XYZ', '2026-04-06', 'put', 44, 1, 0.98, '2026-02-27')] };
    const decisions = manage(contextOf(partly, params()));
    expect(opensOf(decisions)[0]?.qty).toBe(1);
    expect(closesOf(decisions)).toEqual([]);
  });
  it('is neither begun nor finished outside the hours of both its halves, and a wait uses up no ladder', () => {
    const w = rollWorld([42, 43, 44]);
    const late = params({ roll_end_minutes_before_close: 1 });
    const waiting = manage(contextOf(w, late));
    expect(closesOf(waiting)).toEqual([]);
    expect(passesOf(waiting)[0]).toMatchObject({ code: 'HOLD', why: 'a roll waits for the hours in which both its halves can be done' });
    const early = { ...w, at: calendar.instant(w.day, 9, 44) };
    expect(closesOf(manage(contextOf(early, params())))).toEqual([]);
    const half = { ...w, memory: memoryOf(manage(contextOf(w, params()))), positions: [], cycles: [] };
    const decisions = manage(contextOf(half, late));
    expect(passesOf(decisions)).toMatchObject([{ code: 'OUTSIDE_WINDOW', why: 'the second half of the roll waits for its hours' }]);
    expect(opensOf(manage(contextOf({ ...half, memory: memoryOf(decisions) ?? half.memory }, params())))).toHaveLength(1);
    expect(half.memory).toMatchObject({ rolls: { XYZ: { attempts: 0 } } });
  });
  it('does not start a roll while the books disagree', () => {
    expect(closesOf(manage(contextOf({ ...rollWorld([42, 43, 44]), disputed: [XYZ] }, params())))).toEqual([]);
  });
});
