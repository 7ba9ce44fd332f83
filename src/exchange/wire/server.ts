// The exchange on a loopback port: HTTP and WebSocket over the same request and stream code.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { ensure } from '../../base/assert.ts';
import type { Exchange } from '../exchange.ts';
import { type Connections, connections } from './connections.ts';
import { uuidOf } from './encode.ts';
import { refuse, type WireRequest, type WireResponse } from './message.ts';
import { readBytes, writeAnswer } from './raw-http.ts';
import type { Peer, StreamSession } from './stream.ts';

export interface ServerOptions {
  /** A loopback address; nothing else is served. */
  readonly host: '127.0.0.1' | '::1' | 'localhost';
  /** 0 takes any free port. */
  readonly port: number;
  /** Wall milliseconds between ticks of the exchange; 40 when not given. */
  readonly tickMs?: number;
  /** A second port, for clients that speak nothing but TLS; none when not given. */
  readonly tls?: TlsOptions;
}

export interface TlsOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM text. */
  readonly cert: string;
  readonly key: string;
}

export interface ExchangeServer {
  /** e.g. `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** e.g. `https://127.0.0.1:40124`; null without TLS. */
  readonly tlsUrl: string | null;
  /** Destroys every connection now; the server goes on listening. */
  cutSockets(): void;
  /** Stops listening and ends every connection; the exchange itself stays open. */
  close(): Promise<void>;
}

const MAX_BODY = 1_000_000;
/** A client hears that its body is too large only if somebody reads it; this much is read. */
const MOST_READ = 16 * MAX_BODY;
const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
}

/** The body as text; undefined when it is too large, which is said once it is read. Rejects when the client goes away or does not end. */
async function readBody(request: IncomingMessage): Promise<string | null | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = chunk as Buffer;
    size += part.length;
    if (size > MOST_READ) throw new Error('a body without an end');
    if (size <= MAX_BODY) chunks.push(part);
  }
  if (size > MAX_BODY) return undefined;
  return size === 0 ? null : Buffer.concat(chunks).toString('utf8');
}

const bytesOf = (data: Buffer | ArrayBuffer | readonly Buffer[]): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as Buffer);

/** A close frame carries at most 123 bytes of reason. */
const briefly = (reason: string): string => {
  const bytes = Buffer.from(reason);
  return bytes.length <= 123 ? reason : new TextDecoder('utf-8').decode(bytes.subarray(0, 120)).replace(/\uFFFD+$/, '');
};

function attach(socket: WebSocket, open: (peer: Peer) => StreamSession | undefined): void {
  const session = open({
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, briefly(reason)),
    destroy: () => socket.terminate(),
    backlog: () => socket.bufferedAmount,
  });
  if (session === undefined) return socket.close(1008, 'endpoint not found.');
  socket.on('message', (data, binary) => session.receive(binary ? bytesOf(data) : new TextDecoder().decode(bytesOf(data))));
  // A broken line ends in 'close' as well; the error itself says nothing that the exchange could act on.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => session.closed());
}

function listen(server: Server | TlsServer, host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const why = taken ? `port ${String(wanted)} is taken; choose another, or 0 for any free one` : error.message;
      reject(new Error(`the exchange cannot listen on ${host}: ${why}`, { cause: error }));
    });
    server.listen(wanted, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : wanted);
    });
  });
}

/** Answers of the server itself, to what never becomes a request of the exchange. */
function ownAnswers(): (status: number, code: number, message: string) => WireResponse {
  let answers = 0;
  return (status, code, message) => {
    const answer = refuse(status, code, message);
    return { ...answer, headers: { ...answer.headers, 'X-Request-ID': uuidOf(`server:${String(++answers)}`).replaceAll('-', '') } };
  };
}

interface Serving {
  readonly exchange: Exchange;
  readonly lines: Connections;
  readonly own: ReturnType<typeof ownAnswers>;
}

const TOO_LARGE = [413, 40010000, 'request body is too large'] as const;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type FinalAnswer = WireResponse & { readonly last: boolean };

/** The answer to a request, as a fault plan lets it pass: null when the client is to hear nothing, or has lost its line already. */
async function answerTo({ exchange, lines }: Serving, request: IncomingMessage, body: string | null): Promise<FinalAnswer | null> {
  const { socket } = request;
  const asked: WireRequest = { method: request.method ?? 'GET', url: request.url ?? '/', headers: headersOf(request), body };
  const perform = (): WireResponse => {
    let answer: WireResponse | undefined;
    lines.serve(socket, () => {
      answer = exchange.handle(asked);
    });
    return ensure(answer, 'an answer');
  };
  const fate = exchange.meet?.(asked);
  if (fate === undefined) return { ...perform(), last: lines.ends(socket) };
  if (fate.requestMs > 0) await pause(fate.requestMs);
  const answer = fate.carry(perform);
  if (fate.answerMs > 0) await pause(fate.answerMs);
  if (answer === 'reset') socket.destroy();
  return typeof answer === 'string' ? null : { ...answer, last: lines.ends(socket) };
}

