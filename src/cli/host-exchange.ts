// The embedded exchange brought up in this process: market, account file, clock and loopback server.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { epochMs } from '../domain/time.ts';
import type { ExchangeClock } from '../exchange/clock.ts';
import { type ExchangeCoreOptions, openExchangeCore } from '../exchange/core/core.ts';
import { type FeeScheduleName, feeSchedules } from '../exchange/core/fee-rates.ts';
import { fillModels } from '../exchange/core/fill-model.ts';
import { type Exchange, type ExchangeParts, openExchange } from '../exchange/exchange.ts';
import type { FaultPlan } from '../exchange/faults/plan.ts';
import type { Struck } from '../exchange/faults/struck.ts';
import { type HaltBoard, haltBoard, marketOnBoard, seededHalts } from '../exchange/halts.ts';
import type { ExchangeMarket } from '../exchange/market.ts';
import { type PacedClockOptions, pacedClock } from '../exchange/paced-clock.ts';
import { syntheticMarket } from '../exchange/synthetic/market.ts';
import type { RegimeOptions } from '../exchange/synthetic/regime.ts';
import type { WantedSplit } from '../exchange/synthetic/share-basis.ts';
import type { AssumeFile } from '../exchange/tape/assume.ts';
import { openTape } from '../exchange/tape/tape.ts';
import type { ExchangeCore, XKey } from '../exchange/types.ts';
import { credentialsOf } from '../exchange/wire/credentials.ts';
import type { DataPlan } from '../exchange/wire/data-plan.ts';
import { urlOf } from '../exchange/wire/message.ts';
import { type ExchangeServer, startServer, type TlsOptions } from '../exchange/wire/server.ts';
import { recordOf, textOf } from '../exchange/wire/stream.ts';
import type { Calendar } from '../market/calendar.ts';
import type { ExchangeLog } from './exchange-log.ts';
import type { FillsChoice } from './exchange-settings.ts';
import { fail } from './exit.ts';
import type { Beginning } from './flags.ts';
import { warn } from './output.ts';

