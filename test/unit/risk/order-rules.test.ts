// The rules of one order that look at the order, its instrument and its market.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import type { Conduct } from '../../../src/risk/conduct.ts';
import type { Finding, RuleContext } from '../../../src/risk/rule.ts';
import { duplicate } from '../../../src/risk/rules/duplicate.ts';
import { instrument, levelOf } from '../../../src/risk/rules/instrument.ts';
import { mode } from '../../../src/risk/rules/mode.ts';
import { shape } from '../../../src/risk/rules/shape.ts';
import { collar, fatFinger } from '../../../src/risk/rules/size-and-price.ts';
import { spreadWide } from '../../../src/risk/rules/spread-wide.ts';
import { orderOf } from '../domain/orders.ts';
import { bound, type Given, kind, knowing, told } from './asked-rule.ts';
import { buy, cover, opening, owner, positionOf, putSpread, quoteOf, sell, wideOrders, write } from './contexts.ts';
import { bought, tradeOf } from './trades.ts';

const call = 'ABC260417C00190000';
const put = 'ABC260417P00170000';
const lowPut = 'ABC260417P00160000';

describe('R-02 MODE', () => {
  it.each([
    ['sim', null, 'pass'],
    ['paper', null, 'pass'],
    ['live', null, 'deny'],
    ['live', 'paper', 'deny'],
    ['live', 'live', 'pass'],
    ['paper', 'live', 'pass'],
    ['paper', 'dry-run', 'deny'],
    ['dry-run', 'dry-run', 'pass'],
  ] as const)('a run in %s with an approval for %s: %s', (requested, approved, expected) => {
    expect(kind(mode, buy('ABC', 180), knowing({ approval: { requested, approved } }))).toBe(expected);
  });
  it('has nothing to judge by where nobody keeps approvals', () => {
    expect(told(mode, buy('ABC', 180)).check.result).toBe('skip');
  });
  it('lets exits go unapproved', () => {
    expect(told(mode, sell('ABC', 180), knowing({ approval: { requested: 'live', approved: null } })).check.result).toBe('skip');
  });
});

describe('R-04 INSTRUMENT', () => {
  it.each([
    ['shares', bought('ABC'), 0],
    ['a put sold for cash', legs(leg(instrumentOf(symbol(put)), 'sell', 'open')), 1],
    ['a call sold on shares', legs(leg(instrumentOf(symbol(call)), 'sell', 'open')), 1],
    ['an option bought', bought(call), 2],
    ['a package', bought(call, put), 3],
  ] as const)('%s needs its level', (_name, package_, level) => {
    expect(levelOf(package_)).toBe(level);
    const asks = opening(package_, {});
    for (const optionsLevel of [0, 1, 2, 3]) {
      expect(kind(instrument, asks, knowing({ optionsLevel }))).toBe(optionsLevel >= level ? 'pass' : 'deny');
    }
  });
  it('denies options while the level is not known or no number, and never shares for it', () => {
    expect(kind(instrument, buy(call, 2), knowing({ optionsLevel: null }))).toBe('deny');
    expect(kind(instrument, buy(call, 2), knowing({ optionsLevel: Number.NaN }))).toBe('deny');
    expect(kind(instrument, buy('ABC', 180), knowing({ optionsLevel: null }))).toBe('pass');
  });
  it('denies what the exchange takes no orders in, in any leg, and lets pass what nobody has said of', () => {
    const closed = knowing({ tradable: (of) => of.symbol !== lowPut });
    expect(kind(instrument, putSpread(put, lowPut, -0.95), closed)).toBe('deny');
    expect(kind(instrument, write(put, 2), closed)).toBe('pass');
    expect(kind(instrument, buy('ABC', 180), knowing({ tradable: () => null }))).toBe('pass');
  });
  it('denies every instrument of a name on the list, and no other', () => {
    const listed = bound({ denied: [symbol('ABC')] });
    expect(kind(instrument, buy('ABC', 180), listed)).toBe('deny');
    expect(kind(instrument, buy(call, 2), listed)).toBe('deny');
    expect(kind(instrument, buy('SPY', 600), listed)).toBe('pass');
  });
  it('never stands in the way of an exit', () => {
    const worst = { ...bound({ denied: [symbol('ABC')] }), ...knowing({ optionsLevel: null, tradable: () => false }) };
    expect(told(instrument, sell('ABC', 180), worst).check.result).toBe('skip');
  });
});

