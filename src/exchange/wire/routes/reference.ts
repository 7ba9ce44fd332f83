// Reference data beside prices: corporate actions and index values.
import { addDays, daysBetween, type EpochMs, MINUTE, type TradingDay } from '../../../domain/time.ts';
import type { CashDividend, ShareSplit } from '../../market.ts';
import { isForward } from '../../splits.ts';
import { instant, real, uuidOf } from '../encode.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { offsetOf, pageOf, tokenOf } from '../page.ts';
import { type Call, route, sessionsBetween, wantedSymbols } from '../route.ts';

/** A dividend is paid within this many days of going ex, or it is not found by its process date. */
const LONGEST_WAIT_DAYS = 120;

const dividendJson = (dividend: CashDividend): Readonly<Record<string, unknown>> => ({
  id: uuidOf(`dividend:${dividend.symbol}:${dividend.exDay}`),
  symbol: dividend.symbol,
  cusip: null,
  rate: real(dividend.perShare),
  special: false,
  foreign: false,
  ex_date: dividend.exDay,
  record_date: null,
  payable_date: dividend.payDay,
  process_date: dividend.payDay,
});

const splitJson = ({ symbol, exDay, from, to }: ShareSplit): Readonly<Record<string, unknown>> => ({
  id: uuidOf(`split:${symbol}:${exDay}`),
  symbol,
  ...(to > from ? { cusip: null } : { old_cusip: null, new_cusip: null }),
  old_rate: from,
  new_rate: to,
  ex_date: exDay,
  record_date: null,
  payable_date: exDay,
  process_date: exDay,
});

const actionTypes: readonly string[] = [
  'reverse_split',
  'forward_split',
  'unit_split',
  'cash_dividend',
  'stock_dividend',
  'spin_off',
  'cash_merger',
  'stock_merger',
  'stock_and_cash_merger',
  'redemption',
  'name_change',
  'worthless_removal',
  'rights_distribution',
  'partial_call',
  'reorganization',
];

/** How far from today an action is looked for by its id alone. */
const BY_ID_DAYS = 400;

interface ActionFilter {
  readonly symbols: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly ids: readonly string[] | undefined;
  readonly start: TradingDay;
  readonly end: TradingDay;
}

/** `ids` stands alone; without it the window is today, and `cusips` finds nothing, since the market knows none. */
function actionFilter(call: Call): ActionFilter {
  const { query } = call;
  const today = call.calendar.dayOf(call.now as EpochMs);
  const [symbols, cusips, types, ids] = [query.list('symbols'), query.list('cusips'), query.list('types'), query.list('ids')];
  const unknown = types?.find((type) => !actionTypes.includes(type));
  if (unknown !== undefined) throw badRequest(400, 40010001, `invalid types: ${unknown}`);
  const others = symbols ?? cusips ?? types ?? query.text('start') ?? query.text('end');
  if (ids !== undefined && others !== undefined) throw badRequest(400, 40010001, 'ids cannot be combined with other filters');
  if (ids !== undefined) return { symbols, types, ids, start: addDays(today, -BY_ID_DAYS), end: addDays(today, BY_ID_DAYS) };
  const start = query.day('start') ?? today;
  const end = query.day('end') ?? (daysBetween(today, start) > 0 ? start : today);
  if (start > end) throw badRequest(400, 40010001, 'end should not be before start');
  return { symbols: symbols ?? (cusips === undefined ? undefined : []), types, ids, start, end };
}

