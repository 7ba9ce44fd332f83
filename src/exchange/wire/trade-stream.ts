// The account's trade stream: authenticate, listen, then every event of its orders as JSON in binary frames.
import type { ExchangeCore } from '../types.ts';
import type { Listing } from './listing.ts';
import { type Peer, parseFrame, recordOf, type StreamSession, textOf } from './stream.ts';
import { tradeFrame } from './trade-frames.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface TradeStream {
  open(peer: Peer): StreamSession;
  close(): void;
}

interface Listener {
  readonly peer: Peer;
  account: string | undefined;
  listening: boolean;
}

const bytes = (frame: Fields): Uint8Array => new TextEncoder().encode(JSON.stringify(frame));
const authorization = (status: 'authorized' | 'unauthorized', action: string): Uint8Array =>
  bytes({ stream: 'authorization', data: { status, action } });

/** The key pair in either form that clients send it. */
function keysOf(frame: Fields): readonly [string, string] {
  const data = recordOf(frame['data']);
  return data === undefined ? [textOf(frame['key']), textOf(frame['secret'])] : [textOf(data['key_id']), textOf(data['secret_key'])];
}

function protocolError(listener: Listener, message: string): void {
  listener.peer.send(bytes({ action: 'error', data: { error_message: message } }));
  listener.peer.close(1002, message);
}

function authenticate(listener: Listener, core: ExchangeCore, frame: Fields): void {
  const [id, secret] = keysOf(frame);
  const action = textOf(frame['action']);
  listener.account = core.authenticate(id, secret);
  if (listener.account !== undefined) return listener.peer.send(authorization('authorized', action));
  listener.peer.send(authorization('unauthorized', action));
  listener.peer.close(1008, 'unauthorized');
}

/** The list is the whole wanted set; names that are no stream are dropped; each listen is acknowledged. */
function listen(listener: Listener, frame: Fields): void {
  if (listener.account === undefined) return listener.peer.send(authorization('unauthorized', 'listen'));
  const wanted: unknown = recordOf(frame['data'])?.['streams'];
  if (!Array.isArray(wanted)) return protocolError(listener, 'streams must be a list');
  listener.listening = wanted.includes('trade_updates');
  listener.peer.send(bytes({ stream: 'listening', data: { streams: listener.listening ? ['trade_updates'] : [] } }));
}

export function tradeStream(core: ExchangeCore, listing: Listing): TradeStream {
  const listeners = new Set<Listener>();
  const stop = core.onTrade((event) => {
    const heard = [...listeners].filter((one) => one.listening && one.account === event.account);
    if (heard.length === 0) return;
    const frame = bytes(tradeFrame(event, listing));
    for (const one of heard) one.peer.send(frame);
  });
  return {
    open(peer) {
      const listener: Listener = { peer, account: undefined, listening: false };
      listeners.add(listener);
      return {
        receive(data) {
          const frame = parseFrame(data);
          if (frame === undefined) return protocolError(listener, 'invalid syntax');
          const action = textOf(frame['action']);
          if (action === 'authenticate' || action === 'auth') return authenticate(listener, core, frame);
          if (action === 'listen') return listen(listener, frame);
          protocolError(listener, `unknown action: ${action}`);
        },
        closed: () => void listeners.delete(listener),
      };
    },
    close: stop,
  };
}
