// Garbage in: whatever a client sends, it gets an answer of the broker's shape, nothing breaks, and the books still balance.
// `WSB_FUZZ_REQUESTS` sets how many requests and frames (10,000 without it), `WSB_FUZZ_SEED` which ones.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Rng, seededRng } from '../../../src/base/rng.ts';
import { addDays, type EpochMs } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { type Exchange, openExchange } from '../../../src/exchange/exchange.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import type { XActivity } from '../../../src/exchange/types.ts';
import type { WireRequest, WireResponse } from '../../../src/exchange/wire/message.ts';
import { type ExchangeServer, startServer } from '../../../src/exchange/wire/server.ts';
import type { StreamSession } from '../../../src/exchange/wire/stream.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { clockRequest, garbageFrame, garbageRequest, garbageStream, type Target } from './garbage.ts';
import { realAfter } from './rig.ts';
import { type ManualClock, manualClock } from './scripted.ts';

const TOTAL = Number(process.env['WSB_FUZZ_REQUESTS'] ?? '10000');
const SEED = Number(process.env['WSB_FUZZ_SEED'] ?? '1');
/** Of all: one in ten is a frame, one in fifty goes over a real socket. */
const FRAMES = Math.floor(TOTAL / 10);
const SOCKETS = Math.floor(TOTAL / 50);
const REQUESTS = TOTAL - FRAMES - SOCKETS;
const CLOCKS = Math.ceil(Math.min(TOTAL, 40_000) / 200);
const ACCOUNTS = ['one', 'two'];
const CASH = 100_000_000_000;

const calendar = usCalendar();
const market = syntheticMarket({ seed: 7, calendar });
const keys = ACCOUNTS.map((account) => ({ id: account, secret: `${account}-secret`, account }));
const faults: string[] = [];
let dir: string;
let exchange: Exchange;
let clock: ManualClock;
let target: Target;

