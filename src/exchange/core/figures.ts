// The account and its positions as the wire shows them: figures derived at an instant, nothing stored.
import type { ExchangeCore, XAccount } from '../types.ts';
import { availableOf, powerOf } from './buying-power.ts';
import { OPTIONS_LEVEL, settingsOf } from './settings.ts';
import type { Venue } from './venue.ts';

export function accountFigures(venue: Venue, name: string, at: number): XAccount {
  const row = venue.truth.account(name);
  const power = powerOf(venue, name, at);
  const { suspendTrade } = settingsOf(row).configurations;
  return {
    id: row.id,
    number: row.number,
    cash: row.cash,
    equity: power.equity,
    lastEquity: row.lastEquity,
    longMarketValue: power.longMarketValue,
    shortMarketValue: power.shortMarketValue,
    buyingPower: power.buyingPower,
    optionsBuyingPower: power.optionsBuyingPower,
    nonMarginableBuyingPower: power.nonMarginableBuyingPower,
    initialMargin: power.initialMargin,
    maintenanceMargin: power.maintenanceMargin,
    optionsLevel: OPTIONS_LEVEL,
    tradingBlocked: false,
    accountBlocked: false,
    suspendedByUser: suspendTrade,
    createdAt: row.createdAt,
  };
}

export const positionFigures = (venue: Venue, name: string, at: number): ReturnType<ExchangeCore['positions']> =>
  venue.truth.positions(name).map((position) => ({
    ...position,
    price: venue.desk.mark(position.symbol, at) ?? null,
    lastDayPrice: venue.truth.mark(position.symbol)?.previous ?? null,
    available: availableOf(venue, name, position.symbol),
  }));
