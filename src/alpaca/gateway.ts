// One request from budget to parsed answer: its place in the lanes, its own deadline, the last look before it leaves, and
// whatever went wrong as a fault.
import type { z } from 'zod';
import { ensure } from '../base/assert.ts';
import type { Clock } from '../ports/clock.ts';
import type { FetchApi } from '../ports/transport.ts';
import { retryAfter } from './bucket.ts';
import { AlpacaFault, classify } from './faults.ts';
import type { Lane, Lanes } from './lanes.ts';
import { issueText } from './wire.ts';

/** A request of the SDK: its raw twin, to be given the init that carries our signal. */
export type Send = (init: RequestInit) => Promise<{ readonly raw: Response }>;

export interface Call<T> {
  readonly lane: Lane;
  /** Wall time for connection, headers and body together. */
  readonly deadlineMs: number;
  /** Wall time to wait for room in the budget. */
  readonly waitMs: number;
  /** Asked in the same synchronous step in which the request is handed to the network. */
  readonly mayLeave?: () => boolean;
  readonly send: Send;
  /** How the body reads; null when the answer has none. */
  readonly body: z.ZodType<T> | null;
  /** What the request passes through once it has its place: a breaker, or nothing. */
  readonly through?: (task: () => Promise<T>) => Promise<T>;
}

interface Flight {
  readonly lanes: Lanes;
  readonly mayLeave: () => boolean;
  left: boolean;
  retryAfterMs: number | null;
}

export interface Gateway {
  /** For the SDK's configuration: the network, behind the last look. */
  readonly fetchApi: FetchApi;
  /** @throws AlpacaFault for everything that can go wrong */
  call<T>(lanes: Lanes, call: Call<T>): Promise<T>;
  /** Refuses further calls; those under way run to their end. */
  close(): void;
}

function parsed<T>(schema: z.ZodType<T>, text: string, status: number): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AlpacaFault('ALPACA_SHAPE', `the answer is not JSON: ${JSON.stringify(text.slice(0, 80))}`, { status });
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new AlpacaFault('ALPACA_SHAPE', issueText(result.error), { status });
  return result.data;
}

export function createGateway(transportFetch: FetchApi, clock: Clock): Gateway {
  // A call is known to the fetch hook by its signal, the one thing the SDK passes through untouched.
  const flights = new WeakMap<AbortSignal, Flight>();
  let closed = false;

  const fetchApi: FetchApi = async (url, init) => {
    const flight = ensure(init?.signal ? flights.get(init.signal) : undefined, 'the call a request belongs to');
    if (!flight.mayLeave()) throw new AlpacaFault('ALPACA_WITHHELD', 'permission was withdrawn before the request left');
    flight.left = true;
    const response = await transportFetch(url, init);
    flight.lanes.learn(response.headers, response.status);
    const now = clock.now();
    const exchangeMs = retryAfter(response.headers, now.exchange);
    flight.retryAfterMs = exchangeMs === null ? null : exchangeMs / (now.speed > 0 ? now.speed : 1);
    return response;
  };

  const fly = async <T>(lanes: Lanes, call: Call<T>): Promise<T> => {
    const controller = new AbortController();
    const flight: Flight = { lanes, mayLeave: call.mayLeave ?? (() => true), left: false, retryAfterMs: null };
    flights.set(controller.signal, flight);
    const disarm = clock.after(call.deadlineMs, () =>
      controller.abort(new DOMException(`no answer within ${String(call.deadlineMs)} ms`, 'TimeoutError')),
    );
    try {
      const { raw } = await call.send({ signal: controller.signal });
      const text = await raw.text();
      return call.body === null ? (undefined as T) : parsed(call.body, text, raw.status);
    } catch (error) {
      throw classify(error, flight.left, flight.retryAfterMs);
    } finally {
      disarm();
    }
  };

  return {
    fetchApi,
    call: async (lanes, call) => {
      if (closed) throw new AlpacaFault('ALPACA_CLOSED', 'the connection to the broker is closed');
      await lanes.acquire(call.lane, call.waitMs);
      const task = () => fly(lanes, call);
      try {
        return await (call.through === undefined ? task() : call.through(task));
      } finally {
        lanes.done();
      }
    },
    close: () => {
      closed = true;
    },
  };
}
