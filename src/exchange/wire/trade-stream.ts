// The account's trade stream: authenticate, listen, then every event of its orders; JSON in binary frames unless asked otherwise.
import type { ExchangeCore } from '../types.ts';
import { type Credentials, credentialsOfToken } from './credentials.ts';
import type { Listing } from './listing.ts';
import { type Peer, recordOf, type StreamSession, textOf, type UpgradeRequest } from './stream.ts';
import { codecOf, type StreamCodec } from './stream-codec.ts';
import { tradeFrame } from './trade-frames.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface TradeStream {
  open(request: UpgradeRequest, peer: Peer): StreamSession;
  close(): void;
}

interface Listener {
  readonly peer: Peer;
  readonly codec: StreamCodec;
  account: string | undefined;
  listening: boolean;
}

const tell = ({ peer, codec }: Listener, frame: Fields): void => peer.send(codec.write(frame));
const authorization = (status: 'authorized' | 'unauthorized', action: string): Fields => ({
  stream: 'authorization',
  data: { status, action },
});

/** The credentials in any of the forms that clients send them. */
function credentialsIn(frame: Fields): Credentials {
  const data = recordOf(frame['data']);
  const token = textOf(data?.['oauth_token']);
  if (token !== '') return credentialsOfToken(token);
  if (data === undefined) return { id: textOf(frame['key']), secret: textOf(frame['secret']) };
  return { id: textOf(data['key_id']), secret: textOf(data['secret_key']) };
}

/** Some clients cannot live with a frame that names no stream. */
function protocolError(listener: Listener, message: string): void {
  tell(listener, { stream: 'error', action: 'error', data: { error_message: message } });
  listener.peer.close(1002, message);
}

function authenticate(listener: Listener, core: ExchangeCore, frame: Fields): void {
  const { id, secret } = credentialsIn(frame);
  const action = textOf(frame['action']);
  listener.account = core.authenticate(id, secret);
  if (listener.account !== undefined) return tell(listener, authorization('authorized', action));
  tell(listener, authorization('unauthorized', action));
  listener.peer.close(1008, 'unauthorized');
}

/**
 * The list of a `listen` is the whole wanted set, that of an `unlisten` what is wanted no more; names that are no stream are dropped; each
 * is acknowledged with what is listened to from now on.
 */
function listen(listener: Listener, frame: Fields, action: 'listen' | 'unlisten'): void {
  if (listener.account === undefined) return tell(listener, authorization('unauthorized', action));
  const named: unknown = recordOf(frame['data'])?.['streams'];
  if (!Array.isArray(named)) return protocolError(listener, 'streams must be a list');
  const isNamed = named.includes('trade_updates');
  listener.listening = action === 'listen' ? isNamed : listener.listening && !isNamed;
  tell(listener, { stream: 'listening', data: { streams: listener.listening ? ['trade_updates'] : [] } });
}

/** @param usual how frames go to clients that name no content type: paper brokers write binary ones, live ones text */
export function tradeStream(core: ExchangeCore, listing: Listing, usual: 'binary' | 'text'): TradeStream {
  const listeners = new Set<Listener>();
  const stop = core.onTrade((event) => {
    const heard = [...listeners].filter((one) => one.listening && one.account === event.account);
    if (heard.length === 0) return;
    const frame = tradeFrame(event, listing);
    for (const one of heard) tell(one, frame);
  });
  return {
    open({ headers }, peer) {
      const listener: Listener = { peer, codec: codecOf(headers, usual), account: undefined, listening: false };
      listeners.add(listener);
      return {
        receive(data) {
          const frame = listener.codec.read(data);
          if (frame === undefined) return protocolError(listener, 'invalid syntax');
          const action = textOf(frame['action']);
          if (action === 'authenticate' || action === 'auth') return authenticate(listener, core, frame);
          if (action === 'listen' || action === 'unlisten') return listen(listener, frame, action);
          protocolError(listener, `unknown action: ${action}`);
        },
        closed: () => void listeners.delete(listener),
      };
    },
    close: stop,
  };
}
