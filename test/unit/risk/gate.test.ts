import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { known } from '../../../src/domain/reasons.ts';
import { after } from '../../../src/domain/time.ts';
import { type DenialCode, denialCodes, type Verdict } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, closing, contextOf, cover, micros, nowAt, opening, owner, positionOf, putSpread, quoteOf, sell, write } from './contexts.ts';
import { exposureRows } from './gate-exposure.ts';
import { lossRows } from './gate-losses.ts';
import { orderRows } from './gate-orders.ts';

type Given = Partial<RuleContext>;
type Row = readonly [name: string, intent: RuleContext['intent'], given: Given, expected: DenialCode | 'cleared'];

const told = (verdict: Verdict): DenialCode | 'cleared' => (verdict.kind === 'cleared' ? 'cleared' : verdict.denial.code);
const check = (verdict: Verdict, rule: DenialCode) => verdict.checks.find((c) => c.rule === rule);
const held = (of: string, n: number, by?: typeof owner) => ({ positions: [positionOf(of, n, by)] });
const working = (over: Partial<Order>): Order => orderOf({ state: 'working', strategy: owner, ...over });
const shares = legs(leg(instrumentOf(symbol('ABC')), 'buy', 'open'));
const put = 'ABC260417P00170000';
const lowPut = 'ABC260417P00160000';
const call = 'ABC260417C00190000';
const stopOn = (of: string, n: number) =>
  working({ purpose: 'P', type: 'stop', legs: legs(leg(instrumentOf(symbol(of)), 'sell', 'close')), qty: qty(n), reserve: usd(0) });

const standing: readonly Row[] = [
  ['HALTED: a halt stops an opening', buy('ABC', 180), { halts: ['loss of the day'] }, 'HALTED'],
  ['HALTED: a halt lets an exit pass (G-6)', sell('SPY', 600, 25), { halts: ['halt'], ...held('SPY', 60) }, 'cleared'],
  ['NOT_READY: a mode that stands against the order', buy('ABC', 180), { obstacles: ['RECOVERING'] }, 'NOT_READY'],
  ['NOT_READY: for an exit too, when it stands against exits', sell('ABC', 180), { obstacles: ['FROZEN'], ...held('ABC', 1) }, 'NOT_READY'],
  ['SESSION: nothing opens four minutes after the open', buy('ABC', 180), { now: nowAt(9, 34) }, 'SESSION'],
  ['SESSION: five minutes after the open it may', buy('ABC', 180), { now: nowAt(9, 35) }, 'cleared'],
  ['SESSION: ten minutes before the close it still may', buy('ABC', 180), { now: nowAt(15, 50) }, 'cleared'],
  ['SESSION: nine minutes before the close it may not', buy('ABC', 180), { now: nowAt(15, 51) }, 'SESSION'],
  ['SESSION: buffers do not bind exits', sell('ABC', 180), { now: nowAt(9, 31), ...held('ABC', 1) }, 'cleared'],
  ['SESSION: a closed market binds exits', sell('ABC', 180), { now: nowAt(16, 1), ...held('ABC', 1) }, 'SESSION'],
  ['SESSION: a resting stop may be set outside it', sell('ABC', 100), { now: nowAt(8), protective: true, ...held('ABC', 1) }, 'cleared'],
];

