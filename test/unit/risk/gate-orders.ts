// One denial by each rule about an order, its strategy and how the account behaves, for the table of the whole gate.
import { symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { known } from '../../../src/domain/reasons.ts';
import { after, MINUTE } from '../../../src/domain/time.ts';
import type { DenialCode } from '../../../src/domain/verdict.ts';
import type { Conduct } from '../../../src/risk/conduct.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { buy, conduct, limits, nowAt, owner, quoteOf, wideCeiling, wideOrders } from './contexts.ts';
import { closedTrade } from './trades.ts';

type Row = readonly [name: string, intent: RuleContext['intent'], given: Partial<RuleContext>, expected: DenialCode | 'cleared'];

const put = 'ABC260417P00170000';
const knowing = (over: Partial<Conduct>): Partial<RuleContext> => ({ conduct: { ...conduct, ...over } });
const bound = (over: Partial<OrderLimits>): Partial<RuleContext> => ({ limits: { ...limits, orders: { ...wideOrders, ...over } } });
const noon = nowAt(12).exchange;
const usualErrors = { errorsMax: 5, rejectsMax: 3, windowMs: MINUTE, pauseMs: 10 * MINUTE };
const burst = [-2, -1, 0].map((s) => ({ kind: 'reject', at: after(noon, s * 1_000) }) as const);
const slow = { perMinute: 2, burst: 1 };
const sent = [{ ladder: 'other', strategy: owner, underlying: symbol('ABC'), at: noon }];
const lost = closedTrade(-100, '2026-03-09');

export const orderRows: readonly Row[] = [
  ['MODE: live without an approval', buy('ABC', 180), knowing({ approval: { requested: 'live', approved: null } }), 'MODE'],
  ['INSTRUMENT: what the exchange does not trade', buy('ABC', 180), knowing({ tradable: () => false }), 'INSTRUMENT'],
  [
    'SPREAD_WIDE: 0.60 around 2.30 (G-12)',
    buy(put, 2.3),
    { ...bound({ spreadOptionPct: 0.1, spreadMin: usd(50_000) }), quote: () => known(quoteOf(put, 2, 2.6)) },
    'SPREAD_WIDE',
  ],
  [
    'TRADE_RISK: a unit above the ceiling',
    buy(put, 2.05),
    bound({ ceilings: new Map([[owner, { ...wideCeiling, tradePct: 0.002 }]]) }),
    'TRADE_RISK',
  ],
  [
    'TRADE_RISK: less than half of what was asked for fits',
    buy(put, 2.05, 5),
    bound({ ceilings: new Map([[owner, { ...wideCeiling, tradePct: 0.0042 }]]) }),
    'TRADE_RISK',
  ],
  [
    'TRADE_RISK: half of it is enough',
    buy(put, 2.05, 4),
    bound({ ceilings: new Map([[owner, { ...wideCeiling, tradePct: 0.0042 }]]) }),
    'cleared',
  ],
  [
    'STRATEGY_CAP: a unit above it',
    buy(put, 2.05),
    bound({ ceilings: new Map([[owner, { ...wideCeiling, strategyPct: 0.002 }]]) }),
    'STRATEGY_CAP',
  ],
  [
    'OPTION_BUDGET: a unit above it',
    buy(put, 2.05),
    bound({ budget: { ...wideOrders.budget, strategies: [owner], longPremiumPct: 0.002 } }),
    'OPTION_BUDGET',
  ],
  ['STRATEGY_PAUSED: a day of losses', buy('ABC', 180), knowing({ strategyDay: () => -100_001_000_000 }), 'STRATEGY_PAUSED'],
  [
    'RATE: the name is asked for too fast',
    buy('ABC', 180),
    { ...bound({ rate: { ...wideOrders.rate, symbol: slow } }), ...knowing({ sent }) },
    'RATE',
  ],
  [
    'ERRORS: after a burst of refusals (G-15)',
    buy('ABC', 180),
    { ...bound({ errors: usualErrors }), ...knowing({ faults: burst }) },
    'ERRORS',
  ],
  [
    'DAYTRADE: three in five sessions of a small account',
    buy('ABC', 180),
    {
      ...bound({ dayTrade: { policy: 'legacy_pdt', excessPctMin: 0.1 } }),
      ...knowing({ roundTrips: () => ({ done: 3, working: 0 }) }),
      equity: usd(20_000_000_000),
    },
    'DAYTRADE',
  ],
  [
    'EVENT: nobody knows when it reports',
    buy('ABC', 180),
    bound({ events: { ...wideOrders.events, earningsSessions: new Map([[owner, 3]]) } }),
    'EVENT',
  ],
  [
    'WASH: a loss in the name, where it is asked for',
    buy('ABC', 180),
    { ...bound({ wash: { days: 30, deny: true } }), trades: [lost] },
    'WASH',
  ],
  ['WASH: a tag alone stops nothing', buy('ABC', 180), { trades: [lost] }, 'cleared'],
  ['KELLY: a record without a win', buy('ABC', 180), { trades: Array.from({ length: 50 }, () => closedTrade(-1, '2026-03-02')) }, 'KELLY'],
];
