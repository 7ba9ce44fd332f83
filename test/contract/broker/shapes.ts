// The shapes of the broker's JSON, each written once: what the exchange must produce, and what a real broker does.
// `required` lists what the Python client cannot do without: such a field is there, and is not null.
import {
  anyText,
  anything,
  bool,
  day,
  decimal,
  either,
  hhmm,
  instant,
  listOf,
  mapOf,
  nothing,
  number,
  object,
  occ,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
  tuple,
  unsigned,
  uuid,
  whole,
  zoned,
} from './shape.ts';

export const account = object({
  id: uuid,
  account_number: text,
  status: oneOf('ACTIVE'),
  currency: oneOf('USD'),
  cash: decimal,
  equity: decimal,
  portfolio_value: decimal,
  last_equity: decimal,
  buying_power: unsigned,
  regt_buying_power: unsigned,
  options_buying_power: unsigned,
  non_marginable_buying_power: unsigned,
  long_market_value: decimal,
  short_market_value: decimal,
  initial_margin: decimal,
  maintenance_margin: decimal,
  multiplier: oneOf('1', '2', '4'),
  shorting_enabled: bool,
  created_at: instant,
  balance_asof: day,
  trading_blocked: bool,
  transfers_blocked: bool,
  account_blocked: bool,
  trade_suspended_by_user: bool,
  options_approved_level: oneOf(0, 1, 2, 3),
  options_trading_level: oneOf(0, 1, 2, 3),
});

export const configurations = object({
  fractional_trading: bool,
  max_margin_multiplier: oneOf('1', '2', '4'),
  max_options_trading_level: orNull(oneOf(0, 1, 2, 3)),
  no_shorting: bool,
  ptp_no_exception_entry: bool,
  suspend_trade: bool,
  trade_confirm_email: oneOf('all', 'none'),
});

export const clock = object({ timestamp: zoned, is_open: bool, next_open: zoned, next_close: zoned });
const venue = object({ mic: text, acronym: text, name: text, timezone: text, bic: optional(orNull(anyText)) });
export const clocks = object({
  clocks: listOf(
    object({
      market: venue,
      timestamp: zoned,
      is_market_day: bool,
      phase: oneOf('closed', 'pre', 'core', 'lunch', 'post'),
      phase_until: zoned,
      next_market_open: zoned,
      next_market_close: zoned,
    }),
  ),
});
export const marketCalendar = object({
  market: venue,
  calendar: listOf(
    object({
      date: day,
      pre_start: optional(zoned),
      pre_end: optional(zoned),
      core_start: zoned,
      core_end: zoned,
      post_start: optional(zoned),
      post_end: optional(zoned),
      settlement_date: day,
    }),
  ),
});
export const calendarDay = object({ date: day, open: hhmm, close: hhmm, session_open: text, session_close: text, settlement_date: day });

export const asset = object({
  id: uuid,
  class: oneOf('us_equity'),
  exchange: oneOf('AMEX', 'ARCA', 'BATS', 'NYSE', 'NASDAQ', 'NYSEARCA', 'OTC'),
  symbol: text,
  name: text,
  status: oneOf('active'),
  tradable: bool,
  marginable: bool,
  shortable: bool,
  easy_to_borrow: bool,
  fractionable: bool,
  attributes: listOf(text),
});

export const contract = object({
  id: uuid,
  symbol: occ,
  name: text,
  status: oneOf('active', 'inactive'),
  tradable: bool,
  expiration_date: day,
  root_symbol: text,
  underlying_symbol: text,
  underlying_asset_id: uuid,
  type: oneOf('call', 'put'),
  style: oneOf('american', 'european'),
  strike_price: unsigned,
  multiplier: optional(unsigned),
  size: unsigned,
  open_interest: optional(orNull(unsigned)),
  open_interest_date: optional(orNull(day)),
  close_price: optional(orNull(unsigned)),
});
export const contracts = object({ option_contracts: listOf(contract), next_page_token: orNull(text) });

const statuses = [
  ...['new', 'partially_filled', 'filled', 'done_for_day', 'canceled', 'expired', 'replaced', 'pending_cancel', 'pending_replace'],
  ...['accepted', 'pending_new', 'accepted_for_bidding', 'stopped', 'rejected', 'suspended', 'calculated', 'held'],
];

