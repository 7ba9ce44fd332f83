// The nine others at the mark: what their closed trades say at penalised prices, and once a month the verdict that binds their entries.
import type { Gate, Pass } from '../../domain/decision.ts';
import { type StrategyId, strategyId, symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { absent, type Known } from '../../domain/reasons.ts';
import { monthOf, type TradingDay } from '../../domain/time.ts';
import { tradeStats } from '../../pricing/performance.ts';
import { figure, noted, pass } from '../toolkit/gates.ts';
import type { BaselineContext } from './core.ts';
import type { Ledger, Result } from './ledger.ts';
import type { BaselineParams } from './params.ts';
import { largestFall, withResults } from './results.ts';
import type { Standing } from './standing.ts';
import { monthlyVerdict, type VerdictRule } from './verdict.ts';

/** The strategies that are judged, sorted. */
const judgedIds = ({ ceilings }: BaselineParams): readonly StrategyId[] => Object.keys(ceilings).sort().map(strategyId);

const ruleOf = (params: BaselineParams): VerdictRule => ({
  tradesMin: params.verdict_trades_min,
  probationT: params.verdict_probation_t,
  suspendT: params.verdict_suspend_t,
  suspendDrawdown: params.verdict_suspend_drawdown,
});

/** The last month that is over at this mark: this one on its last session, else the one of the session before the month's first. */
function lastWholeMonth(ctx: BaselineContext): string {
  const month = monthOf(ctx.day);
  if (monthOf(ctx.sessionAt(ctx.day, 1).day) !== month) return month;
  return monthOf(ctx.calendar.offset(`${month}-01` as TradingDay, -1).day);
}

interface Record {
  readonly id: StrategyId;
  readonly results: readonly Result[];
  readonly penalised: readonly number[];
  readonly drawdown: number;
  readonly ceiling: number;
}

function recordOf(ctx: BaselineContext, ledger: Ledger, id: StrategyId): Record {
  const results = ledger.results[id] ?? [];
  const penalised = results.flatMap((r) => (r.penalised === null ? [] : [r.penalised]));
  const parts: Readonly<{ [id: string]: number }> = ctx.params.ceilings;
  const ceiling = (parts[id] ?? 0) * dollars(ctx.account.equity);
  return { id, results, penalised, drawdown: largestFall(penalised), ceiling };
}

/** The figures of a strategy's record: as booked, and at penalised prices. */
function figures({ results, penalised, drawdown, ceiling }: Record, rule: VerdictRule): readonly Gate[] {
  const booked = tradeStats(results.map((r) => r.booked));
  const worse = tradeStats(penalised);
  const enough = penalised.length >= rule.tradesMin;
  return [
    { name: 'closed trades at penalised prices', threshold: rule.tradesMin, observed: penalised.length, pass: enough },
    noted('closed trades left out for want of a quote', results.length - penalised.length),
    noted('expectancy as booked', booked.known ? booked.value.expectancy : null),
    noted('win rate', worse.known ? worse.value.winRate : null),
    noted('profit factor', worse.known ? worse.value.profitFactor : null),
    noted('penalised expectancy', worse.known ? worse.value.expectancy : null),
    noted('t', worse.known ? worse.value.t : null),
    noted('penalised drawdown', drawdown),
    noted('ceiling', ceiling),
    noted(
      'penalised return on the ceiling',
      ceiling > 0 && penalised.length > 0 ? penalised.reduce((sum, x) => sum + x, 0) / ceiling : null,
    ),
  ];
}

const meaning: { readonly [S in Standing]: string } = {
  ACTIVE: 'it opens as it is configured',
  PROBATION: 'it opens half of what it asks for',
  SUSPEND: 'it opens nothing',
};

/** A standing an operator has set aside is said and binds nobody. */
function binding(params: BaselineParams, id: StrategyId, verdict: Known<Standing>): Known<Standing> {
  if (!verdict.known || !(params.verdict_exempt as readonly string[]).includes(id)) return verdict;
  return absent('DISABLED', `${verdict.value} by its record, set aside by verdict_exempt`);
}

const standingNow = (ledger: Ledger, id: StrategyId): Standing => ledger.standings[id]?.standing ?? 'ACTIVE';

/** What is said of one strategy, and its standing from now on. */
function judgeOne(ctx: BaselineContext, ledger: Ledger, id: StrategyId, due: boolean): { readonly said: Pass; readonly ledger: Ledger } {
  const record = recordOf(ctx, ledger, id);
  const rule = ruleOf(ctx.params);
  const before = standingNow(ledger, id);
  const gates = [...figures(record, rule), noted('standing before', before)];
  if (!due) return { said: pass(symbol(id), 'MARK', `${before}: ${meaning[before]}`, gates), ledger };
  const verdict = binding(ctx.params, id, monthlyVerdict(record, rule));
  if (!verdict.known) return { said: pass(symbol(id), verdict.code, `no verdict: ${verdict.why}; it stays ${before}`, gates), ledger };
  const standing = verdict.value;
  const why = `${standing}: ${record.penalised.length} closed trades; ${meaning[standing]}`;
  const judgement = { standing, month: lastWholeMonth(ctx) };
  return {
    said: pass(symbol(id), 'VERDICT', why, [...gates, noted('drawdown in ceilings', figure(record.drawdown / record.ceiling))]),
    ledger: { ...ledger, standings: { ...ledger.standings, [id]: judgement } },
  };
}

/** Standings of strategies that are exempt, or no longer judged, bind nobody. */
const released = (ledger: Ledger, ids: readonly StrategyId[], { verdict_exempt }: BaselineParams): Ledger => ({
  ...ledger,
  standings: Object.fromEntries(
    Object.entries(ledger.standings).filter(
      ([id]) => ids.some((known) => known === id) && !(verdict_exempt as readonly string[]).includes(id),
    ),
  ),
});

/** One row for each strategy that is judged: its figures at every mark, its verdict at the first mark after a month is over. */
export function judgeStrategies(ctx: BaselineContext, before: Ledger): { readonly decisions: readonly Pass[]; readonly book: Ledger } {
  const { params } = ctx;
  const ids = judgedIds(params);
  const month = lastWholeMonth(ctx);
  const due = before.judged === null || before.judged < month;
  const rule = { fee: params.penalty_fee_per_contract_usd, keep: params.results_trades_max };
  let book = released(withResults(before, ids, ctx.book, rule), ids, params);
  const decisions: Pass[] = [];
  for (const id of ids) {
    const { said, ledger } = judgeOne(ctx, book, id, due);
    decisions.push(said);
    book = ledger;
  }
  return { decisions, book: due ? { ...book, judged: month } : book };
}
