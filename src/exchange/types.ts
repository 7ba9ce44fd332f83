// The exchange's own nouns, and the surface its wire speaks over. Prices and cash are integer micros; quantities whole units.
// The exchange shares none of the adapter's code: a common codec would agree with itself in error.
import type { Right } from '../domain/instrument.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Mark } from './market.ts';

export type XStatus =
  | 'pending_new'
  | 'accepted'
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'pending_cancel'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'done_for_day';
export type XIntent = 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close';

export interface XLegRequest {
  readonly symbol: string;
  readonly ratioQty: number;
  readonly side: 'buy' | 'sell';
  readonly intent: XIntent;
}

/** A POST /v2/orders body after the wire has parsed its forms; semantic checks are the core's. */
export interface XOrderRequest {
  readonly clientOrderId: string | null;
  readonly symbol: string | null;
  readonly qty: number;
  readonly side: 'buy' | 'sell' | null;
  readonly type: 'market' | 'limit' | 'stop';
  readonly timeInForce: 'day' | 'gtc' | 'ioc' | 'fok' | 'opg' | 'cls';
  /** Micros; a credit is negative on a multi-leg order. */
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly extendedHours: boolean;
  readonly orderClass: 'simple' | 'mleg';
  readonly intent: XIntent | null;
  readonly legs: readonly XLegRequest[];
}

export interface XLeg {
  readonly id: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly intent: XIntent;
  readonly ratioQty: number;
  readonly filledQty: number;
  /** Absolute cash of this leg's executions, micros. */
  readonly filledCash: number;
}

export interface XOrder {
  readonly id: string;
  readonly account: string;
  readonly clientOrderId: string;
  readonly assetClass: 'us_equity' | 'us_option' | '';
  readonly symbol: string;
  readonly qty: number;
  readonly side: 'buy' | 'sell' | '';
  readonly type: 'market' | 'limit' | 'stop';
  readonly timeInForce: XOrderRequest['timeInForce'];
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly extendedHours: boolean;
  readonly orderClass: 'simple' | 'mleg';
  readonly intent: XIntent | null;
  readonly legs: readonly XLeg[];
  readonly status: XStatus;
  readonly filledQty: number;
  /** Signed net cash per unit times units for mleg, absolute cash for simple orders; micros. */
  readonly filledCash: number;
  /** A stop that has been triggered trades as a market order. */
  readonly triggered: boolean;
  /** Cash (and shares or collateral) held for it while it is open; micros, positive. */
  readonly held: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly submittedAt: number;
  readonly filledAt: number | null;
  readonly canceledAt: number | null;
  readonly expiredAt: number | null;
  readonly failedAt: number | null;
  readonly expiresAt: number;
  readonly rejectReason: string | null;
  /** Grows by one with each order of the exchange: a total order of submission. */
  readonly ordinal: number;
}

export interface XPosition {
  readonly symbol: string;
  readonly assetClass: 'us_equity' | 'us_option';
  /** Signed. */
  readonly qty: number;
  /** Signed cost basis in micros, option multiplier included (short: negative). */
  readonly cost: number;
}

export interface XActivity {
  readonly id: string;
  readonly type: 'FILL' | 'OPASN' | 'OPEXC' | 'OPEXP' | 'OPTRD' | 'OPCSH' | 'DIV' | 'CSD' | 'JNLC';
  /** When the row becomes visible: option life-cycle rows appear the day after. */
  readonly visibleAt: number;
  readonly at: number;
  readonly day: TradingDay;
  readonly symbol: string | null;
  readonly qty: number;
  readonly price: number | null;
  readonly netAmount: number;
  readonly groupId: string | null;
  readonly fill: null | {
    readonly orderId: string;
    readonly side: 'buy' | 'sell' | 'sell_short';
    readonly cumQty: number;
    readonly leavesQty: number;
    readonly kind: 'fill' | 'partial_fill';
    readonly orderStatus: XStatus;
    readonly mark: Mark;
  };
}