const intents = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'];
const orderFields = {
  id: uuid,
  client_order_id: text,
  created_at: instant,
  updated_at: instant,
  submitted_at: instant,
  filled_at: orNull(instant),
  expired_at: orNull(instant),
  canceled_at: orNull(instant),
  failed_at: orNull(instant),
  replaced_at: orNull(instant),
  replaced_by: orNull(uuid),
  replaces: orNull(uuid),
  asset_id: either(uuid, oneOf('')),
  symbol: anyText,
  asset_class: oneOf('us_equity', 'us_option', ''),
  notional: orNull(unsigned),
  qty: orNull(unsigned),
  filled_qty: unsigned,
  filled_avg_price: orNull(decimal),
  order_class: oneOf('', 'simple', 'bracket', 'oco', 'oto', 'mleg'),
  order_type: oneOf('market', 'limit', 'stop', 'stop_limit', 'trailing_stop', ''),
  type: oneOf('market', 'limit', 'stop', 'stop_limit', 'trailing_stop', ''),
  side: oneOf('buy', 'sell', ''),
  time_in_force: oneOf('day', 'gtc', 'opg', 'cls', 'ioc', 'fok'),
  limit_price: orNull(decimal),
  stop_price: orNull(unsigned),
  status: oneOf(...statuses),
  extended_hours: bool,
  trail_percent: orNull(unsigned),
  trail_price: orNull(unsigned),
  hwm: orNull(unsigned),
  expires_at: optional(orNull(instant)),
  position_intent: optional(orNull(either(oneOf(...intents), oneOf('')))),
  ratio_qty: optional(orNull(unsigned)),
};
/** A leg is a whole order without legs. */
const leg = object({ ...orderFields, legs: optional(nothing) });
export const order = object({ ...orderFields, legs: orNull(listOf(leg)) });

const working = ['new', 'accepted', 'pending_new', 'held'];
const legOf = (own: Readonly<Record<string, Shape>>): Shape => object({ ...orderFields, status: oneOf(...working), ...own });
const exit = {
  takeProfit: { type: oneOf('limit'), limit_price: unsigned },
  stopLoss: { stop_price: unsigned, limit_price: orNull(unsigned) },
};
/** Orders of each class and kind just after they were taken: what is in them beyond any order's fields, and which legs they have. */
export const taken = {
  simple: object({ ...orderFields, order_class: oneOf('', 'simple'), legs: nothing }),
  notional: object({ ...orderFields, qty: nothing, notional: unsigned }),
  trailing: object({ ...orderFields, type: oneOf('trailing_stop'), trail_percent: unsigned, trail_price: nothing, hwm: orNull(unsigned) }),
  bracket: object({ ...orderFields, order_class: oneOf('bracket'), legs: tuple(legOf(exit.takeProfit), legOf(exit.stopLoss)) }),
  oco: object({ ...orderFields, order_class: oneOf('oco'), type: oneOf('limit'), legs: tuple(legOf(exit.stopLoss)) }),
  oto: object({ ...orderFields, order_class: oneOf('oto'), legs: tuple(legOf(exit.stopLoss)) }),
  package: object({
    ...orderFields,
    order_class: oneOf('mleg'),
    asset_class: oneOf(''),
    symbol: oneOf(''),
    side: oneOf(''),
    legs: listOf(
      object({
        ...orderFields,
        symbol: occ,
        asset_class: oneOf('us_option'),
        side: oneOf('buy', 'sell'),
        position_intent: oneOf(...intents),
        qty: unsigned,
        ratio_qty: unsigned,
        limit_price: nothing,
      }),
    ),
  }),
} as const;
/** The answer to a PATCH: a new order that names the one it takes the place of. */
export const replacement = object({ ...orderFields, replaces: uuid, replaced_by: nothing });

export const position = object({
  asset_id: uuid,
  symbol: text,
  exchange: anyText,
  asset_class: oneOf('us_equity', 'us_option'),
  avg_entry_price: unsigned,
  qty: decimal,
  qty_available: decimal,
  side: oneOf('long', 'short'),
  market_value: orNull(decimal),
  cost_basis: decimal,
  unrealized_pl: orNull(decimal),
  unrealized_plpc: orNull(decimal),
  unrealized_intraday_pl: orNull(decimal),
  unrealized_intraday_plpc: orNull(decimal),
  current_price: orNull(unsigned),
  lastday_price: orNull(unsigned),
  change_today: orNull(decimal),
});

const fill = object({
  id: text,
  activity_type: oneOf('FILL'),
  transaction_time: instant,
  type: oneOf('fill', 'partial_fill'),
  price: unsigned,
  qty: unsigned,
  side: oneOf('buy', 'sell', 'sell_short'),
  symbol: text,
  leaves_qty: unsigned,
  order_id: uuid,
  cum_qty: unsigned,
  order_status: oneOf(...statuses),
});
const otherActivity = object({ id: text, activity_type: text, date: day, net_amount: decimal });
export const activity = either(fill, otherActivity);
export const fills = listOf(fill);

const series = listOf(orNull(number));
export const history = object({
  timestamp: listOf(whole),
  equity: series,
  profit_loss: series,
  profit_loss_pct: series,
  base_value: orNull(number),
  base_value_asof: optional(day),
  timeframe: oneOf('1Min', '5Min', '15Min', '1H', '1D'),
});

const watchlistHead = { id: uuid, account_id: uuid, name: text, created_at: instant, updated_at: instant };
export const watchlist = object({ ...watchlistHead, assets: listOf(asset) });
export const watchlists = listOf(object(watchlistHead));

