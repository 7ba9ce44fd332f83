import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/base/rng.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { instrumentOf, isAdjusted, occSymbol, parseOcc } from '../../../src/domain/instrument.ts';
import { parsePrice, price } from '../../../src/domain/money.ts';
import { dayOfNumber, tradingDay } from '../../../src/domain/time.ts';

describe('an OCC symbol', () => {
  it.each([
    ['SPY', '2026-12-18', 'put', '594', 'SPY261218P00594000'],
    ['XYZ', '2026-03-20', 'call', '64.10', 'XYZ260320C00064100'],
    ['F', '2027-01-15', 'put', '0.5', 'F270115P00000500'],
    ['GOOGL', '2026-06-19', 'call', '2.635', 'GOOGL260619C00002635'],
    ['BRK.B', '2026-06-19', 'call', '450', 'BRKB260619C00450000'],
  ] as const)('of %s %s %s %s is %s', (root, expiry, right, strike, text) => {
    const at = parsePrice(strike) ?? price(1);
    expect(occSymbol(symbol(root), tradingDay(expiry), right, at)).toBe(text);
    expect(parseOcc(text)).toMatchObject({ kind: 'option', right, strike: at, expiry, multiplier: 100, underlying: root.replace('.', '') });
  });
  it('goes there and back for 100,000 random contracts', () => {
    const rng = seededRng(20_260_310);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    let wrong = 0;
    for (let i = 0; i < 100_000; i++) {
      const root = symbol(Array.from({ length: rng.int(1, 5) }, () => letters.charAt(rng.int(0, 25))).join(''));
      const expiry = dayOfNumber(rng.int(20_000, 40_000));
      const right = rng.chance(1, 2) ? 'call' : 'put';
      const strike = price(rng.int(1, 99_999_999) * 1_000);
      const option = parseOcc(occSymbol(root, expiry, right, strike));
      if (option?.underlying !== root || option.expiry !== expiry || option.right !== right || option.strike !== strike) wrong++;
    }
    expect(wrong).toBe(0);
  });
  it('holds every cent strike up to 1,000, written as decimal text', () => {
    for (let cents = 1; cents <= 100_000; cents++) {
      const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      const occ = occSymbol(symbol('ABC'), tradingDay('2026-03-20'), 'call', parsePrice(text) ?? price(0));
      if (occ.slice(-8) !== String(cents * 10).padStart(8, '0')) expect.fail(`${text} became ${occ}`);
    }
  });
  it.each([0, -5_000_000, 64_100_500, 100_000_000_000])('cannot hold a strike of %d micros', (strike) => {
    expect(() => occSymbol(symbol('ABC'), tradingDay('2026-03-20'), 'put', price(strike))).toThrow(/strike/);
  });
  it.each([
    'SPY',
    'SPY261318P00594000',
    'SPY261200P00594000',
    'SPY261232P00594000',
    'SPY261218X00594000',
    'SPY261218P0059400',
    'SPY261218P00000000',
    'spy261218P00594000',
    'TOOLONGS261218P00594000',
    '',
    ' SPY261218P00594000',
  ])('is not %j', (text) => {
    expect(parseOcc(text)).toBeUndefined();
  });
  it('of an adjusted contract says so', () => {
    const adjusted = parseOcc('AAPL1260320C00150000');
    expect(adjusted !== undefined && isAdjusted(adjusted)).toBe(true);
    const plain = parseOcc('AAPL260320C00150000');
    expect(plain !== undefined && isAdjusted(plain)).toBe(false);
  });
  it('is the only thing that is not read as shares', () => {
    expect(instrumentOf(symbol('SPY'))).toEqual({ kind: 'equity', symbol: 'SPY', underlying: 'SPY', multiplier: 1 });
    expect(instrumentOf(symbol('SPY261218P00594000')).kind).toBe('option');
  });
});
