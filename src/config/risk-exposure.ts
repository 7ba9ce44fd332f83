// The table `[risk.exposure]`: what the book as a whole may carry, as written in TOML and as the gate reads it.
import { z } from 'zod';
import { symbol } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import type { ExposureLimits } from '../risk/limits-exposure.ts';
import { duration, part, ticker } from './units.ts';

/** A part of equity that leverage may take beyond the whole. */
const levered = () => part(4);

export const exposureTable = z
  .strictObject({
    market_index: ticker(),
    name_shares_pct: levered(),
    name_delta_pct: levered(),
    name_reserve_pct: levered(),
    index_fund_shares_pct: levered(),
    index_fund_delta_pct: levered(),
    index_fund_reserve_pct: levered(),
    gross_pct: levered(),
    net_beta_pct: levered(),
    open_risk_pct: part(1),
    cluster_correlation: part(1),
    cluster_pct: levered(),
    sector_pct: levered(),
    unknown_sector_pct: levered(),
    beta_delta_pct: levered(),
    gamma_pct: part(1),
    vega_pct: part(1),
    theta_paid_pct: part(1),
    theta_earned_pct: part(1),
    var95_pct: part(1),
    es99_pct: part(1),
    stress_pct: part(1),
    gap_pct: part(1),
    gap_volatility: part(10),
    assumed_beta: part(10),
    assumed_index_fund_beta: part(10),
    mark_max_age: duration(SECOND, 30 * MINUTE),
  })
  .transform(
    (e): ExposureLimits => ({
      marketIndex: symbol(e.market_index),
      singleName: { sharesPct: e.name_shares_pct, deltaPct: e.name_delta_pct, reservePct: e.name_reserve_pct },
      indexFund: { sharesPct: e.index_fund_shares_pct, deltaPct: e.index_fund_delta_pct, reservePct: e.index_fund_reserve_pct },
      grossPct: e.gross_pct,
      netBetaPct: e.net_beta_pct,
      openRiskPct: e.open_risk_pct,
      clusterCorrelation: e.cluster_correlation,
      clusterPct: e.cluster_pct,
      sectorPct: e.sector_pct,
      unknownSectorPct: e.unknown_sector_pct,
      betaDeltaPct: e.beta_delta_pct,
      gammaPct: e.gamma_pct,
      vegaPct: e.vega_pct,
      thetaPaidPct: e.theta_paid_pct,
      thetaEarnedPct: e.theta_earned_pct,
      var95Pct: e.var95_pct,
      es99Pct: e.es99_pct,
      stressPct: e.stress_pct,
      gapPct: e.gap_pct,
      gapVolatility: e.gap_volatility,
      assumedBeta: e.assumed_beta,
      assumedIndexFundBeta: e.assumed_index_fund_beta,
      markAgeMsMax: e.mark_max_age,
    }),
  );