const open = (): Exchange => {
  const core = openExchangeCore({
    file: join(dir, 'exchange.sqlite'),
    market,
    calendar,
    keys,
    seed: 7,
    start: market.firstInstant,
    partialFills: true,
  });
  const onFault = (error: unknown, where: string): void =>
    void faults.push(`${where}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  return openExchange({ core, market, calendar, clock, after: realAfter, onFault, requestsPerMinute: 1e9 });
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wsb-garbage-'));
  clock = manualClock(market.firstInstant);
  exchange = open();
  const today = calendar.dayOf(market.firstInstant as EpochMs);
  const contracts = market.contracts('SPY', today, addDays(today, 30), market.firstInstant, false).map(({ symbol }) => symbol);
  target = { keys, contracts: contracts.filter((_, i) => i % 7 === 0), now: () => clock.now(), seen: [] };
});
afterAll(() => {
  exchange.close();
  rmSync(dir, { recursive: true, force: true });
});

const noisy = /^(-?\d+(\.\d+)?e[+-]?\d+|NaN|-?Infinity|undefined|\[object Object\]|-0)$/i;

/** Fields that repeat what the client said. */
const echoes: readonly string[] = ['name', 'client_order_id', 'symbol', 'message'];

/** Texts in a float's own notation, or that JavaScript makes up for a missing value. */
function noiseIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return noisy.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (echoes.includes(key) ? [] : noiseIn(inner)));
}

type Header = (name: string) => string | null | undefined;

/** Why an answer is not one the broker could have given; undefined when it is. */
function flawOf(status: number, headers: Header, text: string | null): string | undefined {
  if (status >= 500) return `status ${String(status)}`;
  if (!/^[0-9a-f]{32}$/.test(headers('X-Request-ID') ?? '')) return 'no request id';
  if (status === 204) return text === null || text === '' ? undefined : 'a body where there is none';
  if (!(headers('Content-Type') ?? '').startsWith('application/json')) return `content type ${headers('Content-Type') ?? 'none'}`;
  const parsed = JSON.parse(text ?? '') as unknown;
  const noise = noiseIn(parsed)[0];
  if (noise !== undefined) return `noise: ${noise}`;
  if (status < 400) return undefined;
  const { code, message } = parsed as { code?: unknown; message?: unknown };
  if (typeof code !== 'number' || !/^[45]\d{7}$/.test(String(code))) return `code ${String(code)}`;
  return typeof message === 'string' && message !== '' ? undefined : 'no message';
}

const flawOfAnswer = (answer: WireResponse): string | undefined => flawOf(answer.status, (name) => answer.headers[name], answer.body);
const idsIn = (text: string | null): readonly string[] =>
  (text ?? '').slice(0, 2_000).match(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}/g) ?? [];

/** Time goes on by a little, and now and then by hours, over nights and weekends. */
function passTime(rng: Rng): void {
  if (rng.chance(1, 8)) clock.set(clock.now() + rng.int(0, 5_000));
  if (rng.chance(1, 2_000)) clock.set(clock.now() + rng.int(1, 8) * 3_600_000);
  if (rng.chance(1, 50)) exchange.tick();
}

const unitsOf = (row: XActivity): number => (row.fill !== null && row.fill.side !== 'buy' ? -row.qty : row.type === 'DIV' ? 0 : row.qty);

/** Cash and positions are what the statement adds up to, and nothing that is set aside or left over is negative. */
function expectBalanced(): void {
  const { core } = exchange;
  for (const account of ACCOUNTS) {
    const rows = core.statement(account);
    const now = core.account(account, core.at);
    expect(now.cash).toBe(CASH + rows.reduce((sum, row) => sum + row.netAmount, 0));
    const units = new Map<string, number>();
    for (const row of rows) if (row.symbol !== null) units.set(row.symbol, (units.get(row.symbol) ?? 0) + unitsOf(row));
    const held = core.positions(account, core.at);
    const counted = [...units].map(([symbol, qty]) => [symbol, Math.round(qty * 1e9)] as const).filter(([, qty]) => qty !== 0);
    expect(new Map(held.map(({ symbol, qty }) => [symbol, Math.round(qty * 1e9)]))).toEqual(new Map(counted));
    expect(Math.min(now.buyingPower, now.optionsBuyingPower, now.nonMarginableBuyingPower)).toBeGreaterThanOrEqual(0);
    for (const position of held) expect(position.available).toBeLessThanOrEqual(Math.abs(position.qty));
  }
}

const overview = (): unknown =>
  keys.map(({ id, secret }) =>
    [
      '/v2/account',
      '/v2/positions',
      '/v2/orders?status=all&limit=500',
      '/v2/account/activities',
      '/v2/watchlists',
      '/v2/account/configurations',
    ].map(
      (url) => exchange.handle({ method: 'GET', url, headers: { 'apca-api-key-id': id, 'apca-api-secret-key': secret }, body: null }).body,
    ),
  );

const said = (request: WireRequest): string => `${request.method} ${request.url.slice(0, 300)} ${(request.body ?? '').slice(0, 300)}`;

describe(`garbage in, seed ${String(SEED)}`, { timeout: 60_000 + TOTAL * 20 }, () => {
  it(`answers ${String(REQUESTS)} requests in the broker's shape`, () => {
    const rng = seededRng(SEED).fork('requests');
    const statuses = new Map<number, number>();
    for (let i = 0; i < REQUESTS; i++) {
      passTime(rng);
      const request = garbageRequest(rng, target);
      const answer = exchange.handle(request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const flaw = flawOfAnswer(answer);
      if (flaw !== undefined)
        expect.fail(`request ${String(i)}: ${said(request)}\n${flaw}: ${(answer.body ?? '').slice(0, 300)}\n${faults.at(-1) ?? ''}`);
      if (request.method === 'POST' || rng.chance(1, 20)) target.seen.push(...idsIn(answer.body).slice(0, 3));
      if (target.seen.length > 300) target.seen.splice(0, 100);
    }
    expect(faults).toEqual([]);
    // A share of each kind, or the garbage is no test of anything.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 204, 207, 400, 401, 403, 404, 422]));
    expect(exchange.core.statement('one').length).toBeGreaterThan(0);
    expectBalanced();
  });

  it(`lives through ${String(FRAMES)} frames on its streams`, () => {
    const rng = seededRng(SEED).fork('frames');
    const sessions: StreamSession[] = [];
    const heard = { frames: 0, closes: 0 };
    for (let i = 0; i < FRAMES; i++) {
      passTime(rng);
      if (sessions.length < 6 || rng.chance(1, 5)) {
        const contentType: Readonly<Record<string, string>> = rng.chance(1, 2) ? { 'content-type': 'application/msgpack' } : {};
        const session = exchange.streams.open(
          { url: garbageStream(rng), headers: contentType },
          {
            send: (data) => {
              heard.frames += 1;
              expect(data.length).toBeGreaterThan(0);
            },
            close: () => {
              heard.closes += 1;
            },
            destroy: () => undefined,
            backlog: () => 0,
          },
        );
        if (session !== undefined) sessions.push(session);
      }
      sessions[rng.int(0, sessions.length - 1)]?.receive(garbageFrame(rng, target));
      if (rng.chance(1, 6)) sessions.splice(rng.int(0, sessions.length - 1), 1)[0]?.closed();
    }
    for (const session of sessions) session.closed();
    expect(heard.frames).toBeGreaterThan(FRAMES / 20);
    expect(heard.closes).toBeGreaterThan(0);
    expect(exchange.streams.count).toBe(0);
    expect(faults).toEqual([]);
    expectBalanced();
  });

  describe('over real sockets', () => {
    let server: ExchangeServer;
    beforeAll(async () => {
      server = await startServer(exchange, { host: '127.0.0.1', port: 0 });
    });
    afterAll(() => server.close());

    /** Bytes as they are, and everything that comes back until the line ends. */
    const raw = (bytes: string | Uint8Array): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(server.port, '127.0.0.1', () => socket.end(bytes));
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk.toString('latin1');
        });
        socket.on('error', () => resolve(heard));
        socket.on('close', () => resolve(heard));
      });

    it(`answers ${String(SOCKETS)} requests in the broker's shape`, async () => {
      const rng = seededRng(SEED).fork('sockets');
      for (let i = 0; i < SOCKETS; i++) {
        const request = garbageRequest(rng, target);
        const url = URL.canParse(request.url, server.url) ? new URL(request.url, server.url) : new URL(server.url);
        const path = `${url.pathname}${url.search}`;
        const answer = await fetch(`${server.url}${path}`, {
          method: request.method,
          headers: request.headers,
          body: request.body,
          redirect: 'error',
        });
        const flaw = flawOf(answer.status, (name) => answer.headers.get(name), await answer.text());
        if (flaw !== undefined) expect.fail(`request ${String(i)}: ${said(request)}\n${flaw}\n${faults.at(-1) ?? ''}`);
      }
    });

    const auth = keys.slice(0, 1).map(({ id, secret }) => `APCA-API-KEY-ID: ${id}\r\nAPCA-API-SECRET-KEY: ${secret}\r\n`)[0] ?? '';
    const order = JSON.stringify({ symbol: 'SPY', qty: '0', side: 'buy', type: 'market', time_in_force: 'day' });
    it.each([
      ['no HTTP', 'hello?\r\n\r\n', 400],
      ['a header without end', `GET /v2/account HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      ['a broken chunk', 'POST /v2/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
      ['two lengths', 'POST /v2/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
      ['a handshake without a key', 'GET /stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 400],
      ['an offer of another protocol', `GET /v2/clock HTTP/1.1\r\nHost: x\r\n${auth}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`, 200],
      [
        'an order with an offer of another protocol',
        `POST /v2/orders HTTP/1.1\r\nHost: x\r\n${auth}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: ${String(order.length)}\r\n\r\n${order}`,
        422,
      ],
      [
        'an offer with a body that is too large',
        'POST /v2/orders HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 99999999\r\n\r\n',
        413,
      ],
    ])('answers %s', async (_name, bytes, status) => {
      const [head = '', text = ''] = (await raw(bytes)).split('\r\n\r\n');
      const header = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
      expect(flawOf(status, header, text)).toBeUndefined();
    });

    it('does not mind bytes of any kind', async () => {
      const rng = seededRng(SEED).fork('bytes');
      for (let i = 0; i < 50; i++) await raw(Uint8Array.from({ length: rng.int(1, 300) }, () => rng.int(0, 255)));
      expect((await fetch(`${server.url}/v2/clock`)).status).toBe(401);
    });

    it.each(['/stream', '/v2/iex'])('ends a stream %s whose client sends nonsense, and goes on', async (path) => {
      const rng = seededRng(SEED).fork(path);
      for (let i = 0; i < 20; i++) {
        const socket = new WebSocket(`ws://127.0.0.1:${String(server.port)}${path}`);
        await new Promise((resolve) => socket.once('open', resolve));
        const ended = new Promise((resolve) => socket.once('close', resolve));
        for (let n = 0; n < 5; n++) socket.send(garbageFrame(rng, target));
        socket.send(JSON.stringify({ action: 'é'.repeat(200) }));
        if (path !== '/stream') socket.close();
        await ended;
      }
      expect((await fetch(`${server.url}/v2/clock`)).status).toBe(401);
      await expect.poll(() => exchange.streams.count).toBe(0);
    });
  });

  it(`lets its clock be set ${String(CLOCKS)} times, never back, never so far that it stalls`, () => {
    const rng = seededRng(SEED).fork('clock');
    const statuses = new Set<number>();
    for (let i = 0; i < CLOCKS; i++) {
      const before = clock.now();
      const request = clockRequest(rng, target);
      const answer = exchange.handle(request);
      statuses.add(answer.status);
      const flaw = flawOfAnswer(answer);
      if (flaw !== undefined) expect.fail(`request ${String(i)}: ${said(request)}\n${flaw}\n${faults.at(-1) ?? ''}`);
      expect(clock.now()).toBeGreaterThanOrEqual(before);
      expect(clock.now() - before).toBeLessThanOrEqual(31 * 86_400_000);
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200, 422]));
    expect(exchange.core.at).toBe(clock.now());
    expectBalanced();
  });

  it('balances afterwards, and is the same when its file is opened again', () => {
    expect(faults).toEqual([]);
    expectBalanced();
    const before = overview();
    exchange.close();
    exchange = open();
    expect(overview()).toEqual(before);
    expectBalanced();
  });
});
