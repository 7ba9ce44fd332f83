// The wheel's refusals by name, and the eve of an ex-date: worked examples G-S5-07 and G-S5-08.
import { describe, expect, it } from 'vitest';
import { price } from '../../../src/domain/money.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { evaluate } from '../../../src/strategies/wheel/entry.ts';
import { manage } from '../../../src/strategies/wheel/manage.ts';
import { expectGolden } from './golden.ts';
import { cashWorld, closesOf, cycle, gate, params, passesOf, smile, withQuote, XYZ } from './wheel-worlds.ts';
import { calendar, contextOf, type Listed, list, micros, optionPosition, sharePosition, stock, type World, world } from './world.ts';

describe('G-S5-07: refusals by name', () => {
  const codeOf = (w: World, over: Record<string, unknown> = {}) => passesOf(evaluate(contextOf(w, params(over))))[0]?.code;
  const thin: readonly Listed[] = [36, 37, 38, 39, 40, 45.6, 47, 48, 49, 50, 51, 52, 53].map((strike) => ({ strike, sigma: 0.42 }));
  it.each([
    ['90 sessions of volatility', cashWorld({ ivSessions: 90 }), {}, 'IV_HISTORY_SHORT'],
    ['126 sessions of volatility', cashWorld({ ivSessions: 126 }), {}, undefined],
    ['earnings in 25 days', cashWorld({ earningsIn: 25 }), {}, 'EARNINGS_WINDOW'],
    ['earnings after the close of the expiry day', cashWorld({ earningsIn: 38, earningsTime: 'AMC' }), {}, undefined],
    ['earnings before the open of the expiry day', cashWorld({ earningsIn: 38, earningsTime: 'BMO' }), {}, 'EARNINGS_WINDOW'],
    [
      'a credit of 0.45',
      cashWorld({}, withQuote(44, [0.44, 0.46])),
      { put_delta_min: 0.1, put_delta_target: 0.12, put_delta_max: 0.2 },
      'CREDIT_TOO_LOW',
    ],
    ['a delta of 0.31 only', cashWorld({}, thin), {}, 'NO_STRIKE_IN_BAND'],
    ['a rank under 30', cashWorld({ iv: [0.41, 0.9] }), {}, 'IV_RANK_OUT_OF_BAND'],
    ['a falling stock', cashWorld({ from: 60 }), {}, 'TREND_TOO_WEAK'],
    ['an illiquid stock', cashWorld({ volume: 1_000_000 }), {}, 'UNDERLYING_ILLIQUID'],
    ['a stock the broker does not trade', cashWorld({ tradable: false }), {}, 'SYMBOL_NOT_TRADABLE'],
    ['a yield asked too high', cashWorld(), { yield_min: 0.3 }, 'YIELD_TOO_LOW'],
    ['no expiry in the window', cashWorld(), { dte_min: 39, dte_target: 40 }, 'NO_EXPIRY_IN_RANGE'],
    ['nothing wrong', cashWorld(), {}, undefined],
  ] as const)('%s', (_name, w, over, code) => {
    expect(codeOf(w, over)).toBe(code);
  });
  it('and a ledger that disagrees, an order at work, a stale account', () => {
    expect(codeOf({ ...cashWorld(), disputed: [XYZ] })).toBe('RECON_PENDING');
    expect(codeOf({ ...cashWorld(), busy: [XYZ] })).toBe('ORDER_WORKING');
    expect(codeOf({ ...cashWorld(), account: { equity: 100_000, settledCash: 100_000, optionsBuyingPower: 100_000, ageMs: 10_001 } })).toBe(
      'ACCOUNT_STALE',
    );
  });
  it.each([
    ['open interest', { openInterest: 249 }, 'OI_TOO_LOW'],
    ['unknown open interest', { openInterest: null }, 'OI_UNKNOWN'],
    ['volume', { volume: 24 }, 'VOLUME_TOO_LOW'],
    ['size', { size: 1 }, 'NBBO_SIZE_TOO_SMALL'],
    ['unknown size', { size: null }, 'NBBO_SIZE_TOO_SMALL'],
    ['spread', { half: 0.12 }, 'SPREAD_TOO_WIDE'],
  ] as const)('thin %s', (_name, terms, code) => {
    const w = world('2026-03-10');
    stock(w, 'XYZ', { spot: 48.2, dividendYield: 0.01 });
    list(w, 'XYZ', 48.2, '2026-04-02', smile);
    list(w, 'XYZ', 48.2, '2026-04-17', smile, terms);
    expect(codeOf(w)).toBe(code);
  });
});

/** The session before the ex-date; a call in the money with little time value left. */
function exDividendWorld(strike: number, bid: number): World {
  const w = world('2026-03-17', 12);
  const spot = 46.2;
  stock(w, 'XYZ', { spot });
  const eve = calendar.offset(w.day, 1).day;
  w.board.setDividends(XYZ, {
    from: tradingDay('2026-03-01'),
    to: tradingDay('2026-07-01'),
    dividends: [{ symbol: XYZ, exDay: eve, amount: price(micros(0.3)) }],
    seen: { exchange: w.at, mono: contextOf(w, 0).now.mono, speed: 1 },
  });
  list(w, 'XYZ', spot, '2026-04-24', [{ strike, sigma: 0.2, call: [bid, bid + 0.06] }]);
  return {
    ...w,
    positions: [sharePosition('XYZ', 200, 43.02, '2026-03-10'), optionPosition('XYZ', '2026-04-24', 'call', strike, 2, 1.0, '2026-03-11')],
    cycles: [cycle(0, -8_604, '2026-03-10')],
  };
}

describe('G-S5-08: the eve of an ex-date', () => {
  it('buys back a call under the basis whose time value is less than the dividend', () => {
    const decisions = manage(contextOf(exDividendWorld(42, 4.32), params()));
    expect(closesOf(decisions)[0]).toMatchObject({ code: 'EXDIV_RISK', qty: 2 });
    expect(gate(closesOf(decisions)[0], 'time value at the bid')).toBeCloseTo(0.12, 9);
    expectGolden('wheel-s5-08', decisions);
  });
  it('accepts assignment where the strike is at or over the basis', () => {
    const decisions = manage(contextOf(exDividendWorld(44, 2.32), params()));
    expect(closesOf(decisions)).toEqual([]);
    expect(passesOf(decisions).map((p) => p.code)).toContain('EARLY_ASSIGNMENT_RISK');
  });
  it('does nothing while the time value covers the dividend', () => {
    expect(closesOf(manage(contextOf(exDividendWorld(42, 4.55), params())))).toEqual([]);
  });
});
