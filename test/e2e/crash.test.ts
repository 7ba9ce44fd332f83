// Daemon and exchange as two processes, each killed for real: no order twice, and the ledger equals the exchange.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allOrders, openPositions } from './exchange-client.ts';
import { event, finish, type Running, scratch, wsb } from './process.ts';

const MINUTE = 60_000;

async function startExchange(dir: string, port = 0): Promise<{ readonly run: Running; readonly url: string }> {
  const run = wsb(['exchange', '--state-dir', dir, '--port', String(port), '--json']);
  const started = await run.until(event('exchange.started'), 'the exchange');
  return { run, url: String(started['url']) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function expectSquare(url: string, dir: string): Promise<void> {
  const ours = JSON.parse(
    (await finish(['orders', '--json', '--limit', '1000', '--state-dir', dir])).stdout.replaceAll('\n', ''),
  ) as readonly { readonly id: string; readonly cumQty: number; readonly state: string }[];
  const theirs = await allOrders(url);
  const ids = theirs.map((o) => o.client_order_id);
  expect(new Set(ids).size).toBe(ids.length);
  const book = new Map(ours.map((o) => [o.id, o]));
  for (const order of theirs) expect(book.get(order.client_order_id)?.cumQty, order.client_order_id).toBe(Number(order.filled_qty));
  const held = JSON.parse((await finish(['positions', '--json', '--state-dir', dir])).stdout.replaceAll('\n', '')) as readonly {
    readonly instrument: { readonly symbol: string };
    readonly qty: number;
  }[];
  const broker = await openPositions(url);
  expect(held.map((p) => `${p.instrument.symbol} ${p.qty}`).sort()).toEqual(broker.map((p) => `${p.symbol} ${p.qty}`).sort());
  expect((await finish(['db', 'check', '--state-dir', dir])).stdout).toBe('0 violations');
}

describe('kill -9', () => {
  it('of the daemon at arbitrary moments: the same ledger goes on, nothing twice, nothing lost', { timeout: 4 * MINUTE }, async () => {
    const exchange = await startExchange(scratch('x'));
    const dir = scratch('crash');
    // Moments spread over boot, the first walks, and trading; the exact instant does not matter, that there are several does.
    for (const wait of [300, 11_500, 1_800]) {
      const run = wsb(['run', '--exchange', exchange.url, '--state-dir', dir, '--config', quickRestart()]);
      await run.until(event('run.started'), 'the start');
      await pause(wait);
      run.signal('SIGKILL');
      expect((await run.exited).signal).toBe('SIGKILL');
    }
    const last = wsb(['run', '--exchange', exchange.url, '--state-dir', dir, '--config', quickRestart()]);
    await last.until(event('reconcile.ok'), 'the reconcile');
    await last.until(
      (l) => l.event === 'reconcile.ok' && last.lines.filter(event('reconcile.ok')).length > 1,
      'a second reconcile',
      MINUTE,
    );
    last.signal('SIGTERM');
    const { code } = await last.exited;
    expect([0, 10], last.stderr()).toContain(code); // 10 when the session closed meanwhile: the remainder is declared
    await expectSquare(exchange.url, dir);
    exchange.run.signal('SIGTERM');
    await exchange.run.exited;
  });

  it('of the exchange: it comes back with the same account, the daemon reconnects and reconciles', { timeout: 4 * MINUTE }, async () => {
    const files = scratch('x');
    const first = await startExchange(files);
    const dir = scratch('survivor');
    const run = wsb(['run', '--exchange', first.url, '--state-dir', dir]);
    await run.until(event('order.filled'), 'a fill', MINUTE);
    first.run.signal('SIGKILL');
    await first.run.exited;
    await run.until(event('stream.down'), 'the loss');
    const before = run.lines.length;
    const second = await startExchange(files, Number(new URL(first.url).port));
    await run.until(
      (l) => l.event === 'reconcile.ok' && run.lines.indexOf(l) >= before,
      'the reconcile with the exchange that came back',
      2 * MINUTE,
    );
    run.signal('SIGTERM');
    const { code } = await run.exited;
    // A request that was on its way when the exchange died is watched for a quarter of an hour: a stop before that says so with 12.
    const watched = run.lines.some(event('order.unknown'));
    expect(watched ? [0, 10, 12] : [0, 10], run.stderr()).toContain(code);
    await expectSquare(second.url, dir);
    second.run.signal('SIGTERM');
    await second.run.exited;
  });
});

/** Reconciles often, so that a short run sees several. */
function quickRestart(): string {
  const path = `${scratch('cfg')}/quick.toml`;
  writeFileSync(path, '[schedule]\nreconcile_every = "5s"\n');
  return path;
}
