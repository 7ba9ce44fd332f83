// Headlines, newest first unless asked otherwise.
import { DAY } from '../../../domain/time.ts';
import type { MarketNews } from '../../market.ts';
import { instant } from '../encode.ts';
import { newsFields } from '../market-json.ts';
import { badRequest, json, notFound, type WireResponse } from '../message.ts';
import { pageOf } from '../page.ts';
import { type Call, route } from '../route.ts';

/** Without `start` the window is this long. */
const WINDOW = 7 * DAY;

const newsJson = (item: MarketNews): Readonly<Record<string, unknown>> => ({
  ...newsFields(item),
  created_at: instant(item.at),
  updated_at: instant(item.at),
  images: [],
});

function news(call: Call): WireResponse {
  const { query, market, now } = call;
  const end = Math.min(query.instant('end', 'end') ?? now, now);
  const start = query.instant('start', 'start') ?? end - WINDOW;
  if (start > end && query.text('end') !== undefined) throw badRequest(400, 40010001, 'end should not be before start');
  const newestFirst = query.oneOf('sort', ['asc', 'desc'], 'desc') === 'desc';
  const found = market.news(query.list('symbols'), start, end, now);
  if (found === undefined) return notFound('endpoint not found: this market has no news');
  const page = pageOf(newestFirst ? [...found].reverse() : found, query.int('limit', 10, 1, 50), query.text('page_token'));
  return json({ news: page.items.map(newsJson), next_page_token: page.next });
}

export const newsRoutes = [route('GET', '/v1beta1/news', 'data', news)];
