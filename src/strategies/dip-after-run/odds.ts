// What the prices themselves say of a call that is about to be bought: reported with the decision, asked of nobody.
import type { Gate } from '../../domain/decision.ts';
import type { Forecast } from '../../domain/forecast.ts';
import { dollars } from '../../domain/money.ts';
import type { EpochMs } from '../../domain/time.ts';
import { yearsToExpiry } from '../../market/expiry.ts';
import { probabilityBeyond } from '../../pricing/probability.ts';
import { reachOdds } from '../../pricing/touch.ts';
import { SESSIONS_PER_YEAR } from '../../pricing/volatility/realized.ts';
import { gainForecast, touchForecast } from '../toolkit/forecasts.ts';
import { noted } from '../toolkit/gates.ts';
import type { Setting } from '../toolkit/select.ts';
import type { Candidate } from './call.ts';
import type { DipParams } from './params.ts';

export interface CallOdds {
  readonly gates: readonly Gate[];
  readonly forecasts: readonly Forecast[];
}

/**
 * Break-even, the probability to end above it at the volatility quoted there, and that of the target's multiple within the holding
 * time (a touch of the price at which the call is worth it). Risk-neutral; null where the quotes allow no figure.
 * @param until the end of the holding time
 */
export function odds(params: DipParams, candidate: Candidate, setting: Setting, limit: number, until: EpochMs): CallOdds {
  const { option, sigma } = candidate.call;
  const strike = dollars(option.strike);
  const breakEven = strike + limit;
  const { spot, rate, dividendYield } = setting;
  const years = yearsToExpiry(setting.now, option.expiry, setting.calendar);
  const terms = { spot, years, rate, dividendYield };
  const reach = reachOdds(
    { right: 'call', strike, sigma, ...terms },
    { entry: limit, multiple: params.target_mult, horizon: params.max_hold_sessions / SESSIONS_PER_YEAR },
  );
  const pop = probabilityBeyond('above', breakEven, terms, candidate.sigmaAt(breakEven));
  const gain = gainForecast({ pop, gainsWithin: [{ from: breakEven, to: Number.POSITIVE_INFINITY }] }, option.expiry, setting);
  const gates = [
    noted('break-even', breakEven),
    noted('probability above break-even', pop),
    noted(`probability of ${params.target_mult} times the price in time`, reach.kind === 'odds' ? reach.probability : null),
  ];
  if (reach.kind !== 'odds') return { gates, forecasts: [gain] };
  const touch = { name: 'multiple_in_time', method: 'own_quote', probability: reach.probability, level: reach.level, by: until } as const;
  return { gates, forecasts: [gain, touchForecast(touch, setting)] };
}
