// The REST surface: one function from a request to its answer, whatever transport carries it.
import { credentialsOf } from './credentials.ts';
import { uuidOf } from './encode.ts';
import { answerOf, notFound, refuse, urlOf, type WireRequest, type WireResponse } from './message.ts';
import { queryOf } from './query.ts';
import { type Budget, rateLimit } from './rate-limit.ts';
import type { Route, WireContext } from './route.ts';
import { accountRoutes } from './routes/account.ts';
import { activityRoutes } from './routes/activities.ts';
import { announcementRoutes } from './routes/announcements.ts';
import { assetRoutes } from './routes/assets.ts';
import { barRoutes } from './routes/bars.ts';
import { configurationRoutes } from './routes/configurations.ts';
import { contractRoutes } from './routes/contracts.ts';
import { marketMetaRoutes } from './routes/market-meta.ts';
import { marketSessionRoutes } from './routes/market-sessions.ts';
import { newsRoutes } from './routes/news.ts';
import { orderRoutes } from './routes/orders.ts';
import { ownerRoutes } from './routes/owner.ts';
import { portfolioHistoryRoutes } from './routes/portfolio-history.ts';
import { positionRoutes } from './routes/positions.ts';
import { quoteHistoryRoutes } from './routes/quote-history.ts';
import { quoteRoutes } from './routes/quotes.ts';
import { referenceRoutes } from './routes/reference.ts';
import { screenerRoutes } from './routes/screener.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { tradeRoutes } from './routes/trades.ts';
import { watchlistRoutes } from './routes/watchlists.ts';

export type Handle = (request: WireRequest) => WireResponse;

export interface RestOptions {
  /** Requests a minute of exchange time and account, trading and market data counted apart. */
  readonly requestsPerMinute: number;
  /** Told of a fault of the exchange's own; the client gets a 500. */
  readonly onFault: (error: unknown, where: string) => void;
}

const routes: readonly Route[] = [
  ...accountRoutes,
  ...sessionRoutes,
  ...assetRoutes,
  ...contractRoutes,
  ...orderRoutes,
  ...positionRoutes,
  ...activityRoutes,
  ...barRoutes,
  ...quoteRoutes,
  ...referenceRoutes,
  ...newsRoutes,
  ...announcementRoutes,
  ...configurationRoutes,
  ...marketMetaRoutes,
  ...marketSessionRoutes,
  ...portfolioHistoryRoutes,
  ...quoteHistoryRoutes,
  ...screenerRoutes,
  ...tradeRoutes,
  ...watchlistRoutes,
  ...ownerRoutes,
];

function match(method: string, path: string): { readonly route: Route; readonly groups: readonly string[] } | undefined {
  for (const route of routes) {
    const found = route.method === method ? route.path.exec(path) : null;
    if (found !== null) return { route, groups: found.slice(1) };
  }
  return undefined;
}

/** Percent-decoding that leaves malformed text as it is: such a name is simply not found. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const budgetHeaders = (budget: Budget): Readonly<Record<string, string>> => ({
  'X-RateLimit-Limit': String(budget.limit),
  'X-RateLimit-Remaining': String(budget.remaining),
  'X-RateLimit-Reset': String(budget.reset),
  ...(budget.retryAfter === 0 ? {} : { 'Retry-After': String(budget.retryAfter) }),
});

const withHeaders = (response: WireResponse, headers: Readonly<Record<string, string>>): WireResponse => ({
  ...response,
  headers: { ...response.headers, ...headers },
});

/** The exchange's REST surface. Each request first advances the core to the present instant. */
export function restHandler(context: WireContext, options: RestOptions): Handle {
  const limits = rateLimit(options.requestsPerMinute);
  let requests = 0;

  const answer = (request: WireRequest): WireResponse => {
    const url = urlOf(request.url);
    const now = context.clock.now();
    const credentials = credentialsOf(request.headers);
    const account = credentials === undefined ? undefined : context.core.authenticate(credentials.id, credentials.secret);
    if (account === undefined) {
      return withHeaders(refuse(401, 40110000, 'request is not authorized'), budgetHeaders(limits.peek('nobody', now)));
    }
    const found = url === undefined ? undefined : match(request.method.toUpperCase(), url.pathname);
    const kind = found?.route.budget ?? 'trading';
    const budget = kind === 'none' ? limits.peek(`${account}:trading`, now) : limits.take(`${account}:${kind}`, now);
    const headers = budgetHeaders(budget);
    if (budget.retryAfter > 0) return withHeaders(refuse(429, 42910000, 'rate limit exceeded'), headers);
    if (found === undefined || url === undefined) return withHeaders(notFound('endpoint not found.'), headers);
    try {
      context.core.advance(now);
      const query = queryOf(url.searchParams, context.calendar);
      const path = found.groups.map(decoded);
      return withHeaders(found.route.handle({ ...context, account, now, query, path, body: request.body }), headers);
    } catch (error) {
      const said = answerOf(error);
      if (said === undefined) options.onFault(error, `${request.method} ${url.pathname}`);
      return withHeaders(said ?? refuse(500, 50010000, 'internal server error occurred'), headers);
    }
  };

  return (request) => {
    requests += 1;
    const id = uuidOf(`request:${String(requests)}`).replaceAll('-', '');
    return withHeaders(answer(request), { 'X-Request-ID': id });
  };
}
