// GET and PATCH /v2/account/configurations: what the account's holder has set about how it trades.
import type { XConfigurations } from '../../types.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { parseBody } from '../order-body.ts';
import { type Call, route } from '../route.ts';

const configurationsJson = (set: XConfigurations): Readonly<Record<string, unknown>> => ({
  disable_overnight_trading: set.disableOvernightTrading,
  fractional_trading: set.fractionalTrading,
  max_margin_multiplier: set.maxMarginMultiplier,
  max_options_trading_level: set.maxOptionsTradingLevel,
  no_shorting: set.noShorting,
  ptp_no_exception_entry: set.ptpNoExceptionEntry,
  suspend_trade: set.suspendTrade,
  trade_confirm_email: set.tradeConfirmEmail,
});

const getConfigurations = (call: Call): WireResponse => json(configurationsJson(call.core.settings(call.account).configurations));

type Body = Readonly<Record<string, unknown>>;
const invalid = (name: string): Error => badRequest(422, 40010001, `invalid ${name}`);

/** A null is what a client sends that writes its whole model back: it changes nothing. */
function flag(body: Body, name: string, present: boolean): boolean {
  const value = body[name] ?? present;
  if (typeof value !== 'boolean') throw invalid(name);
  return value;
}

function choice<T extends string>(body: Body, name: string, allowed: readonly T[], present: T): T {
  const value = body[name] ?? present;
  const found = allowed.find((one) => one === value || (typeof value === 'number' && one === String(value)));
  if (found === undefined) throw invalid(name);
  return found;
}

/** Here a null means something: the level the account is approved for. */
function level(body: Body, name: string, present: number | null): number | null {
  const value = body[name] === undefined ? present : body[name];
  if (value === null) return null;
  const n = typeof value === 'string' && /^\d$/.test(value) ? Number(value) : value;
  if (n !== 0 && n !== 1 && n !== 2 && n !== 3) throw invalid(name);
  return n;
}

function patchConfigurations(call: Call): WireResponse {
  const body = parseBody(call.body);
  const settings = call.core.settings(call.account);
  const before = settings.configurations;
  const configurations: XConfigurations = {
    disableOvernightTrading: flag(body, 'disable_overnight_trading', before.disableOvernightTrading),
    fractionalTrading: flag(body, 'fractional_trading', before.fractionalTrading),
    maxMarginMultiplier: choice(body, 'max_margin_multiplier', ['1', '2', '4'], before.maxMarginMultiplier),
    maxOptionsTradingLevel: level(body, 'max_options_trading_level', before.maxOptionsTradingLevel),
    noShorting: flag(body, 'no_shorting', before.noShorting),
    ptpNoExceptionEntry: flag(body, 'ptp_no_exception_entry', before.ptpNoExceptionEntry),
    suspendTrade: flag(body, 'suspend_trade', before.suspendTrade),
    tradeConfirmEmail: choice(body, 'trade_confirm_email', ['all', 'none'], before.tradeConfirmEmail),
  };
  call.core.set(call.account, { ...settings, configurations }, call.now);
  return json(configurationsJson(configurations));
}

export const configurationRoutes = [
  route('GET', '/v2/account/configurations', 'trading', getConfigurations),
  route('PATCH', '/v2/account/configurations', 'trading', patchConfigurations),
];
