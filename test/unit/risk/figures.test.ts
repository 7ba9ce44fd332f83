import { describe, expect, it } from 'vitest';
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { known } from '../../../src/domain/reasons.ts';
import { after } from '../../../src/domain/time.ts';
import type { DenialCode, Verdict } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, contextOf, cover, limits, micros, nowAt, opening, owner, positionOf, putSpread, quoteOf, sell, write } from './contexts.ts';

type Given = Partial<RuleContext>;

const told = (verdict: Verdict): DenialCode | 'cleared' => (verdict.kind === 'cleared' ? 'cleared' : verdict.denial.code);
const check = (verdict: Verdict, rule: DenialCode) => verdict.checks.find((c) => c.rule === rule);
const held = (of: string, n: number) => ({ positions: [positionOf(of, n)] });
const working = (over: Partial<Order>): Order => orderOf({ state: 'working', strategy: owner, ...over });
const seconds = (n: number) => after(nowAt(12).exchange, n * 1_000);
const shares = legs(leg(instrumentOf(symbol('ABC')), 'buy', 'open'));
const put = 'ABC260417P00170000';
const lowPut = 'ABC260417P00160000';

describe('a size above the cap of one order', () => {
  it.each([
    ['shares to a tenth of equity', buy('ABC', 180, 100), {}, 55],
    ['an index fund to a quarter of it', buy('SPY', 600, 100), { equity: usd(micros(80_000)) }, 33],
    [
      'nothing beyond the fixed amount',
      buy('SPY', 600, 100),
      { equity: usd(micros(1_000_000)), cash: usd(micros(1_000_000)), brokerRoom: usd(micros(1_000_000)) },
      41,
    ],
    ['contracts to their number', buy('ABC260417P00160000', 1.05, 50), {}, 20],
    ['contracts to the amount, where that is less', buy('ABC260417P00210000', 30, 50), { quote: () => known(quoteOf('x', 30, 30.1)) }, 3],
  ] as const)('is cut: %s', (_name, intent, given, fits) => {
    const verdict = judge(contextOf(intent, given));
    expect(verdict).toMatchObject({ kind: 'cleared', cleared: { qty: fits } });
    expect(check(verdict, 'FAT_FINGER')?.result).toBe('resize');
  });
  it('is judged on as what is left of it', () => {
    // 100 shares would need 18,000; the 55 that fit need 9,900, and the buffer is 5,000.
    expect(judge(contextOf(buy('ABC', 180, 100), { cash: usd(micros(14_900)) }))).toMatchObject({ kind: 'cleared', cleared: { qty: 55 } });
    expect(told(judge(contextOf(buy('ABC', 180, 100), { cash: usd(micros(14_899)) })))).toBe('BUYING_POWER');
  });
  it('is never cut for an exit', () => {
    expect(judge(contextOf(sell('ABC', 180, 500), held('ABC', 500)))).toMatchObject({ kind: 'cleared', cleared: { qty: 500 } });
  });
});

describe('what is set aside for one unit', () => {
  it.each([
    ['shares: their price at the worst rung', opening(shares, { rungs: [179, 180] }), 180],
    ['a bought option: its premium', buy(put, 2.05), 205],
    ['a put spread for a credit: its width less the credit', putSpread(put, lowPut, -0.95), 905],
    [
      'a put spread for a debit: the debit',
      opening(legs(leg(instrumentOf(symbol(put)), 'buy', 'open'), leg(instrumentOf(symbol(lowPut)), 'sell', 'open')), { rungs: [1.05] }),
      105,
    ],
  ])('%s', (_name, intent, dollars) => {
    expect(judge(contextOf(intent))).toMatchObject({ kind: 'cleared', cleared: { reservePerUnit: micros(dollars) } });
  });
  it('a short put: its strike; an exit: nothing', () => {
    expect(judge(contextOf(write(put, 2.05)))).toMatchObject({ cleared: { reservePerUnit: micros(17_000) } });
    expect(judge(contextOf(cover(put, 2.05), held(put, -1)))).toMatchObject({ cleared: { reservePerUnit: 0 } });
  });
});

describe('a figure that is no number', () => {
  const nan = Number.NaN as never;
  const broken: readonly (readonly [string, Given])[] = [
    ['cash', { cash: nan }],
    ['equity', { equity: nan }],
    ['the broker figure', { brokerRoom: nan }],
    ['the age of the account', { accountAgeMs: nan }],
    ['the age of the reconcile', { reconcileAgeMs: nan }],
    ['a bid', { quote: () => known({ ...quoteOf('ABC', 179.9, 180.1), bid: nan }) }],
    ['the age of a quote', { quote: () => known(quoteOf('ABC', 179.9, 180.1, nan)) }],
    ['the moment', { now: { ...nowAt(12), exchange: nan } }],
    ['the quantity', { qty: nan }],
    ['a reservation', { live: [working({ strategy: strategyId('dip'), reserve: nan })] }],
    ...Object.entries(limits)
      .filter(([, value]) => typeof value === 'number' && value !== 0)
      .map(([key]): readonly [string, Given] => [`the limit ${key}`, { limits: { ...limits, [key]: nan } }]),
  ];
  const irrelevant = new Set([
    'exitLaddersMax',
    'exitRungsMax',
    'indexFundEquityPctMax',
    'collarIndexFundPct',
    'contractsMax',
    'collarOptionMin',
    'collarOptionPct',
    'optionQuoteAgeMsMax',
  ]);
  it.each(broken.filter(([name]) => !irrelevant.has(name.slice('the limit '.length))))('clears nothing to open: %s', (_name, given) => {
    const recent = [
      orderOf({
        strategy: owner,
        legs: shares,
        state: 'filled',
        cumQty: 10,
        recordedAt: seconds(-59),
        id: clientOrderId('wsb1-ba-O-260310-bbbbbbbbbbbbbbbb'),
      }),
    ];
    const rest = 'limits' in given && Number.isNaN(given.limits?.duplicateWindowMs ?? 0) ? { recent } : {};
    expect(told(judge(contextOf(buy('ABC', 180), { ...given, ...rest })))).not.toBe('cleared');
  });
  it.each(['optionQuoteAgeMsMax', 'collarOptionMin', 'collarOptionPct', 'contractsMax'])(
    'clears no option to open: the limit %s',
    (key) => {
      expect(told(judge(contextOf(buy(put, 2.05), { limits: { ...limits, [key]: nan } })))).not.toBe('cleared');
    },
  );
  it.each(['exitLaddersMax', 'exitRungsMax', 'collarOptionPct'])('clears no exit: the limit %s', (key) => {
    expect(told(judge(contextOf(cover(put, 2.1), { ...held(put, -1), limits: { ...limits, [key]: nan } })))).not.toBe('cleared');
  });
  it('clears nothing: a limit price', () => {
    const asked = buy('ABC', 180);
    expect(told(judge(contextOf({ ...asked, prices: { rungs: [nan], stepMs: 0 } })))).toBe('SHAPE');
    expect(told(judge(contextOf({ ...asked, prices: { rungs: [price(micros(180)), nan], stepMs: 0 } })))).toBe('SHAPE');
  });
});
