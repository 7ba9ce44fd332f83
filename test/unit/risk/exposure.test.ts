import { describe, expect, it } from 'vitest';
import type { Close, Open } from '../../../src/domain/decision.ts';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { qty, usd } from '../../../src/domain/money.ts';
import type { Position } from '../../../src/domain/position.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import type { DenialCode, RuleCheck } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RiskLimits } from '../../../src/risk/limits.ts';
import type { ExposureLimits } from '../../../src/risk/limits-exposure.ts';
import { portfolioOf } from '../../../src/risk/portfolio/portfolio.ts';
import type { Rule, RuleContext } from '../../../src/risk/rule.ts';
import { cluster } from '../../../src/risk/rules/cluster.ts';
import { exposure } from '../../../src/risk/rules/exposure.ts';
import { freshness } from '../../../src/risk/rules/freshness.ts';
import { greeks } from '../../../src/risk/rules/greeks.ts';
import { openRisk } from '../../../src/risk/rules/open-risk.ts';
import { positionPct } from '../../../src/risk/rules/position-pct.ts';
import { sector } from '../../../src/risk/rules/sector.ts';
import { stress } from '../../../src/risk/rules/stress.ts';
import { valueAtRisk } from '../../../src/risk/rules/value-at-risk.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, contextOf, limits, micros, opening, positionOf, putSpread, quoteOf, sell, write } from './contexts.ts';
import { exposureLimits, type Still, stillMarket, terms, wideExposure } from './portfolio/still-market.ts';
import { workedPortfolio, workedPositions } from './portfolio/worked-book.ts';

const rules: readonly (readonly [DenialCode, Rule])[] = [
  ['POSITION_PCT', positionPct],
  ['EXPOSURE', exposure],
  ['OPEN_RISK', openRisk],
  ['CLUSTER', cluster],
  ['SECTOR', sector],
  ['GREEKS', greeks],
  ['VAR', valueAtRisk],
  ['STRESS', stress],
];
const ruleOf = (code: DenialCode): Rule => new Map(rules).get(code) as Rule;

/** Fat fingers aside, so that each row speaks of its own rule. */
const judgedBy = (over: Partial<ExposureLimits>): RiskLimits => ({
  ...limits,
  orderNotionalMax: usd(micros(1_000_000)),
  orderEquityPctMax: 1,
  indexFundEquityPctMax: 1,
  contractsMax: 1_000,
  exposure: { ...wideExposure, ...over },
});

const spots = { ABC: 180, SPY: 600, DEF: 50, GHI: 20 };
interface Given {
  readonly held?: readonly Position[];
  readonly live?: RuleContext['live'];
  readonly limits?: Partial<ExposureLimits>;
  readonly market?: Partial<Still>;
  readonly sectors?: Readonly<Record<string, string>>;
}

function contextIn(intent: Open | Close, { held = [], live = [], limits: set = {}, market = {}, sectors }: Given): RuleContext {
  const still = stillMarket({ spots, sigma: 0.3, ...market });
  const of = terms({ ...(sectors === undefined ? {} : { sectors: new Map(Object.entries(sectors)) }) });
  return contextOf(intent, { limits: judgedBy(set), positions: held, live, portfolio: portfolioOf(held, live, still, of) });
}

const found = (code: DenialCode, intent: Open | Close, given: Given) => {
  const finding = ruleOf(code)(contextIn(intent, given));
  return finding.kind === 'resize' ? finding.qty : finding.kind;
};

const put = 'ABC260410P00170000';
const call = 'ABC260410C00190000';
const funds = { sharesPct: 0.4, deltaPct: 0.6, reservePct: 0.4 };

type Row = readonly [what: string, code: DenialCode, intent: Open | Close, given: Given, outcome: 'pass' | 'deny' | number];