export const bar = object({ t: instant, o: number, h: number, l: number, c: number, v: number });
export const quote = object({
  t: instant,
  ap: number,
  as: orNull(number),
  bp: number,
  bs: orNull(number),
  c: optional(either(listOf(text), anyText)),
});
export const trade = object({ t: instant, p: number, s: number, c: optional(either(listOf(anyText), anyText)) });
const page = { next_page_token: orNull(text) };
export const barsPage = object({ bars: mapOf(listOf(bar)), ...page });
export const tradesPage = object({ trades: mapOf(listOf(trade)), ...page });
export const quotesPage = object({ quotes: mapOf(listOf(quote)), ...page });
export const latestQuotes = object({ quotes: mapOf(quote) });
export const latestTrades = object({ trades: mapOf(trade) });
export const latestBars = object({ bars: mapOf(bar) });
export const stockSnapshot = object({
  latestTrade: optional(orNull(trade)),
  latestQuote: optional(orNull(quote)),
  minuteBar: optional(orNull(bar)),
  dailyBar: optional(orNull(bar)),
  prevDailyBar: optional(orNull(bar)),
});
const greeks = object({ delta: number, gamma: number, theta: number, vega: number, rho: number });
export const optionSnapshot = object({
  latestQuote: optional(orNull(quote)),
  latestTrade: optional(orNull(trade)),
  greeks: optional(orNull(greeks)),
  impliedVolatility: optional(orNull(number)),
});
export const chain = object({ snapshots: mapOf(optionSnapshot), ...page });
export const news = object({
  news: listOf(
    object({
      id: whole,
      headline: anyText,
      summary: anyText,
      author: anyText,
      created_at: instant,
      updated_at: instant,
      url: orNull(anyText),
      symbols: listOf(text),
      source: text,
      images: listOf(anything),
    }),
  ),
  ...page,
});
export const mostActives = object({
  most_actives: listOf(object({ symbol: text, volume: number, trade_count: number })),
  last_updated: instant,
});
const mover = object({ symbol: text, price: number, change: number, percent_change: number });
export const movers = object({ gainers: listOf(mover), losers: listOf(mover), market_type: oneOf('stocks'), last_updated: instant });
const dividend = object({ id: text, symbol: text, rate: number, special: bool, foreign: bool, ex_date: day, process_date: day });
export const corporateActions = object({ corporate_actions: object({ cash_dividends: optional(listOf(dividend)) }), ...page });
export const names = mapOf(text);

export const tradeUpdate: Shape = object({
  stream: oneOf('trade_updates'),
  data: object({ event: text, timestamp: zoned, order, execution_id: optional(uuid) }),
});
/** `price`, `qty` and `position_qty` stand beside the order when something was executed. */
export const fillUpdate: Shape = object({
  data: object({ event: oneOf('fill', 'partial_fill'), timestamp: zoned, order, price: decimal, qty: unsigned, position_qty: decimal }),
});

export const refusal = object({ code: optional(whole), message: text });
/** The refusal of an order for more than is there and not locked by others. */
export const insufficient = object({
  code: whole,
  message: text,
  symbol: text,
  existing_qty: unsigned,
  available: unsigned,
  held_for_orders: unsigned,
  related_orders: optional(listOf(uuid)),
});

/** Item by item, whatever the whole says; what was refused carries the refusal. */
export const bulkCancel = listOf(object({ id: uuid, status: whole, body: optional(refusal) }));
export const bulkClose = listOf(object({ symbol: text, status: whole, body: either(order, refusal) }));

/** What the Python client's models require, object by object. */
export const required = {
  account: ['id', 'account_number', 'status'],
  configurations: [
    'fractional_trading',
    'max_margin_multiplier',
    'no_shorting',
    'suspend_trade',
    'trade_confirm_email',
    'ptp_no_exception_entry',
  ],
  asset: ['id', 'class', 'exchange', 'symbol', 'status', 'tradable', 'marginable', 'shortable', 'easy_to_borrow', 'fractionable'],
  contract: [
    ...['id', 'symbol', 'name', 'status', 'tradable', 'expiration_date', 'root_symbol', 'underlying_symbol', 'underlying_asset_id'],
    ...['type', 'style', 'strike_price', 'size'],
  ],
  position: ['asset_id', 'symbol', 'exchange', 'asset_class', 'avg_entry_price', 'qty', 'side', 'cost_basis'],
  order: ['id', 'client_order_id', 'created_at', 'updated_at', 'submitted_at', 'time_in_force', 'status', 'extended_hours', 'order_class'],
  tradeUpdate: ['event', 'timestamp', 'order', 'execution_id'],
  calendarDay: ['date', 'open', 'close'],
  clock: ['timestamp', 'is_open', 'next_open', 'next_close'],
} as const;
