// A person's word to the whole daemon on virtual time: paused strategies place no order and keep their exits, and go on when told to;
// one that throws is left alone by the others; a stop drains in its time.
import { expect, it } from 'vitest';
import type { OrderWish, Reply } from '../../src/daemon/control/control.ts';
import type { Role } from '../../src/domain/control.ts';
import { parseScope } from '../../src/domain/halt.ts';
import { strategyId } from '../../src/domain/ids.ts';
import { checkExit } from '../../src/lab/checkers.ts';
import { verdict } from '../../src/lab/judge.ts';
import { createWorld, type World } from '../../src/lab/world.ts';
import { afternoon } from './scenario.ts';
import { flat, way } from './script/closes.ts';
import { weeklies } from './script/options.ts';
import { scriptedMarket } from './scripted-market.ts';
import { type Story, scenario } from './strategies/scenario.ts';

/** AMD runs, falls, rises the next morning and falls again after noon; the fund does not move. */
const market = scriptedMarket({
  id: 'control',
  from: '2026-03-02',
  to: '2026-03-04',
  names: [
    { symbol: 'SPY', fund: true, history: way(260, 580, 660), wiggle: 0, days: {} },
    {
      symbol: 'AMD',
      history: [...flat(249, 100), 100, 100.8, 101.5, 102.9, 103.4, 105.1, 106, 107.8, 109.1, 110.6, 112],
      volume: 40_000_000,
      // biome-ignore format: a story
      days: {
        '2026-03-02': [['09:30', 112], ['10:30', 112], ['10:40', 108.08], ['16:00', 108.08]],
        '2026-03-03': [['09:30', 109], ['11:00', 117], ['12:00', 117], ['14:00', 107.5], ['16:00', 107.5]],
      },
      options: {
        expiries: weeklies('2026-03-06', 8),
        strikes: { from: 95, to: 130, step: 1 },
        iv: [['2026-03-02', { level: 0.36 }]],
        past: { low: 0.3, high: 0.5 },
      },
    },
  ],
});
const core = { benchmarks: ['SPY'], target_weight: 0.2 };
/** Its last limit is the ask: whether it is filled is not what these stories are about. */
const dip = { universe: ['AMD'], entry_cap_part: 1 };

let keys = 0;
const ask = (world: World, order: OrderWish, role: Role = 'admin'): Promise<Reply> => {
  keys += 1;
  return world.ask({ key: `story-${String(keys)}`, actor: 'person', role, reason: 'said so', order });
};
const scope = (text: string) => {
  const found = parseScope(text);
  if (found === undefined) throw new Error(`no scope: ${text}`);
  return found;
};
const done = { kind: 'answered', outcome: { result: 'done' } };

async function buys({ until, book }: Pick<Story, 'until' | 'book'>): Promise<void> {
  await until('2026-03-02 10:42', 60);
  await until('2026-03-02 10:50', 10);
  expect(Object.values(book.held('dip'))).toEqual([expect.any(Number)]);
}

async function isPaused({ until, book, world }: Story): Promise<void> {
  await buys({ until, book });
  expect(await ask(world, { verb: 'disable', strategy: strategyId('dip') }, 'operator')).toMatchObject(done);
  expect(await ask(world, { verb: 'halt', scope: scope('strategy:base') }, 'operator')).toMatchObject(done);
  await until('2026-03-02 15:40', 120);
  expect(book.decisions('base').find((d) => d.slot.startsWith('check'))).toMatchObject({ kind: 'pass', code: 'KILL_SWITCH' });
  expect(book.orders('base')).toEqual([]);
  expect(book.decisions('dip').find((d) => d.code === 'DISABLED')).toMatchObject({ kind: 'pass', why: 'switched off: said so' });
}

async function keepsItsExits({ until, book, world }: Story): Promise<void> {
  const bought = book.orders('dip').length;
  world.crash(2_000);
  await until('2026-03-03 10:00', 2_000);
  expect(world.beliefs()?.off.get(strategyId('dip'))).toBe('switched off: said so');
  expect(world.beliefs()?.halts).toMatchObject([{ scope: { kind: 'strategy', id: 'base' }, level: 'halt' }]);
  await until('2026-03-03 14:10', 60);
  expect(book.held('dip')).toEqual({});
  expect(book.closures('dip').map((c) => c.code)).toContain('STOP');
  const since = book.orders('dip').slice(bought);
  expect(since.length).toBeGreaterThan(0);
  expect(new Set(since.map((o) => o.purpose))).toEqual(new Set(['C']));
}

async function goesOn({ until, book, world }: Story): Promise<void> {
  expect(await ask(world, { verb: 'resume', scope: scope('strategy:base') }, 'operator')).toMatchObject({
    outcome: { result: 'refused', code: 'ROLE' },
  });
  expect(await ask(world, { verb: 'resume', scope: scope('strategy:base') })).toMatchObject(done);
  expect(await ask(world, { verb: 'enable', strategy: strategyId('dip') })).toMatchObject(done);
  await until('2026-03-03 15:15', 120);
  expect(book.orders('base')).toEqual([]);
  await until('2026-03-03 15:40', 30);
  expect(book.orders('base')[0]).toMatchObject({ purpose: 'O', state: 'filled' });
  await until('2026-03-04 10:30', 600);
  expect(book.decisions('dip').findLast((d) => d.slot.startsWith('entry'))?.code).not.toBe('DISABLED');
}

