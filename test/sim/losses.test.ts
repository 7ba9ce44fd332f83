// S-56 on the whole daemon in virtual time: a fund falls through one and two percent of the account, over two crashes, a reset and a night.
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { OrderWish, Reply } from '../../src/daemon/control/control.ts';
import type { Role } from '../../src/domain/control.ts';
import type { Open } from '../../src/domain/decision.ts';
import { parseScope } from '../../src/domain/halt.ts';
import { symbol } from '../../src/domain/ids.ts';
import { equity } from '../../src/domain/instrument.ts';
import { leg, legs } from '../../src/domain/legs.ts';
import { price, qty, usd } from '../../src/domain/money.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import type { World } from '../../src/lab/world.ts';
import { equityAt } from '../../src/store/equity-history.ts';
import { openReader } from '../../src/store/reader.ts';
import { equitySnapshots } from '../../src/store/schema/equity.ts';
import { halts, notes, turns } from '../../src/store/schema/run.ts';
import { type AnyStrategy, type Context, noNeeds } from '../../src/strategies/strategy.ts';
import { flat, way } from './script/closes.ts';
import { scriptedMarket } from './scripted-market.ts';
import { type Story, scenario } from './strategies/scenario.ts';

/** A fifth of the account is in SPY, which falls by 5.5 % before noon on the second day, and by as much again after. */
const market = scriptedMarket({
  id: 'losses',
  from: '2026-03-02',
  to: '2026-03-04',
  names: [
    {
      symbol: 'SPY',
      fund: true,
      history: way(260, 580, 660),
      wiggle: 0,
      // biome-ignore format: a story
      days: { '2026-03-03': [['09:30', 660], ['11:00', 660], ['11:10', 623.7], ['11:30', 623.7], ['11:40', 587.4], ['16:00', 587.4]] },
    },
    { symbol: 'AMD', history: flat(260, 112), wiggle: 0, volume: 40_000_000, days: {} },
  ],
});
const AMD = symbol('AMD');

const buy = (count: number, limit: number, key: string, stepMs: number): Open => ({
  kind: 'open',
  subject: AMD,
  code: 'ENTRY',
  why: 'the story says so',
  gates: [],
  key,
  legs: legs(leg(equity(AMD), 'buy', 'open')),
  qty: qty(count),
  prices: { rungs: [price(limit * 1_000_000)], stepMs },
  maxLoss: usd(100_000_000),
});

/** Buys on the first day, leaves a bid far below on the second, and buys again on the third. */
function evaluate({ slot, day, market: seen }: Context<unknown>): readonly Open[] {
  const quote = seen.quote(AMD);
  if (!quote.known) return [];
  const ask = quote.value.ask / 1_000_000;
  if (slot === 'late' && day === '2026-03-02') return [buy(20, ask, 'first', 30 * SECOND)];
  if (slot === 'early' && day === '2026-03-03') return [buy(5, 100, 'patient', 5 * HOUR)];
  if (slot === 'noon') return [buy(8, ask, 'noon', 30 * SECOND)];
  return [];
}
const minute = (minutes: number) => [{ from: 'open' as const, minutes }];
const scripted = (strategy: AnyStrategy): AnyStrategy => ({
  ...strategy,
  schedule: () => [
    { name: 'early', phase: 'entry', at: minute(75) },
    { name: 'noon', phase: 'entry', at: minute(112) },
    { name: 'late', phase: 'entry', at: minute(355) },
  ],
  watches: () => ({ ...noNeeds, quotes: [AMD] }),
  chains: () => [],
  evaluate,
  manage: () => [],
  exits: () => [],
  protection: () => ({ kind: 'waiver', why: 'a story' }),
});

let keys = 0;
const ask = (world: World, order: OrderWish, role: Role): Promise<Reply> => {
  keys += 1;
  return world.ask({ key: `losses-${String(keys)}`, actor: 'person', role, reason: 'looked at', order });
};
const account = parseScope('account') ?? { kind: 'account' as const };
const causes = ({ world }: Story) => (world.beliefs()?.halts ?? []).map((h) => h.cause);
const losses = ({ world }: Story) => world.beliefs()?.losses();

async function opens(story: Story): Promise<void> {
  await story.until('2026-03-02 15:45', 60);
  expect(story.book.held('swing')).toEqual({ AMD: 20 });
  expect(story.book.held('base')['SPY']).toBeGreaterThan(25);
  await story.until('2026-03-03 10:40', 2_000);
  await story.until('2026-03-03 10:50', 60);
  expect(story.book.orders('swing').at(-1)).toMatchObject({ purpose: 'O', state: 'working', limit: 100 });
  expect(losses(story)).toMatchObject({ step: 'normal', factor: 1 });
}

