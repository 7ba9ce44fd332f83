// The limits that a person may set on a running daemon, by their names in the configuration, and which way each of them allows more.
// Lists of names are not among them, nor the ages of quotes, which are part of how the market is seen: those want a new start.
import { orderKeys } from './limit-keys-orders.ts';
import type { RiskLimits } from './limits.ts';

export interface LimitKey {
  /** A larger figure allows more, or a smaller one does. */
  readonly loosens: 'up' | 'down';
  /** The figure, in the unit that the program counts in. */
  readonly figure: (limits: RiskLimits) => number;
}

const up = (figure: LimitKey['figure']): LimitKey => ({ loosens: 'up', figure });
const down = (figure: LimitKey['figure']): LimitKey => ({ loosens: 'down', figure });

// biome-ignore format: a table
const table: Readonly<Record<string, LimitKey>> = {
  'risk.account_max_age': up((l) => l.accountAgeMsMax),
  'risk.reconcile_max_age': up((l) => l.reconcileAgeMsMax),
  'risk.open_buffer': down((l) => l.openBufferMs),
  'risk.close_buffer': down((l) => l.closeBufferMs),
  'risk.fat_finger_usd': up((l) => l.orderNotionalMax),
  'risk.fat_finger_pct': up((l) => l.orderEquityPctMax),
  'risk.fat_finger_index_fund_pct': up((l) => l.indexFundEquityPctMax),
  'risk.contracts_max': up((l) => l.contractsMax),
  'risk.collar_share_min_usd': up((l) => l.collarShareMin),
  'risk.collar_index_fund_pct': up((l) => l.collarIndexFundPct),
  'risk.collar_share_pct': up((l) => l.collarSharePct),
  'risk.collar_option_min_usd': up((l) => l.collarOptionMin),
  'risk.collar_option_pct': up((l) => l.collarOptionPct),
  'risk.cash_buffer_pct': down((l) => l.cashBufferPct),
  'risk.duplicate_window': down((l) => l.duplicateWindowMs),
  'risk.exit_ladders_max': up((l) => l.exitLaddersMax),
  'risk.exit_rungs_max': up((l) => l.exitRungsMax),
  'risk.losses.day_halt_pct': up((l) => l.losses.dayHaltPct),
  'risk.losses.day_flatten_pct': up((l) => l.losses.dayFlattenPct),
  'risk.losses.week_halt_pct': up((l) => l.losses.weekHaltPct),
  'risk.losses.month_halt_pct': up((l) => l.losses.monthHaltPct),
  'risk.losses.drawdown_half_pct': up((l) => l.losses.drawdownHalfPct),
  'risk.losses.drawdown_halt_pct': up((l) => l.losses.drawdownHaltPct),
  'risk.losses.drawdown_flatten_pct': up((l) => l.losses.drawdownFlattenPct),
  'risk.losses.cautious_factor': up((l) => l.losses.cautiousFactor),
  'risk.losses.restricted_factor': up((l) => l.losses.restrictedFactor),
  'risk.losses.restricted_sessions': down((l) => l.losses.restrictedSessions),
  'risk.losses.equity_refresh': up((l) => l.losses.refreshMs),
  'risk.losses.equity_max_age': up((l) => l.losses.maxAgeMs),
  'risk.volatility.cautious_from': up((l) => l.volatility.cautiousFrom),
  'risk.volatility.day_rise_pct': up((l) => l.volatility.dayRisePct),
  'risk.volatility.unknown_factor': up((l) => l.volatility.unknownFactor),
  'risk.lottery_trade_pct': up((l) => l.lottery.tradePct),
  'risk.lottery_day_pct': up((l) => l.lottery.dayPct),
  'risk.lottery_week_pct': up((l) => l.lottery.weekPct),
  'risk.lottery_week_trades_max': up((l) => l.lottery.weekTradesMax),
  'risk.exposure.name_shares_pct': up((l) => l.exposure.singleName.sharesPct),
  'risk.exposure.name_delta_pct': up((l) => l.exposure.singleName.deltaPct),
  'risk.exposure.name_reserve_pct': up((l) => l.exposure.singleName.reservePct),
  'risk.exposure.index_fund_shares_pct': up((l) => l.exposure.indexFund.sharesPct),
  'risk.exposure.index_fund_delta_pct': up((l) => l.exposure.indexFund.deltaPct),
  'risk.exposure.index_fund_reserve_pct': up((l) => l.exposure.indexFund.reservePct),
  'risk.exposure.gross_pct': up((l) => l.exposure.grossPct),
  'risk.exposure.net_beta_pct': up((l) => l.exposure.netBetaPct),
  'risk.exposure.open_risk_pct': up((l) => l.exposure.openRiskPct),
  'risk.exposure.cluster_correlation': up((l) => l.exposure.clusterCorrelation),
  'risk.exposure.cluster_pct': up((l) => l.exposure.clusterPct),
  'risk.exposure.sector_pct': up((l) => l.exposure.sectorPct),
  'risk.exposure.unknown_sector_pct': up((l) => l.exposure.unknownSectorPct),
  'risk.exposure.beta_delta_pct': up((l) => l.exposure.betaDeltaPct),
  'risk.exposure.gamma_pct': up((l) => l.exposure.gammaPct),
  'risk.exposure.vega_pct': up((l) => l.exposure.vegaPct),
  'risk.exposure.theta_paid_pct': up((l) => l.exposure.thetaPaidPct),
  'risk.exposure.theta_earned_pct': up((l) => l.exposure.thetaEarnedPct),
  'risk.exposure.var95_pct': up((l) => l.exposure.var95Pct),
  'risk.exposure.es99_pct': up((l) => l.exposure.es99Pct),
  'risk.exposure.stress_pct': up((l) => l.exposure.stressPct),
  'risk.exposure.gap_pct': up((l) => l.exposure.gapPct),
  'risk.exposure.gap_volatility': down((l) => l.exposure.gapVolatility),
  'risk.exposure.assumed_beta': down((l) => l.exposure.assumedBeta),
  'risk.exposure.assumed_index_fund_beta': down((l) => l.exposure.assumedIndexFundBeta),
  'risk.exposure.mark_max_age': up((l) => l.exposure.markAgeMsMax),
};

/** Every limit that can be set, by its dotted name. */
export const limitKeys: ReadonlyMap<string, LimitKey> = new Map([
  ...Object.entries(table),
  ...[...orderKeys].map(([key, [loosens, figure]]): [string, LimitKey] => [`risk.${key}`, { loosens, figure: (l) => figure(l.orders) }]),
]);

/** True when a limit allows more after than before. A figure that is no number allows more: nobody may set it by the lesser right. */
export function loosened({ loosens, figure }: LimitKey, before: RiskLimits, after: RiskLimits): boolean {
  const [was, is] = [figure(before), figure(after)];
  return loosens === 'up' ? !(is <= was) : !(is >= was);
}

/** The limits with some of them set anew, each by its dotted name as text; or what is wrong with what was set. */
export type Relimit = (
  set: ReadonlyMap<string, string>,
) => { readonly ok: true; readonly limits: RiskLimits } | { readonly ok: false; readonly why: string };
