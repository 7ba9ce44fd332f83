// The older form of corporate actions: GET /v2/corporate_actions/announcements, and one of them by its id.
import { addDays, daysBetween, type EpochMs, type TradingDay } from '../../../domain/time.ts';
import type { CashDividend } from '../../market.ts';
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

function required(call: Call, name: string): TradingDay {
  const day = call.query.day(name);
  if (day === undefined) throw badRequest(422, 40010001, `${name} is required`);
  return day;
}

/** Cash dividends are the one kind of action the market makes; it knows neither their declaration nor their record dates. */
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
  const isKnown = types.includes('dividend') && query.text('cusip') === undefined;
  const wanted = ({ exDay, payDay }: CashDividend): boolean => {
    if (dateType !== 'ex_date' && dateType !== 'payable_date') return false;
    const day = dateType === 'ex_date' ? exDay : payDay;
    return day >= since && day <= until;
  };
  const rows = isKnown ? market.dividends(addDays(since, -LONGEST_WAIT_DAYS), until, call.now) : [];
  return json(rows.filter((one) => wanted(one) && (symbol === undefined || one.symbol === symbol)).map(announcementJson));
}

function announcement(call: Call): WireResponse {
  const today = call.calendar.dayOf(call.now as EpochMs);
  const found = call.market
    .dividends(addDays(today, -BY_ID_DAYS), addDays(today, BY_ID_DAYS), call.now)
    .map(announcementJson)
    .find(({ id }) => id === firstOf(call).toLowerCase());
  return found === undefined ? notFound('announcement not found') : json(found);
}

export const announcementRoutes = [
  route('GET', '/v2/corporate_actions/announcements', 'trading', announcements),
  route('GET', '/v2/corporate_actions/announcements/*', 'trading', announcement),
];
