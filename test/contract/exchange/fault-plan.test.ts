// A fault plan as clients meet it: over real sockets, by the reference client or plain requests, and the same over memory.
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Exchange } from '../../../src/exchange/exchange.ts';
import type { Faults } from '../../../src/exchange/faults/injector.ts';
import { parseFaultPlan } from '../../../src/exchange/faults/plan.ts';
import type { Struck } from '../../../src/exchange/faults/struck.ts';
import { haltBoard } from '../../../src/exchange/halts.ts';
import { AUTH } from './ask.ts';
import { collector } from './collector.ts';
import { type Carried, clients, overLoopback, overMemory, type Rig, rig } from './rig.ts';
import { START } from './scripted.ts';

const LIMIT = { symbol: 'F', qty: 1, side: 'buy', limitPrice: '10' } as const;
const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Faulty extends Rig {
  readonly struck: Struck[];
  readonly carried: Carried;
}

function faultsOf(list: readonly unknown[], seed = 1): Faults & { readonly struck: Struck[] } {
  const parsed = parseFaultPlan(JSON.stringify({ seed, faults: list }));
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const struck: Struck[] = [];
  return { plan: parsed.plan, board: haltBoard(), onStruck: (one) => struck.push(one), struck };
}

/** An exchange with these faults, carried over real sockets unless said otherwise. */
async function faulty(list: readonly unknown[], carry: (exchange: Exchange) => Promise<Carried> = overLoopback, seed = 1): Promise<Faulty> {
  const faults = faultsOf(list, seed);
  const made = rig({ faults });
  const carried = await carry(made.exchange);
  open.push(
    () => made.exchange.close(),
    () => carried.close(),
  );
  return { ...made, struck: faults.struck, carried };
}

const get = ({ carried }: Faulty, path: string, init: RequestInit = {}): Promise<Response> =>
  carried.transport.fetchApi(`${carried.http}${path}`, { headers: AUTH, ...init });
const byClientId = async (made: Faulty, id: string): Promise<number> =>
  (await get(made, `/v2/orders:by_client_order_id?client_order_id=${id}`)).status;
const failed = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: Error) => error.name,
  );
const kinds = ({ struck }: Faulty): readonly string[] => struck.map((one) => one.kind);

