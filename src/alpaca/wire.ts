// The JSON we read, as schemas: strict about the types of what we use, indifferent to what we do not.
import { z } from 'zod';
import { type Decimal, decimal, instant, numberMicros, signOf } from './codec.ts';

const text = z.string().min(1).max(200);
const refuse = (ctx: z.RefinementCtx, message: string): never => {
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
};

/** Decimal text, read exactly. */
const amount = z.string().transform((raw, ctx): Decimal => decimal(raw) ?? refuse(ctx, `not a decimal: ${raw.slice(0, 40)}`));
const unsignedAmount = amount.refine((value) => signOf(value) >= 0, { error: 'negative' });
const moment = z.string().transform((raw, ctx) => instant(raw) ?? refuse(ctx, `not an instant: ${raw.slice(0, 40)}`));
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** A JSON number of dollars, as micros. */
const dollars = z.number().transform((raw, ctx) => numberMicros(raw) ?? refuse(ctx, `not a price: ${String(raw)}`));
const count = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** A failed parse names the first place that is wrong. */
export const issueText = (error: z.ZodError): string => {
  const first = error.issues[0];
  return first === undefined ? 'unreadable' : `${first.path.join('.') || '(top)'}: ${first.message}`;
};

const legWire = z.object({
  id: text,
  client_order_id: text.nullish(),
  symbol: text,
  side: z.enum(['buy', 'sell']),
  status: text.nullish(),
  type: z.string().nullish(),
  qty: unsignedAmount.nullish(),
  filled_qty: unsignedAmount,
  filled_avg_price: unsignedAmount.nullish(),
  limit_price: amount.nullish(),
  submitted_at: moment.nullish(),
  updated_at: moment.nullish(),
});

export const orderWire = z.object({
  id: text,
  client_order_id: text,
  status: text,
  symbol: z.string().nullish(),
  asset_class: z.string().nullish(),
  side: z.string().nullish(),
  order_class: z.string().nullish(),
  type: z.string().nullish(),
  qty: unsignedAmount.nullish(),
  notional: unsignedAmount.nullish(),
  filled_qty: unsignedAmount,
  filled_avg_price: amount.nullish(),
  limit_price: amount.nullish(),
  legs: z.array(legWire).nullish(),
  replaced_by: text.nullish(),
  reject_reason: z.string().max(500).nullish(),
  submitted_at: moment.nullish(),
  updated_at: moment.nullish(),
});
export type OrderWire = z.infer<typeof orderWire>;
export type LegWire = z.infer<typeof legWire>;
export const ordersWire = z.array(orderWire);

export const accountWire = z.object({
  account_number: text,
  status: text,
  cash: amount,
  equity: amount,
  last_equity: amount,
  buying_power: amount,
  options_buying_power: amount,
  non_marginable_buying_power: amount,
  options_trading_level: z.number().int().min(0).max(9).nullish(),
  trading_blocked: z.boolean(),
  account_blocked: z.boolean(),
  transfers_blocked: z.boolean(),
  trade_suspended_by_user: z.boolean(),
});
export type AccountWire = z.infer<typeof accountWire>;

export const positionsWire = z.array(
  z.object({ asset_id: text.nullish(), symbol: text, qty: amount, cost_basis: amount, current_price: amount.nullish() }),
);
export type PositionWire = z.infer<typeof positionsWire>[number];

export const activitiesWire = z.array(
  z.object({
    id: text,
    activity_type: text,
    status: z.enum(['executed', 'correct', 'canceled']).nullish(),
    date: day.nullish(),
    transaction_time: moment.nullish(),
    created_at: moment.nullish(),
    symbol: z.string().nullish(),
    side: z.enum(['buy', 'sell', 'sell_short']).nullish(),
    qty: amount.nullish(),
    price: unsignedAmount.nullish(),
    net_amount: amount.nullish(),
    group_id: z.string().nullish(),
    order_id: text.nullish(),
    cum_qty: unsignedAmount.nullish(),
  }),
);
export type ActivityWire = z.infer<typeof activitiesWire>[number];