const rows: readonly Row[] = [
  ['shares of a name up to a tenth, at the ask: 55 x 180.10', 'POSITION_PCT', buy('ABC', 180, 55), { limits: exposureLimits }, 'pass'],
  ['one more is cut off', 'POSITION_PCT', buy('ABC', 180, 56), { limits: exposureLimits }, 55],
  ['at a limit above the ask: 54 x 182', 'POSITION_PCT', buy('ABC', 182, 60), { limits: exposureLimits }, 54],
  ['with what is held already', 'POSITION_PCT', buy('ABC', 180, 56), { limits: exposureLimits, held: [positionOf('ABC', 40)] }, 15],
  [
    'with what another owner holds',
    'POSITION_PCT',
    buy('ABC', 180, 1),
    { limits: exposureLimits, held: [positionOf('ABC', 60, 'EXTERNAL')] },
    'deny',
  ],
  ['shares of an index fund up to four tenths', 'POSITION_PCT', buy('SPY', 600, 80), { limits: { indexFund: funds } }, 66],
  [
    'net delta of a name: the puts against the shares',
    'POSITION_PCT',
    write(put, 2.05, 20),
    { limits: { singleName: { ...exposureLimits.singleName, reservePct: 1_000 } } },
    4,
  ],
  [
    'cash behind puts of a name: one strike of 17,000',
    'POSITION_PCT',
    write(put, 2.05, 2),
    { limits: { singleName: { sharesPct: 1, deltaPct: 1, reservePct: 0.2 } } },
    1,
  ],
  [
    'a spread’s width, not its strike',
    'POSITION_PCT',
    putSpread(put, 'ABC260410P00160000', -0.95, 20),
    { limits: { singleName: { sharesPct: 1, deltaPct: 1, reservePct: 0.2 } } },
    'pass',
  ],
  [
    'gross: names added up, whatever their signs',
    'EXPOSURE',
    buy('ABC', 180, 100),
    { limits: { grossPct: 0.3 }, held: [positionOf('DEF', -400)] },
    55,
  ],
  ['net, by beta: 1.5 x 180 a share', 'EXPOSURE', buy('ABC', 180, 100), { limits: { netBetaPct: 0.2 } }, 74],
  ['open risk of shares: a gap of 35 %', 'OPEN_RISK', buy('ABC', 180, 100), { limits: { openRiskPct: 0.05 } }, 79],
  ['open risk of a fund: a gap of 15 %', 'OPEN_RISK', buy('SPY', 600, 100), { limits: { openRiskPct: 0.05 } }, 55],
  ['open risk of a call is its price', 'OPEN_RISK', buy(call, 2.05, 5), { limits: { openRiskPct: 0.01 } }, 3],
  [
    'open risk of a covered call adds none to the shares',
    'OPEN_RISK',
    write(call, 2.05, 1),
    { limits: { openRiskPct: 0.063 }, held: [positionOf('ABC', 100)] },
    'pass',
  ],
  [
    'a cluster of one sector while history is short',
    'CLUSTER',
    buy('ABC', 180, 100),
    { limits: exposureLimits, held: [positionOf('DEF', 200)], sectors: { ABC: 'U', DEF: 'U' } },
    74,
  ],
  [
    'a name by itself',
    'CLUSTER',
    buy('ABC', 180, 100),
    { limits: exposureLimits, held: [positionOf('DEF', 200)], sectors: { ABC: 'U', DEF: 'V' } },
    'pass',
  ],
  [
    'a sector: deltas added up',
    'SECTOR',
    buy('ABC', 180, 100),
    { limits: exposureLimits, held: [positionOf('DEF', 400)], sectors: { ABC: 'U', DEF: 'U' } },
    55,
  ],
  ['a name without a sector is a small one', 'SECTOR', buy('GHI', 20, 600), { limits: exposureLimits }, 500],
  ['beta delta', 'GREEKS', buy('ABC', 180, 100), { limits: { betaDeltaPct: 0.2 } }, 74],
  ['gamma, bought', 'GREEKS', buy(call, 2.05, 20), { limits: { gammaPct: 0.05 } }, 7],
  ['gamma, sold', 'GREEKS', write(put, 2.05, 20), { limits: { gammaPct: 0.05 } }, 7],
  ['vega', 'GREEKS', buy(call, 2.05, 40), { limits: { vegaPct: 0.005 } }, 27],
  ['theta paid', 'GREEKS', buy(call, 2.05, 40), { limits: { thetaPaidPct: 0.003 } }, 32],
  ['theta earned', 'GREEKS', write(put, 2.05, 100), { limits: { thetaEarnedPct: 0.005 } }, 69],
  ['theta paid is no theta earned', 'GREEKS', buy(call, 2.05, 40), { limits: { thetaEarnedPct: 0.000_001 } }, 'pass'],
  ['value at risk: 1.644854 % of 270 a share', 'VAR', buy('ABC', 180, 100), { limits: { var95Pct: 0.002 } }, 45],
  ['expected shortfall: 2.665214 % of 270 a share', 'VAR', buy('ABC', 180, 100), { limits: { es99Pct: 0.004 } }, 55],
  ['the worst scenario: 30.75 % of 180 a share', 'STRESS', buy('ABC', 180, 100), { limits: { stressPct: 0.04 } }, 72],
  ['one name’s fall: 63 a share', 'STRESS', buy('ABC', 180, 100), { limits: { gapPct: 0.04 } }, 63],
  ['another name’s fall, too', 'STRESS', buy('ABC', 180, 1), { limits: { gapPct: 0.04 }, held: [positionOf('DEF', 300)] }, 'deny'],
  ['a fund is no single name', 'STRESS', buy('SPY', 600, 100), { limits: { gapPct: 0.04 } }, 'pass'],
];

