// How much of every limit of the book is used: the figures that the rules judge by, without an order beside them.
import type { StrategyId, Symbol } from '../domain/ids.ts';
import type { Known } from '../domain/reasons.ts';
import { type DenialCode, denialCodes, type RuleCheck } from '../domain/verdict.ts';
import { collateralOf, usedBy } from './ceiling.ts';
import type { Conduct } from './conduct.ts';
import type { LossFigures } from './losses.ts';
import { maintenanceHeld, maintenanceWorking } from './maintenance.ts';
import { clusters } from './portfolio/measures.ts';
import type { Portfolio } from './portfolio/portfolio.ts';
import { figuresOf, type Measure, tightestOf } from './projection.ts';
import type { RuleContext } from './rule.ts';
import { clusterMeasure } from './rules/cluster.ts';
import { cashRoom } from './rules/cover.ts';
import { DAY_TRADES, FREE_EQUITY } from './rules/day-trade.ts';
import { exposureMeasures } from './rules/exposure.ts';
import { greekMeasures } from './rules/greeks.ts';
import { stakesOf } from './rules/lottery.ts';
import { openRiskMeasures } from './rules/open-risk.ts';
import { usedOfBudgets } from './rules/option-budget.ts';
import { positionMeasures } from './rules/position-pct.ts';
import { sectorMeasure } from './rules/sector.ts';
import { stressMeasures } from './rules/stress.ts';
import { valueAtRiskMeasures } from './rules/value-at-risk.ts';

/** One limit of the book, and how much of it is used. */
export interface Use {
  /** The rule that holds openings to it. */
  readonly rule: DenialCode;
  /** `account`, or `strategy:ID`, `name:TICKER`, `sector:NAME`, `cluster:NAMES`. */
  readonly of: string;
  readonly what: string;
  /** In `unit`; null where it is not known. */
  readonly observed: number | null;
  readonly limit: number | null;
  readonly unit: RuleCheck['unit'];
  /** Observed over limit, 0 or more: above 1 it is broken. Null where nothing of it is known or nothing is allowed. */
  readonly share: number | null;
  /** Why there is no share; null where there is one. */
  readonly why: string | null;
}

/** What the rows are reckoned from: a rule's own view without the order, and without the strategy that would send it. */
export interface BookContext
  extends Pick<
    RuleContext,
    | 'limits'
    | 'session'
    | 'quote'
    | 'equity'
    | 'cash'
    | 'brokerRoom'
    | 'accountAgeMs'
    | 'reconcileAgeMs'
    | 'positions'
    | 'live'
    | 'trades'
    | 'portfolio'
    | 'losses'
  > {
  readonly conduct: Pick<Conduct, 'settled' | 'sent' | 'roundTrips'>;
  /** What a strategy has won today, micros, negative where it lost. */
  readonly strategyDay: (strategy: StrategyId) => number;
}

const ACCOUNT = 'account';
type Row = Pick<Use, 'rule' | 'of' | 'what' | 'unit'>;

const absentUse = (row: Row, limit: number | null, why: string): Use => ({ ...row, observed: null, limit, share: null, why });

/** A row of an amount under a ceiling, or, below zero, of a loss above its floor. */
function useOf(row: Row, observed: number | null, limit: number | null): Use {
  if (observed === null || !Number.isFinite(observed)) return absentUse(row, limit, 'the figure is not known');
  if (limit === null || !Number.isFinite(limit)) return { ...row, observed, limit: null, share: null, why: 'the limit is not known' };
  const [used, whole] = row.unit === 'part' && limit < 0 ? [-observed, -limit] : [observed, limit];
  if (whole > 0) return { ...row, observed, limit, share: Math.max(0, used / whole), why: null };
  return used <= whole
    ? { ...row, observed, limit, share: 0, why: null }
    : { ...row, observed, limit, share: null, why: 'nothing is allowed' };
}

const money = (rule: DenialCode, of: string, what: string, observed: number, limit: number): Use =>
  useOf({ rule, of, what, unit: 'usd_micros' }, observed, limit);
const count = (rule: DenialCode, of: string, what: string, observed: number, limit: number): Use =>
  useOf({ rule, of, what, unit: 'count' }, observed, limit);