describe.each([
  ['over real sockets', overLoopback],
  ['over memory', overMemory],
] as const)('faults of requests %s', (_name, carry) => {
  it('are late where the plan says, and only as often', async () => {
    const made = await faulty([{ kind: 'latency', route: 'GET /v2/account', ms: 120, count: 1 }], carry);
    const timed = async (): Promise<number> => {
      const before = performance.now();
      expect((await get(made, '/v2/account')).status).toBe(200);
      return performance.now() - before;
    };
    expect(await timed()).toBeGreaterThan(115);
    await timed();
    expect(made.struck).toEqual([{ index: 0, kind: 'latency', at: START, where: 'GET /v2/account', detail: 'answer 120 ms late' }]);
  });

  it('delay the request itself, so that the exchange does it later', async () => {
    const made = await faulty([{ kind: 'latency', route: 'POST /v2/orders', ms: [80, 90], late: 'request' }], carry);
    const sent = clients(made.carried).orders.limit({ ...LIMIT, clientOrderId: 'late' });
    expect(made.core.orderByClientId('main', 'late')).toBeUndefined();
    await sent;
    expect(made.core.orderByClientId('main', 'late')).toBeDefined();
  });

  it.each([
    [429, false, 404],
    [500, false, 404],
    [503, false, 404],
    [504, true, 200],
  ] as const)('answer %d with the order taken: %s', async (status, committed, found) => {
    const made = await faulty([{ kind: 'status', route: 'POST /v2/orders', status, retryAfter: 3, committed, nth: 1 }], carry);
    const body = JSON.stringify({ symbol: 'F', qty: '1', side: 'buy', type: 'market', time_in_force: 'day', client_order_id: 'one' });
    const answer = await get(made, '/v2/orders', { method: 'POST', body });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '3']);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(await answer.json()).toMatchObject({ code: expect.any(Number) as number, message: expect.any(String) as string });
    expect(await byClientId(made, 'one')).toBe(found);
    expect((await get(made, '/v2/orders', { method: 'POST', body: body.replace('"one"', '"two"') })).status).toBe(200);
  });

  it('leave the nth order without an answer although it was taken', async () => {
    const made = await faulty([{ kind: 'hang', route: 'POST /v2/orders', nth: 2 }], carry);
    const { orders } = clients(made.carried);
    await orders.limit({ ...LIMIT, clientOrderId: 'first' });
    const body = JSON.stringify({ symbol: 'F', qty: '1', side: 'buy', type: 'market', time_in_force: 'day', client_order_id: 'second' });
    expect(await failed(get(made, '/v2/orders', { method: 'POST', body, signal: AbortSignal.timeout(80) }))).toBe('TimeoutError');
    expect(await byClientId(made, 'second')).toBe(200);
    expect(made.struck).toMatchObject([{ kind: 'hang', detail: 'after it was done' }]);
  });

  it.each([
    [false, 404],
    [true, 200],
  ] as const)('break the line of a request, done: %s', async (committed, found) => {
    const made = await faulty([{ kind: 'reset', route: 'POST /v2/orders', committed, count: 1 }], carry);
    const sent = clients(made.carried).orders.limit({ ...LIMIT, clientOrderId: 'broken' });
    expect(await failed(sent)).not.toBe('answered');
    expect(await byClientId(made, 'broken')).toBe(found);
  });

  it('spoil bodies', async () => {
    const made = await faulty(
      ['truncated', 'wrong_type', 'html', 'empty'].map((form, i) => ({
        kind: 'body',
        route: 'GET /v2/account',
        form,
        nth: i === 0 ? 1 : 1,
      })),
      carry,
    );
    const texts: string[] = [];
    for (let i = 0; i < 5; i++) texts.push(await (await get(made, '/v2/account')).text());
    const [truncated = '', wrong = '', html = '', empty, whole = ''] = texts;
    expect(() => JSON.parse(truncated) as unknown).toThrow();
    expect(JSON.parse(wrong)).toMatchObject({ cash: 17, trading_blocked: 'maybe' });
    expect(html).toContain('502 Bad Gateway');
    expect(empty).toBe('');
    expect(JSON.parse(whole)).toMatchObject({ cash: '83250.12' });
  });

  it('refuse right keys for a while', async () => {
    const made = await faulty([{ kind: 'auth', route: '/v2/**', count: 2 }], carry);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await get(made, '/v2/account')).status);
    expect(statuses).toEqual([401, 401, 200]);
  });

  it('strike the same requests under the same seed, others under another', async () => {
    const run = async (seed: number): Promise<string> => {
      const made = await faulty([{ kind: 'status', route: 'GET /v2/**', status: 503, probability: 0.5 }], carry, seed);
      let heard = '';
      for (let i = 0; i < 24; i++) heard += (await get(made, '/v2/clock')).status === 503 ? 'x' : '.';
      expect(kinds(made)).toHaveLength(heard.replaceAll('.', '').length);
      return heard;
    };
    const first = await run(5);
    expect(first).toBe(await run(5));
    expect(first).toMatch(/x.*\.|\..*x/);
    expect(first).not.toBe(await run(6));
  });

  it('wait for their time', async () => {
    const made = await faulty([{ kind: 'status', route: 'GET /v2/clock', status: 500, at: '+10m', until: '+11m' }], carry);
    const statusAt = async (minutes: number): Promise<number> => {
      made.clock.set(START + minutes * 60_000);
      return (await get(made, '/v2/clock')).status;
    };
    expect([await statusAt(9), await statusAt(10), await statusAt(11)]).toEqual([200, 500, 200]);
  });
});

interface Heard {
  readonly events: ReturnType<typeof collector<string>>;
  readonly socket: WebSocket;
}

/** A trade stream that listens, and the events it hears in their order; `closed` with the code at the end. */
async function listening(made: Faulty): Promise<Heard> {
  const socket = new WebSocket(`${made.carried.ws}/stream`);
  open.push(() => socket.close());
  const events = collector<string>();
  socket.on('error', () => undefined);
  socket.on('close', (code) => events.push(`closed ${String(code)}`));
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as {
      stream: string;
      data: { status?: string; event?: string; order?: { client_order_id: string } };
    };
    events.push(
      frame.stream === 'trade_updates'
        ? `${frame.data.event ?? ''} ${frame.data.order?.client_order_id ?? ''}`
        : (frame.data.status ?? frame.stream),
    );
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ action: 'authenticate', data: { key_id: 'key', secret_key: 'secret' } }));
  socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
  return { events, socket };
}

const submit = async (made: Faulty, ...ids: readonly string[]): Promise<void> => {
  for (const id of ids) await clients(made.carried).orders.limit({ ...LIMIT, clientOrderId: id });
};

