// A symbol that a fault plan halts, and one whose quotes it freezes, as clients meet them over real sockets, with the exchange's own core.
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { MINUTE } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { openExchange } from '../../../src/exchange/exchange.ts';
import { parseFaultPlan } from '../../../src/exchange/faults/plan.ts';
import type { Struck } from '../../../src/exchange/faults/struck.ts';
import { haltBoard, marketOnBoard } from '../../../src/exchange/halts.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { AUTH } from './ask.ts';
import { collector } from './collector.ts';
import { overLoopback, realAfter } from './rig.ts';
import { manualClock } from './scripted.ts';

type Fields = Readonly<Record<string, unknown>>;

const calendar = usCalendar();
const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** An exchange with one fault at its second minute, as its server opens it, on a clock that the test sets. */
async function troubled(fault: Fields) {
  const parsed = parseFaultPlan(JSON.stringify({ seed: 1, faults: [{ at: '+2m', ...fault }] }));
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const market = syntheticMarket({ seed: 7, calendar });
  const [start, board, struck] = [market.firstInstant, haltBoard(), [] as Struck[]];
  const clock = manualClock(start);
  const keys = [{ id: 'key', secret: 'secret', account: 'main' }];
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys, seed: 7, start, isHalted: board.isHalted });
  const exchange = openExchange({
    core,
    market: marketOnBoard(market, board),
    calendar,
    clock,
    after: realAfter,
    isHalted: board.isHalted,
    faults: { plan: parsed.plan, board, onStruck: (one) => struck.push(one) },
    onFault: (error) => {
      throw error;
    },
  });
  const { http, ws, close } = await overLoopback(exchange);
  open.push(() => exchange.close(), close);
  const call = async (path: string, body?: Fields): Promise<Fields> => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(`${http}${path}`, { headers: AUTH, ...sent })).json()) as Fields;
  };
  return {
    ws,
    struck,
    to(minutes: number): void {
      clock.set(start + minutes * MINUTE);
      exchange.tick();
    },
    quote: async (symbol: string): Promise<unknown> => (await call(`/v2/stocks/${symbol}/quotes/latest`))['quote'],
    buy: (symbol: string, id: string) =>
      call('/v2/orders', { symbol, qty: '1', side: 'buy', type: 'market', time_in_force: 'day', client_order_id: id }),
    filled: async (id: string): Promise<unknown> => (await call(`/v2/orders:by_client_order_id?client_order_id=${id}`))['filled_qty'],
  };
}

/** What comes over a stream after the handshake's frames have gone out. */
async function heard(url: string, ...say: readonly Fields[]) {
  const frames = collector<Fields>();
  const socket = new WebSocket(url);
  open.push(() => socket.terminate());
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as Fields | Fields[];
    for (const one of Array.isArray(frame) ? frame : [frame]) frames.push(one);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  for (const frame of say) socket.send(JSON.stringify(frame));
  return frames;
}
const KEY = { action: 'auth', key: 'key', secret: 'secret' };
const statuses = async (ws: string) => {
  const frames = await heard(`${ws}/v2/iex`, KEY, { action: 'subscribe', statuses: ['SPY', 'F'] });
  await frames.find((frame) => frame['T'] === 'subscription');
  return frames;
};
const updates = async (ws: string) => {
  const frames = await heard(`${ws}/stream`, KEY, { action: 'listen', data: { streams: ['trade_updates'] } });
  await frames.find((frame) => frame['stream'] === 'listening');
  return (id: string, event: string) =>
    frames.find((frame) => {
      const data = frame['data'] as { event?: string; order?: { client_order_id: string } };
      return data.event === event && data.order?.client_order_id === id;
    });
};

it('halts a symbol: its quotes stand still, its orders wait, and both streams tell of the end', async () => {
  const { ws, struck, to, quote, buy, filled } = await troubled({ kind: 'halt', symbol: 'SPY', seconds: 300 });
  const [told, update] = [await statuses(ws), await updates(ws)];
  to(1);
  to(2);
  await told.find((frame) => frame['sc'] === '2');
  const before = await quote('SPY');
  await buy('SPY', 'waits');
  await buy('F', 'other');
  to(3);
  await update('other', 'fill');
  to(6);
  expect(await filled('waits')).toBe('0');
  expect(await quote('SPY')).toEqual(before);
  to(7);
  await told.find((frame) => frame['sc'] === '3');
  await update('waits', 'fill');
  expect(await quote('SPY')).not.toEqual(before);
  expect(told.seen.filter((frame) => frame['T'] === 's').map((frame) => frame['S'])).toEqual(['SPY', 'SPY']);
  expect(struck).toMatchObject([{ kind: 'halt', where: 'SPY', detail: 'for 300 s' }]);
});

it('lets quotes of a symbol go stale while it trades on, and says nothing of it', async () => {
  const { ws, struck, to, quote, buy } = await troubled({ kind: 'stale', symbol: 'SPY', seconds: 120 });
  const [told, update] = [await statuses(ws), await updates(ws)];
  to(1);
  to(2);
  const before = await quote('SPY');
  const other = await quote('F');
  to(3);
  await buy('SPY', 'trades');
  to(3.9);
  await update('trades', 'fill');
  expect(await quote('SPY')).toEqual(before);
  expect(await quote('F')).not.toEqual(other);
  to(4);
  expect(await quote('SPY')).not.toEqual(before);
  expect(told.seen.filter((frame) => frame['T'] === 's')).toEqual([]);
  expect(struck).toMatchObject([{ kind: 'stale', where: 'SPY', detail: 'for 120 s' }]);
});
