// The open connections of the servers, and what a cut does to them: the one whose request asked for it still gets its answer.
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';

export interface Connections {
  /** Follows the connections of a server; over TLS those whose handshake is done. */
  follow(server: Server | TlsServer, kind: 'plain' | 'tls'): void;
  cut(): void;
  /** Ends everything, unfinished handshakes included. */
  end(): void;
  /** Does the work of answering a request that came over this socket. */
  serve(socket: Duplex, work: () => void): void;
  /** A cut was asked for over this socket: it ends once it is answered. */
  ends(socket: Duplex): boolean;
}

export function connections(): Connections {
  const sockets = new Set<Duplex>();
  const bare = new Set<Duplex>();
  const ending = new WeakSet<Duplex>();
  let serving: Duplex | undefined;
  const keep = (set: Set<Duplex>) => (socket: Duplex) => {
    set.add(socket);
    socket.on('close', () => set.delete(socket));
  };
  const cut = (): void => {
    for (const socket of [...sockets]) {
      if (socket === serving) ending.add(socket);
      else socket.destroy();
    }
  };
  return {
    follow(server, kind) {
      if (kind === 'plain') return void server.on('connection', keep(sockets));
      server.on('connection', keep(bare));
      server.on('secureConnection', keep(sockets));
    },
    cut,
    end() {
      cut();
      for (const socket of [...bare]) socket.destroy();
    },
    serve(socket, work) {
      serving = socket;
      try {
        work();
      } finally {
        serving = undefined;
      }
    },
    ends: (socket) => ending.has(socket),
  };
}
