// Every row of utilisation is the rule's own figure with no order beside it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import type { DenialCode } from '../../../src/domain/verdict.ts';
import { portfolioOf } from '../../../src/risk/portfolio/portfolio.ts';
import type { Finding, Rule, RuleContext } from '../../../src/risk/rule.ts';
import { cluster } from '../../../src/risk/rules/cluster.ts';
import { buyingPower } from '../../../src/risk/rules/cover.ts';
import { dayTrade } from '../../../src/risk/rules/day-trade.ts';
import { exposure } from '../../../src/risk/rules/exposure.ts';
import { greeks } from '../../../src/risk/rules/greeks.ts';
import { lotteryCap } from '../../../src/risk/rules/lottery.ts';
import { openRisk } from '../../../src/risk/rules/open-risk.ts';
import { optionBudget } from '../../../src/risk/rules/option-budget.ts';
import { positionPct } from '../../../src/risk/rules/position-pct.ts';
import { sector } from '../../../src/risk/rules/sector.ts';
import { strategyCap } from '../../../src/risk/rules/strategy-cap.ts';
import { stress } from '../../../src/risk/rules/stress.ts';
import { valueAtRisk } from '../../../src/risk/rules/value-at-risk.ts';
import { type Use, utilisationOf } from '../../../src/risk/utilisation.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, micros, noLosses, positionOf, write } from './contexts.ts';
import { stillMarket, terms } from './portfolio/still-market.ts';
import { aaplCall, workedPositions, xyzPut } from './portfolio/worked-book.ts';
import { shippedLimits, workedContext } from './shipped.ts';
import { bought, tradeOf } from './trades.ts';

const book = (over: Partial<RuleContext> = {}, intent: RuleContext['intent'] = buy('ABC', 180)): RuleContext => workedContext(intent, over);
const usesOf = (c: RuleContext, strategyDay: (id: string) => number = () => 0): readonly Use[] => utilisationOf({ ...c, strategyDay });
const of = (uses: readonly Use[], rule: DenialCode, what = ''): readonly Use[] =>
  uses.filter((use) => use.rule === rule && `${use.of} ${use.what}`.includes(what));
const fullest = (uses: readonly Use[]): Use | undefined => [...uses].sort((a, b) => (b.share ?? 2) - (a.share ?? 2))[0];
/** The rule's own figures for an order of nothing. */
const without = (rule: Rule, c: RuleContext): Finding['check'] => rule({ ...c, qty: 0 }).check;

describe('a limit of the whole book', () => {
  it.each<readonly [DenialCode, Rule]>([
    ['EXPOSURE', exposure],
    ['OPEN_RISK', openRisk],
    ['GREEKS', greeks],
    ['VAR', valueAtRisk],
    ['STRESS', stress],
  ])('%s shows what the rule would observe', (code, rule) => {
    const { observed, limit, unit } = without(rule, book());
    expect(fullest(of(usesOf(book()), code))).toMatchObject({ of: 'account', observed, limit, unit });
  });
  it.each<readonly [DenialCode, Rule, RuleContext['intent'], string]>([
    ['POSITION_PCT', positionPct, buy('SPY', 500), 'name:SPY'],
    ['POSITION_PCT', positionPct, write(xyzPut.symbol, 1.8), 'name:XYZ'],
    ['SECTOR', sector, buy('AAPL', 200), 'sector:Information Technology'],
  ])('%s of a name, too', (code, rule, intent, scope) => {
    const { observed, limit } = without(rule, book({}, intent));
    expect(fullest(of(usesOf(book()), code, scope))).toMatchObject({ of: scope, observed, limit });
  });
  it('CLUSTER names those that move together', () => {
    const held = [positionOf('AAPL', 20), positionOf('MSFT', 10), positionOf('SPY', 10)];
    const market = stillMarket({ spots: { AAPL: 200, MSFT: 400, SPY: 500, ABC: 180 } });
    const sectors = new Map(['AAPL', 'MSFT'].map((name) => [name, 'Information Technology']));
    const c = book({ positions: held, portfolio: portfolioOf(held, [], market, terms({ sectors })) }, buy('AAPL', 200));
    const { observed, limit } = without(cluster, c);
    expect(of(usesOf(c), 'CLUSTER')).toMatchObject([{ of: 'cluster:AAPL,MSFT', observed, limit }]);
  });
  it('counts what works as filled', () => {
    const live = [orderOf({ strategy: strategyId('base'), state: 'working', cumQty: 0 })];
    const spots = { SPY: 500, ABC: 180 };
    const c = book({ positions: [], live, portfolio: portfolioOf([], live, stillMarket({ spots }), terms()) });
    expect(of(usesOf(c), 'EXPOSURE', 'gross')).toMatchObject([{ observed: micros(1_800) }]);
  });
  it('says of each why it is not known when the book cannot be valued', () => {
    const uses = usesOf(book({ portfolio: absent('BOOK_UNVALUED', 'XYZ: no quote') }));
    for (const code of ['EXPOSURE', 'OPEN_RISK', 'GREEKS', 'VAR', 'STRESS', 'POSITION_PCT', 'CLUSTER', 'SECTOR'] as const)
      expect(of(uses, code)).toMatchObject([{ observed: null, share: null, why: 'XYZ: no quote' }]);
  });
});

