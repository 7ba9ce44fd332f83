// Faults of the memory transport, and what a loopback server refuses to be.
import { describe, expect, it } from 'vitest';
import { memoryTransport } from '../../../src/exchange/wire/memory.ts';
import { startServer } from '../../../src/exchange/wire/server.ts';
import { collector } from './collector.ts';
import { clients, overMemory, rig, tradingStream } from './rig.ts';

const LIMIT = { symbol: 'F', qty: 1, side: 'buy', limitPrice: '10', clientOrderId: 'once' } as const;
const causeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: { cause?: unknown }) => error.cause ?? error,
  );

describe('the memory transport', () => {
  it.each([
    ['before', 404],
    ['afterwards', 200],
  ] as const)('resets a request %s the exchange has done it', async (when, status) => {
    const made = rig();
    let armed = true;
    const fault = () => {
      const hit = armed;
      armed = false;
      return hit ? ({ kind: 'reset' } as const) : undefined;
    };
    const carried = await overMemory(made.exchange, { [when]: fault });
    const { orders } = clients(carried);
    expect(await causeOf(orders.limit(LIMIT))).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    const found = await carried.transport.fetchApi(`${carried.http}/v2/orders:by_client_order_id?client_order_id=once`, {
      headers: { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' },
    });
    expect(found.status).toBe(status);
    await carried.close();
    made.exchange.close();
  });

  it('leaves a hung request to the time limit of its client, and answers in place of the exchange', async () => {
    const made = rig();
    const carried = await overMemory(made.exchange, {
      before: (request) =>
        request.url.endsWith('/v2/clock')
          ? { kind: 'hang' }
          : request.url.endsWith('/v2/positions')
            ? { kind: 'answer', response: { status: 503, headers: {}, body: 'down' } }
            : undefined,
    });
    const { fetchApi } = carried.transport;
    await expect(fetchApi(`${carried.http}/v2/clock`, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect((await fetchApi(`${carried.http}/v2/positions`)).status).toBe(503);
    await expect(fetchApi(`${carried.http}/v2/account`, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    await carried.close();
    made.exchange.close();
  });

  it('loses single frames when told to, and breaks the streams that are named', async () => {
    const made = rig();
    let lose = false;
    const carried = await overMemory(made.exchange, { frame: () => (lose ? 'drop' : 'pass') });
    const updates = collector<{ event: string }>();
    const stream = tradingStream(carried).onTradeUpdate((update) => updates.push(update));
    const listening = new Promise((resolve) => stream.on('subscription', resolve));
    stream.subscribeTradeUpdates();
    stream.connect();
    await listening;
    lose = true;
    const order = await clients(carried).orders.limit(LIMIT);
    lose = false;
    made.core.fill(order.id ?? '', 1, 10_000_000);
    await updates.find((update) => update.event === 'fill');
    expect(updates.seen.map((update) => update.event)).toEqual(['fill']);
    const gone = new Promise<void>((resolve) => stream.onDisconnect(resolve));
    expect(carried.transport.dropStreams((url) => url.endsWith('/v2/iex'))).toBe(0);
    expect(carried.transport.dropStreams()).toBe(1);
    await gone;
    stream.disconnect();
    await carried.close();
    expect(made.exchange.streams.count).toBe(0);
    made.exchange.close();
  });

  it('delivers nothing to a client that is dead', async () => {
    const made = rig();
    const due: (() => void)[] = [];
    const after = (_ms: number, ring: () => void): (() => void) => {
      due.push(ring);
      return () => undefined;
    };
    const transport = memoryTransport(made.exchange, { after });
    const heard: string[] = [];
    const socket = transport.socketFactory('ws://exchange/stream', 'json');
    for (const event of ['open', 'message', 'close', 'error']) socket.on(event, () => heard.push(event));
    void transport.fetchApi('http://exchange/v2/account').then(
      () => heard.push('answer'),
      () => heard.push('reset'),
    );
    due.shift()?.();
    expect(made.exchange.streams.count).toBe(1);
    transport.close();
    for (let ring = due.shift(); ring !== undefined; ring = due.shift()) ring();
    await Promise.resolve();
    expect([heard, made.exchange.streams.count, made.core.advancedTo]).toEqual([[], 0, []]);
    made.exchange.close();
  });

  it('fails to open a stream that there is not', async () => {
    const made = rig();
    const carried = await overMemory(made.exchange);
    const socket = carried.transport.socketFactory(`${carried.ws}/v1beta3/crypto/us`, 'json');
    const events = collector<string>();
    socket.on('error', (error) => events.push(String(error)));
    socket.on('close', (code) => events.push(String(code)));
    await events.find((event) => event === '1006');
    expect(events.seen).toEqual(['Error: Unexpected server response: 404', '1006']);
    await carried.close();
    made.exchange.close();
  });
});

describe('the loopback server', () => {
  it('serves loopback only, and says so when a port is taken', async () => {
    const { exchange } = rig();
    await expect(startServer(exchange, { host: '0.0.0.0' as never, port: 0 })).rejects.toThrow('loopback only');
    const server = await startServer(exchange, { host: '127.0.0.1', port: 0 });
    await expect(startServer(exchange, { host: '127.0.0.1', port: server.port })).rejects.toThrow('is taken');
    const post = fetch(`${server.url}/v2/orders`, { method: 'POST', body: 'x'.repeat(1_000_001) });
    const large = await post;
    expect([large.status, await large.json()]).toEqual([413, { code: 40010000, message: 'request body is too large' }]);
    await server.close();
    exchange.close();
  });
});