const shapes: readonly Row[] = [
  ['SHAPE: half a share', buy('ABC', 180), { qty: 0.5 }, 'SHAPE'],
  ['SHAPE: no share', buy('ABC', 180), { qty: 0 }, 'SHAPE'],
  ['SHAPE: a quantity that is no number', buy('ABC', 180), { qty: Number.NaN }, 'SHAPE'],
  ['SHAPE: a limit off the cent', buy('ABC', 180.005), {}, 'SHAPE'],
  ['SHAPE: an option limit off the nickel above 3.00', buy(put, 3.01), {}, 'SHAPE'],
  ['SHAPE: a purchase that would collect', buy('ABC', -180), {}, 'SHAPE'],
  ['SHAPE: a sale that would pay', write(put, -2.05), {}, 'SHAPE'],
  ['SHAPE: a limit of zero', buy('ABC', 0), {}, 'SHAPE'],
  ['SHAPE: the same leg twice', opening(legs(...twice('sell', 'buy')), { rungs: [-1] }), {}, 'SHAPE'],
  ['SHAPE: two underlyings', putSpread(put, 'XYZ260417P00100000', -1), {}, 'SHAPE'],
  [
    'SHAPE: shares inside a package',
    opening(legs(leg(instrumentOf(symbol(call)), 'sell', 'open'), leg(instrumentOf(symbol('ABC')), 'buy', 'open')), { rungs: [1] }),
    {},
    'SHAPE',
  ],
  ['SHAPE: an adjusted contract', buy('ABC1260417C00190000', 2), {}, 'SHAPE'],
  ['SHAPE: five legs', opening(legs(...five()), { rungs: [-1] }), {}, 'SHAPE'],
];
function twice(...sides: readonly ['sell', 'buy']): Parameters<typeof legs> {
  return sides.map((side) => leg(instrumentOf(symbol(put)), side, 'open')) as unknown as Parameters<typeof legs>;
}
function five(): Parameters<typeof legs> {
  return [150, 155, 160, 165, 170].map((k) => leg(instrumentOf(symbol(`ABC260417P00${k}000`)), 'buy', 'open')) as unknown as Parameters<
    typeof legs
  >;
}

const stale: readonly Row[] = [
  ['STALE: an equity quote of six seconds (G-10)', buy('ABC', 180), { quote: () => known(quoteOf('ABC', 179.9, 180.1, 6_000)) }, 'STALE'],
  [
    'STALE: the same quote does not stop an exit (G-10)',
    sell('ABC', 180),
    { quote: () => known(quoteOf('ABC', 179.9, 180.1, 6_000)), ...held('ABC', 1) },
    'cleared',
  ],
  ['STALE: an option quote of fifteen seconds may do', buy(put, 2.05), { quote: () => known(quoteOf(put, 2, 2.1, 15_000)) }, 'cleared'],
  ['STALE: an option quote of sixteen seconds may not', buy(put, 2.05), { quote: () => known(quoteOf(put, 2, 2.1, 15_001)) }, 'STALE'],
  ['STALE: no quote at all', buy('NOPE', 10), {}, 'STALE'],
  ['STALE: an old account', buy('ABC', 180), { accountAgeMs: 30_001 }, 'STALE'],
  ['STALE: an account never read', buy('ABC', 180), { accountAgeMs: Number.POSITIVE_INFINITY }, 'STALE'],
  ['STALE: an old reconcile', buy('ABC', 180), { reconcileAgeMs: 20 * 60_000 + 1 }, 'STALE'],
];

const seconds = (n: number) => after(nowAt(12).exchange, n * 1_000);
const twins: readonly Row[] = [
  ['DUPLICATE: the same legs are working', buy('ABC', 180), { recent: [working({ legs: shares })] }, 'DUPLICATE'],
  [
    'DUPLICATE: the same legs filled 59 s ago (G-4)',
    buy('ABC', 180),
    { recent: [orderOf({ strategy: owner, legs: shares, state: 'filled', cumQty: 10, recordedAt: seconds(-59) })] },
    'DUPLICATE',
  ],
  [
    'DUPLICATE: filled a minute ago is long enough',
    buy('ABC', 180),
    { recent: [orderOf({ strategy: owner, legs: shares, state: 'filled', cumQty: 10, recordedAt: seconds(-60) })] },
    'cleared',
  ],
  [
    'DUPLICATE: taken back without a fill is no duplicate',
    buy('ABC', 180),
    { recent: [orderOf({ strategy: owner, legs: shares, state: 'canceled', recordedAt: seconds(-5) })] },
    'cleared',
  ],
  [
    'DUPLICATE: another strategy is another intent',
    buy('ABC', 180),
    { recent: [working({ legs: shares, strategy: strategyId('dip') })] },
    'cleared',
  ],
  [
    'SELF_CROSS: an order of ours works the other side (G-14)',
    buy('SPY', 600),
    { live: [working({ strategy: strategyId('dip'), legs: legs(leg(instrumentOf(symbol('SPY')), 'sell', 'close')), reserve: usd(0) })] },
    'SELF_CROSS',
  ],
  [
    'SELF_CROSS: a buy that lives stands in the way of an exit',
    sell('ABC', 180),
    { ...held('ABC', 1), live: [working({ legs: shares })] },
    'SELF_CROSS',
  ],
  [
    'SELF_CROSS: a buy whose answer was just lost does too',
    sell('ABC', 180),
    { ...held('ABC', 1), live: [orderOf({ legs: shares, state: 'unknown' })] },
    'SELF_CROSS',
  ],
  [
    'SELF_CROSS: a lost buy that every look-up found absent does not keep us from getting out',
    sell('ABC', 180),
    { ...held('ABC', 1), live: [orderOf({ legs: shares, state: 'absent_watch' })] },
    'cleared',
  ],
  [
    'SELF_CROSS: but it keeps others from opening against it',
    buy('SPY', 600),
    {
      live: [
        orderOf({
          strategy: strategyId('dip'),
          legs: legs(leg(instrumentOf(symbol('SPY')), 'sell', 'close')),
          state: 'absent_watch',
          reserve: usd(0),
        }),
      ],
    },
    'SELF_CROSS',
  ],
  ['SELF_CROSS: the same side is no cross', buy('ABC', 180), { live: [working({ strategy: strategyId('dip'), legs: shares })] }, 'cleared'],
  ['SELF_CROSS: own stops are taken back first, so they are none', buy('ABC', 180), { live: [stopOn('ABC', 5)] }, 'cleared'],
];