const age = (what: string, ms: number, limit: number): Use => useOf({ rule: 'STALE', of: ACCOUNT, what, unit: 'ms' }, ms, limit);

function part(rule: DenialCode, what: string, observed: Known<number>, limit: number, unit: Use['unit'] = 'part'): Use {
  const row = { rule, of: ACCOUNT, what, unit };
  return observed.known ? useOf(row, observed.value, limit) : absentUse(row, limit, observed.why);
}

/** A ceiling of the book as it stands, held and with all that works filled: the one that uses more. */
function measured(rule: DenialCode, of: string, portfolio: Portfolio, measure: Measure): Use {
  const books = portfolio.books.flatMap((book) => (book === undefined ? [] : [{ measure, observed: measure.of(book, 0) }]));
  const { observed, limit, unit } = figuresOf(tightestOf(books) ?? { measure, observed: Number.NaN });
  return useOf({ rule, of, what: measure.what.replace(/,$/, ''), unit }, observed, limit);
}

const ofBook = [
  ['EXPOSURE', exposureMeasures],
  ['OPEN_RISK', openRiskMeasures],
  ['GREEKS', greekMeasures],
  ['VAR', valueAtRiskMeasures],
  ['STRESS', stressMeasures],
] as const;

const ofNames = ['POSITION_PCT', 'CLUSTER', 'SECTOR'] as const;

/** Names of one sector share a row. */
function sectorUses({ names }: Portfolio, singles: readonly Symbol[], row: (of: string, name: Symbol) => Use): readonly Use[] {
  const seen = new Map<string, Symbol>();
  for (const name of singles) {
    const sector = names.sector(name);
    const of = sector === undefined ? `name:${name}` : `sector:${sector}`;
    if (!seen.has(of)) seen.set(of, name);
  }
  return [...seen].map(([of, name]) => row(of, name));
}

/** Limits on the whole book, on each of its names, and on names together. */
function portfolioUses(portfolio: Known<Portfolio>, { exposure }: RuleContext['limits']): readonly Use[] {
  if (!portfolio.known) {
    const { why } = portfolio;
    const blind = (rule: DenialCode, what: string): Use => absentUse({ rule, of: ACCOUNT, what, unit: 'usd_micros' }, null, why);
    return [...ofBook.map(([rule]) => blind(rule, 'the whole book')), ...ofNames.map((rule) => blind(rule, 'every name'))];
  }
  const book = portfolio.value;
  const all = book.books[1] ?? book.books[0];
  const singles = all.names.filter((name) => !book.names.isIndexFund(name));
  const together = clusters(all, book.names).filter((members) => members.length > 1);
  return [
    ...ofBook.flatMap(([rule, measures]) => measures(book, exposure).map((measure) => measured(rule, ACCOUNT, book, measure))),
    ...all.names.flatMap((name) =>
      positionMeasures(book, exposure, name, 0).map((measure) => measured('POSITION_PCT', `name:${name}`, book, measure)),
    ),
    ...together.map((members) => measured('CLUSTER', `cluster:${members.join(',')}`, book, clusterMeasure(book, exposure, members))),
    ...sectorUses(book, singles, (of, name) => measured('SECTOR', of, book, sectorMeasure(book, exposure, name))),
  ];
}

/** Ceilings that strategies have of their own, and what each has lost today. */
function strategyUses(c: BookContext): readonly Use[] {
  const { ceilings, health } = c.limits.orders;
  return [...ceilings].flatMap(([id, { measure, over, tradePct, strategyPct }]) => {
    const of = `strategy:${id}`;
    const names = new Set(c.positions.filter((p) => p.owner === id).map((p) => p.instrument.underlying));
    const perName = measure === 'collateral' ? [...names] : [];
    return [
      money('STRATEGY_CAP', of, `its own ceiling (${measure})`, usedBy(c, id, measure, over), Math.trunc(c.equity * strategyPct)),
      ...perName.map((name) =>
        money('TRADE_RISK', of, `collateral in ${name}`, collateralOf(c, id, name), Math.trunc(c.equity * tradePct)),
      ),
      money('STRATEGY_PAUSED', of, 'lost today', -c.strategyDay(id), Math.trunc(c.equity * health.dayLossPct)),
    ];
  });
}

