// The exchange on a loopback port: HTTP and WebSocket over the same request and stream code.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Exchange } from '../exchange.ts';
import type { Peer, StreamSession } from './stream.ts';

export interface ServerOptions {
  /** A loopback address; nothing else is served. */
  readonly host: '127.0.0.1' | '::1' | 'localhost';
  /** 0 takes any free port. */
  readonly port: number;
  /** Wall milliseconds between ticks of the exchange; 40 when not given. */
  readonly tickMs?: number;
}

export interface ExchangeServer {
  /** e.g. `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Destroys every connection now; the server goes on listening. */
  cutSockets(): void;
  /** Stops listening and ends every connection; the exchange itself stays open. */
  close(): Promise<void>;
}

const MAX_BODY = 1_000_000;
const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
}

/** The body as text; undefined when it is too large. Rejects when the client goes away. */
async function readBody(request: IncomingMessage): Promise<string | null | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = chunk as Buffer;
    size += part.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(part);
  }
  return size === 0 ? null : Buffer.concat(chunks).toString('utf8');
}

const bytesOf = (data: Buffer | ArrayBuffer | readonly Buffer[]): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as Buffer);

function attach(socket: WebSocket, open: (peer: Peer) => StreamSession | undefined): void {
  const session = open({
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
    destroy: () => socket.terminate(),
  });
  if (session === undefined) return socket.close(1008, 'endpoint not found.');
  socket.on('message', (data, binary) => session.receive(binary ? bytesOf(data) : new TextDecoder().decode(bytesOf(data))));
  // A broken line ends in 'close' as well; the error itself says nothing that the exchange could act on.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => session.closed());
}

function listen(server: Server, options: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const why = taken ? `port ${String(options.port)} is taken; choose another, or 0 for any free one` : error.message;
      reject(new Error(`the exchange cannot listen on ${options.host}: ${why}`, { cause: error }));
    });
    server.listen(options.port, options.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : options.port);
    });
  });
}

interface Connections {
  cut(): void;
  /** Does the work of answering a request that came over this socket. */
  serve(socket: Duplex, work: () => void): void;
  /** A cut was asked for over this socket: it ends once it is answered. */
  ends(socket: Duplex): boolean;
}

/** Connections and what a cut does to them: the one whose request asked for it still gets its answer. */
function connections(server: Server): Connections {
  const sockets = new Set<Duplex>();
  const ending = new WeakSet<Duplex>();
  let serving: Duplex | undefined;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return {
    cut() {
      for (const socket of [...sockets]) {
        if (socket === serving) ending.add(socket);
        else socket.destroy();
      }
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

async function serveRequest(exchange: Exchange, lines: Connections, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { Connection: 'close' }).end();
    return;
  }
  lines.serve(request.socket, () => {
    const answer = exchange.handle({ method: request.method ?? 'GET', url: request.url ?? '/', headers: headersOf(request), body });
    const last = lines.ends(request.socket);
    const length = answer.body === null ? {} : { 'Content-Length': String(Buffer.byteLength(answer.body)) };
    response.writeHead(answer.status, { ...answer.headers, ...length, ...(last ? { Connection: 'close' } : {}) });
    response.end(answer.body ?? undefined);
    if (last) response.once('finish', () => request.socket.destroySoon());
  });
}

/** Serves an exchange on a loopback port and ticks it. Rejects with a sentence when the port cannot be had. */
export async function startServer(exchange: Exchange, options: ServerOptions): Promise<ExchangeServer> {
  if (!loopback.includes(options.host)) throw new Error(`the exchange listens on loopback only, not on ${options.host}`);
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_BODY });
  const lines = connections(server);
  server.on('request', (request, response) => {
    // A client that goes away while it sends is nobody to answer.
    serveRequest(exchange, lines, request, response).catch(() => request.socket.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    const upgrade = { url: request.url ?? '/', headers: headersOf(request) };
    sockets.handleUpgrade(request, socket, head, (client) => attach(client, (peer) => exchange.streams.open(upgrade, peer)));
  });
  const port = await listen(server, options);
  const stopCuts = exchange.onCut(lines.cut);
  const ticking = setInterval(() => exchange.tick(), options.tickMs ?? 40);
  const name = options.host === '::1' ? '[::1]' : options.host;
  return {
    url: `http://${name}:${String(port)}`,
    port,
    cutSockets: () => exchange.cut(),
    close() {
      clearInterval(ticking);
      stopCuts();
      lines.cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