describe('faults of streams', () => {
  it('lose, double and overtake frames, and say so', async () => {
    const made = await faulty([
      { kind: 'drop', nth: 1 },
      { kind: 'duplicate', nth: 1 },
      { kind: 'reorder', nth: 2 },
    ]);
    const { events } = await listening(made);
    await events.find((one) => one === 'listening');
    await submit(made, 'a', 'b', 'c', 'd', 'e');
    await events.find((one) => one === 'new e');
    expect(events.seen).toEqual(['authorized', 'listening', 'new b', 'new b', 'new d', 'new c', 'new e']);
    expect(made.struck.map(({ kind, where }) => [kind, where])).toEqual([
      ['drop', '/stream'],
      ['duplicate', '/stream'],
      ['reorder', '/stream'],
    ]);
  });

  it('let a frame go that nothing overtakes', async () => {
    const made = await faulty([{ kind: 'reorder', nth: 1 }]);
    const { events } = await listening(made);
    await events.find((one) => one === 'listening');
    await submit(made, 'alone');
    await events.find((one) => one === 'new alone');
    expect(events.seen.filter((one) => one === 'new alone')).toHaveLength(1);
  });

  it('make a line mute without ending it', async () => {
    const made = await faulty([{ kind: 'mute', nth: 2 }]);
    const { events, socket } = await listening(made);
    await events.find((one) => one === 'listening');
    await submit(made, 'a', 'b', 'c');
    const pong = new Promise((resolve) => socket.once('pong', resolve));
    socket.ping();
    await pong;
    expect(events.seen).toEqual(['authorized', 'listening', 'new a']);
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('break a line at a frame, and at an instant', async () => {
    const made = await faulty([
      { kind: 'kill', nth: 2 },
      { kind: 'kill', at: '+5m' },
    ]);
    const first = await listening(made);
    await first.events.find((one) => one === 'listening');
    await submit(made, 'a', 'b');
    await first.events.find((one) => one === 'closed 1006');
    expect(first.events.seen).toEqual(['authorized', 'listening', 'new a', 'closed 1006']);
    const second = await listening(made);
    await second.events.find((one) => one === 'listening');
    made.clock.set(START + 300_000);
    await second.events.find((one) => one === 'closed 1006');
    expect(made.struck.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['kill', 'frame'],
      ['kill', '1 lines'],
    ]);
  });

  it('refuse right keys once', async () => {
    const made = await faulty([{ kind: 'auth', stream: '/stream', count: 1 }]);
    const first = await listening(made);
    await first.events.find((one) => one.startsWith('closed'));
    expect(first.events.seen[0]).toBe('unauthorized');
    const second = await listening(made);
    await second.events.find((one) => one === 'listening');
    expect(kinds(made)).toEqual(['auth']);
  });

  it('touch no other stream than theirs', async () => {
    const made = await faulty([{ kind: 'drop', stream: '/v2/iex' }]);
    const { events } = await listening(made);
    await events.find((one) => one === 'listening');
    await submit(made, 'a');
    await events.find((one) => one === 'new a');
    expect(made.struck).toEqual([]);
  });
});

describe('what happens around the clients', () => {
  it('trades by hand at the same account, at its time, and cancels by hand with the request it comes with', async () => {
    const order = { symbol: 'F', qty: '2', side: 'buy', type: 'market', time_in_force: 'day', client_order_id: 'by-hand' };
    const made = await faulty([
      { kind: 'trade', account: 'main', at: '+1m', order },
      { kind: 'cancel', account: 'main', route: 'GET /v2/account', nth: 1 },
    ]);
    expect(await byClientId(made, 'by-hand')).toBe(404);
    made.clock.set(START + 60_000);
    expect(await byClientId(made, 'by-hand')).toBe(200);
    await get(made, '/v2/account');
    expect(made.core.orderByClientId('main', 'by-hand')?.status).toBe('canceled');
    expect(made.struck.map(({ kind, at, where }) => [kind, at - START, where])).toEqual([
      ['trade', 60_000, 'main'],
      ['cancel', 60_000, 'main'],
    ]);
  });

  it('says why an order by hand was not taken', async () => {
    const made = await faulty([{ kind: 'trade', account: 'main', at: '+0s', order: { symbol: 'F', side: 'buy' } }]);
    await get(made, '/v2/clock');
    expect(made.struck[0]?.detail).toContain('qty or notional is required');
  });

  it('cuts every line at an instant', async () => {
    const made = await faulty([{ kind: 'cut', at: '+1m' }]);
    const { events } = await listening(made);
    await events.find((one) => one === 'listening');
    made.clock.set(START + 60_000);
    await events.find((one) => one === 'closed 1006');
    expect((await get(made, '/v2/clock')).status).toBe(200);
  });
});
