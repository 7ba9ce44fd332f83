// What an opening foretells, put so that it can be judged by what happened: the probabilities it was chosen by, and their very events.
import type { Forecast, ForecastMethod, ForecastName, PriceStretch } from '../../domain/forecast.ts';
import { dollars } from '../../domain/money.ts';
import type { EpochMs, TradingDay } from '../../domain/time.ts';
import { expirySession } from '../../market/expiry.ts';
import type { Stretch } from '../../pricing/payoff.ts';
import { figure } from './gates.ts';
import type { PackageOdds } from './odds.ts';
import type { Setting, Valued } from './select.ts';

const stretchOf = ({ from, to }: Stretch): PriceStretch => ({
  from: from <= 0 ? null : figure(from),
  to: to === Number.POSITIVE_INFINITY ? null : figure(to),
});

type Where = Pick<Setting, 'spot' | 'calendar'>;

/** The day whose close decides an expiry. */
const lastDay = (expiry: TradingDay, { calendar }: Where): TradingDay => expirySession(expiry, calendar).day;

/** The package gains at expiry if it was opened at the price its odds were reckoned with. */
export const gainForecast = (odds: Pick<PackageOdds, 'pop' | 'gainsWithin'>, expiry: TradingDay, where: Where): Forecast => ({
  name: 'gain_at_expiry',
  method: 'quoted_smile',
  probability: figure(odds.pop),
  spot: figure(where.spot),
  event: { kind: 'ends', day: lastDay(expiry, where), within: odds.gainsWithin.map(stretchOf) },
});

/** An option ends in the money, at the volatility of its own quote. */
export function inTheMoneyForecast({ option, pItm }: Pick<Valued, 'option' | 'pItm'>, where: Where): Forecast {
  const strike = dollars(option.strike);
  return {
    name: 'in_the_money_at_expiry',
    method: 'own_quote',
    probability: figure(pItm),
    spot: figure(where.spot),
    event: {
      kind: 'ends',
      day: lastDay(option.expiry, where),
      within: [option.right === 'put' ? { from: null, to: strike } : { from: strike, to: null }],
    },
  };
}

export interface Touching {
  readonly name: ForecastName;
  readonly method: ForecastMethod;
  readonly probability: number;
  /** Dollars; the share has to come from the other side. */
  readonly level: number;
  readonly by: EpochMs;
}

/** The share gets to a level in time. */
export const touchForecast = ({ name, method, probability, level, by }: Touching, { spot }: Pick<Where, 'spot'>): Forecast => ({
  name,
  method,
  probability: figure(probability),
  spot: figure(spot),
  event: { kind: 'touches', side: level >= spot ? 'above' : 'below', level: figure(level), by },
});