describe('a rule on the whole book', () => {
  it.each(rows)('%s: %s', (_what, code, intent, given, outcome) => {
    expect(found(code, intent, given)).toBe(outcome);
  });
  it.each(rows.filter((row) => typeof row[4] === 'number'))(
    'cuts to the most that fits, and not to one less: %s: %s',
    (_what, code, intent, given, most) => {
      expect(found(code, { ...intent, qty: qty(most as number) }, given)).toBe('pass');
      expect(found(code, { ...intent, qty: qty((most as number) + 1) }, given)).toBe(most);
    },
  );
  it.each(rules)('%s lets every exit pass', (code) => {
    const given = { limits: exposureLimits, held: [positionOf('ABC', 5_000)] };
    expect(ruleOf(code)(contextIn(sell('ABC', 180, 5_000), given))).toMatchObject({ kind: 'pass', check: { result: 'skip' } });
  });
  it.each(rules)('%s opens nothing without a valued book', (code) => {
    const context = contextOf(buy('ABC', 180), { portfolio: absent('BOOK_UNVALUED', 'GONE: no quote') });
    expect(ruleOf(code)(context)).toMatchObject({ kind: 'deny', check: { observed: 'BOOK_UNVALUED' } });
  });
  it.each(rules)('%s opens nothing that cannot be valued itself', (code) => {
    expect(found(code, buy('GONE', 10), {})).toBe('deny');
  });
  it.each(rules.filter(([code]) => code !== 'OPEN_RISK'))('%s passes nothing by a limit that is no number', (code) => {
    const nan = Object.fromEntries(
      Object.entries(exposureLimits).map(([key, value]) => [key, typeof value === 'number' ? Number.NaN : value]),
    ) as unknown as ExposureLimits;
    const name = { sharesPct: Number.NaN, deltaPct: Number.NaN, reservePct: Number.NaN };
    expect(found(code, buy('ABC', 180), { limits: { ...nan, singleName: name, indexFund: name }, held: [positionOf('DEF', 1)] })).toBe(
      'deny',
    );
  });
  it('counts a working order as if it had filled, and not as a hedge before it has', () => {
    const bought = orderOf({
      strategy: strategyId('dip'),
      legs: legs(leg(equity(symbol('ABC')), 'buy', 'open')),
      qty: qty(50),
      state: 'unknown',
    });
    expect(found('POSITION_PCT', buy('ABC', 180, 55), { limits: exposureLimits, live: [bought] })).toBe(5);
    const short = orderOf({
      strategy: strategyId('dip'),
      legs: legs(leg(equity(symbol('DEF')), 'sell', 'open')),
      qty: qty(100),
      state: 'working',
    });
    expect(found('EXPOSURE', buy('ABC', 180, 100), { limits: { netBetaPct: 0.2 }, live: [short] })).toBe(74);
  });
});

describe('what its own legs bound', () => {
  const today = (right: 'C' | 'P', strike: string) => `SPY260311${right}00${strike}000`;
  const sized = { singleName: { sharesPct: 1, deltaPct: 0.005, reservePct: 1 } };
  it('counts with the most it can lose in the size of a name, whatever its delta', () => {
    // 281.27 a call, whose delta stands for 5,329 of shares.
    expect(found('POSITION_PCT', buy(call, 2.05, 2), { limits: sized })).toBe(1);
    expect(found('EXPOSURE', buy(call, 2.05, 2), { limits: { grossPct: 0.1 } })).toBe(1);
  });
  it('is left out of gamma and theta on its last day, and what nothing bounds is not', () => {
    const given = { limits: { gammaPct: 0.05, thetaPaidPct: 0.003, thetaEarnedPct: 0.005 } };
    expect(found('GREEKS', buy(today('C', '610'), 2.05, 6), given)).toBe('pass');
    expect(found('GREEKS', putSpread(today('P', '590'), today('P', '585'), -0.95, 2), given)).toBe('pass');
    expect(found('GREEKS', write(today('P', '590'), 2.05, 2), given)).toBe('deny');
    const later = 'SPY260312C00610000';
    expect(found('GREEKS', buy(later, 2.05, 6), given)).not.toBe('pass');
  });
});