describe('a limit of money and of strategies', () => {
  const wheel = strategyId('wheel');
  it('BUYING_POWER: what is set aside, so that the rest is the room of the rule', () => {
    const [use] = of(usesOf(book()), 'BUYING_POWER');
    const { limit } = without(buyingPower, book());
    expect((use?.limit ?? 0) - (use?.observed ?? 0)).toBe(limit);
  });
  it('DAYTRADE: what is left below the limit is what the rule would find above its own', () => {
    const c = book();
    const [use] = of(usesOf(c), 'DAYTRADE');
    const { observed, limit } = without(dayTrade, c);
    expect(Math.floor((use?.limit ?? 0) - (use?.observed ?? 0))).toBe(Number(observed) - Number(limit));
  });
  it('DAYTRADE: the count of a small account under the older rule', () => {
    const limits = {
      ...shippedLimits,
      orders: { ...shippedLimits.orders, dayTrade: { policy: 'legacy_pdt', excessPctMin: 0.1 } },
    } as const;
    const c = book({ limits, equity: usd(micros(20_000)) });
    const conduct = { ...c.conduct, roundTrips: () => ({ done: 2, working: 1 }) };
    expect(of(usesOf({ ...c, conduct }), 'DAYTRADE')).toMatchObject([{ observed: 3, limit: 3, share: 1 }]);
    expect(of(usesOf({ ...c, conduct, equity: usd(micros(25_000)) }), 'DAYTRADE')).toEqual([]);
  });
  it('STRATEGY_CAP: collateral, in all and by name', () => {
    const c = book({ strategy: wheel }, write(xyzPut.symbol, 1.8));
    const { observed, limit } = without(strategyCap, c);
    expect(of(usesOf(c), 'STRATEGY_CAP', 'strategy:wheel')).toMatchObject([{ observed, limit }]);
    expect(of(usesOf(c), 'TRADE_RISK')).toMatchObject([
      { of: 'strategy:wheel', what: 'collateral in XYZ', observed: micros(9_500), limit: micros(10_000) },
    ]);
  });
  it('STRATEGY_CAP: market value of shares', () => {
    const { observed, limit } = without(strategyCap, book({}, buy('SPY', 500)));
    expect(of(usesOf(book()), 'STRATEGY_CAP', 'strategy:base')).toMatchObject([{ observed, limit }]);
  });
  it('OPTION_BUDGET: premium bought', () => {
    const swing = strategyId('swing');
    const trades = [tradeOf(-863.5, { owner: swing, legs: bought(aaplCall.symbol), count: 2 })];
    const c = book({ trades, strategy: swing }, buy(aaplCall.symbol, 4.3));
    const { observed, limit } = without(optionBudget, c);
    expect(of(usesOf(c), 'OPTION_BUDGET', 'premium')).toMatchObject([{ observed, limit }]);
  });
  it('LOTTERY_CAP: stakes of the session', () => {
    const lotto = strategyId('lotto');
    const trades = [tradeOf(-100, { owner: lotto })];
    const c = book({ trades, strategy: lotto }, buy('ABC260417C00190000', 2));
    const next = lotteryCap({ ...c, qty: 2 });
    expect(of(usesOf(c), 'LOTTERY_CAP', 'session')).toMatchObject([{ observed: micros(100), limit: micros(500) }]);
    expect(of(usesOf(c), 'LOTTERY_CAP', 'trades')).toMatchObject([{ observed: 1, limit: 2 }]);
    expect(next.kind).toBe('deny');
  });
  it('STRATEGY_PAUSED: what a strategy has lost today', () => {
    const uses = usesOf(book(), (id) => (id === 'zdte' ? -micros(500) : micros(10)));
    expect(of(uses, 'STRATEGY_PAUSED', 'zdte')).toMatchObject([{ observed: micros(500), limit: micros(1_000), share: 0.5 }]);
    expect(of(uses, 'STRATEGY_PAUSED', 'base')).toMatchObject([{ share: 0 }]);
  });
});

