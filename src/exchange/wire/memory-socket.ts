// A stream without a network: the client's socket and the exchange's session, joined by delayed deliveries in order.
import type { SocketLike } from '../../ports/transport.ts';
import type { After, Peer, StreamSession, UpgradeRequest } from './stream.ts';
import type { Streams } from './streams.ts';

export interface MemorySocketOptions {
  readonly streams: Streams;
  readonly request: UpgradeRequest;
  readonly after: After;
  /** Wall milliseconds the next delivery takes. */
  readonly latency: () => number;
  /** Asked for each frame to the client; a dropped one is lost without a trace. */
  readonly frame: () => 'pass' | 'drop';
  readonly ended: () => void;
}

export interface MemorySocket {
  readonly socket: SocketLike;
  /** The line breaks: the exchange learns of it at once, the client a moment later. */
  drop(): void;
  /** The client is no more: nothing is delivered to it again. */
  forget(): void;
}

type Listener = (...args: unknown[]) => void;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** Deliveries in the order they were handed over, whatever their latencies. */
function line(after: After, latency: () => number): (deliver: () => void) => void {
  const queue: (() => void)[] = [];
  return (deliver) => {
    queue.push(deliver);
    after(latency(), () => queue.shift()?.());
  };
}

interface Listeners {
  on(event: string, listener: Listener): void;
  emit(event: string, ...args: unknown[]): void;
  clear(): void;
}

function listenersOf(): Listeners {
  const byEvent = new Map<string, readonly Listener[]>();
  return {
    on: (event, listener) => void byEvent.set(event, [...(byEvent.get(event) ?? []), listener]),
    emit(event, ...args) {
      for (const listener of byEvent.get(event) ?? []) listener(...args);
    },
    clear: () => byEvent.clear(),
  };
}

interface FarEnd {
  /** False when there is no such stream. */
  open(): boolean;
  receive(data: string | Uint8Array): void;
  end(code: number, reason: string): void;
  alive(): boolean;
}

/** The exchange's end: what it sends goes down the line, and its session ends the moment either side ends the stream. */
function farEnd(
  options: MemorySocketOptions,
  message: (data: Buffer, binary: boolean) => void,
  over: (code: number, reason: string) => void,
): FarEnd {
  let session: StreamSession | undefined;
  const end = (code: number, reason: string): void => {
    const open = session;
    session = undefined;
    open?.closed();
    over(code, reason);
  };
  const peer: Peer = {
    send(data) {
      if (options.frame() === 'pass') message(Buffer.from(data as Uint8Array), typeof data !== 'string');
    },
    close: end,
    destroy: () => end(1006, ''),
    // What is under way is delivered by the clock alone: no client can keep it waiting.
    backlog: () => 0,
  };
  return {
    open() {
      session = options.streams.open(options.request, peer);
      return session !== undefined;
    },
    receive: (data) => session?.receive(data),
    end,
    alive: () => session !== undefined,
  };
}

/** A socket to the stream that a request names; it opens, or fails as a refused upgrade does, after two deliveries. */
export function memorySocket(options: MemorySocketOptions): MemorySocket {
  const { on, emit, clear } = listenersOf();
  const up = line(options.after, options.latency);
  const down = line(options.after, options.latency);
  let state = CONNECTING;
  const finish = (code: number, reason: string): void => {
    if (state === CLOSED) return;
    state = CLOSED;
    options.ended();
    emit('close', code, Buffer.from(reason));
  };
  const far = farEnd(
    options,
    (data, binary) =>
      down(() => {
        if (state === OPEN) emit('message', data, binary);
      }),
    (code, reason) => down(() => finish(code, reason)),
  );
  up(() => {
    if (state !== CONNECTING) return;
    let found = false;
    // The client is told that the line is open before anything that the exchange says on it.
    down(() => {
      if (state !== CONNECTING || !found) return;
      state = OPEN;
      emit('open');
    });
    found = far.open();
    if (found) return;
    down(() => emit('error', new Error('Unexpected server response: 404')));
    down(() => finish(1006, ''));
  });

  const socket: SocketLike = {
    on(event, listener) {
      on(event, listener);
      return socket;
    },
    send(data) {
      if (state === CONNECTING) throw new Error('WebSocket is not open: readyState 0 (CONNECTING)');
      if (state === OPEN) up(() => far.receive(data));
    },
    close() {
      if (state === CLOSING || state === CLOSED) return;
      state = CLOSING;
      up(() => far.end(1000, ''));
    },
    terminate() {
      if (state === CLOSED) return;
      state = CLOSING;
      far.end(1006, '');
    },
    ping: () =>
      up(() => {
        if (far.alive()) down(() => emit('pong'));
      }),
    get readyState() {
      return state;
    },
  };
  return {
    socket,
    drop: () => far.end(1006, ''),
    forget() {
      clear();
      far.end(1006, '');
    },
  };
}