async function halts1(story: Story): Promise<void> {
  await story.until('2026-03-03 11:12', 60);
  expect(causes(story)).toEqual(['DAY_HALT']);
  expect(story.book.orders('swing').at(-1)).toMatchObject({ purpose: 'O', state: 'canceled', filled: 0 });
  expect(story.book.held('swing')).toEqual({ AMD: 20 });
  story.world.crash(500);
  await story.until('2026-03-03 11:23', 60);
  expect(causes(story)).toEqual(['DAY_HALT']);
  expect(story.book.decisions('swing').at(-1)).toMatchObject({ kind: 'pass', code: 'DAY_HALT' });
}

async function isReset({ world, until, ...rest }: Story): Promise<void> {
  const story = { world, until, ...rest };
  expect(await ask(world, { verb: 'resume', scope: account }, 'operator')).toMatchObject({ outcome: { result: 'refused', code: 'ROLE' } });
  expect(await ask(world, { verb: 'resume', scope: account }, 'admin')).toMatchObject({ outcome: { result: 'done' } });
  await until('2026-03-03 11:27', 60);
  expect(causes(story)).toEqual([]);
  expect(losses(story)).toMatchObject({ step: 'restricted', factor: 0.25 });
}

async function flattens(story: Story): Promise<void> {
  await story.seen('the second limit', () => causes(story).includes('DAY_FLATTEN'), '2026-03-03 11:41');
  story.world.crash(500);
  // The exit was on its way as the process died: it is sent again once its absence is certain.
  await story.until('2026-03-03 13:30', 60);
  expect(new Set(causes(story))).toEqual(new Set(['DAY_FLATTEN', 'DAY_HALT']));
  expect(story.book.held('swing')).toEqual({});
  expect(story.book.closures('swing').map((c) => c.code)).toEqual(['LOSS_LIMIT']);
  expect(story.book.held('base')['SPY']).toBeGreaterThan(25);
}

async function comesBack(story: Story): Promise<void> {
  await story.until('2026-03-04 11:15', 2_000);
  expect(causes(story)).toEqual([]);
  expect(losses(story)).toMatchObject({ step: 'restricted', factor: 0.25 });
  await story.until('2026-03-04 11:24', 60);
  expect(story.book.orders('swing').at(-1)).toMatchObject({ purpose: 'O', qty: 2, state: 'filled' });
}

/** What is on disk: no row of equity under a limit without its halt, a row a minute, and cash and marks that make equity again. */
function isOnRecord({ world }: Story): void {
  const opened = openReader(world.ledgerFile);
  if (!opened.ok) throw new Error(opened.fault.message);
  const { reader } = opened;
  try {
    const rows = reader.db.select().from(equitySnapshots).orderBy(equitySnapshots.seq).all();
    const limit = reader.db.select().from(halts).where(eq(halts.cause, 'DAY_HALT')).all();
    const below = rows.filter((r) => r.day === '2026-03-03' && r.dayPnl !== null && r.dayPnl / ((r.equity ?? 0) - r.dayPnl) <= -0.01);
    expect(below.length).toBeGreaterThan(10);
    expect(limit[0]?.setSeq).toBeLessThanOrEqual(below[0]?.seq ?? 0);
    const noon = rows.filter((r) => r.day === '2026-03-02' && r.mark !== 'booked');
    expect(noon.length).toBeGreaterThanOrEqual(20);
    expect(rows.filter((r) => r.mark === 'open').map((r) => r.day)).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
    expect(rows.filter((r) => r.mark === 'close').map((r) => r.day)).toEqual(['2026-03-02', '2026-03-03']);
    // Of the rows of one instant the last one is that instant's.
    const last = new Map(rows.filter((r) => r.equity !== null).map((r) => [r.at, r.equity]));
    for (const [instant, worth] of last) expect(equityAt(reader, instant)).toBe(worth);
    const said = reader.db.select().from(notes).where(eq(notes.event, 'halt.set')).all();
    expect(said.every((n) => n.severity === 'critical')).toBe(true);
    expect(reader.db.select().from(turns).limit(1).all()).toHaveLength(1);
  } finally {
    reader.close();
  }
}

it('S-56, S-54, S-50: a fall through the loss limits halts, flattens, stands over crashes, is lifted by an admin or the next session', async () => {
  await scenario(
    {
      market,
      strategies: { swing: {}, base: { benchmarks: ['SPY'], target_weight: 0.2 } },
      start: '2026-03-02 15:22',
      speed: 60,
      cast: (configured) => configured.map((one) => (one.strategy.id === 'swing' ? { ...one, strategy: scripted(one.strategy) } : one)),
    },
    async (story) => {
      await opens(story);
      await halts1(story);
      await isReset(story);
      await flattens(story);
      await comesBack(story);
      isOnRecord(story);
    },
  );
}, 60_000);