export const clockWire = z.object({ timestamp: moment, is_open: z.boolean(), next_open: moment, next_close: moment });
const hhmm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const calendarWire = z.array(z.object({ date: day, open: hhmm, close: hhmm }));

export const assetWire = z.object({
  symbol: text,
  status: text,
  tradable: z.boolean(),
  attributes: z.array(z.string()).nullish(),
});

/** The envelope of contracts; rows are read one by one, so that a bad one is dropped by name and not the page. */
export const contractsPageWire = z.object({ option_contracts: z.array(z.unknown()), next_page_token: z.string().nullish() });
export const contractWire = z.object({
  symbol: text,
  tradable: z.boolean(),
  style: z.enum(['american', 'european']),
  expiration_date: day,
  underlying_symbol: text,
  root_symbol: text.nullish(),
  type: z.enum(['call', 'put']),
  strike_price: unsignedAmount,
  multiplier: unsignedAmount.nullish(),
  size: unsignedAmount,
  open_interest: unsignedAmount.nullish(),
  open_interest_date: day.nullish(),
  ppind: z.boolean().nullish(),
  deliverables: z.array(z.object({ type: text, symbol: z.string().nullish(), amount: unsignedAmount.nullish() })).nullish(),
});
export type ContractWire = z.infer<typeof contractWire>;

const keyed = z.record(z.string(), z.unknown());
/** Market-data envelopes: values are read one by one for the same reason. */
export const quotesPageWire = z.object({ quotes: keyed });
export const barsPageWire = z.object({
  bars: z.record(z.string(), z.array(z.unknown()).nullable()).nullish(),
  next_page_token: z.string().nullish(),
});
export const snapshotsPageWire = z.object({ snapshots: keyed.nullish(), next_page_token: z.string().nullish() });
export const indexValuesWire = z.object({ values: keyed });

/** Quote conditions: a list for shares, one text for options; unreadable ones say nothing. */
const conditions = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .catch(null);

export const quoteWire = z.object({ t: moment, bp: dollars, ap: dollars, bs: count.nullish(), as: count.nullish(), c: conditions });
export type QuoteWire = z.infer<typeof quoteWire>;
export const barWire = z.object({ t: moment, o: dollars, h: dollars, l: dollars, c: dollars, v: count });
export type BarWire = z.infer<typeof barWire>;
const dayVolume = z.object({ t: moment, v: count });
export const snapshotWire = z.object({
  latestQuote: quoteWire.nullish().catch(null), // an unreadable quote is an absent quote, not an absent contract
  dailyBar: dayVolume.nullish().catch(null),
  prevDailyBar: dayVolume.nullish().catch(null),
});
export const indexValueWire = z.object({ t: moment, v: z.number().nonnegative().max(1e9) });

export const dividendsPageWire = z.object({
  corporate_actions: z.object({ cash_dividends: z.array(z.unknown()).nullish() }),
  next_page_token: z.string().nullish(),
});
export const dividendWire = z.object({ symbol: text, ex_date: day, rate: dollars });

/** The envelope of headlines; items are read one by one. */
export const newsPageWire = z.object({ news: z.array(z.unknown()).nullish(), next_page_token: z.string().nullish() });
export const newsWire = z.object({
  id: z.number().int().nonnegative(),
  headline: z.string().max(2_000),
  created_at: moment,
  symbols: z.array(text).max(500),
});
export type NewsWire = z.infer<typeof newsWire>;

/** A quote as the SDK's stream hands it over. */
export const streamQuoteWire = z.object({
  symbol: text,
  timestamp: z.date(),
  bidPrice: dollars,
  askPrice: dollars,
  bidSize: count.nullish(),
  askSize: count.nullish(),
  conditions,
});

/** A minute bar as the SDK's stream hands it over. */
export const streamBarWire = z.object({
  symbol: text,
  timestamp: z.date(),
  open: dollars,
  high: dollars,
  low: dollars,
  close: dollars,
  volume: count,
});

/** What every frame of the trade stream is. */
export const tradeFrameWire = z.object({ stream: z.string().nullish(), data: z.unknown() });
export const tradeUpdateWire = z.object({ event: text, order: orderWire, reason: z.string().max(500).nullish() });
