// A scripted market and a scripted core: small, plain, and theirs to command, so that tests look at the wire alone.

import { daysBetween, epochMs, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { ClockState, ExchangeClock } from '../../../src/exchange/clock.ts';
import { standardSettings } from '../../../src/exchange/core/settings.ts';
import type { ExchangeMarket, ListedContract, ListedEquity, MarketBar, MarketNews, MarketQuote } from '../../../src/exchange/market.ts';
import type { ExchangeCore, XActivity, XOrder, XOrderRequest, XSettings, XTradeEvent } from '../../../src/exchange/types.ts';
import { uuidOf } from '../../../src/exchange/wire/encode.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

export const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
/** Friday 2026-11-20, 15:05 New York. */
export const START = calendar.instant(tradingDay('2026-11-20'), 15, 5);
export const TODAY = tradingDay('2026-11-20');
const MONDAY = tradingDay('2026-11-16');

export interface ManualClock extends ExchangeClock {
  set(at: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function manualClock(start: number = START): ManualClock {
  let at = start;
  let speed = 60;
  const listeners = new Set<(state: ClockState) => void>();
  const tell = (why: ClockState['why']): void => {
    for (const listener of listeners) listener({ exchange: at, speed, why });
  };
  return {
    now: () => at,
    get speed() {
      return speed;
    },
    setSpeed(next) {
      speed = next;
      tell('speed');
    },
    jumpTo(target) {
      at = target;
      tell('jump');
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(next) {
      at = next;
    },
  };
}

const equities: readonly ListedEquity[] = [
  { symbol: 'SPY', name: 'An Index Fund', venue: 'ARCA', optionable: true, pennyProgram: true },
  { symbol: 'F', name: 'A Carmaker', venue: 'NYSE', optionable: true, pennyProgram: true },
  { symbol: 'AAPL', name: 'A Computer Maker', venue: 'NASDAQ', optionable: false, pennyProgram: false },
];

export const PUT = 'F261218P00010000';
export const CALL = 'F261218C00012500';
const EXPIRED = 'F261113P00010000';

function contract(symbol: string, strike: number): ListedContract {
  return {
    symbol,
    underlying: 'F',
    expiry: tradingDay(`20${symbol.slice(1, 3)}-${symbol.slice(3, 5)}-${symbol.slice(5, 7)}`),
    right: symbol.charAt(7) === 'P' ? 'put' : 'call',
    strike,
    style: 'american',
    settlement: 'physical',
    pennyProgram: true,
    openInterest: symbol === PUT ? 4821 : null,
    openInterestDay: symbol === PUT ? tradingDay('2026-11-19') : null,
  };
}
const contracts = [
  contract(EXPIRED, 10_000_000),
  contract('F261120C00012000', 12_000_000),
  contract(CALL, 12_500_000),
  contract(PUT, 10_000_000),
];

const bar = (at: number, day: TradingDay, close: number): MarketBar => ({
  at,
  day,
  open: close - 100_000,
  high: close + 200_000,
  low: close - 300_000,
  close,
  volume: 41_230,
});

/** One headline an hour of the day before yesterday, the first of them of two names. */
const headlines: readonly MarketNews[] = Array.from({ length: 60 }, (_, i) => ({
  id: 44_120_000 + i,
  at: calendar.instant(tradingDay('2026-11-18'), 0, 0) + i * 3_600_000,
  headline: `Headline ${String(i)}`,
  symbols: i === 0 ? ['SPY', 'F'] : ['F'],
}));

export interface ScriptedMarket extends ExchangeMarket {
  setQuote(symbol: string, quote: MarketQuote | undefined): void;
}

/** Daily bars rise by a dollar a day, from 590 on Monday the 16th; minute bars run from 15:00 today; quotes are as they are set. */
export function scriptedMarket(): ScriptedMarket {
  const quotes = new Map<string, MarketQuote>([
    ['SPY', { bid: 594_030_000, ask: 594_050_000, bidSize: 300, askSize: 200, at: START - 250, mark: 'live' }],
    ['F', { bid: 11_020_000, ask: 11_030_000, bidSize: null, askSize: null, at: START, mark: 'held' }],
    [PUT, { bid: 350_000, ask: 370_000, bidSize: 41, askSize: 18, at: START - 1_000, mark: 'live' }],
    [CALL, { bid: 0, ask: 50_000, bidSize: 0, askSize: 5, at: START, mark: 'assumed' }],
  ]);
  const dailyBars: ExchangeMarket['dailyBars'] = (symbol, from, to, asOf) =>
    symbol === 'SPY' || symbol === 'F'
      ? calendar
          .between(from, to)
          .filter((s) => s.open <= asOf)
          .map((s) => bar(calendar.instant(s.day, 0, 0), s.day, 590_000_000 + daysBetween(MONDAY, s.day) * 1_000_000))
      : [];
  return {
    id: 'scripted',
    firstInstant: START,
    lastInstant: null,
    equities: () => equities,
    quote: (symbol) => quotes.get(symbol),
    setQuote(symbol, quote) {
      if (quote === undefined) quotes.delete(symbol);
      else quotes.set(symbol, quote);
    },
    dailyBars,
    minuteBars(symbol, from, to, asOf) {
      const first: number = calendar.instant(TODAY, 15, 0);
      const out: MarketBar[] = [];
      for (let at = first; at <= to && at + 60_000 <= asOf; at += 60_000) {
        if (at >= from && symbol === 'SPY') out.push(bar(at, TODAY, 594_000_000));
      }
      return out;
    },
    contracts: (underlying, from, to, _asOf, expired) =>
      contracts.filter((c) => c.underlying === underlying && c.expiry >= from && c.expiry <= to && (expired || c.expiry >= TODAY)),
    contract: (symbol) => contracts.find((c) => c.symbol === symbol),
    optionDailyBars: (symbol, from, to, asOf) =>
      symbol === PUT
        ? calendar
            .between(from, to)
            .filter((s) => s.open <= asOf)
            .map((s) => bar(calendar.instant(s.day, 0, 0), s.day, 900_000))
        : [],
    optionStats: (symbol) => ({
      volume: symbol === PUT ? 120 : symbol === CALL ? 7 : null,
      previousVolume: null,
      last: symbol === PUT ? { price: 360_000, at: START - 60_000, size: 5 } : null,
      iv: symbol === PUT ? 0.2471 : null,
      greeks: symbol === PUT ? { delta: -0.21, gamma: 0.02, theta: -0.09, vega: 0.2, rho: -0.01 } : null,
    }),
    officialOpen: () => undefined,
    splits: () => [],
    officialClose: () => undefined,
    indexValue: (symbol, at) => (symbol === 'VIX' ? (at < calendar.instant(TODAY, 9, 33) ? 18.5 : 19.25) : undefined),
    dividends: (from, to) =>
      [
        { symbol: 'SPY', exDay: tradingDay('2026-09-18'), payDay: tradingDay('2026-10-30'), perShare: 1_745_500 },
        { symbol: 'F', exDay: tradingDay('2026-11-04'), payDay: tradingDay('2026-12-01'), perShare: 150_000 },
      ].filter((one) => one.exDay >= from && one.exDay <= to),
    earnings: () => [
      { symbol: 'F', day: tradingDay('2027-02-03'), time: 'AMC' },
      { symbol: 'AAPL', day: tradingDay('2027-01-28'), time: 'UNKNOWN' },
    ],
    news: (symbols, from, to, asOf) =>
      headlines.filter(
        (n) => n.at >= from && n.at <= Math.min(to, asOf) && (symbols === undefined || n.symbols.some((s) => symbols.includes(s))),
      ),
    macro: () => ({
      dates: [
        { day: tradingDay('2026-12-09'), event: 'FOMC', time: '14:00' },
        { day: tradingDay('2026-12-04'), event: 'NFP', time: null },
      ],
      complete: { from: tradingDay('2026-01-01'), to: tradingDay('2026-12-31') },
    }),
    report: () => ({ heldQuotes: 3, assumedQuotes: 1, assumptions: ['equity spread'] }),
  };
}

export interface ScriptedCore extends ExchangeCore {
  /** Executes units of an order at a net price per share, micros. */
  fill(id: string, qty: number, price: number): void;
  readonly advancedTo: readonly number[];
}

const keys: ReadonlyMap<string, string> = new Map([
  ['key:secret', 'main'],
  ['key2:secret2', 'other'],
]);
const multiplier = (order: XOrder): number => (order.assetClass === 'us_equity' ? 1 : 100);

function orderOf(request: XOrderRequest, ordinal: number, at: number): XOrder {
  return {
    id: uuidOf(`order:${String(ordinal)}`),
    account: 'main',
    clientOrderId: request.clientOrderId ?? uuidOf(`client:${String(ordinal)}`),
    assetClass: request.orderClass === 'mleg' ? '' : /\d{8}$/.test(request.symbol ?? '') ? 'us_option' : 'us_equity',
    symbol: request.symbol ?? '',
    qty: request.qty,
    notional: request.notional,
    side: request.side ?? '',
    type: request.type,
    timeInForce: request.timeInForce,
    limitPrice: request.limitPrice,
    stopPrice: request.stopPrice,
    trail: request.trail,
    hwm: null,
    parentId: null,
    children: [],
    replaces: null,
    replacedBy: null,
    replacedAt: null,
    extendedHours: request.extendedHours,
    orderClass: request.orderClass,
    intent: request.intent,
    legs: request.legs.map((leg, i) => ({
      ...leg,
      id: uuidOf(`leg:${String(ordinal)}:${String(i)}`),
      clientOrderId: uuidOf(`client:${String(ordinal)}:${String(i)}`),
      filledQty: 0,
      filledCash: 0,
    })),
    status: 'new',
    filledQty: 0,
    filledCash: 0,
    triggered: false,
    held: 0,
    createdAt: at,
    updatedAt: at,
    submittedAt: at,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    failedAt: null,
    expiresAt: epochMs(at + 3_300_000),
    rejectReason: null,
    ordinal,
  };
}

/** Takes every order; fills and activities as it is told. Keys: `key`/`secret` for `main`, `key2`/`secret2` for `other`. */
export function scriptedCore(): ScriptedCore {
  const orders = new Map<string, XOrder>();
  const activities: XActivity[] = [];
  const settings = new Map<string, XSettings>();
  const listeners = new Set<(event: XTradeEvent) => void>();
  const advancedTo: number[] = [];
  const put = (order: XOrder, event: XTradeEvent['event'], execution: XTradeEvent['execution'] = null): XOrder => {
    orders.set(order.id, order);
    for (const listener of listeners) listener({ account: order.account, event, at: order.updatedAt, order, execution });
    return order;
  };
  const cancel: ExchangeCore['cancel'] = (account, id, at) => {
    const order = orders.get(id);
    if (order === undefined || order.account !== account) return { ok: false, status: 404, code: 40410000, message: 'order not found' };
    if (order.status !== 'new') return { ok: false, status: 422, code: 42210000, message: `order is already in "${order.status}" state` };
    put({ ...order, status: 'canceled', canceledAt: at, updatedAt: at }, 'canceled');
    return { ok: true, value: null };
  };
  return {
    advancedTo,
    authenticate: (id, secret) => keys.get(`${id}:${secret}`),
    submit(account, request, at) {
      if (request.symbol === 'AAPL') {
        const extra = { buying_power: '812.44', cost_basis: '1204.00' };
        return { ok: false, status: 403, code: 40310000, message: 'insufficient buying power', extra };
      }
      return { ok: true, value: put({ ...orderOf(request, orders.size + 1, at), account }, 'new') };
    },
    cancel,
    cancelAll: (account, at) =>
      [...orders.values()].filter((o) => o.account === account).map(({ id }) => ({ id, result: cancel(account, id, at) })),
    cancelNow: (account, at) => {
      for (const o of orders.values()) if (o.account === account) cancel(account, o.id, at);
    },
    replace: () => ({ ok: false, status: 404, code: 40410000, message: 'order not found' }),
    exercise: () => ({ ok: false, status: 404, code: 40410000, message: 'position does not exist' }),
    transfer: () => ({ ok: true, value: null }),
    doNotExercise: () => ({ ok: false, status: 404, code: 40410000, message: 'position does not exist' }),
    lends: false,
    order: (account, id) => (orders.get(id)?.account === account ? orders.get(id) : undefined),
    orderByClientId: (account, id) => [...orders.values()].find((o) => o.account === account && o.clientOrderId === id),
    orders: (account, filter) =>
      [...orders.values()]
        .filter((o) => o.account === account && (filter.status === 'all' || (filter.status === 'open') === (o.status === 'new')))
        .sort((a, b) => (filter.direction === 'asc' ? a.ordinal - b.ordinal : b.ordinal - a.ordinal))
        .slice(0, filter.limit),
    positions: () => [
      { symbol: 'SPY', assetClass: 'us_equity', qty: 3, cost: 1_782_100_000, price: 594_040_000, lastDayPrice: 592_000_000, available: 3 },
      { symbol: PUT, assetClass: 'us_option', qty: -2, cost: -70_000_000, price: null, lastDayPrice: null, available: 2 },
    ],
    activities: (_account, filter) =>
      activities
        .filter((a) => filter.types === null || filter.types.includes(a.type))
        .filter((a) => filter.orderId === undefined || a.fill?.orderId === filter.orderId)
        .slice(0, filter.pageSize),
    account: (account) => ({
      id: uuidOf(account),
      number: 'PA3SIM0001',
      cash: 83_250_120_000,
      equity: 101_240_370_000,
      lastEquity: 100_980_000_000,
      longMarketValue: 18_440_250_000,
      shortMarketValue: -450_000_000,
      buyingPower: 90_740_370_000,
      optionsBuyingPower: 90_740_370_000,
      nonMarginableBuyingPower: 83_250_120_000,
      initialMargin: 10_500_000_000,
      maintenanceMargin: 6_300_000_000,
      optionsLevel: 3,
      tradingBlocked: false,
      accountBlocked: false,
      suspendedByUser: false,
      createdAt: START - 86_400_000,
    }),
    statement: () => activities,
    settings: (account) => settings.get(account) ?? standardSettings,
    set: (account, next) => void settings.set(account, next),
    advance: (to) => void advancedTo.push(to),
    nextEvent: (after) => after + 3_600_000,
    get at() {
      return advancedTo.at(-1) ?? START;
    },
    onTrade(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => listeners.clear(),
    fill(id, qty, price) {
      const order = orders.get(id);
      if (order === undefined) throw new Error(`no order ${id}`);
      const filledQty = order.filledQty + qty;
      const done = filledQty === order.qty;
      const legs = order.legs.map((leg) => ({ ...leg, filledQty: leg.ratioQty * filledQty, filledCash: 25_000_000 * filledQty }));
      const execution = {
        executionId: uuidOf(`execution:${id}:${String(filledQty)}`),
        price,
        qty,
        positionQty: filledQty,
        positionQtys: Object.fromEntries(legs.map((leg) => [leg.symbol, leg.side === 'buy' ? filledQty : -filledQty])),
        legs: legs.map((leg) => ({
          orderId: leg.id,
          executionId: uuidOf(`execution:${leg.id}`),
          symbol: leg.symbol,
          qty: leg.ratioQty * qty,
          price: 250_000,
        })),
      };
      const kind = done ? 'fill' : 'partial_fill';
      const filledCash = order.filledCash + price * qty * multiplier(order);
      const status = done ? 'filled' : 'partially_filled';
      const now = put({ ...order, legs, filledQty, filledCash, status, filledAt: done ? order.updatedAt : null }, kind, execution);
      activities.push({
        id: `20261120150500000::${execution.executionId}`,
        type: 'FILL',
        visibleAt: now.updatedAt,
        at: now.updatedAt,
        day: TODAY,
        symbol: now.symbol,
        qty,
        price,
        netAmount: -price * qty * multiplier(order),
        groupId: null,
        fill: {
          orderId: id,
          side: now.side === 'sell' ? 'sell' : 'buy',
          cumQty: filledQty,
          leavesQty: now.qty - filledQty,
          kind,
          orderStatus: now.status,
          mark: 'held',
        },
      });
    },
  };
}