export interface HostOptions {
  readonly dir: string;
  readonly calendar: Calendar;
  readonly seed: number;
  readonly speed: number;
  readonly port: number;
  readonly keys: readonly XKey[];
  readonly tape: { readonly dir: string; readonly quotes: 'held' | 'aged'; readonly assume: AssumeFile | null } | null;
  /** Null for the market's own first instant or the stored one; a day without a time begins at the tape's first open of it, elsewhere at 15:05. */
  readonly from: Beginning | null;
  /** Micros, of an account opened now. */
  readonly startingCash: number;
  /** Shares may be borrowed, to be sold short; when absent nobody lends. */
  readonly lends?: boolean;
  readonly onFault: (error: unknown, where: string) => void;
  readonly tls?: TlsOptions;
  readonly dataPlan?: DataPlan;
  readonly tradeFrames?: 'binary' | 'text';
  /** How orders fill, of all accounts and of single ones; as on a paper account when absent. */
  readonly fills?: readonly FillsChoice[];
  readonly regime?: RegimeOptions;
  /** Splits of the synthetic market beside those of its seed. */
  readonly splits?: readonly WantedSplit[];
  /** What is charged beside the price; nothing when absent. */
  readonly fees?: FeeScheduleName;
  /** What is to go wrong, once the market is known. */
  readonly faults?: (market: ExchangeMarket) => FaultPlan;
  readonly log?: ExchangeLog;
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
  const { tape, calendar, seed, from, regime, splits } = options;
  try {
    if (tape !== null)
      return openTape({
        dir: tape.dir,
        calendar,
        quotes: tape.quotes,
        ...(tape.assume === null ? {} : { assume: tape.assume }),
        ...(from === null ? {} : { from: from.day }),
      });
    return syntheticMarket({
      seed,
      calendar,
      ...(regime === undefined ? {} : { regime }),
      ...(splits === undefined ? {} : { splits }),
      ...(from === null ? {} : { start: instantOf(from, calendar) }),
    });
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

/** Without a time: 15:05, which leaves something of the day and shows something at once. */
const instantOf = ({ day, time }: Beginning, calendar: Calendar): number => calendar.instant(day, time?.hour ?? 15, time?.minute ?? 5);

/** The instant asked for. A tape is played from its first instant on, and ends before its last one. */
function wantedInstant({ tape, calendar, from }: HostOptions, market: ExchangeMarket): number | null {
  if (from === null) return null;
  if (tape === null) return instantOf(from, calendar);
  const wanted = from.time === null ? market.firstInstant : Math.max(market.firstInstant, instantOf(from, calendar));
  const { lastInstant } = market;
  if (lastInstant !== null && wanted >= lastInstant)
    fail(20, `wsb: --from lies at or after the end of the tape, ${new Date(lastInstant).toISOString()}: begin earlier`);
  return wanted;
}

/** Where the clock starts: the stored instant decides, since an exchange never goes back. */
function startInstant(options: HostOptions, market: ExchangeMarket, stored: number | null): number {
  const { calendar, tape, from } = options;
  const wanted = wantedInstant(options, market);
  if (stored === null) return wanted ?? market.firstInstant;
  if (wanted !== null && wanted < stored) {
    fail(
      7,
      `wsb: --from ${from?.day ?? ''} lies before ${new Date(stored).toISOString()}, where this exchange's clock stands; it never goes back. Give another --state-dir to begin anew.`,
    );
  }
  if (wanted !== null) return wanted;
  return tape === null ? nextAfternoon(calendar, stored) : stored;
}

/** How orders fill: the last choice that names no account is every other account's. */
function fillsOf(choices: readonly FillsChoice[]): Pick<ExchangeCoreOptions, 'fills' | 'accountFills'> {
  const all = choices.findLast(({ account }) => account === null)?.model ?? 'paper';
  const single = choices.flatMap(({ account, model }) => (account === null ? [] : [[account, fillModels[model]] as const]));
  return { fills: fillModels[all], accountFills: new Map(single) };
}

function openCore(options: HostOptions, market: ExchangeMarket, file: string, board: HaltBoard): ExchangeCore {
  const { calendar, keys, seed, startingCash, fills = [], lends = false } = options;
  const fees = feeSchedules[options.fees ?? 'none'];
  const how = { ...fillsOf(fills), isHalted: board.isHalted, lends, ...(fees === null ? {} : { fees }) };
  try {
    return openExchangeCore({ file, market, calendar, keys, seed, start: market.firstInstant, startingCash, ...how });
  } catch (error) {
    return fail(22, `wsb: the exchange's account file ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Tells of orders that were not taken. */
const refusals =
  (log: ExchangeLog, core: ExchangeCore): NonNullable<ExchangeParts['onAnswer']> =>
  (request, answer) => {
    if (request.method !== 'POST' || answer.status < 400 || urlOf(request.url)?.pathname !== '/v2/orders') return;
    const keys = credentialsOf(request.headers);
    const account = keys === undefined ? undefined : core.authenticate(keys.id, keys.secret);
    const { message } = recordOf(JSON.parse(answer.body ?? '{}')) ?? {};
    const body = (request.body ?? '').slice(0, 300).replace(/\s+/g, ' ');
    log.refused({ at: core.at, account: account ?? 'nobody', status: answer.status, message: textOf(message), body });
  };

/** A synthetic market goes on for as long as the calendar's rules reach; its clock stands then, and says so. */
function calendarEnd({ tape }: HostOptions, { lastInstant }: ExchangeMarket): Pick<PacedClockOptions, 'end' | 'onEnd'> {
  if (tape !== null || lastInstant === null) return {};
  const when = new Date(lastInstant).toISOString();
  return {
    end: lastInstant,
    onEnd: () =>
      warn(
        `wsb: it is ${when}, and too little is known of the sessions ahead: the exchange's clock stands. Begin anew earlier, with --from and another --state-dir.`,
      ),
  };
}

function refuseAfterEnd({ tape }: HostOptions, { lastInstant }: ExchangeMarket, start: number): void {
  if (tape !== null || lastInstant === null || start < lastInstant) return;
  fail(
    20,
    `wsb: the exchange would begin at ${new Date(start).toISOString()}, and nothing can be traded from ${new Date(lastInstant).toISOString()} on, where too little is known of the sessions ahead: begin earlier, with --from and another --state-dir`,
  );
}

/** Brings the exchange up on loopback. Exits 7, 20 or 22 with a sentence when it cannot be. */
export async function hostExchange(options: HostOptions): Promise<Hosted> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const file = join(options.dir, 'exchange.sqlite');
  const existed = existsSync(file);
  const market = openMarket(options);
  const isAdverse = fillsOf(options.fills ?? []).fills?.name === 'adverse';
  const board = haltBoard(isAdverse ? seededHalts(options.seed, options.calendar) : undefined);
  const core = openCore(options, market, file, board);
  const start = startInstant(options, market, existed ? core.at : null);
  refuseAfterEnd(options, market, start);
  const clock = pacedClock({
    start,
    speed: options.speed,
    wallNow: () => performance.now(),
    calendar: options.calendar,
    nextEvent: (after) => core.nextEvent(after),
    ...calendarEnd(options, market),
  });
  const after = (ms: number, ring: () => void): (() => void) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  };
  const { calendar, onFault, dataPlan, tradeFrames, tls } = options;
  const streaming = { ...(dataPlan === undefined ? {} : { dataPlan }), ...(tradeFrames === undefined ? {} : { tradeFrames }) };
  const plan = options.faults?.(market);
  const { log } = options;
  const troubles = plan === undefined ? {} : { faults: { plan, board, onStruck: (struck: Struck) => log?.fault(struck) } };
  const told = log === undefined ? {} : { onAnswer: refusals(log, core) };
  if (log !== undefined) core.onTrade(log.order);
  // Clients see quotes that stand still; the core, which trades on, does not.
  const shown = plan === undefined && !isAdverse ? market : marketOnBoard(market, board);
  const exchange = openExchange({
    core,
    market: shown,
    calendar,
    clock,
    after,
    onFault,
    isHalted: board.isHalted,
    ...streaming,
    ...troubles,
    ...told,
  });
  const listening = { host: '127.0.0.1', port: options.port, ...(tls === undefined ? {} : { tls }) } as const;
  const server = await startServer(exchange, listening).catch((error: unknown) => {
    exchange.close();
    return fail(20, `wsb: ${error instanceof Error ? error.message : String(error)}`);
  });
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
