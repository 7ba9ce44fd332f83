// The embedded exchange brought up in this process: market, account file, clock and loopback server.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { epochMs } from '../domain/time.ts';
import type { ExchangeClock } from '../exchange/clock.ts';
import { openExchangeCore } from '../exchange/core/core.ts';
import { type Exchange, openExchange } from '../exchange/exchange.ts';
import type { ExchangeMarket } from '../exchange/market.ts';
import { pacedClock } from '../exchange/paced-clock.ts';
import { syntheticMarket } from '../exchange/synthetic/market.ts';
import type { AssumeFile } from '../exchange/tape/assume.ts';
import { openTape } from '../exchange/tape/tape.ts';
import type { XKey } from '../exchange/types.ts';
import { type ExchangeServer, startServer } from '../exchange/wire/server.ts';
import type { Calendar } from '../market/calendar.ts';
import { fail } from './exit.ts';

export interface HostOptions {
  readonly dir: string;
  readonly calendar: Calendar;
  readonly seed: number;
  readonly speed: number;
  readonly port: number;
  readonly keys: readonly XKey[];
  readonly tape: { readonly dir: string; readonly quotes: 'held' | 'aged'; readonly assume: AssumeFile | null } | null;
  /** `YYYY-MM-DD`, or null for the market's own first instant or the stored one. */
  readonly from: string | null;
  /** Micros, of an account opened now. */
  readonly startingCash: number;
  readonly onFault: (error: unknown, where: string) => void;
}

export interface Hosted {
  readonly exchange: Exchange;
  readonly server: ExchangeServer;
  readonly clock: ExchangeClock;
  readonly market: ExchangeMarket;
  close(): Promise<void>;
}

export const defaultKey: XKey = { id: 'sim', secret: 'sim', account: 'sim' };

function openMarket(options: HostOptions): ExchangeMarket {
  const { tape, calendar, seed, from } = options;
  try {
    if (tape !== null)
      return openTape({
        dir: tape.dir,
        calendar,
        quotes: tape.quotes,
        ...(tape.assume === null ? {} : { assume: tape.assume }),
        ...(from === null ? {} : { from: from as never }),
      });
    return syntheticMarket({ seed, calendar, ...(from === null ? {} : { start: calendar.instant(from as never, 15, 5) }) });
  } catch (error) {
    return fail(20, `wsb: the market cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The next 15:05 in New York at or after an instant, on a day with a session that long. */
export function nextAfternoon(calendar: Calendar, after: number): number {
  let session = calendar.session(calendar.dayOf(epochMs(after))) ?? calendar.currentOrNext(epochMs(after));
  for (;;) {
    const at = calendar.instant(session.day, 15, 5);
    if (at >= after && at < session.close) return at;
    session = calendar.offset(session.day, 1);
  }
}

/** Where the clock starts: the stored instant decides, since an exchange never goes back. */
function startInstant(options: HostOptions, market: ExchangeMarket, stored: number | null): number {
  const { calendar, tape, from } = options;
  const wanted = from === null ? null : tape === null ? calendar.instant(from as never, 15, 5) : market.firstInstant;
  if (stored === null) return wanted ?? market.firstInstant;
  if (wanted !== null && wanted < stored) {
    fail(
      7,
      `wsb: --from ${String(from)} lies before ${new Date(stored).toISOString()}, where this exchange's clock stands; it never goes back. Give another --state-dir to begin anew.`,
    );
  }
  if (wanted !== null) return wanted;
  return tape === null ? nextAfternoon(calendar, stored) : stored;
}

/** Brings the exchange up on loopback. Exits 7, 20 or 22 with a sentence when it cannot be. */
export async function hostExchange(options: HostOptions): Promise<Hosted> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const file = join(options.dir, 'exchange.sqlite');
  const existed = existsSync(file);
  const market = openMarket(options);
  const core = (() => {
    try {
      return openExchangeCore({
        file,
        market,
        calendar: options.calendar,
        keys: options.keys,
        seed: options.seed,
        start: market.firstInstant,
        startingCash: options.startingCash,
        partialFills: true,
      });
    } catch (error) {
      return fail(22, `wsb: the exchange's account file ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  })();
  const start = startInstant(options, market, existed ? core.at : null);
  const clock = pacedClock({
    start,
    speed: options.speed,
    wallNow: () => performance.now(),
    calendar: options.calendar,
    nextEvent: (after) => core.nextEvent(after),
  });
  const after = (ms: number, ring: () => void): (() => void) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  };
  const exchange = openExchange({ core, market, calendar: options.calendar, clock, after, onFault: options.onFault });
  const server = await startServer(exchange, { host: '127.0.0.1', port: options.port });
  return {
    exchange,
    server,
    clock,
    market,
    close: async () => {
      await server.close();
      exchange.close();
    },
  };
}
