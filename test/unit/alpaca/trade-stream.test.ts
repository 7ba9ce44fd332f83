import { afterEach, describe, expect, it } from 'vitest';
import { rebuildDelay } from '../../../src/alpaca/supervisor.ts';
import { frameText } from '../../../src/alpaca/trade-stream.ts';
import type { OrderReport } from '../../../src/domain/order-report.ts';
import { FakeSocket, type Json, json, legJson, orderJson, type Rig, rig, settle, spread } from './helpers.ts';

interface Scene extends Rig {
  readonly sockets: FakeSocket[];
  readonly reports: OrderReport[];
  readonly links: string[];
  latest(): FakeSocket;
}
let open: Scene | undefined;
afterEach(async () => {
  await open?.alpaca.broker.close();
  open?.end();
  open = undefined;
});

function scene(): Scene {
  const sockets: FakeSocket[] = [];
  const reports: OrderReport[] = [];
  const links: string[] = [];
  const base = rig(() => json([]), {
    socketFactory: (url: string) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
  });
  open = {
    ...base,
    sockets,
    reports,
    links,
    latest: () => {
      const s = sockets.at(-1);
      if (!s) throw new Error('no socket yet');
      return s;
    },
  };
  return open;
}
function connect(of: Scene): void {
  of.alpaca.broker.connect({
    report: (r) => of.reports.push(r),
    link: (up, why) => of.links.push(`${up ? 'up' : 'down'}: ${why}`),
    breaker: () => undefined,
  });
}
const authorized = { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } };
const listening = { stream: 'listening', data: { streams: ['trade_updates'] } };
const update = (order: Json, event = 'new', more: Json = {}): Json => ({
  stream: 'trade_updates',
  data: { event, timestamp: '2026-11-20T15:31:04Z', order, ...more },
});
function bringUp(of: Scene): FakeSocket {
  const socket = of.latest();
  socket.open();
  socket.frame(authorized);
  socket.frame(listening);
  return socket;
}

it('authenticates, listens, and is up only when the server has said that it listens', () => {
  const of = scene();
  connect(of);
  const socket = of.latest();
  expect(socket.url).toBe('ws://trading.test/stream');
  socket.open();
  expect(socket.sent).toEqual([{ action: 'authenticate', data: { key_id: 'K', secret_key: 'S' } }]);
  socket.frame(authorized);
  expect(socket.sent[1]).toEqual({ action: 'listen', data: { streams: ['trade_updates'] } });
  expect(of.links).toEqual([]);
  socket.frame({ stream: 'listening', data: { streams: [] } });
  expect(of.links).toEqual([]);
  socket.frame(listening);
  expect(of.links).toEqual(['up: listening']);
  expect(of.alpaca.broker.health().stream).toMatchObject({ up: true, reconnects: 0, lastFrameAgeMs: 0 });
});

it('reports orders, packages with their legs as we sent them', async () => {
  const of = scene();
  connect(of);
  const socket = bringUp(of);
  void of.alpaca.broker.submit(spread(), () => false); // never sent, but its legs are known from now on
  await settle(of.timers);
  socket.frame(update(orderJson({ status: 'filled', filled_qty: '10', filled_avg_price: '231.04' }), 'fill'));
  const legs = [
    legJson('SPY261218P00589000', 'buy', { filled_qty: '2', filled_avg_price: '1.5' }),
    legJson('SPY261218P00594000', 'sell', { filled_qty: '2', filled_avg_price: '3.1' }),
  ];
  socket.frame(
    update(orderJson({ order_class: 'mleg', symbol: '', side: '', qty: '2', filled_qty: '2', filled_avg_price: '-1.6', legs }), 'fill'),
  );
  expect(of.reports).toMatchObject([
    { status: 'filled', cumQty: 10, cumCash: -2_310_400_000 },
    {
      cumQty: 2,
      cumCash: 320_000_000,
      fills: [
        { legNo: 0, symbol: 'SPY261218P00594000' },
        { legNo: 1, symbol: 'SPY261218P00589000' },
      ],
    },
  ]);
});

it('carries the reason of a rejection', () => {
  const of = scene();
  connect(of);
  bringUp(of).frame(update(orderJson({ status: 'rejected' }), 'rejected', { reason: 'no liquidity' }));
  expect(of.reports).toMatchObject([{ status: 'rejected', reason: 'no liquidity' }]);
});