async function serveRequest(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const answer = body === undefined ? { ...serving.own(...TOO_LARGE), last: true } : await answerTo(serving, request, body);
  if (answer === null) return;
  const { socket } = request;
  const length = answer.body === null ? {} : { 'Content-Length': String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...answer.headers, ...length, ...(answer.last ? { Connection: 'close' } : {}) });
  response.end(answer.body ?? undefined);
  if (answer.last) response.once('finish', () => socket.destroySoon());
}

/** A request that offers to go on in a protocol we do not speak is answered in the one it came in. */
async function serveOffer(serving: Serving, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const length = Number(request.headers['content-length'] ?? '0');
  const isTooLarge = !Number.isInteger(length) || length < 0 || length > MAX_BODY;
  if (isTooLarge) return writeAnswer(socket, serving.own(...TOO_LARGE));
  const body = length === 0 ? null : (await readBytes(socket, head, length)).toString('utf8');
  const answer = await answerTo(serving, request, body);
  if (answer !== null) writeAnswer(socket, answer);
}

/** What Node's parser could not make a request of. A broken line, or a TLS handshake that failed, leaves nobody to answer. */
function badHttp(serving: Serving, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!/^(HPE_|ERR_HTTP_)/.test(error.code ?? '')) return void socket.destroy();
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  writeAnswer(socket, serving.own(tooLong ? 431 : late ? 408 : 400, 40010000, 'request format is invalid'));
}

/** Lets a server answer for the exchange, over HTTP and over sockets. */
function attachTo(server: Server | TlsServer, serving: Serving): void {
  const { exchange } = serving;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_BODY });
  sockets.on('wsClientError', (_error, socket) => writeAnswer(socket, serving.own(400, 40010000, 'invalid WebSocket handshake')));
  server.on('request', (request, response) => {
    // A client that goes away while it sends is nobody to answer.
    const { socket } = request;
    serveRequest(serving, request, response).catch(() => socket.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveOffer(serving, request, socket, head).catch(() => socket.destroy());
      return;
    }
    const upgrade = { url: request.url ?? '/', headers: headersOf(request) };
    sockets.handleUpgrade(request, socket, head, (client) => attach(client, (peer) => exchange.streams.open(upgrade, peer)));
  });
  server.on('clientError', (error, socket) => badHttp(serving, error, socket));
}

const closed = (server: Server | TlsServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** The TLS server, listening; a certificate and a key that do not belong together are said to be so. */
async function openTls({ port, cert, key }: TlsOptions, host: string, serving: Serving): Promise<{ server: TlsServer; port: number }> {
  let server: TlsServer;
  try {
    server = createTlsServer({ cert, key });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the exchange cannot serve TLS with this certificate and key: ${why}; give the two as PEM, of one pair`, {
      cause: error,
    });
  }
  serving.lines.follow(server, 'tls');
  attachTo(server, serving);
  return { server, port: await listen(server, host, port) };
}

/** Serves an exchange on a loopback port and ticks it. Rejects with a sentence when the port cannot be had. */
export async function startServer(exchange: Exchange, options: ServerOptions): Promise<ExchangeServer> {
  const { host } = options;
  if (!loopback.includes(host)) throw new Error(`the exchange listens on loopback only, not on ${host}`);
  const lines = connections();
  const serving: Serving = { exchange, lines, own: ownAnswers() };
  const server = createServer();
  lines.follow(server, 'plain');
  attachTo(server, serving);
  const port = await listen(server, host, options.port);
  const tls =
    options.tls === undefined
      ? null
      : await openTls(options.tls, host, serving).catch(async (error: unknown) => {
          await closed(server);
          throw error;
        });
  const stopCuts = exchange.onCut(lines.cut);
  const ticking = setInterval(() => exchange.tick(), options.tickMs ?? 40);
  const name = host === '::1' ? '[::1]' : host;
  return {
    url: `http://${name}:${String(port)}`,
    port,
    tlsUrl: tls === null ? null : `https://${name}:${String(tls.port)}`,
    cutSockets: () => exchange.cut(),
    async close() {
      clearInterval(ticking);
      stopCuts();
      lines.end();
      await Promise.all([closed(server), ...(tls === null ? [] : [closed(tls.server)])]);
    },
  };
}
