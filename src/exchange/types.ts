// The exchange's own nouns, and the surface its wire speaks over. Prices and cash are integer micros; quantities whole units.
// The exchange shares none of the adapter's code: a common codec would agree with itself in error.
import type { Right } from '../domain/instrument.ts';
import type { TradingDay } from '../domain/time.ts';
import type { Mark } from './market.ts';

export type XStatus =
  | 'pending_new'
  | 'accepted'
  | 'held'
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'pending_cancel'
  | 'pending_replace'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'rejected'
  | 'done_for_day'
  | 'stopped'
  | 'suspended'
  | 'calculated';
export type XIntent = 'buy_to_open' | 'buy_to_close' | 'sell_to_open' | 'sell_to_close';

export interface XLegRequest {
  readonly symbol: string;
  readonly ratioQty: number;
  readonly side: 'buy' | 'sell';
  readonly intent: XIntent;
}

export type XOrderType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
export type XOrderClass = 'simple' | 'bracket' | 'oco' | 'oto' | 'mleg';
export type XTimeInForce = 'day' | 'gtc' | 'ioc' | 'fok' | 'opg' | 'cls';

/** How far a trailing stop stays behind the best price seen: micros of a dollar, or micros of a percent. */
export interface XTrail {
  readonly kind: 'price' | 'percent';
  readonly amount: number;
}

export interface XStopLoss {
  readonly stopPrice: number;
  /** null: a plain stop. */
  readonly limitPrice: number | null;
}

/** A POST /v2/orders body after the wire has parsed its forms; semantic checks are the core's. */
export interface XOrderRequest {
  readonly clientOrderId: string | null;
  readonly symbol: string | null;
  /** Units; fractions of a share to nine decimals. Unused (0) on an order for an amount. */
  readonly qty: number;
  /** Micros to trade for, instead of a quantity. */
  readonly notional: number | null;
  readonly side: 'buy' | 'sell' | null;
  readonly type: XOrderType;
  readonly timeInForce: XTimeInForce;
  /** Micros; a credit is negative on a multi-leg order. */
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  readonly trail: XTrail | null;
  readonly extendedHours: boolean;
  readonly orderClass: XOrderClass;
  /** Limit price of the exit with a gain (bracket, oto); an oco carries it as its own limit price. */
  readonly takeProfit: number | null;
  readonly stopLoss: XStopLoss | null;
  readonly intent: XIntent | null;
  readonly legs: readonly XLegRequest[];
}