export interface XAccount {
  readonly id: string;
  /** e.g. `PA3SIM0001`. */
  readonly number: string;
  readonly cash: number;
  readonly equity: number;
  readonly lastEquity: number;
  readonly longMarketValue: number;
  readonly shortMarketValue: number;
  readonly buyingPower: number;
  readonly optionsBuyingPower: number;
  readonly nonMarginableBuyingPower: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly optionsLevel: number;
  readonly tradingBlocked: boolean;
  readonly accountBlocked: boolean;
  readonly suspendedByUser: boolean;
  readonly createdAt: number;
}

/** A refusal as the wire must say it: HTTP status, Alpaca code, text, and the extra keys of that error. */
export interface XRefusal {
  readonly ok: false;
  readonly status: 400 | 403 | 404 | 422;
  readonly code: number;
  readonly message: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}
export type XResult<T> = { readonly ok: true; readonly value: T } | XRefusal;

export interface XExecution {
  readonly executionId: string;
  /** Signed net per unit for mleg, positive for simple orders; micros. */
  readonly price: number;
  readonly qty: number;
  /** Signed position after it (simple orders). */
  readonly positionQty: number;
  /** Per symbol, for mleg. */
  readonly positionQtys: Readonly<Record<string, number>>;
  readonly legs: readonly {
    readonly orderId: string;
    readonly executionId: string;
    readonly symbol: string;
    readonly qty: number;
    readonly price: number;
  }[];
}

/** One frame of the account's trade stream. */
export interface XTradeEvent {
  readonly account: string;
  readonly event:
    | 'new'
    | 'accepted'
    | 'pending_new'
    | 'fill'
    | 'partial_fill'
    | 'canceled'
    | 'expired'
    | 'rejected'
    | 'pending_cancel'
    | 'order_cancel_rejected';
  readonly at: number;
  readonly order: XOrder;
  readonly execution: XExecution | null;
}

export interface XOrderFilter {
  readonly status: 'open' | 'closed' | 'all';
  readonly limit: number;
  readonly after: number | null;
  readonly until: number | null;
  readonly direction: 'asc' | 'desc';
  readonly symbols: readonly string[] | null;
  readonly side: 'buy' | 'sell' | null;
  readonly afterOrderId: string | null;
  readonly beforeOrderId: string | null;
}
export interface XActivityFilter {
  readonly types: readonly string[] | null;
  readonly after: number | null;
  readonly until: number | null;
  readonly day: TradingDay | null;
  readonly direction: 'asc' | 'desc';
  readonly pageSize: number;
  readonly pageToken: string | null;
}

export interface XKey {
  readonly id: string;
  readonly secret: string;
  readonly account: string;
}

/** The exchange's truth. Synchronous: each call happens at one instant, and is on disk before it returns. */
export interface ExchangeCore {
  /** The account a key pair opens; undefined for any other pair. */
  authenticate(id: string, secret: string): string | undefined;
  submit(account: string, request: XOrderRequest, at: number): XResult<XOrder>;
  cancel(account: string, id: string, at: number): XResult<null>;
  cancelAll(account: string, at: number): readonly { readonly id: string; readonly result: XResult<null> }[];
  order(account: string, id: string): XOrder | undefined;
  orderByClientId(account: string, clientOrderId: string): XOrder | undefined;
  orders(account: string, filter: XOrderFilter): readonly XOrder[];
  positions(
    account: string,
    at: number,
  ): readonly (XPosition & { readonly price: number | null; readonly lastDayPrice: number | null; readonly available: number })[];
  activities(account: string, filter: XActivityFilter, at: number): readonly XActivity[];
  account(account: string, at: number): XAccount;
  /** Brings the truth up to an instant: matching, triggers, expiries, assignment, dividends, day rolls, in order. Never back. */
  advance(to: number): void;
  /** When something other than a price will happen next (close, expiry run, day roll), so that a jump of the clock stops there. */
  nextEvent(after: number): number;
  /** The last instant it was advanced to, as stored. */
  readonly at: number;
  onTrade(listener: (event: XTradeEvent) => void): () => void;
  close(): void;
}

export type { Right };
