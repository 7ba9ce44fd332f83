// The screener: which shares traded most in the present or the last session, and which moved furthest since the close before.
import { addDays, type EpochMs } from '../../../domain/time.ts';
import type { Session } from '../../../market/calendar.ts';
import { instant, quotient, real } from '../encode.ts';
import { json, notFound, type WireResponse } from '../message.ts';
import { printedMinutes } from '../minute-prints.ts';
import { type Call, firstOf, route } from '../route.ts';

/** How far back the close before is looked for, in calendar days. */
const LOOK_BACK_DAYS = 10;

function sessionOf(call: Call): Session {
  const now = call.now as EpochMs;
  return call.calendar.inSession(now) ?? call.calendar.lastClosed(now);
}

interface Active {
  readonly symbol: string;
  readonly volume: number;
  readonly trade_count: number;
}

/** Trades are counted as they are shown: one for each minute. */
function activeOf(call: Call, symbol: string, session: Session): Active {
  const minutes = printedMinutes(call, symbol, session.open, session.close);
  const daily = call.market.dailyBars(symbol, session.day, session.day, call.now).at(-1);
  return { symbol, volume: daily?.volume ?? minutes.reduce((sum, bar) => sum + bar.volume, 0), trade_count: minutes.length };
}

function mostActives(call: Call): WireResponse {
  const top = call.query.int('top', 10, 1, 100);
  const by = call.query.oneOf('by', ['volume', 'trades'], 'volume');
  const session = sessionOf(call);
  const rows = call.listing
    .equities()
    .map((equity) => activeOf(call, equity.symbol, session))
    .filter((row) => row.volume > 0);
  const rank = (row: Active): number => (by === 'volume' ? row.volume : row.trade_count);
  rows.sort((a, b) => rank(b) - rank(a) || b.volume - a.volume || (a.symbol < b.symbol ? -1 : 1));
  return json({ most_actives: rows.slice(0, top), last_updated: instant(Math.min(call.now, session.close)) });
}

interface Mover {
  readonly symbol: string;
  readonly price: number;
  readonly change: number;
  readonly percent_change: number;
}

function moverOf(call: Call, symbol: string, session: Session): readonly Mover[] {
  const bars = call.market.dailyBars(symbol, addDays(session.day, -LOOK_BACK_DAYS), session.day, call.now);
  const [before, today] = bars.slice(-2);
  if (before === undefined || today === undefined || today.day !== session.day || before.close <= 0) return [];
  const change = today.close - before.close;
  return [{ symbol, price: real(today.close), change: real(change), percent_change: Number(quotient(change * 100, before.close, 2)) }];
}

/** Gainers and losers of shares; this exchange lists no other kind of asset, so that of others there are none. */
function movers(call: Call): WireResponse {
  const type = firstOf(call);
  if (type !== 'stocks' && type !== 'crypto') return notFound('endpoint not found.');
  const top = call.query.int('top', 10, 1, 50);
  const session = sessionOf(call);
  const rows = type === 'crypto' ? [] : call.listing.equities().flatMap((equity) => moverOf(call, equity.symbol, session));
  rows.sort((a, b) => b.percent_change - a.percent_change || (a.symbol < b.symbol ? -1 : 1));
  return json({
    gainers: rows.filter((row) => row.change > 0).slice(0, top),
    losers: rows
      .filter((row) => row.change < 0)
      .reverse()
      .slice(0, top),
    market_type: type,
    last_updated: instant(Math.min(call.now, session.close)),
  });
}

export const screenerRoutes = [
  route('GET', '/v1beta1/screener/stocks/most-actives', 'data', mostActives),
  route('GET', '/v1beta1/screener/*/movers', 'data', movers),
];