interface Action {
  readonly type: 'cash_dividend' | 'forward_split' | 'reverse_split';
  readonly symbol: string;
  /** Process date: a dividend's payment date, a split's ex-date. */
  readonly day: TradingDay;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The kinds of actions the market makes: cash dividends and splits. */
function actionsOf({ market, now }: Call, { start, end }: ActionFilter): readonly Action[] {
  const dividends = market.dividends(addDays(start, -LONGEST_WAIT_DAYS), end, now);
  const splits = market.splits(start, end, now);
  return [
    ...dividends.map((one): Action => ({ type: 'cash_dividend', symbol: one.symbol, day: one.payDay, json: dividendJson(one) })),
    ...splits.map(
      (one): Action => ({
        type: isForward(one) ? 'forward_split' : 'reverse_split',
        symbol: one.symbol,
        day: one.exDay,
        json: splitJson(one),
      }),
    ),
  ];
}

/** The window is over process dates; a page counts actions of every kind together. */
function corporateActions(call: Call): WireResponse {
  const { query } = call;
  const filter = actionFilter(call);
  const { symbols, types, ids, start, end } = filter;
  const newestFirst = query.oneOf('sort', ['asc', 'desc'], 'asc') === 'desc';
  const found = actionsOf(call, filter)
    .filter((one) => one.day >= start && one.day <= end && (symbols === undefined || symbols.includes(one.symbol)))
    .filter((one) => (types === undefined || types.includes(one.type)) && (ids === undefined || ids.includes(String(one.json['id']))))
    .sort((a, b) => (a.day < b.day ? -1 : 1) * (newestFirst ? -1 : 1));
  const page = pageOf(found, query.int('limit', 100, 1, 1000), query.text('page_token'));
  const shown = new Map(page.items.map(({ type }) => [`${type}s`, page.items.filter((one) => one.type === type).map((one) => one.json)]));
  return json({ corporate_actions: Object.fromEntries(shown), next_page_token: page.next });
}

function latestIndexValues(call: Call): WireResponse {
  const found = wantedSymbols(call, 100).flatMap((symbol) => {
    const value = call.market.indexValue(symbol, call.now);
    return value === undefined ? [] : [[symbol, { t: instant(call.now), v: value }] as const];
  });
  return json({ values: Object.fromEntries(found) });
}

interface IndexRow {
  readonly symbol: string;
  readonly at: number;
  readonly value: number;
}

/** An index over a window: its value at the first minute, then each minute of a session at which it has changed. */
function indexRows(call: Call, symbol: string, start: number, end: number): readonly IndexRow[] {
  const { calendar, market } = call;
  const rows: IndexRow[] = [];
  for (const session of sessionsBetween(call, calendar.dayOf(start as EpochMs), calendar.dayOf(end as EpochMs))) {
    const from = Math.max(session.open, Math.ceil(start / MINUTE) * MINUTE);
    for (let at = from; at <= Math.min(session.close, end); at += MINUTE) {
      const value = market.indexValue(symbol, at);
      if (value !== undefined && value !== rows.at(-1)?.value) rows.push({ symbol, at, value });
    }
  }
  return rows;
}

function indexValues(call: Call): WireResponse {
  const { query, calendar, now } = call;
  const start = query.instant('start', 'start') ?? calendar.instant(calendar.dayOf(now as EpochMs), 0, 0);
  const end = Math.min(query.instant('end', 'end') ?? now, now);
  const limit = query.int('limit', 1000, 1, 10_000);
  const offset = offsetOf(query.text('page_token'));
  const newestFirst = query.oneOf('sort', ['asc', 'desc'], 'asc') === 'desc';
  const rows = [...wantedSymbols(call, 100)].sort().flatMap((symbol) => {
    const ascending = indexRows(call, symbol, start, end);
    return newestFirst ? [...ascending].reverse() : ascending;
  });
  const values = new Map<string, unknown[]>();
  for (const row of rows.slice(offset, offset + limit)) {
    const list = values.get(row.symbol) ?? [];
    list.push({ t: instant(row.at), v: row.value });
    values.set(row.symbol, list);
  }
  return json({ values: Object.fromEntries(values), next_page_token: offset + limit < rows.length ? tokenOf(offset + limit) : null });
}

export const referenceRoutes = [
  route('GET', '/v1/corporate-actions', 'data', corporateActions),
  route('GET', '/v1beta1/corporate-actions', 'data', corporateActions),
  route('GET', '/v1beta1/indices/latest/values', 'data', latestIndexValues),
  route('GET', '/v1beta1/indices/values', 'data', indexValues),
];