describe('R-05 SHAPE: shares at the market', () => {
  // 27 x 180.10 x 1.02 = 4,959.95; 28 are 5,143.66.
  it('need a limit above 5,000 dollars', () => {
    expect(kind(shape, buy('ABC', 180, 27), { net: null })).toBe('pass');
    expect(kind(shape, buy('ABC', 180, 28), { net: null })).toBe('deny');
    expect(kind(shape, buy('ABC', 180, 28))).toBe('pass');
  });
  it('need one where nobody quotes them', () => {
    expect(kind(shape, buy('ABC', 180), { net: null, quote: () => absent('QUOTE_MISSING', 'none') })).toBe('deny');
  });
  it('need none for a way out', () => {
    expect(kind(shape, sell('ABC', 180, 500), { net: null, positions: [positionOf('ABC', 500)] })).toBe('pass');
  });
});

describe('R-07 DUPLICATE: openings of one name in one session', () => {
  const once = bound({ openingsPerSession: new Map() });
  const twice = bound({ openingsPerSession: new Map([[owner, 2]]) });
  const another = tradeOf(-200, { id: 'first' });
  const rows: readonly (readonly [string, Given, Finding['kind']])[] = [
    ['the first', once, 'pass'],
    ['a second', { ...once, trades: [another] }, 'deny'],
    ['a second of two that are declared', { ...twice, trades: [another] }, 'pass'],
    ['a third of two', { ...twice, trades: [another, tradeOf(-100, { id: 'second' })] }, 'deny'],
    ['one of yesterday is no opening of today', { ...once, trades: [{ ...another, openedDay: '2026-03-09' as never }] }, 'pass'],
    ['one of another strategy', { ...once, trades: [{ ...another, owner: strategyId('dip') }] }, 'pass'],
    ['one in another name', { ...once, trades: [tradeOf(-100, { legs: bought('SPY260417C00600000') })] }, 'pass'],
    ['the walk itself, partly filled', { ...once, trades: [another], ladder: 'first' }, 'pass'],
    ['an opening at work in another contract', { ...once, live: [orderOf({ legs: bought(put), state: 'working', ladder: 'w' })] }, 'deny'],
    ['one closed today counts as opened', { ...once, trades: [{ ...another, closedAt: 1 as never, held: [] }] }, 'deny'],
  ];
  it.each(rows)('%s', (_name, given, expected) => {
    expect(kind(duplicate, buy(call, 2), given)).toBe(expected);
  });
  it('binds no exit', () => {
    expect(told(duplicate, sell(call, 2), { ...once, trades: [another] }).check.result).toBe('skip');
  });
  it('denies where the allowance is no number', () => {
    expect(kind(duplicate, buy(call, 2), bound({ openingsPerSession: new Map([[owner, Number.NaN]]) }))).toBe('deny');
  });
});

describe('R-09 FAT_FINGER: a part of the market', () => {
  const part = bound({ volumePctMax: 0.01, openInterestPctMax: 0.05 });
  const cut = (intent: RuleContext['intent'], over: Partial<Conduct>): unknown => {
    const found = told(fatFinger, intent, { ...part, ...knowing(over) });
    return found.kind === 'resize' ? found.qty : found.kind;
  };
  it.each([
    [5_000, 'pass'],
    [4_999, 49],
    [99, 'deny'],
    [0, 'deny'],
    [Number.NaN, 'deny'],
    [null, 'pass'],
  ] as const)('50 shares of a mean volume of %s: %s', (volume, expected) => {
    expect(cut(buy('ABC', 180, 50), { averageVolume: () => volume })).toBe(expected);
  });
  it.each([
    [100, 'pass'],
    [99, 4],
    [20, 1],
    [19, 'deny'],
    [null, 'pass'],
  ] as const)('5 contracts of an open interest of %s: %s', (interest, expected) => {
    expect(cut(buy(call, 2, 5), { openInterest: () => interest })).toBe(expected);
  });
  it('holds a package to its thinnest leg, by what it takes of it', () => {
    const interest = (thin: number) => ({ openInterest: (of: string) => (of === lowPut ? thin : 1_000) }) as Partial<Conduct>;
    expect(cut(putSpread(put, lowPut, -0.95, 3), interest(60))).toBe('pass');
    expect(cut(putSpread(put, lowPut, -0.95, 3), interest(59))).toBe(2);
    const double = opening(legs(leg(instrumentOf(symbol(put)), 'sell', 'open'), leg(instrumentOf(symbol(lowPut)), 'buy', 'open', 2)), {
      qty: 3,
      rungs: [-0.05],
    });
    expect(cut(double, interest(120))).toBe('pass');
    expect(cut(double, interest(119))).toBe(2);
  });
  it('binds no exit', () => {
    expect(told(fatFinger, sell('ABC', 180, 50), { ...part, ...knowing({ averageVolume: () => 1 }) }).check.result).toBe('skip');
  });
});

