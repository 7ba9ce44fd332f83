// What the account was worth, what came and went, what the book risked, and what is remembered of losses.
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { type EquityMark, equityMarks, type LossRecord } from '../../domain/losses.ts';
import type { Usd } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { ClusterFigure, GapFigure, VarMethod } from '../../domain/risk-figures.ts';
import { at, day, holds, integers, json, oneOf, optionalJson, usd } from '../columns.ts';
import { ledger } from './holding.ts';
import { ofTurn } from './run.ts';

/** Micros that may be unknown. */
const maybeUsd = (name: string) => integer(name).$type<Usd>();

/** Equity at an instant: one row a minute of a session, its first and its last look, and one whenever cash or units moved. */
export const equitySnapshots = sqliteTable(
  'equity_snapshots',
  {
    seq: ofTurn().primaryKey(),
    at: at(),
    day: day(),
    mark: text('mark').$type<EquityMark>().notNull(),
    equity: maybeUsd('equity'),
    why: text('why').$type<ReasonCode>(),
    brokerEquity: usd('broker_equity'),
    cash: usd('cash'),
    settledCash: usd('settled_cash'),
    longValue: maybeUsd('long_value'),
    shortValue: maybeUsd('short_value'),
    optionValue: maybeUsd('option_value'),
    buyingPower: usd('buying_power'),
    optionsBuyingPower: usd('options_buying_power'),
    dayPnl: maybeUsd('day_pnl'),
    unrealised: maybeUsd('unrealised'),
    realisedDay: usd('realised_day'),
    flowsDay: usd('flows_day'),
    nav: real('nav'),
    peak: real('peak').notNull(),
  },
  (t) => [
    index('equity_snapshots_by_at').on(t.at),
    oneOf('equity_snapshots', 'mark', equityMarks),
    holds('equity_snapshots_known', '(equity IS NULL) = (why IS NOT NULL)'),
    holds('equity_snapshots_sum', 'equity IS NULL OR equity = cash + long_value + short_value'),
    integers(
      'equity_snapshots',
      ['at', 'broker_equity', 'cash', 'settled_cash', 'buying_power', 'options_buying_power', 'realised_day', 'flows_day'],
      ['equity', 'long_value', 'short_value', 'option_value', 'day_pnl', 'unrealised'],
    ),
  ],
);

/** What came in from outside or went out, by the ledger row that booked it: neither profit nor loss. */
export const externalFlows = sqliteTable(
  'external_flows',
  {
    key: text('key')
      .primaryKey()
      .references(() => ledger.key),
    kind: text('kind').$type<'deposit' | 'withdrawal' | 'journal'>().notNull(),
    amount: usd('amount'),
    day: day(),
    at: at(),
    seq: ofTurn(),
  },
  (t) => [
    index('external_flows_by_seq').on(t.seq),
    oneOf('external_flows', 'kind', ['deposit', 'withdrawal', 'journal']),
    holds('external_flows_amount', 'amount <> 0'),
    integers('external_flows', ['amount', 'at']),
  ],
);

/** The risk of the book, in the turns that keep a row of equity; `code` says why there are no figures. */
export const riskSnapshots = sqliteTable(
  'risk_snapshots',
  {
    seq: ofTurn().primaryKey(),
    at: at(),
    code: text('code').$type<ReasonCode>(),
    equity: maybeUsd('equity'),
    gross: maybeUsd('gross'),
    net: maybeUsd('net'),
    betaDelta: maybeUsd('beta_delta'),
    gamma1pct: maybeUsd('gamma1pct'),
    vega: maybeUsd('vega'),
    theta: maybeUsd('theta'),
    var95: maybeUsd('var95'),
    var99: maybeUsd('var99'),
    es99: maybeUsd('es99'),
    varMethod: text('var_method').$type<VarMethod>(),
    worstStress: maybeUsd('worst_stress'),
    worstStressName: text('worst_stress_name'),
    worstGap: optionalJson<GapFigure | null>('worst_gap'),
    clusters: json<readonly ClusterFigure[]>('clusters').notNull(),
    standIns: json<readonly string[]>('stand_ins').notNull(),
    inputsOk: integer('inputs_ok', { mode: 'boolean' }).notNull(),
  },
  () => [
    holds('risk_snapshots_known', '(code IS NULL) = (gross IS NOT NULL)'),
    holds('risk_snapshots_inputs_ok', 'inputs_ok IN (0, 1)'),
    oneOf('risk_snapshots', 'var_method', ['historical', 'parametric', 'ewma', 'cornish_fisher', 'thin']),
    integers(
      'risk_snapshots',
      ['at'],
      ['equity', 'gross', 'net', 'beta_delta', 'gamma1pct', 'vega', 'theta', 'var95', 'var99', 'es99', 'worst_stress'],
    ),
  ],
);

/** What losses are measured against and where the halt ladder stands: one row. */
export const lossRecord = sqliteTable(
  'loss_record',
  { id: integer('id').primaryKey(), record: json<LossRecord>('record').notNull(), seq: ofTurn() },
  () => [holds('loss_record_single', 'id = 1')],
);