const prices: readonly Row[] = [
  ['FAT_FINGER: one unit is above the cap', write('ABC260417P00250000', 2), { quote: () => known(quoteOf('x', 2, 2.1)) }, 'FAT_FINGER'],
  ['COLLAR: a purchase above mid and 3 % (G-3)', buy('ABC', 210, 10), {}, 'COLLAR'],
  ['COLLAR: at the collar is inside', buy('ABC', 185.4, 10), {}, 'cleared'],
  ['COLLAR: a cent above is not', buy('ABC', 185.41, 10), {}, 'COLLAR'],
  ['COLLAR: index funds have 1 %', buy('SPY', 606.01), {}, 'COLLAR'],
  ['COLLAR: a sale of shares below twice the collar', sell('ABC', 169.19), held('ABC', 1), 'COLLAR'],
  ['COLLAR: a sale of shares at twice the collar', sell('ABC', 169.2), held('ABC', 1), 'cleared'],
  ['COLLAR: an option at the mid and 15 %', buy(put, 2.35), {}, 'cleared'],
  ['COLLAR: an option beyond it', buy(put, 2.36), {}, 'COLLAR'],
  [
    'LOTTERY_CAP: more than a quarter of a percent of equity on one lottery ticket',
    buy(put, 2.05, 2),
    { strategy: strategyId('lotto') },
    'LOTTERY_CAP',
  ],
  ['LOTTERY_CAP: one that costs less', buy(put, 2.05), { strategy: strategyId('lotto') }, 'cleared'],
  ['COLLAR: an exit goes without a quote', sell('NOPE', 5), { ...held('NOPE', 1) }, 'cleared'],
];