describe('R-10 COLLAR: the worked options (penny class)', () => {
  const at = (bid: number, ask: number): Given => ({ quote: () => known(quoteOf(call, bid, ask)) });
  it.each([
    [2, 2.1, 2.35, 2.36],
    [0.1, 0.14, 0.22, 0.23],
    [7.6, 8.4, 9.2, 9.25],
  ])('at %f by %f a purchase is inside at %f and outside at %f', (bid, ask, inside, outside) => {
    expect(kind(collar, buy(call, inside), at(bid, ask))).toBe('pass');
    expect(kind(collar, buy(call, outside), at(bid, ask))).toBe('deny');
  });
  it.each([
    [2, 2.1, 1.75, 1.74],
    [0.1, 0.14, 0.02, 0.01],
    [7.6, 8.4, 6.8, 6.75],
  ])('at %f by %f a sale is inside at %f and outside at %f', (bid, ask, inside, outside) => {
    expect(kind(collar, write(call, inside), at(bid, ask))).toBe('pass');
    expect(kind(collar, write(call, outside), at(bid, ask))).toBe('deny');
  });
});

describe('R-11 SPREAD_WIDE', () => {
  const tight = bound({ spreadMin: 50_000 as never, spreadSharePct: 0.005, spreadOptionPct: 0.1, spreadOptionPctOf: new Map() });
  const quoted = (of: string, bid: number, ask: number): Given => ({ ...tight, quote: () => known(quoteOf(of, bid, ask)) });
  it.each([
    ['an option at a tenth of its mid just passes', call, 7.6, 8.4, 'pass'],
    ['a cent more on each side does not', call, 7.59, 8.41, 'deny'],
    ['0.60 of a mid of 2.30 (G-12)', call, 2, 2.6, 'deny'],
    ['five cents are fair at any price', call, 0.1, 0.15, 'pass'],
    ['six are not', call, 0.1, 0.16, 'deny'],
    ['shares at half a percent', 'ABC', 99.75, 100.25, 'pass'],
    ['shares a cent beyond', 'ABC', 99.74, 100.25, 'deny'],
    ['cheap shares at five cents', 'ABC', 2, 2.05, 'pass'],
    ['cheap shares at six', 'ABC', 2, 2.06, 'deny'],
    ['a quote that is no number', call, Number.NaN, 2.1, 'deny'],
  ] as const)('%s', (_name, of, bid, ask, expected) => {
    const quote = { ...quoteOf(of, 1, 1), bid: Math.round(bid * 1e6) as never, ask: Math.round(ask * 1e6) as never };
    expect(kind(spreadWide, buy(of, 2), { ...tight, quote: () => known(quote) })).toBe(expected);
  });
  it('holds the legs of a package to what is allowed them together', () => {
    const wing = (ask: number): Given => ({
      ...tight,
      quote: (of) => known(of === lowPut ? quoteOf(of, 0.1, ask) : quoteOf(of, 2, 2.1)),
    });
    // 0.205 + 0.05 against 0.10 of the sold leg and what the wing takes.
    expect(kind(spreadWide, putSpread(put, lowPut, -0.95), wing(0.25))).toBe('pass');
    expect(kind(spreadWide, putSpread(put, lowPut, -0.95), wing(0.26))).toBe('deny');
  });
  it('allows a strategy more where it is named, and options alone', () => {
    const named = { ...tight.limits, orders: { ...wideOrders, ...tight.limits?.orders, spreadOptionPctOf: new Map([[owner, 0.3]]) } };
    const wider = { ...quoted(call, 2, 2.6), limits: named as never };
    expect(kind(spreadWide, buy(call, 2), wider)).toBe('pass');
    expect(kind(spreadWide, buy(call, 2), { ...wider, strategy: strategyId('dip') })).toBe('deny');
    expect(kind(spreadWide, buy('ABC', 100), { ...wider, quote: () => known(quoteOf('ABC', 99, 101)) })).toBe('deny');
  });
  it('denies without a quote, and asks no exit', () => {
    expect(kind(spreadWide, buy(call, 2), { quote: () => absent('QUOTE_MISSING', 'none') })).toBe('deny');
    expect(told(spreadWide, cover(call, 2), quoted(call, 1, 9)).check.result).toBe('skip');
  });
});