/** What a PATCH of an order changes; null leaves it as it is. */
export interface XOrderPatch {
  readonly clientOrderId: string | null;
  /** The total, what has already been filled included. */
  readonly qty: number | null;
  readonly limitPrice: number | null;
  readonly stopPrice: number | null;
  /** The new trail in the unit of the old one, micros. */
  readonly trail: number | null;
  readonly timeInForce: XTimeInForce | null;
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
  /** Of an order for an amount: what the amount buys or sells at the price it was last costed at. */
  readonly qty: number;
  readonly notional: number | null;
  readonly side: 'buy' | 'sell' | '';
  readonly type: XOrderType;
  readonly timeInForce: XTimeInForce;
  readonly limitPrice: number | null;
  /** Of a trailing stop: where it stands now. */
  readonly stopPrice: number | null;
  readonly trail: XTrail | null;
  /** Best touch a trailing stop has seen, micros. */
  readonly hwm: number | null;
  readonly extendedHours: boolean;
  readonly orderClass: XOrderClass;
  readonly intent: XIntent | null;
  /** Of a multi-leg order. */
  readonly legs: readonly XLeg[];
  /** The order whose group this one belongs to; null when it leads its group or has none. */
  readonly parentId: string | null;
  /** The other orders of the group it leads, as they stand; empty on the books, filled in where an order is shown. */
  readonly children: readonly XOrder[];
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  readonly replacedAt: number | null;
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
  readonly type:
    | 'FILL'
    | 'OPASN'
    | 'OPEXC'
    | 'OPEXP'
    | 'OPTRD'
    | 'OPCSH'
    | 'OPCA'
    | 'SPLIT'
    | 'DIV'
    | 'FEE'
    | 'INT'
    | 'CSD'
    | 'CSW'
    | 'JNLC';
  /** What the type leaves open: which fee, which interest, which way a split went. Absent where the type says all. */
  readonly subType?: string;
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
    | 'done_for_day'
    | 'stopped'
    | 'suspended'
    | 'calculated'
    | 'pending_cancel'
    | 'order_cancel_rejected'
    | 'pending_replace'
    | 'replaced'
    | 'order_replace_rejected';
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
  /** Legs of a group only inside the order that leads it, which counts as open while any of them is; else each stands by itself. */
  readonly nested?: boolean;
}
export interface XActivityFilter {
  readonly types: readonly string[] | null;
  /** Executions of one order only. */
  readonly orderId?: string | undefined;
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

/** What the holder of an account may set about how it trades. */
export interface XConfigurations {
  readonly disableOvernightTrading: boolean;
  readonly fractionalTrading: boolean;
  readonly maxMarginMultiplier: '1' | '2' | '4';
  /** null: the level the account is approved for. */
  readonly maxOptionsTradingLevel: number | null;
  readonly noShorting: boolean;
  readonly ptpNoExceptionEntry: boolean;
  /** New orders are refused; cancels and replacements are not. */
  readonly suspendTrade: boolean;
  readonly tradeConfirmEmail: 'all' | 'none';
}

export interface XWatchlist {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly symbols: readonly string[];
}

/** What the holder of an account has set; kept on disk with the account. */
export interface XSettings {
  readonly configurations: XConfigurations;
  readonly watchlists: readonly XWatchlist[];
}

/** The exchange's truth. Synchronous: each call happens at one instant, and is on disk before it returns. */
export interface ExchangeCore {
  /** The account a key pair opens; undefined for any other pair. */
  authenticate(id: string, secret: string): string | undefined;
  submit(account: string, request: XOrderRequest, at: number): XResult<XOrder>;
  cancel(account: string, id: string, at: number): XResult<null>;
  cancelAll(account: string, at: number): readonly { readonly id: string; readonly result: XResult<null> }[];
  /** Ends every open order of an account at this instant, before anything else can happen. */
  cancelNow(account: string, at: number): void;
  /** Asks for an order to be replaced; the answer is the order that will take its place, unless a fill comes first. */
  replace(account: string, id: string, patch: XOrderPatch, at: number): XResult<XOrder>;
  /** Exercises every contract of a series that is held and free. */
  exercise(account: string, symbol: string, at: number): XResult<null>;
  /** Cash that the holder brings in (positive micros) or takes out; no more leaves than nothing else needs. */
  transfer(account: string, amount: number, at: number): XResult<null>;
  /** Lets a series lapse at tonight's expiry, whatever it is worth. */
  doNotExercise(account: string, symbol: string, at: number): XResult<null>;
  /** Whether shares may be borrowed here, to be sold short. */
  readonly lends: boolean;
  order(account: string, id: string): XOrder | undefined;
  orderByClientId(account: string, clientOrderId: string): XOrder | undefined;
  orders(account: string, filter: XOrderFilter): readonly XOrder[];
  positions(
    account: string,
    at: number,
  ): readonly (XPosition & { readonly price: number | null; readonly lastDayPrice: number | null; readonly available: number })[];
  activities(account: string, filter: XActivityFilter, at: number): readonly XActivity[];
  /** Every row of an account's statement in the order of booking, those not yet visible included. */
  statement(account: string): readonly XActivity[];
  account(account: string, at: number): XAccount;
  settings(account: string): XSettings;
  /** Replaces what the account's holder has set; on disk before it returns. */
  set(account: string, settings: XSettings, at: number): void;
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
