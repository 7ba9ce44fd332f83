// The broker port over Alpaca, put together from its reads, its order calls and its stream.
import type { Broker, BrokerClock, BrokerEvents } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { SocketFactory } from '../ports/transport.ts';
import { accountFacts, session } from './account-codec.ts';
import { answered } from './answer.ts';
import { createOrderCalls } from './order-calls.ts';
import type { Resilience } from './resilience.ts';
import type { Keys, Sdk } from './sdk.ts';
import { stableSnapshot } from './snapshot.ts';
import type { Log } from './supervisor.ts';
import { createTradeStream } from './trade-stream.ts';
import { accountWire, calendarWire, clockWire } from './wire.ts';

export interface TradingOptions {
  readonly sdk: Sdk;
  readonly resilience: Resilience;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly streamUrl: string;
  readonly keys: Keys;
  readonly socketFactory: SocketFactory;
  /** Filled when the daemon connects; breaker changes go to it. */
  readonly events: { current: BrokerEvents | null };
  readonly close: () => void;
}

type Reads = Pick<Broker, 'account' | 'clock' | 'sessions'>;

function plainReads(sdk: Sdk, resilience: Resilience): Reads {
  return {
    account: () =>
      answered(async () => accountFacts(await resilience.read('lookup', (init) => sdk.account.getAccountRaw(init), accountWire))),
    clock: () =>
      answered(async (): Promise<BrokerClock> => {
        const wire = await resilience.read('lookup', (init) => sdk.clock.legacyClockRaw(init), clockWire);
        return { at: wire.timestamp, isOpen: wire.is_open, nextOpen: wire.next_open, nextClose: wire.next_close };
      }),
    sessions: (from, to) =>
      answered(async () => {
        const range = { start: new Date(from), end: new Date(to) };
        return (await resilience.read('info', (init) => sdk.calendar.legacyCalendarRaw(range, init), calendarWire)).map(session);
      }),
  };
}

export function createTrading(options: TradingOptions): Broker {
  const { sdk, resilience, clock, log, events } = options;
  const { legOrder, ...orders } = createOrderCalls({ sdk, resilience, log });
  const stream = createTradeStream({
    url: options.streamUrl,
    keys: options.keys,
    socketFactory: options.socketFactory,
    clock,
    random: options.random,
    log,
    legOrder,
    report: (report) => events.current?.report(report),
    link: (up, why) => events.current?.link(up, why),
  });
  return {
    connect: (on) => {
      events.current = on;
      stream.start();
    },
    ...orders,
    snapshot: (request) => answered(() => stableSnapshot({ sdk, resilience, clock, legOrder }, request)),
    ...plainReads(sdk, resilience),
    restartStream: (why) => stream.restart(why),
    health: () => ({ ...resilience.health(), stream: stream.health() }),
    close: async () => {
      stream.stop();
      events.current = null;
      options.close();
    },
  };
}