/** Budgets that several strategies share; none outside a session, since they count by the day. */
function classUses(c: BookContext): readonly Use[] {
  const { equity, limits, session } = c;
  if (session === undefined) return [];
  const { budget } = limits.orders;
  const stakes = stakesOf({ ...c, ladder: null }, session.day);
  const used = usedOfBudgets(c, session.day);
  const amount = (rule: DenialCode, what: string, observed: number, of: number): Use =>
    money(rule, ACCOUNT, what, observed, Math.trunc(equity * of));
  return [
    amount('LOTTERY_CAP', 'lottery stakes of the session', stakes.day + stakes.working, limits.lottery.dayPct),
    amount('LOTTERY_CAP', 'lottery stakes of the week', stakes.week + stakes.working, limits.lottery.weekPct),
    count('LOTTERY_CAP', ACCOUNT, 'lottery trades of the week', stakes.trades, limits.lottery.weekTradesMax),
    amount('OPTION_BUDGET', 'premium bought', used.paid, budget.longPremiumPct),
    amount('OPTION_BUDGET', 'worst loss of what is sold', used.sold, budget.shortLossPct),
    amount('OPTION_BUDGET', `worst loss within ${budget.nearExpiryDays} days of expiry`, used.near, budget.nearExpiryPct),
  ];
}

/** What the account's own regime for trading within the day leaves. */
function regimeUses(c: BookContext): readonly Use[] {
  const { policy, excessPctMin } = c.limits.orders.dayTrade;
  if (policy === 'intraday_margin') {
    const needed = maintenanceHeld(c) + maintenanceWorking(c);
    return [money('DAYTRADE', ACCOUNT, 'maintenance', needed, c.equity - Math.trunc(c.equity * excessPctMin))];
  }
  if (policy !== 'legacy_pdt' || c.equity >= FREE_EQUITY) return [];
  const { done, working } = c.conduct.roundTrips();
  return [count('DAYTRADE', ACCOUNT, 'day trades in five sessions', done + working, DAY_TRADES - 1)];
}

const lossNames: readonly (readonly [DenialCode, keyof LossFigures, string])[] = [
  ['DAILY_LOSS', 'day', 'result of the day'],
  ['DAILY_LOSS', 'week', 'result of the week'],
  ['DAILY_LOSS', 'month', 'result of the month'],
  ['DRAWDOWN', 'drawdown', 'fall from the highest close'],
];

function accountUses(c: BookContext): readonly Use[] {
  const { limits, losses, conduct, cash } = c;
  const { levels, dayRisePct } = limits.volatility;
  return [
    age('age of the account figures', c.accountAgeMs, limits.accountAgeMsMax),
    age('age of the last clean reconcile', c.reconcileAgeMs, limits.reconcileAgeMsMax),
    money('BUYING_POWER', ACCOUNT, 'cash that is set aside', cash - cashRoom(c), cash),
    ...lossNames.map(([rule, which, what]) => part(rule, what, losses[which], losses.floors[which])),
    part('VOLATILITY', 'level of the volatility index', losses.volatility, levels.at(-1) ?? 0, 'points'),
    part('VOLATILITY', 'its rise since the session before', losses.volatilityRise, dayRisePct),
    count('RATE', ACCOUNT, 'openings sent today', conduct.sent.length, limits.orders.rate.dayOpeningsMax),
    ...regimeUses(c),
  ];
}

const rank = ({ share }: Use): number => share ?? Number.POSITIVE_INFINITY;

/**
 * Every limit of the book, of its names and of the strategies, with what is used of it: what is not known or stands above its limit
 * first, the fullest next. Limits on a single order (its size, its price, its spread) have no row: they are about no book.
 */
export function utilisationOf(c: BookContext): readonly Use[] {
  const all = [...accountUses(c), ...portfolioUses(c.portfolio, c.limits), ...classUses(c), ...strategyUses(c)];
  const place = (use: Use): number => denialCodes.indexOf(use.rule);
  return all
    .map((use, i) => ({ use, i }))
    .sort((a, b) => (rank(a.use) === rank(b.use) ? place(a.use) - place(b.use) || a.i - b.i : rank(b.use) - rank(a.use)))
    .map(({ use }) => use);
}
