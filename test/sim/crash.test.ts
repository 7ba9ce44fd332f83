import { afterEach, describe, expect, it } from 'vitest';
import { epochMs, MINUTE } from '../../src/domain/time.ts';
import { checkAlarms, checkFills, checkHoldings, checkOrders, checkPosts } from '../../src/lab/checkers.ts';
import { runSeed } from '../../src/lab/run-seed.ts';
import type { CrashPoint } from '../../src/lab/swarm.ts';
import { createWorld, type World } from '../../src/lab/world.ts';
import { afternoon, hasty } from './scenario.ts';

/** Armed from the start: the first order that comes by springs it. */
const ARMED_MS = 1;
const points: readonly (readonly [CrashPoint, string, number])[] = [
  ['before_dispatch', 'an order on disk that never left is dropped', 0],
  ['before_accept', 'an order whose bytes were lost stays watched, and is not sent again', 0],
  ['after_accept', 'an order the broker took is found, and is not sent again', 1],
];

describe('a crash in the way of an order', () => {
  it.each(points)(
    '%s: %s',
    async (point, _, ordersThere) => {
      const swarm = afternoon({ faults: [{ kind: 'crash', point, atMs: ARMED_MS, downMs: 2_000 }] });
      const report = await runSeed({ swarm });
      expect(report.violations).toEqual([]);
      expect(report.crashes).toBe(1);
      // What was opened before the crash is there or not; the rest are the closing orders of the stop.
      expect(report.orders > 0).toBe(ordersThere > 0);
      expect(report.exitCode).toBe(point === 'before_accept' ? 12 : 0);
    },
    60_000,
  );
});

describe('a dead process', () => {
  let world: World | null = null;
  afterEach(() => {
    world?.close();
    world = null;
  });

  it('leaves nothing behind that trades, and the next one goes on from the disk', async () => {
    const w = createWorld({ swarm: afternoon() });
    world = w;
    w.boot();
    expect(await w.until(() => w.broker().orders.some((order) => order.status === 'filled'), 60_000)).toBe(true);
    const before = w.sent.length;
    const turns = w.counts.turns;
    w.crash();
    expect(w.beliefs()).toBeNull();
    await w.run(120_000);
    // Two minutes of wall time are two hours of the exchange's: every timer the dead process had set would have rung.
    expect(w.sent).toHaveLength(before);
    expect(w.counts.turns).toBe(turns);
    w.heal();
    expect(await w.until(() => w.beliefs()?.ready() === true, 30_000)).toBe(true);
    await w.run(5_000);
    const [broker, ledger] = [w.broker(), w.ledger()];
    expect([
      ...checkOrders(broker, ledger),
      ...checkFills(broker, ledger),
      ...checkHoldings(broker, ledger),
      ...checkPosts(w.sent),
    ]).toEqual([]);
    expect(w.faults).toEqual([]);
    expect(broker.positions.get('SPY')).toBeGreaterThan(0);
    w.shutdown();
    expect(await w.until(() => w.stopped() !== null, 61_000)).toBe(true);
    expect(w.stopped()).toMatchObject({ exitCode: 0, remainder: [] });
    expect(w.broker().positions.size).toBe(0);
  }, 60_000);

  it('started long after its first orders does not take them for those of a stranger', async () => {
    // The stop laid on the first day is still at work: everything closed since then is read together with it.
    const w = createWorld({ swarm: afternoon({ wheel: hasty }) });
    world = w;
    w.boot();
    const fills = (): readonly string[] => w.broker().orders.flatMap((order) => (order.filledQty > 0 ? [order.type] : []));
    expect(await w.until(() => w.broker().orders.some((order) => order.type === 'stop' && order.status === 'new'), 60_000)).toBe(true);
    const filled = fills().length;
    expect(await w.until(() => fills().length > filled, 10 * MINUTE)).toBe(true);
    w.exchange.clock.setSpeed(10_000);
    const later = w.calendar.offset(w.calendar.currentOrNext(epochMs(w.exchange.core.at)).day, 9).open + 30 * MINUTE;
    expect(await w.until(() => w.exchange.core.at >= later, 30 * MINUTE)).toBe(true);
    expect(w.broker().orders.find((order) => order.type === 'stop')?.status).toBe('new');
    w.crash();
    w.boot();
    expect(await w.until(() => w.beliefs()?.ready() === true, 30_000)).toBe(true);
    await w.run(5_000);
    expect(checkAlarms(w.ledger())).toEqual([]);
    expect(checkHoldings(w.broker(), w.ledger())).toEqual([]);
  }, 60_000);
});