const cash: readonly Row[] = [
  [
    'BUYING_POWER: more than there is',
    buy('ABC', 180, 50),
    { cash: usd(micros(13_000)), brokerRoom: usd(micros(100_000)) },
    'BUYING_POWER',
  ],
  ['BUYING_POWER: the buffer stays untouched', buy('ABC', 180, 50), { cash: usd(micros(13_999)) }, 'BUYING_POWER'],
  ['BUYING_POWER: to the cent', buy('ABC', 180, 50), { cash: usd(micros(14_000)) }, 'cleared'],
  [
    'BUYING_POWER: live orders have set cash aside',
    buy('ABC', 180, 50),
    {
      cash: usd(micros(14_000)),
      live: [
        working({ strategy: strategyId('dip'), legs: legs(leg(instrumentOf(symbol('SPY')), 'buy', 'open')), reserve: usd(1_000_000) }),
      ],
    },
    'BUYING_POWER',
  ],
  [
    'BUYING_POWER: an order of uncertain fate has set cash aside',
    buy('ABC', 180, 50),
    {
      cash: usd(micros(14_000)),
      live: [
        working({
          state: 'absent_watch',
          strategy: strategyId('dip'),
          legs: legs(leg(instrumentOf(symbol('SPY')), 'buy', 'open')),
          reserve: usd(1_000_000),
        }),
      ],
    },
    'BUYING_POWER',
  ],
  [
    'BUYING_POWER: short puts of anybody are secured by cash',
    buy('ABC', 180, 50),
    { cash: usd(micros(30_999)), positions: [positionOf(put, -1, strategyId('wheel'))] },
    'BUYING_POWER',
  ],
  [
    'BUYING_POWER: and no more than that',
    buy('ABC', 180, 50),
    { cash: usd(micros(31_000)), positions: [positionOf(put, -1, strategyId('wheel'))] },
    'cleared',
  ],
  ['BUYING_POWER: the figure of the broker binds as well', buy('ABC', 180, 50), { brokerRoom: usd(micros(13_999)) }, 'BUYING_POWER'],
  ['BUYING_POWER: a short put reserves its strike', write(put, 2.05), { cash: usd(micros(21_999)) }, 'BUYING_POWER'],
  ['BUYING_POWER: a short put with its strike', write(put, 2.05), { cash: usd(micros(22_000)) }, 'cleared'],
  [
    'BUYING_POWER: a put spread reserves its width less its credit',
    putSpread(put, lowPut, -0.95),
    { cash: usd(micros(5_000 + 904)) },
    'BUYING_POWER',
  ],
  ['BUYING_POWER: a put spread with exactly that', putSpread(put, lowPut, -0.95), { cash: usd(micros(5_000 + 905)) }, 'cleared'],
  ['BUYING_POWER: an exit needs none', cover(put, 2.1), { cash: usd(0), brokerRoom: usd(0), ...held(put, -1) }, 'cleared'],
];

const cover_: readonly Row[] = [
  ['NAKED: a call without shares (G-8)', write(call, 2.05), {}, 'NAKED'],
  ['NAKED: a call on shares of another owner', write(call, 2.05), held('ABC', 100, strategyId('wheel')), 'NAKED'],
  ['NAKED: a call on 99 shares', write(call, 2.05), held('ABC', 99), 'NAKED'],
  ['NAKED: a call on 100 shares', write(call, 2.05), held('ABC', 100), 'cleared'],
  [
    'NAKED: shares that a held call pledges',
    write('ABC260417C00200000', 1.05),
    { positions: [positionOf('ABC', 100), positionOf(call, -1)] },
    'NAKED',
  ],
  [
    'NAKED: shares that a working call pledges',
    write('ABC260417C00200000', 1.05),
    { ...held('ABC', 100), live: [working({ legs: legs(leg(instrumentOf(symbol(call)), 'sell', 'open')), qty: qty(1) })] },
    'NAKED',
  ],
  ['NAKED: shares sold from under a call', sell('ABC', 180), { positions: [positionOf('ABC', 100), positionOf(call, -1)] }, 'NAKED'],
  [
    'NAKED: a package whose short put has no long one',
    opening(legs(leg(instrumentOf(symbol(put)), 'sell', 'open'), leg(instrumentOf(symbol(call)), 'buy', 'open')), { rungs: [-0.05] }),
    { equity: usd(micros(1_000_000)) },
    'NAKED',
  ],
  [
    'NAKED: a package that sells two and buys one',
    opening(legs(leg(instrumentOf(symbol(put)), 'sell', 'open', 2), leg(instrumentOf(symbol(lowPut)), 'buy', 'open')), { rungs: [-3] }),
    { equity: usd(micros(1_000_000)) },
    'NAKED',
  ],
  ['NAKED: a package covered inside', putSpread(put, lowPut, -0.95), {}, 'cleared'],
  ['NAKED: a sale of a symbol that is not held', sell('ABC', 180), {}, 'NAKED'],
  ['NAKED: a sale of more than is held (G-7)', sell('SPY', 600, 61), held('SPY', 60), 'NAKED'],
  ['NAKED: the long leg of a spread alone (G-13)', sell(lowPut, 1), { positions: [positionOf(put, -1), positionOf(lowPut, 1)] }, 'NAKED'],
  [
    'NAKED: the long call that covers a short one',
    sell(call, 2),
    { positions: [positionOf('ABC260417C00200000', -1), positionOf(call, 1)] },
    'NAKED',
  ],
  [
    'NAKED: a long call where shares cover the short one',
    sell(call, 2),
    { positions: [positionOf('ABC260417C00200000', -1), positionOf(call, 1), positionOf('ABC', 100)] },
    'cleared',
  ],
  ['NAKED: the second of two long ones', sell(lowPut, 1), { positions: [positionOf(put, -1), positionOf(lowPut, 2)] }, 'cleared'],
  [
    'NAKED: a spread closed as one package',
    closing(legs(leg(instrumentOf(symbol(put)), 'buy', 'close'), leg(instrumentOf(symbol(lowPut)), 'sell', 'close')), { rungs: [1.05] }),
    { positions: [positionOf(put, -1), positionOf(lowPut, 1)] },
    'cleared',
  ],
  ['NAKED: the short leg first', cover(put, 2.1), { positions: [positionOf(put, -1), positionOf(lowPut, 1)] }, 'cleared'],
  ['CONTRACT_CONFLICT: what another strategy sold', buy(lowPut, 1.05), held(lowPut, -1, strategyId('wheel')), 'CONTRACT_CONFLICT'],
  ['OVER_CLOSE: an option that is not held', sell(put, 2), {}, 'OVER_CLOSE'],
  ['OVER_CLOSE: an option that another owner holds', sell(put, 2), held(put, 1, strategyId('wheel')), 'OVER_CLOSE'],
  [
    'OVER_CLOSE: what is being closed already',
    cover(put, 2.1),
    {
      ...held(put, -1),
      live: [working({ purpose: 'C', legs: legs(leg(instrumentOf(symbol(put)), 'buy', 'close')), qty: qty(1), reserve: usd(0) })],
    },
    'OVER_CLOSE',
  ],
  ['OVER_CLOSE: buying back what is held long', cover(put, 2.1), held(put, 1), 'OVER_CLOSE'],
  ['OVER_CLOSE: a stop that rests is taken back first', sell('ABC', 180, 5), { ...held('ABC', 5), live: [stopOn('ABC', 5)] }, 'cleared'],
  ['EXIT_CAP: three walks in ten minutes', cover(put, 2.1), { ...held(put, -1), exitLadders: 3 }, 'EXIT_CAP'],
  ['EXIT_CAP: never asked while shutting down', cover(put, 2.1), { ...held(put, -1), exitLadders: 30, shuttingDown: true }, 'cleared'],
  [
    'EXIT_CAP: thirteen orders in one walk',
    closing(legs(leg(instrumentOf(symbol(put)), 'buy', 'close')), { rungs: Array.from({ length: 13 }, (_, i) => 2 + i / 100) }),
    held(put, -1),
    'EXIT_CAP',
  ],
];

