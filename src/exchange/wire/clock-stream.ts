// The owner's clock stream: the exchange's time and speed on connect, and at each change.
import type { ClockState, ExchangeClock } from '../clock.ts';
import type { ExchangeCore } from '../types.ts';
import { credentialsOf } from './credentials.ts';
import { type After, type Peer, parseFrame, type StreamSession, textOf, type UpgradeRequest } from './stream.ts';

const AUTH_WITHIN_MS = 10_000;

export interface ClockStream {
  open(request: UpgradeRequest, peer: Peer): StreamSession;
  close(): void;
}

/**
 * Keys come with the upgrade's headers, or, from clients that cannot set those, in a first frame
 * `{"action":"auth","key":...,"secret":...}`. A wrong pair, or none in time, closes the stream with 1008.
 */
export function clockStream(core: ExchangeCore, clock: ExchangeClock, after: After): ClockStream {
  const admitted = new Set<Peer>();
  const say = (peer: Peer, { exchange, speed, why }: ClockState): void => peer.send(JSON.stringify({ exchange, speed, why }));
  const stop = clock.onChange((state) => {
    for (const peer of admitted) say(peer, state);
  });
  const admit = (peer: Peer, id: string, secret: string): void => {
    if (core.authenticate(id, secret) === undefined) return peer.close(1008, 'request is not authorized');
    admitted.add(peer);
    say(peer, { exchange: clock.now(), speed: clock.speed, why: 'connect' });
  };
  return {
    open(request, peer) {
      const disarm = after(AUTH_WITHIN_MS, () => {
        if (!admitted.has(peer)) peer.close(1008, 'auth timeout');
      });
      const credentials = credentialsOf(request.headers);
      if (credentials !== undefined) admit(peer, credentials.id, credentials.secret);
      return {
        receive(data) {
          const frame = parseFrame(data);
          if (!admitted.has(peer) && frame?.['action'] === 'auth') admit(peer, textOf(frame['key']), textOf(frame['secret']));
        },
        closed() {
          admitted.delete(peer);
          disarm();
        },
      };
    },
    close: stop,
  };
}
