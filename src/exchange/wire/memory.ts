// The exchange without a network: real `Response` objects and socket-like streams over the same request and stream code,
// every delivery put off through an injected alarm, so that virtual time rules them all.
import type { Transport } from '../../ports/transport.ts';
import type { Answered, Fate } from '../faults/fate.ts';
import { type MemorySocket, memorySocket } from './memory-socket.ts';
import type { WireRequest, WireResponse } from './message.ts';
import type { Handle } from './rest.ts';
import type { After } from './stream.ts';
import type { Streams } from './streams.ts';

/** What a fault does to a request: another answer, a reset connection, or silence until the client gives up. */
export type RequestFault =
  | { readonly kind: 'answer'; readonly response: WireResponse }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

export interface MemoryOptions {
  /** Wall milliseconds one delivery takes, asked for each; 1 when not given. */
  readonly latency?: (what: 'request' | 'response' | 'stream') => number;
  /** A fault here keeps the request from the exchange. */
  readonly before?: (request: WireRequest) => RequestFault | undefined;
  /** A fault here comes after the exchange has done what was asked. */
  readonly afterwards?: (request: WireRequest, response: WireResponse) => RequestFault | undefined;
  /** Asked for each stream frame to the client. */
  readonly frame?: (url: string) => 'pass' | 'drop';
}

export interface MemoryTransport extends Transport {
  /** Breaks the open streams whose URL fits; returns how many. */
  dropStreams(fits?: (url: string) => boolean): number;
  /** The client's process is dead: its streams end and nothing is delivered to it any more. */
  close(): void;
}

export interface CarriedExchange {
  readonly handle: Handle;
  readonly streams: Streams;
  /** What a fault plan makes of a request. */
  readonly meet?: ((request: WireRequest) => Fate) | undefined;
  onCut(listener: () => void): () => void;
}

const reset = (): Error => new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

function requestOf(url: string, init: RequestInit | undefined): WireRequest {
  const body = init?.body ?? null;
  if (body !== null && typeof body !== 'string') throw new TypeError('the memory transport carries text bodies only');
  return { method: init?.method ?? 'GET', url, headers: Object.fromEntries(new Headers(init?.headers).entries()), body };
}

const responseOf = (response: WireResponse): Response =>
  new Response(response.body, { status: response.status, headers: { ...response.headers } });

interface Pending {
  readonly resolve: (response: Response) => void;
  readonly reject: (reason: unknown) => void;
}

interface RequestLine {
  readonly fetchApi: Transport['fetchApi'];
  /** Resets every request that is under way, but for one that is being answered at this moment. */
  cut(): void;
  /** Nothing under way is answered any more. */
  close(): void;
}

/** Carries a request through what a fault plan makes of it. */
function carry(
  fate: Fate,
  later: (ms: number, then: () => void) => unknown,
  perform: () => WireResponse,
  settle: (answered: Answered) => void,
): void {
  later(fate.requestMs, () => {
    const answered = fate.carry(perform);
    later(fate.answerMs, () => settle(answered));
  });
}

/** Requests and answers, each one delivery; a request that has left arrives, whether or not its client still waits. */
function requestLine(
  { handle, meet }: CarriedExchange,
  after: After,
  latency: NonNullable<MemoryOptions['latency']>,
  options: MemoryOptions,
): RequestLine {
  const pending = new Set<Pending>();
  let closed = false;
  let serving: Pending | undefined;

  const take = (one: Pending): boolean => pending.delete(one) && !closed;
  const answer = (one: Pending, response: WireResponse): void => {
    after(latency('response'), () => {
      if (take(one)) one.resolve(responseOf(response));
    });
  };
  const suffer = (one: Pending, fault: RequestFault): void => {
    if (fault.kind === 'answer') return answer(one, fault.response);
    if (fault.kind === 'reset' && take(one)) one.reject(reset());
  };
  const perform = (one: Pending, request: WireRequest): WireResponse => {
    serving = one;
    try {
      return handle(request);
    } finally {
      serving = undefined;
    }
  };
  const settle = (one: Pending, request: WireRequest, answered: Answered): void => {
    if (typeof answered === 'string') return suffer(one, { kind: answered });
    const late = options.afterwards?.(request, answered);
    return late === undefined ? answer(one, answered) : suffer(one, late);
  };
  const later = (ms: number, then: () => void): unknown => (ms > 0 ? after(ms, () => !closed && then()) : then());
  const arrive = (one: Pending, request: WireRequest): void => {
    const early = options.before?.(request);
    if (early !== undefined) return suffer(one, early);
    const fate = meet?.(request);
    const settled = (answered: Answered): void => settle(one, request, answered);
    if (fate === undefined) settled(perform(one, request));
    else carry(fate, later, () => perform(one, request), settled);
  };
  return {
    fetchApi: (url, init) =>
      new Promise((resolve, reject) => {
        const request = requestOf(url, init);
        const signal = init?.signal ?? undefined;
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const one: Pending = { resolve, reject };
        pending.add(one);
        const abort = (): void => {
          if (take(one)) reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', abort, { once: true });
        after(latency('request'), () => {
          if (!closed) arrive(one, request);
        });
      }),
    cut() {
      for (const one of [...pending]) if (one !== serving && take(one)) one.reject(reset());
    },
    close() {
      closed = true;
      pending.clear();
    },
  };
}

/** A transport of one client; `after` is the only time there is. */
export function memoryTransport(
  exchange: CarriedExchange,
  { after }: { readonly after: After },
  options: MemoryOptions = {},
): MemoryTransport {
  const latency = options.latency ?? (() => 1);
  const requests = requestLine(exchange, after, latency, options);
  const sockets = new Map<MemorySocket, string>();
  const stopListening = exchange.onCut(requests.cut);
  return {
    fetchApi: requests.fetchApi,
    socketFactory(url, codec) {
      const headers: Readonly<Record<string, string>> = codec === 'msgpack' ? { 'content-type': 'application/msgpack' } : {};
      const made = memorySocket({
        streams: exchange.streams,
        request: { url, headers },
        after,
        latency: () => latency('stream'),
        frame: () => options.frame?.(url) ?? 'pass',
        ended: () => void sockets.delete(made),
      });
      sockets.set(made, url);
      return made.socket;
    },
    dropStreams(fits = () => true) {
      const hit = [...sockets].filter(([, url]) => fits(url));
      for (const [socket] of hit) socket.drop();
      return hit.length;
    },
    close() {
      stopListening();
      requests.close();
      for (const socket of [...sockets.keys()]) socket.forget();
      sockets.clear();
    },
  };
}