describe('frames that make no sense', () => {
  it.each<[string, unknown]>([
    ['null', 'null'],
    ['no JSON', '{"stream":'],
    ['an array', '[]'],
    ['data null', { stream: 'trade_updates', data: null }],
    ['no order', { stream: 'trade_updates', data: { event: 'fill' } }],
    ['numbers for text', update(orderJson({ qty: 5 }))],
    ['contradicting figures', update(orderJson({ filled_qty: '5' }), 'fill')],
    ['a monster', `"${'x'.repeat(1_000_001)}"`],
  ])('%s: counted, and the stream lives on', (_name, frame) => {
    const of = scene();
    connect(of);
    const socket = bringUp(of);
    socket.frame(frame);
    expect(of.logged.filter((l) => l.event === 'alpaca.frame_ignored')).toHaveLength(1);
    socket.frame(update(orderJson()));
    expect(of.reports).toHaveLength(1);
    expect(of.links).toEqual(['up: listening']);
  });
  it('an event or a status nobody knows is logged, and its order read as living', () => {
    const of = scene();
    connect(of);
    bringUp(of).frame(update(orderJson({ status: 'quantum' }), 'entangled'));
    expect(of.reports).toMatchObject([{ status: 'working' }]);
    expect(of.logged.map((l) => l.event)).toEqual(['alpaca.unknown_event', 'alpaca.unknown_status']);
  });
  it('reads text however the socket hands it over', () => {
    const bytes = Buffer.from('{"a":"é"}');
    for (const data of [
      '{"a":"é"}',
      bytes,
      new Uint8Array(bytes),
      [bytes.subarray(0, 6), bytes.subarray(6)],
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    ])
      expect(frameText(data)).toBe('{"a":"é"}');
    expect(frameText(42)).toBeNull();
  });
});

describe('a stream that ends is built again', () => {
  it.each<[string, (socket: FakeSocket, of: Scene) => void, RegExp]>([
    ['when the connection closes', (s) => s.emit('close', 1006), /closed/],
    [
      'when the keys are refused',
      (s) => s.frame({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } }),
      /ALPACA_AUTH/,
    ],
    [
      'when the socket fails',
      (s) => {
        s.emit('error', new Error('read ECONNRESET'));
        s.emit('close', 1006);
      },
      /ECONNRESET/,
    ],
    ['when we ask for it', (_s, of) => of.alpaca.broker.restartStream('mute while orders live'), /mute/],
  ])('%s', async (_name, fate, why) => {
    const of = scene();
    connect(of);
    fate(bringUp(of), of);
    expect(of.links).toEqual(['up: listening', expect.stringMatching(why)]);
    await of.timers.tickAsync(999);
    expect(of.sockets).toHaveLength(1);
    await of.timers.tickAsync(30_000);
    expect(of.sockets.length).toBeGreaterThan(1);
    bringUp(of);
    expect(of.links.at(-1)).toBe('up: listening');
    expect(of.links).toHaveLength(3);
  });

  it('for ever, however often it fails', async () => {
    const of = scene();
    connect(of);
    for (let i = 1; i <= 40; i++) {
      of.latest().emit('close', 1006);
      for (let second = 0; second < 31 && of.sockets.length === i; second++) await of.timers.tickAsync(1_000);
      expect(of.sockets).toHaveLength(i + 1);
    }
    bringUp(of);
    expect(of.links).toEqual([expect.stringContaining('down'), 'up: listening']);
    expect(of.alpaca.broker.health().stream.reconnects).toBe(40);
  });

  it('when the server never answers the handshake', async () => {
    const of = scene();
    connect(of);
    of.latest().open();
    await of.timers.tickAsync(9_999);
    expect(of.links).toEqual([]);
    await of.timers.tickAsync(1);
    expect(of.links).toEqual([expect.stringContaining('not listening within')]);
  });

  it('when nothing is heard, not even a pong', async () => {
    const of = scene();
    connect(of);
    bringUp(of);
    await of.timers.tickAsync(20_000);
    expect(of.links.at(-1)).toMatch(/^down/);
  });

  it('but not while pongs come', async () => {
    const of = scene();
    connect(of);
    const socket = bringUp(of);
    socket.on('ping-sent', () => setTimeout(() => socket.emit('pong'), 20));
    await of.timers.tickAsync(600_000);
    expect(of.links).toEqual(['up: listening']);
    expect(of.sockets).toHaveLength(1);
  });

  it('and what the old one still says is not heard', async () => {
    const of = scene();
    connect(of);
    const old = bringUp(of);
    of.alpaca.broker.restartStream('x');
    await of.timers.tickAsync(30_000);
    old.frame(update(orderJson()));
    expect(of.reports).toHaveLength(0);
  });

  it('but not after it was closed', async () => {
    const of = scene();
    connect(of);
    bringUp(of);
    await of.alpaca.broker.close();
    await of.timers.tickAsync(120_000);
    expect(of.sockets).toHaveLength(1);
  });
});

it('waits between one and thirty seconds, spread over all of it', () => {
  for (let n = 1; n < 20; n++) {
    expect(rebuildDelay(n, () => 0)).toBe(1_000);
    expect(rebuildDelay(n, () => 0.999_999)).toBeLessThan(30_000);
  }
  expect(rebuildDelay(1, () => 0.5)).toBe(1_500);
  expect(rebuildDelay(10, () => 0.5)).toBe(15_500);
});
