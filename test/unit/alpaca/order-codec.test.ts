import { describe, expect, it } from 'vitest';
import { AlpacaFault } from '../../../src/alpaca/faults.ts';
import { childReports, isKnownStatus, lacksLegs, reportOf } from '../../../src/alpaca/order-codec.ts';
import { orderWire } from '../../../src/alpaca/wire.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { type Json, legJson, orderJson } from './helpers.ts';

const wire = (over: Json = {}) => orderWire.parse(orderJson(over));
const report = (over: Json = {}) => reportOf(wire(over));

const short = 'SPY261218P00594000';
const long = 'SPY261218P00589000';
const package_ = (filled: string, shortPrice: string | null, longPrice: string | null, over: Json = {}): Json => ({
  order_class: 'mleg',
  symbol: '',
  side: '',
  asset_class: '',
  qty: '2',
  filled_qty: filled,
  limit_price: '-1.60',
  filled_avg_price: shortPrice === null ? null : '-1.6',
  legs: [
    legJson(long, 'buy', { filled_qty: filled, filled_avg_price: longPrice }),
    legJson(short, 'sell', { filled_qty: filled, filled_avg_price: shortPrice }),
  ],
  ...over,
});

describe('status', () => {
  it.each([
    ['pending_new', 'working'],
    ['accepted', 'working'],
    ['new', 'working'],
    ['held', 'working'],
    ['partially_filled', 'working'],
    ['done_for_day', 'working'],
    ['pending_replace', 'working'],
    ['accepted_for_bidding', 'working'],
    ['stopped', 'working'],
    ['suspended', 'working'],
    ['calculated', 'working'],
    ['pending_review', 'working'],
    ['pending_cancel', 'canceling'],
    ['filled', 'filled'],
    ['canceled', 'canceled'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
    ['replaced', 'replaced'],
  ])('%s is %s', (status, expected) => {
    expect(report({ status }).status).toBe(expected);
    expect(isKnownStatus(status)).toBe(true);
  });
  it('takes a status nobody knows for a living order', () => {
    expect(report({ status: 'quantum' }).status).toBe('working');
    expect(isKnownStatus('quantum')).toBe(false);
  });
});

describe('a simple order', () => {
  it('reads as we sent it', () => {
    expect(report()).toEqual({
      id: 't1-ba-O-261120-aaaaaaaaaaaaaaaa',
      brokerId: 'b-1',
      status: 'working',
      type: 'limit',
      symbol: 'SPY',
      side: 'buy',
      qty: 10,
      limit: 231_050_000,
      cumQty: 0,
      cumCash: 0,
      fills: [],
      replacedBy: null,
      reason: null,
      submittedAt: Date.parse('2026-11-20T15:31:02Z'),
      updatedAt: Date.parse('2026-11-20T15:31:02.104Z'),
    });
  });
  it('pays for a buy and collects for a sell, to the micro', () => {
    const filled = { filled_qty: '3', filled_avg_price: '231.043333333333', status: 'partially_filled' };
    expect(report(filled).cumCash).toBe(-693_130_000);
    expect(report({ ...filled, side: 'sell' }).fills).toEqual([{ legNo: 0, symbol: 'SPY', cumQty: 3, cumCash: 693_130_000 }]);
  });
  it('counts an option for a hundred', () => {
    expect(report({ symbol: short, asset_class: 'us_option', side: 'sell', filled_qty: '2', filled_avg_price: '3.15' }).cumCash).toBe(
      630_000_000,
    );
  });
  it('reads a fractional foreign order by notional', () => {
    expect(
      report({ qty: null, notional: '55.50', filled_qty: '0.240', filled_avg_price: '231.25', limit_price: null, type: 'trailing_stop' }),
    ).toMatchObject({ qty: null, cumQty: 0.24, cumCash: -55_500_000, limit: null, type: 'other' });
  });
});

describe('a package', () => {
  it('numbers its fills as we sent the legs, with cash signed from our side', () => {
    const known = [symbol(short), symbol(long)];
    const filled = reportOf(wire(package_('1', '3.10', '1.50')), known);
    expect(filled.fills).toEqual([
      { legNo: 0, symbol: short, cumQty: 1, cumCash: 310_000_000 },
      { legNo: 1, symbol: long, cumQty: 1, cumCash: -150_000_000 },
    ]);
    expect(filled).toMatchObject({ symbol: null, side: null, qty: 2, limit: -1_600_000, cumQty: 1, cumCash: 160_000_000 });
  });
  it('falls back to the order of the wire for a package we did not send', () => {
    expect(report(package_('1', '3.10', '1.50')).fills.map((fill) => [fill.legNo, fill.symbol])).toEqual([
      [0, long],
      [1, short],
    ]);
  });
  it('refuses legs that are out of proportion, and fills without legs', () => {
    const torn = package_('2', '3.10', '1.50', {
      legs: [
        legJson(long, 'buy', { filled_qty: '1', filled_avg_price: '1.5' }),
        legJson(short, 'sell', { filled_qty: '2', filled_avg_price: '3.1' }),
      ],
    });
    expect(() => report(torn)).toThrow(AlpacaFault);
    expect(() => report(package_('1', '3.10', '1.50', { legs: null }))).toThrow(/without its legs/);
    expect(lacksLegs(wire(package_('1', '3.10', '1.50', { legs: null })))).toBe(true);
    expect(lacksLegs(wire(package_('0', null, null, { legs: null })))).toBe(false);
  });
});

it('a bracket is an order with children of their own', () => {
  const child = legJson('SPY', 'sell', { qty: '10', type: 'limit', limit_price: '240', status: 'held' });
  const bracket = wire({ order_class: 'bracket', legs: [child] });
  expect(reportOf(bracket)).toMatchObject({ symbol: 'SPY', fills: [] });
  expect(childReports(bracket)).toMatchObject([{ id: 'c-SPY', brokerId: 'leg-SPY', side: 'sell', qty: 10, limit: 240_000_000 }]);
});

describe('what cannot be an order is refused', () => {
  it.each<[string, Json]>([
    ['a quantity that is a number', { qty: 5 }],
    ['no id', { id: null }],
    ['a figure that is none', { filled_qty: 'NaN' }],
    ['an exponent', { limit_price: '1e400' }],
    ['a negative fill', { filled_qty: '-1' }],
    ['a date that is none', { submitted_at: 'yesterday' }],
    ['an empty client order id', { client_order_id: '' }],
  ])('%s', (_name, over) => expect(orderWire.safeParse(orderJson(over)).success).toBe(false));
  it.each<[string, Json]>([
    ['a fill without a price', { filled_qty: '1', filled_avg_price: null }],
    ['no side', { side: '' }],
    ['no symbol', { symbol: '' }],
    ['an amount beyond any account', { filled_qty: '999999999999', filled_avg_price: '999999' }],
  ])('%s', (_name, over) => expect(() => report(over)).toThrow(AlpacaFault));
  it('but unknown keys are welcome, and a poisoned prototype is not taken over', () => {
    const parsed = orderWire.parse(JSON.parse(JSON.stringify(orderJson()).replace('{', '{"__proto__":{"polluted":1},"new_field":[1],')));
    expect((parsed as Json)['polluted']).toBeUndefined();
    expect(Object.keys(parsed)).not.toContain('new_field');
  });
});