describe('a limit of the account', () => {
  it('of losses counts down to its floor', () => {
    const uses = usesOf(book({ losses: { ...noLosses, day: known(-0.0075), week: known(0.02), drawdown: known(-0.05) } }));
    expect(of(uses, 'DAILY_LOSS', 'day')).toMatchObject([{ observed: -0.0075, limit: -0.01, share: 0.75 }]);
    expect(of(uses, 'DAILY_LOSS', 'week')).toMatchObject([{ share: 0 }]);
    expect(of(uses, 'DRAWDOWN')).toMatchObject([{ share: 0.5 }]);
  });
  it('that is not known stands first, with the reason', () => {
    const uses = usesOf(
      book({ losses: { ...noLosses, day: absent('EQUITY_UNKNOWN', 'no close'), volatility: absent('VIX_UNKNOWN', 'no index') } }),
    );
    expect(uses.slice(0, 2)).toMatchObject([
      { rule: 'DAILY_LOSS', observed: null, share: null, why: 'no close' },
      { rule: 'VOLATILITY', observed: null, share: null, why: 'no index' },
    ]);
  });
  it('that allows nothing is not used, or is over', () => {
    const none = { ...book(), cash: usd(0), conduct: { ...book().conduct, settled: usd(0) } };
    expect(of(usesOf(none), 'BUYING_POWER')).toMatchObject([{ limit: 0, share: null, why: 'nothing is allowed' }]);
    const still = usesOf({ ...book({ equity: usd(0) }), positions: [], trades: [] });
    expect(of(still, 'STRATEGY_CAP', 'zdte')).toMatchObject([{ observed: 0, limit: 0, share: 0 }]);
  });
  it('has never been read: its age is not known', () => {
    expect(of(usesOf(book({ accountAgeMs: Number.POSITIVE_INFINITY })), 'STALE', 'account figures')).toMatchObject([
      { observed: null, share: null },
    ]);
  });
});

describe('all rows together', () => {
  const amount = fc.integer({ min: -2_000_000, max: 2_000_000 });
  it('share is observed over limit, never below zero, and they stand from the fullest to the emptiest', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        fc.integer({ min: 0, max: 80 }),
        (cash, lost, day, vix) => {
          const c = book({ cash: usd(cash * 1e6), losses: { ...noLosses, day: known(day), volatility: known(vix) } });
          const uses = usesOf(c, () => lost);
          for (const { observed, limit, share, why } of uses) {
            expect(share === null).toBe(why !== null);
            if (share !== null && observed !== null && limit !== null && limit !== 0) expect(share).toBe(Math.max(0, observed / limit));
          }
          const ranks = uses.map(({ share }) => share ?? Number.POSITIVE_INFINITY);
          expect(ranks).toEqual([...ranks].sort((a, b) => (a === b ? 0 : b - a)));
        },
      ),
      { numRuns: 40 },
    );
  });
  it('are about the worked book: an index fall of a fifth comes nearest to its limit', () => {
    const [first] = usesOf(book({ positions: workedPositions }));
    expect(first).toMatchObject({ rule: 'TRADE_RISK', share: 0.95 });
    expect(of(usesOf(book()), 'EXPOSURE', 'gross')[0]?.observed).toBeCloseTo(micros(50_961), -7);
    expect(of(usesOf(book()), 'STRESS', 'scenario')[0]?.what).toBe('loss in the worst scenario');
    expect(of(usesOf(book()), 'POSITION_PCT', `size of ${symbol('XYZ')}`)).toHaveLength(1);
  });
});
