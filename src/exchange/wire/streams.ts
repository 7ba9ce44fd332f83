// All streams of the exchange by path, and the register of those that are open.
import type { ClockStream } from './clock-stream.ts';
import type { DataStream } from './data-stream.ts';
import { urlOf } from './message.ts';
import type { Peer, StreamSession, UpgradeRequest } from './stream.ts';
import type { TradeStream } from './trade-stream.ts';

export interface Streams {
  /** Opens the stream a request names; undefined when there is none of that path. */
  open(request: UpgradeRequest, peer: Peer): StreamSession | undefined;
  /** Sends what changed on the data streams up to an instant. */
  push(now: number): void;
  /** Destroys every open stream at once. */
  cut(): void;
  readonly count: number;
  close(): void;
}

export interface StreamParts {
  readonly trade: TradeStream;
  readonly clock: ClockStream;
  /** Data streams by path, e.g. `/v2/iex`. */
  readonly data: ReadonlyMap<string, DataStream>;
}

export function streams(parts: StreamParts): Streams {
  const peers = new Set<Peer>();
  const begin = (request: UpgradeRequest, peer: Peer): StreamSession | undefined => {
    const path = urlOf(request.url)?.pathname ?? '';
    if (path === '/stream') return parts.trade.open(request, peer);
    if (path === '/sim/v1/clock') return parts.clock.open(request, peer);
    return parts.data.get(path)?.open(request, peer);
  };
  const cut = (): void => {
    for (const peer of [...peers]) peer.destroy();
  };
  return {
    open(request, peer) {
      let refused = false;
      const close = (code: number, reason: string): void => {
        refused = true;
        peer.close(code, reason);
      };
      const session = begin(request, {
        send: (data) => peer.send(data),
        close,
        destroy: () => peer.destroy(),
        backlog: () => peer.backlog(),
      });
      if (session === undefined) return undefined;
      const closed = (): void => {
        peers.delete(peer);
        session.closed();
      };
      // A stream refused by its upgrade's headers is over before its transport has anything to report the end to.
      if (refused) closed();
      else peers.add(peer);
      return { receive: (data) => session.receive(data), closed };
    },
    push(now) {
      for (const stream of parts.data.values()) stream.push(now);
    },
    cut,
    get count() {
      return peers.size;
    },
    close() {
      cut();
      parts.trade.close();
      parts.clock.close();
    },
  };
}
