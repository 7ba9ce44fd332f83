// Account, positions, activities and sessions as the domain's nouns.
import type { AccountFacts, Activity, BrokerPosition } from '../domain/account.ts';
import { brokerOrderId, symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { netQty, type Price, price, type Usd, usd } from '../domain/money.ts';
import { type TradingDay, tradingDay } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';
import { newYorkDay, newYorkInstant } from '../market/new-york.ts';
import { type Decimal, decimalMicros, decimalNumber, times, wholeNumber } from './codec.ts';
import { AlpacaFault } from './faults.ts';
import type { AccountWire, ActivityWire, PositionWire } from './wire.ts';

const shape = (what: string): AlpacaFault => new AlpacaFault('ALPACA_SHAPE', what);

function microsOf(value: Decimal, what: string): number {
  const micros = decimalMicros(value);
  if (micros === undefined) throw shape(`${what}: beyond any account`);
  return micros;
}
const usdOf = (value: Decimal, what: string): Usd => usd(microsOf(value, what));

/** The account's facts; an options level the broker does not state is 0, which permits nothing. */
export const accountFacts = (wire: AccountWire): AccountFacts => ({
  number: wire.account_number,
  status: wire.status,
  cash: usdOf(wire.cash, 'cash'),
  equity: usdOf(wire.equity, 'equity'),
  lastEquity: usdOf(wire.last_equity, 'last_equity'),
  buyingPower: usdOf(wire.buying_power, 'buying_power'),
  optionsBuyingPower: usdOf(wire.options_buying_power, 'options_buying_power'),
  nonMarginableBuyingPower: usdOf(wire.non_marginable_buying_power, 'non_marginable_buying_power'),
  optionsLevel: wire.options_trading_level ?? 0,
  tradingBlocked: wire.trading_blocked,
  accountBlocked: wire.account_blocked,
  transfersBlocked: wire.transfers_blocked,
  suspendedByUser: wire.trade_suspended_by_user,
});

/** A position; `cost` is the broker's cost basis, positive for a long position and negative for a short one. */
export function brokerPosition(wire: PositionWire): BrokerPosition {
  const whole = wholeNumber(wire.qty);
  const mark = wire.current_price;
  return {
    symbol: symbol(wire.symbol),
    ...(wire.asset_id ? { asset: wire.asset_id } : {}),
    net: whole === undefined ? { fractional: String(decimalNumber(wire.qty)) } : netQty(whole),
    cost: usdOf(wire.cost_basis, `cost basis of ${wire.symbol}`),
    mark: mark === null || mark === undefined ? null : price(microsOf(mark, `price of ${wire.symbol}`)),
  };
}

const stampedId = /^(\d{4})(\d{2})(\d{2})\d{9}::/;

/** The New York day of an activity: its own date, else the one its id starts with, else that of its instant. */
function dayOf(wire: ActivityWire): TradingDay {
  if (wire.date !== null && wire.date !== undefined) return tradingDay(wire.date);
  if (wire.transaction_time !== null && wire.transaction_time !== undefined) return newYorkDay(wire.transaction_time);
  const match = stampedId.exec(wire.id);
  if (match === null) throw shape(`activity ${wire.id}: no day`);
  return tradingDay(`${match[1] ?? ''}-${match[2] ?? ''}-${match[3] ?? ''}`);
}

const priceOf = (wire: ActivityWire): Price | null =>
  wire.price === null || wire.price === undefined ? null : price(microsOf(wire.price, `price of activity ${wire.id}`));

function tradeActivity(wire: ActivityWire): Activity {
  const { qty, price: at, order_id: orderId, cum_qty: cumQty, side } = wire;
  const ticker = wire.symbol ?? '';
  if (!qty || !at || !orderId || !cumQty || !side || ticker === '') throw shape(`activity ${wire.id}: a fill without its figures`);
  const bought = side === 'buy';
  const cash = decimalMicros(times(qty, at), instrumentOf(symbol(ticker)).multiplier);
  if (cash === undefined) throw shape(`activity ${wire.id}: beyond any account`);
  return {
    ...commonOf(wire),
    qty: (bought ? 1 : -1) * decimalNumber(qty),
    netAmount: usd(bought ? -cash : cash),
    order: { brokerId: brokerOrderId(orderId), cumQty: decimalNumber(cumQty), side: bought ? 'buy' : 'sell' },
  };
}

const commonOf = (wire: ActivityWire): Omit<Activity, 'qty' | 'netAmount' | 'order'> => ({
  id: wire.id,
  type: wire.activity_type,
  status: wire.status ?? 'executed',
  day: dayOf(wire),
  at: wire.transaction_time ?? wire.created_at ?? null,
  symbol: (wire.symbol ?? '') === '' ? null : symbol(wire.symbol ?? ''),
  price: priceOf(wire),
  groupId: wire.group_id ?? null,
});

/**
 * One row of the broker's own record. A fill's cash follows from its figures; any other row states its own, or moves
 * securities and no cash.
 */
export function activity(wire: ActivityWire): Activity {
  if (wire.activity_type === 'FILL') return tradeActivity(wire);
  const { net_amount: net, qty } = wire;
  if (!net && !qty) throw shape(`activity ${wire.id}: ${wire.activity_type} with neither amount nor quantity`);
  return {
    ...commonOf(wire),
    qty: qty ? decimalNumber(qty) : 0,
    netAmount: net ? usdOf(net, `amount of activity ${wire.id}`) : usd(0),
    order: null,
  };
}

/** A session from New York wall times (`HH:MM`). */
export function session(wire: { readonly date: string; readonly open: string; readonly close: string }): Session {
  const day = tradingDay(wire.date);
  const at = (hhmm: string): Session['open'] => newYorkInstant(day, Number(hhmm.slice(0, 2)), Number(hhmm.slice(3, 5)));
  return { day, open: at(wire.open), close: at(wire.close), early: wire.close < '16:00' };
}
