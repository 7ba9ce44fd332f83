// The older form of corporate actions: GET /v2/corporate_actions/announcements, and one of them by its id.
import { addDays, daysBetween, type EpochMs, type TradingDay } from '../../../domain/time.ts';
import type { CashDividend, ShareSplit } from '../../market.ts';
import { isForward } from '../../splits.ts';
import { decimal, uuidOf } from '../encode.ts';
import { badRequest, json, notFound, type WireResponse } from '../message.ts';
import { type Call, firstOf, route } from '../route.ts';

const kinds = ['dividend', 'merger', 'spinoff', 'split'] as const;
const dateTypes = ['declaration_date', 'ex_date', 'record_date', 'payable_date'] as const;
const LONGEST_SPAN_DAYS = 90;
/** A dividend is paid within this many days of going ex, or it is not found by its payment date. */
const LONGEST_WAIT_DAYS = 120;
/** How far from today an announcement is looked for by its id alone. */
const BY_ID_DAYS = 400;

type Announcement = Readonly<Record<string, unknown>> & { readonly id: string };

const announcementJson = (dividend: CashDividend): Announcement => ({
  id: uuidOf(`announcement:${dividend.symbol}:${dividend.exDay}`),
  corporate_action_id: uuidOf(`dividend:${dividend.symbol}:${dividend.exDay}`),
  ca_type: 'dividend',
  ca_sub_type: 'cash',
  initiating_symbol: dividend.symbol,
  initiating_original_cusip: null,
  target_symbol: dividend.symbol,
  target_original_cusip: null,
  declaration_date: null,
  ex_date: dividend.exDay,
  record_date: null,
  payable_date: dividend.payDay,
  cash: decimal(dividend.perShare),
  old_rate: '1',
  new_rate: '1',
});

const splitJson = (split: ShareSplit): Announcement => ({
  id: uuidOf(`announcement:split:${split.symbol}:${split.exDay}`),
  corporate_action_id: uuidOf(`split:${split.symbol}:${split.exDay}`),
  ca_type: 'split',
  ca_sub_type: isForward(split) ? 'stock_split' : 'reverse_split',
  initiating_symbol: split.symbol,
  initiating_original_cusip: null,
  target_symbol: split.symbol,
  target_original_cusip: null,
  declaration_date: null,
  ex_date: split.exDay,
  record_date: null,
  payable_date: split.exDay,
  cash: '0',
  old_rate: String(split.from),
  new_rate: String(split.to),
});

function required(call: Call, name: string): TradingDay {
  const day = call.query.day(name);
  if (day === undefined) throw badRequest(422, 40010001, `${name} is required`);
  return day;
}

/** Cash dividends and splits are the kinds of action the market makes; it knows neither their declaration nor their record dates. */
function announcements(call: Call): WireResponse {
  const { query, market } = call;
  const types = query.list('ca_types')?.map((type) => type.toLowerCase());
  if (types === undefined) throw badRequest(422, 40010001, 'ca_types is required');
  const unknown = types.find((type) => !kinds.some((kind) => kind === type));
  if (unknown !== undefined) throw badRequest(422, 40010001, `invalid ca_types: ${unknown}`);
  const [since, until] = [required(call, 'since'), required(call, 'until')];
  if (since > until) throw badRequest(422, 40010001, 'until should not be before since');
  if (daysBetween(since, until) > LONGEST_SPAN_DAYS) throw badRequest(422, 40010001, 'since and until may be at most 90 days apart');
  const dateType = query.oneOf('date_type', dateTypes, 'ex_date');
  const symbol = query.text('symbol');
  const isKnown = query.text('cusip') === undefined && (dateType === 'ex_date' || dateType === 'payable_date');
  const wanted = (one: { readonly symbol: string }, day: TradingDay): boolean =>
    day >= since && day <= until && (symbol === undefined || one.symbol === symbol);
  const dividends = isKnown && types.includes('dividend') ? market.dividends(addDays(since, -LONGEST_WAIT_DAYS), until, call.now) : [];
  const splits = isKnown && types.includes('split') ? market.splits(since, until, call.now) : [];
  return json([
    ...dividends.filter((one) => wanted(one, dateType === 'ex_date' ? one.exDay : one.payDay)).map(announcementJson),
    ...splits.filter((one) => wanted(one, one.exDay)).map(splitJson),
  ]);
}

function announcement(call: Call): WireResponse {
  const today = call.calendar.dayOf(call.now as EpochMs);
  const [first, last] = [addDays(today, -BY_ID_DAYS), addDays(today, BY_ID_DAYS)];
  const { market, now } = call;
  const all = [...market.dividends(first, last, now).map(announcementJson), ...market.splits(first, last, now).map(splitJson)];
  const found = all.find(({ id }) => id === firstOf(call).toLowerCase());
  return found === undefined ? notFound('announcement not found') : json(found);
}

export const announcementRoutes = [
  route('GET', '/v2/corporate_actions/announcements', 'trading', announcements),
  route('GET', '/v2/corporate_actions/announcements/*', 'trading', announcement),
];