it('S-36: a paused strategy places no order and manages what it holds, over a crash, until it is resumed', async () => {
  const strategies = { dip, base: core };
  await scenario({ market, strategies, start: '2026-03-02 09:50', speed: 60 }, async (story) => {
    await isPaused(story);
    await keepsItsExits(story);
    await goesOn(story);
  });
}, 60_000);

it('a freeze keeps exits back, and a flatten closes and stays closed, over a crash', async () => {
  const strategies = { dip, base: core };
  await scenario({ market, strategies, start: '2026-03-02 09:50', speed: 60 }, async ({ until, book, world }) => {
    await buys({ until, book });
    await until('2026-03-02 15:40', 120);
    expect(book.held('base')['SPY']).toBeGreaterThan(0);
    expect(await ask(world, { verb: 'freeze', scope: scope('symbol:AMD') })).toMatchObject(done);
    await until('2026-03-03 11:30', 240);
    expect(Object.values(book.held('dip'))).toEqual([expect.any(Number)]);
    expect(book.orders('dip').filter((o) => o.purpose === 'C')).toEqual([]);
    expect(book.decisions('dip').find((d) => d.kind === 'close')).toMatchObject({ verdict: 'denied', denial: 'NOT_READY' });
    expect(await ask(world, { verb: 'resume', scope: scope('symbol:AMD') })).toMatchObject(done);
    await until('2026-03-03 11:40', 30);
    expect(book.closures('dip').map((c) => c.code)).toContain('DELTA_EXIT');
    expect(await ask(world, { verb: 'flatten', scope: scope('strategy:base') })).toMatchObject(done);
    world.crash(2_000);
    await until('2026-03-03 12:00', 30);
    expect(book.held('base')).toEqual({});
    expect(book.closures('base').map((c) => c.code)).toEqual(['OPERATOR']);
    await until('2026-03-03 15:40', 240);
    expect(book.held('base')).toEqual({});
  });
}, 60_000);

it('a strategy that throws is left to itself, backed off and halted, while the others trade on', async () => {
  const calls: number[] = [];
  await scenario(
    {
      market,
      strategies: { dip, base: core },
      start: '2026-03-02 09:50',
      speed: 60,
      calledFor: /its evaluate failed 5 times in a row/,
      cast: (configured) =>
        configured.map((one) =>
          one.strategy.id === 'dip'
            ? {
                ...one,
                strategy: {
                  ...one.strategy,
                  evaluate: ({ now }) => {
                    calls.push(now.mono);
                    throw new RangeError('the sum of nothing');
                  },
                },
              }
            : one,
        ),
    },
    async ({ until, book, world }) => {
      await until('2026-03-02 15:40', 60);
      expect(book.orders('base')[0]).toMatchObject({ purpose: 'O', state: 'filled' });
      expect(book.decisions('dip').map((d) => d.code)).toContain('STRATEGY_FAILED');
      await until('2026-03-03 11:00', 60);
      expect(book.orders('dip')).toEqual([]);
      expect(calls).toHaveLength(5);
      const pauses = calls.slice(1).map((at, i) => (at - (calls[i] ?? 0)) / 1_000);
      for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(30 * 2 ** i);
      expect(book.noted().get('strategy.failed')).toBe(5);
      expect(world.beliefs()?.halts).toMatchObject([{ scope: { kind: 'strategy', id: 'dip' } }]);
      expect(await ask(world, { verb: 'resume', scope: scope('strategy:dip') })).toMatchObject(done);
    },
  );
}, 60_000);

it('a stop that is asked for drains in its time and ends flat; asked for twice it is refused', async () => {
  const world = createWorld({ swarm: afternoon() });
  try {
    world.boot();
    expect(await world.until(() => world.beliefs()?.ready() === true, 30_000)).toBe(true);
    await world.run(20_000);
    expect(await ask(world, { verb: 'reconcile' }, 'operator')).toMatchObject({
      outcome: { result: 'done', answer: { agree: true, differences: [] } },
    });
    expect(await ask(world, { verb: 'stop', policy: 'flatten' }, 'viewer')).toMatchObject({ outcome: { code: 'ROLE' } });
    expect(world.beliefs()?.shutdownPhase()).toBeNull();
    expect(await ask(world, { verb: 'stop', policy: 'flatten' }, 'operator')).toMatchObject(done);
    expect(await ask(world, { verb: 'stop', policy: 'leave' }, 'operator')).toMatchObject({ outcome: { code: 'STOPPING' } });
    expect(await world.until(() => world.stopped() !== null, 61_000)).toBe(true);
    expect(checkExit(world.stopped()?.exitCode ?? -1, world.broker(), world.ledger())).toEqual([]);
    expect(verdict(world)).toEqual([]);
  } finally {
    world.close();
  }
}, 60_000);