describe('freshness of the book', () => {
  it('denies an opening on stale greeks, and lets an exit go', () => {
    const portfolio = absent('BOOK_UNVALUED', 'ABC260410P00170000: its last volatility is 300001 ms old');
    expect(freshness(contextOf(buy('ABC', 180), { portfolio }))).toMatchObject({
      kind: 'deny',
      why: expect.stringContaining('stale greeks') as string,
    });
    expect(freshness(contextOf(sell('ABC', 180), { portfolio })).kind).toBe('pass');
    expect(judge(contextOf(buy('ABC', 180), { portfolio }))).toMatchObject({ kind: 'denied', denial: { code: 'STALE' } });
  });
  it('denies what cannot be valued although it is quoted', () => {
    expect(freshness(contextIn(buy('GONE', 10), {})).kind).toBe('deny');
    const context = contextIn(buy(call, 2.05), { market: { spots: { SPY: 600 } } });
    expect(freshness({ ...context, quote: () => known(quoteOf(call, 2, 2.1)) })).toMatchObject({
      kind: 'deny',
      check: { observed: 'QUOTE_MISSING' },
    });
  });
});

describe('the worked book, equity 100,000', () => {
  const cash = usd(micros(69_460.28));
  const judged = (intent: Open, of: Partial<RiskLimits>) =>
    judge(
      contextOf(intent, {
        limits: { ...limits, exposure: exposureLimits, ...of },
        positions: workedPositions,
        cash,
        brokerRoom: cash,
        portfolio: known(workedPortfolio()),
      }),
    );
  const check = (verdict: ReturnType<typeof judge>, rule: DenialCode): RuleCheck | undefined => verdict.checks.find((c) => c.rule === rule);
  const noFingers = { orderNotionalMax: usd(micros(1_000_000)), orderEquityPctMax: 1 };

  it('G-1: 100 ABC are 18,010 of 10,000 and are cut to 55', () => {
    const verdict = judged(buy('ABC', 180, 100), noFingers);
    expect(check(verdict, 'POSITION_PCT')).toEqual({
      rule: 'POSITION_PCT',
      result: 'resize',
      observed: micros(18_010),
      limit: micros(10_000),
      unit: 'usd_micros',
    });
    expect(verdict).toMatchObject({ kind: 'cleared', cleared: { qty: 55 } });
  });
  it('G-1: 120 would be cut to less than half, and are denied', () => {
    expect(judged(buy('ABC', 180, 120), noFingers)).toMatchObject({ kind: 'denied', denial: { code: 'POSITION_PCT' } });
  });
  it('G-2: 55 ABC pass, and gross becomes 60.9 %', () => {
    const verdict = judged(buy('ABC', 180, 55), {});
    expect(verdict).toMatchObject({ kind: 'cleared', cleared: { qty: 55 } });
    expect(check(verdict, 'POSITION_PCT')).toMatchObject({ result: 'pass', observed: micros(9_905.5) });
    expect(verdict.checks.filter((c) => c.result !== 'pass' && c.result !== 'skip')).toEqual([]);
    const gross = ruleOf('EXPOSURE')(
      contextOf(buy('ABC', 180, 55), {
        limits: { ...limits, exposure: { ...wideExposure, grossPct: 1 } },
        portfolio: known(workedPortfolio()),
      }),
    );
    expect(Math.round((gross.check.observed as number) / 1e8)).toBe(609);
  });
  it('utilises beta delta by 54.8 %, gamma by 0.23 %, vega by 0.03 %, theta by 0.010 % of equity', () => {
    const [{ total }] = workedPortfolio().books;
    const percent = (dollars: number) => Math.abs(dollars) / 1_000;
    expect(percent(total.betaDelta)).toBeCloseTo(54.8, 1);
    expect(percent(total.gamma1pct)).toBeCloseTo(0.23, 2);
    expect(percent(total.vega)).toBeCloseTo(0.03, 2);
    expect(percent(total.theta)).toBeCloseTo(0.01, 3);
  });
  it('passes a fall of the index and of each name by the shipped limits', () => {
    const rule = ruleOf('STRESS')(
      contextOf(buy('ABC', 180, 1), { limits: { ...limits, exposure: exposureLimits }, portfolio: known(workedPortfolio()) }),
    );
    expect(rule.kind).toBe('pass');
    const spread = opening(legs(leg(equity(symbol('ABC')), 'buy', 'open')), { qty: 100, rungs: [180] });
    expect(
      ruleOf('STRESS')(contextOf(spread, { limits: { ...limits, exposure: exposureLimits }, portfolio: known(workedPortfolio()) })),
    ).toMatchObject({ kind: 'resize' });
  });
});
