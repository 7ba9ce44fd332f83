// The embedded exchange: a core, a market and a clock, joined into one surface that transports carry.
import type { Calendar } from '../market/calendar.ts';
import type { ExchangeClock } from './clock.ts';
import type { Fate } from './faults/fate.ts';
import { type Faults, type Injector, injector } from './faults/injector.ts';
import type { ExchangeMarket } from './market.ts';
import type { ExchangeCore } from './types.ts';
import { clockStream } from './wire/clock-stream.ts';
import { dataEndpoints } from './wire/data-endpoints.ts';
import { type DataPlan, dataPlans } from './wire/data-plan.ts';
import { listingOf } from './wire/listing.ts';
import type { WireRequest, WireResponse } from './wire/message.ts';
import { type Handle, restHandler } from './wire/rest.ts';
import type { After } from './wire/stream.ts';
import { type Streams, streams } from './wire/streams.ts';
import { tradeStream } from './wire/trade-stream.ts';

export interface ExchangeParts {
  readonly core: ExchangeCore;
  readonly market: ExchangeMarket;
  readonly calendar: Calendar;
  readonly clock: ExchangeClock;
  /** Wall-time alarms, for clients that connect and never authenticate. */
  readonly after: After;
  /** Told of a fault of the exchange's own while it answers a request. */
  readonly onFault: (error: unknown, where: string) => void;
  /** Requests a minute of exchange time; 200 when not given. */
  readonly requestsPerMinute?: number;
  /** What every account may stream and ask for; when not given every feed, within the limits of the free plan. */
  readonly dataPlan?: DataPlan;
  /** Frames of the trade stream to clients that ask for neither kind: binary as a paper broker's when not given, or text as a live one's. */
  readonly tradeFrames?: 'binary' | 'text';
  /** Whether trading in a symbol is halted, for who listens to statuses; when not given, what the faults have halted. */
  readonly isHalted?: (symbol: string, at: number) => boolean;
  /** Told of each request that was answered, and its answer. */
  readonly onAnswer?: (request: WireRequest, answer: WireResponse) => void;
  /** What is to go wrong; nothing when not given. */
  readonly faults?: Faults;
}

export interface Exchange {
  readonly core: ExchangeCore;
  readonly market: ExchangeMarket;
  readonly clock: ExchangeClock;
  readonly handle: Handle;
  readonly streams: Streams;
  /** What befalls a request that comes in over a transport; asked once for each, before it is handled. Undefined when nothing ever does. */
  readonly meet: ((request: WireRequest) => Fate) | undefined;
  /** Advances the core to the clock's present and pushes stream data; to be called every 25 to 50 ms of wall time. */
  tick(): void;
  /** Destroys every open connection now: streams at once, and whatever else the transports hold open. */
  cut(): void;
  /** Called at each cut; a transport ends its own connections then. Returns its removal. */
  onCut(listener: () => void): () => void;
  /** Ends the streams and closes the core. */
  close(): void;
}

export function openExchange(parts: ExchangeParts): Exchange {
  const { core, market, calendar, clock, after } = parts;
  const listing = listingOf(market);
  const plan = parts.dataPlan ?? dataPlans.open;
  const cutListeners = new Set<() => void>();
  const cut = (): void => {
    all.cut();
    for (const listener of [...cutListeners]) listener();
  };
  const faults: Injector | undefined =
    parts.faults === undefined ? undefined : injector(parts.faults, { core, listing, now: () => clock.now(), after, cut });
  const keys = faults?.core ?? core;
  const plain = streams({
    trade: tradeStream(keys, listing, parts.tradeFrames ?? 'binary'),
    clock: clockStream(keys, clock, after),
    data: dataEndpoints({
      core: keys,
      market,
      calendar,
      clock,
      listing,
      isHalted: parts.isHalted ?? parts.faults?.board.isHalted ?? (() => false),
      after,
      onFault: parts.onFault,
      plan,
    }),
  });
  const all = faults?.over(plain) ?? plain;
  const handle = restHandler(
    { core, market, calendar, clock, listing, plan, cut },
    { requestsPerMinute: parts.requestsPerMinute ?? 200, onFault: parts.onFault },
  );
  let open = true;
  return {
    core,
    market,
    clock,
    handle: (request) => {
      faults?.act(clock.now());
      const answer = handle(request);
      parts.onAnswer?.(request, answer);
      return answer;
    },
    streams: all,
    meet: faults?.meet,
    tick() {
      if (!open) return;
      const now = clock.now();
      faults?.act(now);
      core.advance(now);
      all.push(now);
    },
    cut,
    onCut(listener) {
      cutListeners.add(listener);
      return () => void cutListeners.delete(listener);
    },
    close() {
      if (!open) return;
      open = false;
      cut();
      all.close();
      core.close();
    },
  };
}