const groups: Readonly<Record<string, readonly Row[]>> = {
  whole: exposureRows,
  lost: lossRows,
  standing,
  shapes,
  stale,
  twins,
  prices,
  cash,
  cover: cover_,
  orders: orderRows,
};
describe.each(Object.entries(groups))('the gate: %s', (_group, rows) => {
  it.each(rows)('%s', (_name, intent, given, expected) => {
    expect(told(judge(contextOf(intent, given)))).toBe(expected);
  });
});

describe('the gate', () => {
  it('has a row above for every denial code', () => {
    const shown = new Set(Object.values(groups).flatMap((rows) => rows.map((row) => row[3])));
    expect(denialCodes.filter((code) => !shown.has(code))).toEqual([]);
  });
  it('keeps the finding of every rule, in the order of the catalogue, whatever came of it', () => {
    for (const intent of [buy('ABC', 180), buy('ABC', 500), sell('ABC', 180)]) {
      const checks = judge(contextOf(intent, { halts: ['halt'] })).checks.map((c) => c.rule);
      expect(checks).toEqual(denialCodes);
    }
  });
  it('names the first rule that failed', () => {
    const verdict = judge(contextOf(buy('ABC', 500, 10), { halts: ['halt'], accountAgeMs: 1e9 }));
    expect(told(verdict)).toBe('HALTED');
    expect(verdict.checks.filter((c) => c.result === 'deny').map((c) => c.rule)).toEqual(['HALTED', 'STALE', 'COLLAR']);
  });
  it('gives a denial its figures', () => {
    const verdict = judge(contextOf(buy('ABC', 210, 10)));
    expect(check(verdict, 'COLLAR')).toEqual({
      rule: 'COLLAR',
      result: 'deny',
      observed: micros(210),
      limit: micros(185.4),
      unit: 'price_micros',
    });
  });
});
