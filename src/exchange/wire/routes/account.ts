// GET /v2/account.
import type { EpochMs } from '../../../domain/time.ts';
import type { XAccount } from '../../types.ts';
import { instant, money } from '../encode.ts';
import { json, type WireResponse } from '../message.ts';
import { type Call, route } from '../route.ts';

interface Shown {
  readonly tradingLevel: number;
  readonly mayShort: boolean;
  /** The last day that has closed. */
  readonly balanceDay: string;
}

/** A figure the exchange does not keep is an explicit null, never a zero. */
function accountJson(account: XAccount, { tradingLevel, mayShort, balanceDay }: Shown): Readonly<Record<string, unknown>> {
  const buyingPower = money(account.buyingPower);
  return {
    id: account.id,
    account_number: account.number,
    status: 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency: 'USD',
    cash: money(account.cash),
    equity: money(account.equity),
    portfolio_value: money(account.equity),
    last_equity: money(account.lastEquity),
    buying_power: buyingPower,
    regt_buying_power: buyingPower,
    effective_buying_power: buyingPower,
    options_buying_power: money(account.optionsBuyingPower),
    non_marginable_buying_power: money(account.nonMarginableBuyingPower),
    long_market_value: money(account.longMarketValue),
    short_market_value: money(account.shortMarketValue),
    position_market_value: money(account.longMarketValue - account.shortMarketValue),
    initial_margin: money(account.initialMargin),
    maintenance_margin: money(account.maintenanceMargin),
    last_maintenance_margin: null,
    sma: null,
    multiplier: account.buyingPower > account.nonMarginableBuyingPower ? '2' : '1',
    shorting_enabled: mayShort,
    accrued_fees: '0',
    pending_reg_taf_fees: '0',
    pending_transfer_in: '0',
    pending_transfer_out: '0',
    intraday_adjustments: '0',
    balance_asof: balanceDay,
    created_at: instant(account.createdAt),
    trading_blocked: account.tradingBlocked,
    transfers_blocked: false,
    account_blocked: account.accountBlocked,
    trade_suspended_by_user: account.suspendedByUser,
    options_approved_level: account.optionsLevel,
    options_trading_level: tradingLevel,
    crypto_tier: 0,
    admin_configurations: {},
    user_configurations: null,
  };
}

function getAccount(call: Call): WireResponse {
  const account = call.core.account(call.account, call.now);
  const { maxOptionsTradingLevel, noShorting } = call.core.settings(call.account).configurations;
  const shown = {
    tradingLevel: Math.min(account.optionsLevel, maxOptionsTradingLevel ?? account.optionsLevel),
    mayShort: call.core.lends && !noShorting,
    balanceDay: call.calendar.lastClosed(call.now as EpochMs).day,
  };
  return json(accountJson(account, shown));
}

export const accountRoutes = [route('GET', '/v2/account', 'trading', getAccount)];
