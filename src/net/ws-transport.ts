// Sockets over the real network: `ws`, behind the host list.
import { WebSocket } from 'ws';
import type { SocketFactory } from '../ports/transport.ts';
import { hostCheck } from './outbound-hosts.ts';

/** Longest wait for the upgrade, wall milliseconds; and the largest frame worth reading, bytes. */
const HANDSHAKE_MS = 10_000;
const MOST_BYTES = 8_000_000;

/** @param allowHosts see `hostCheck`; a socket elsewhere throws HostRefused before a connection is tried */
export function wsTransport(allowHosts: readonly string[]): SocketFactory {
  const check = hostCheck(allowHosts);
  return (url, codec) => {
    check(url);
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      followRedirects: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_BYTES,
      // What decides the framing of market data on the other side.
      headers: codec === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {},
    });
    return {
      on: (event, listener) => socket.on(event, listener),
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      terminate: () => socket.terminate(),
      ping: (data) => socket.ping(data),
      get readyState() {
        return socket.readyState;
      },
    };
  };
}
