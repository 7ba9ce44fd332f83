// Exit rules are rows: armed with the first execution, the same after a kill, and each fires once on the price path that is written for it.
import { describe, expect, it } from 'vitest';
import { exitKinds } from '../../src/domain/exit-rule.ts';
import { flat, way } from './script/closes.ts';
import { occ, weeklies } from './script/options.ts';
import { scriptedMarket } from './scripted-market.ts';
import type { ExitFact } from './strategies/book.ts';
import { type ScenarioOptions, type Story, scenario } from './strategies/scenario.ts';

const DAY = '2026-03-02';
const WEEKLY = occ('AMD', '2026-03-06', 'call', 250);
const TICKET = occ('SPY', DAY, 'call', 606);
type Path = readonly (readonly [time: string, price: number])[];

/** AMD falls from 250 to 244, turns, and is bought at 248.20 on its volume; what comes after ten past eleven is the case's. */
const turning = (path: Path) =>
  scriptedMarket({
    id: 'exit-rules',
    from: DAY,
    to: '2026-03-03',
    names: [
      {
        symbol: 'AMD',
        history: way(260, 240, 250, 0.1),
        volume: 40_000_000,
        surges: [[`${DAY} 10:45`, `${DAY} 11:00`, 3.5]],
        days: { [DAY]: [['09:30', 250], ['10:10', 244], ['11:00', 248.2], ['11:10', 248.2], ...path] },
        options: {
          expiries: weeklies('2026-03-06', 4),
          strikes: { from: 220, to: 280, step: 2.5 },
          iv: [[DAY, { level: 0.34 }]],
          // biome-ignore format: a story
          pinned: { [WEEKLY]: [[`${DAY} 10:59`, 2.78, 2.9], [`${DAY} 11:00:40`, 2.74, 2.84], [`${DAY} 11:05`, 'model']] },
        },
      },
    ],
  });

/** SPY stands at 600 by eleven on three times its volume, and a call of the day is bought; what comes then is the case's. */
const surging = (path: Path) =>
  scriptedMarket({
    id: 'exit-rules-trail',
    from: DAY,
    to: '2026-03-03',
    names: [
      {
        symbol: 'SPY',
        fund: true,
        dividendYield: 0.011,
        history: way(260, 560, 596, 0.35),
        volume: 80_000_000,
        surges: [[`${DAY} 10:45`, `${DAY} 11:00`, 3]],
        days: { [DAY]: [['09:30', 595.5], ['11:00', 600], ['11:15', 600], ...path] },
        options: {
          expiries: [DAY, '2026-03-03'],
          strikes: { from: 560, to: 640, step: 1 },
          clock: 'session',
          iv: [[DAY, { level: 0.161 }]],
          volume: 50_000,
          // biome-ignore format: a story
          pinned: { [TICKET]: [[`${DAY} 10:58`, 0.35, 0.37], [`${DAY} 11:01:08`, 0.34, 0.36], [`${DAY} 11:05`, 'model']] },
        },
      },
    ],
  });

/** A fund that falls by a third. */
const collapsing = scriptedMarket({
  id: 'exit-rules-resting',
  from: DAY,
  to: '2026-03-03',
  names: [
    {
      symbol: 'SPY',
      fund: true,
      history: flat(30, 500),
      volume: 70_000_000,
      days: {
        [DAY]: [['09:30', 500]],
        '2026-03-03': [
          ['09:30', 500],
          ['10:00', 500],
          ['11:30', 400],
        ],
      },
      wiggle: 0,
    },
  ],
});

interface Case {
  readonly strategy: string;
  readonly options: Pick<ScenarioOptions, 'market' | 'strategies' | 'start'>;
  readonly bought: string;
  /** Reasons that must fire, in order, once each; no other may. */
  readonly codes: readonly string[];
  readonly kind: (typeof exitKinds)[number];
  readonly by: string;
}

const weekly = (path: Path, settings: object, codes: readonly string[], kind: Case['kind'], by: string): Case => ({
  strategy: 'mwk',
  options: {
    market: turning(path),
    strategies: { mwk: { universe: ['AMD'], time_stop_minutes: 300, ...settings } },
    start: `${DAY} 09:50`,
  },
  bought: `${DAY} 11:04`,
  codes,
  kind,
  by,
});

const cases: readonly Case[] = [
  weekly(
    [
      ['11:40', 245.4],
      ['16:00', 245.4],
    ],
    {},
    ['STOP'],
    'stop',
    `${DAY} 11:50`,
  ),
  weekly(
    [
      ['11:12', 252],
      ['16:00', 252],
    ],
    {},
    ['SCALE_OUT', 'TARGET'],
    'target',
    `${DAY} 11:30`,
  ),
  weekly([['16:00', 248.2]], { time_stop_minutes: 30 }, ['TIME_STOP'], 'time', `${DAY} 11:45`),
  weekly([['16:00', 248.2]], { stop_frac_loss: 0.9 }, ['FLAT_TIME'], 'time', `${DAY} 15:55`),
  weekly(
    [
      ['11:11', 243],
      ['16:00', 243],
    ],
    { stop_frac_loss: 0.95 },
    ['INVALIDATION'],
    'event',
    `${DAY} 11:30`,
  ),
  {
    strategy: 'lotto',
    options: {
      market: surging([
        ['11:45', 604.8],
        ['12:10', 602.8],
        ['16:00', 602.8],
      ]),
      strategies: { lotto: { universe: ['SPY'], catalyst_universe: [], earnings_universe: [] } },
      start: `${DAY} 09:50`,
    },
    bought: `${DAY} 11:04`,
    codes: ['SCALE_OUT', 'TRAIL'],
    kind: 'trail',
    by: `${DAY} 12:40`,
  },
];

const armed = (rules: readonly ExitFact[]): readonly ExitFact[] => rules.filter((rule) => rule.disarmed === null);

/** Buys, is killed, starts again: the rules must stand as they stood, since when they stood. */
async function survivesTheKill({ until, book, world }: Story, { strategy, bought }: Case): Promise<readonly ExitFact[]> {
  await until(`${DAY} 10:59`, 60);
  await until(bought, 5);
  const [trade] = book.trades(strategy);
  expect(trade).toMatchObject({ closed: null });
  const before = book.exits(strategy);
  expect(armed(before).length).toBeGreaterThan(2);
  expect(before.every((rule) => rule.trade === trade?.id && rule.fired === 0)).toBe(true);
  world.crash(2_000);
  expect(world.beliefs()).toBeNull();
  expect(await world.until(() => world.beliefs()?.ready() === true, 30_000)).toBe(true);
  expect(book.exits(strategy)).toEqual(before);
  return before;
}

describe('exit rules (S-43)', () => {
  it.each(cases.map((c) => [c.codes.join(', then '), c] as const))(
    '%s: armed over a kill and a restart, fires once on its path, and ends with its trade',
    async (_name, c) => {
      await scenario({ ...c.options, speed: 60 }, async (story) => {
        const before = await survivesTheKill(story, c);
        const { book, until } = story;
        for (const code of c.codes.slice(0, 1)) expect(armed(before).map((rule) => rule.code)).toContain(code);
        await until(c.by, 30);
        const after = book.exits(c.strategy);
        expect(after.filter((rule) => rule.fired > 0).map(({ code, fired }) => [code, fired])).toEqual(
          [...c.codes].sort().map((code) => [code, 1]),
        );
        expect(after.find((rule) => rule.code === c.codes.at(-1))?.kind).toBe(c.kind);
        expect(armed(after)).toEqual([]);
        expect([...new Set(book.closures(c.strategy).map(({ code }) => code))]).toEqual(c.codes);
        expect(book.trades(c.strategy)).toMatchObject([{ held: {}, exit: c.codes.at(-1) }]);
      });
    },
    120_000,
  );

  it('PROTECT: a stop that rests at the broker is a rule with its order, and fills while no daemon runs', async () => {
    const strategies = { base: { benchmarks: ['SPY'], target_weight: 0.2 } };
    await scenario({ market: collapsing, strategies, start: `${DAY} 15:18`, speed: 30 }, async ({ book, until, world }) => {
      await until(`${DAY} 15:24`);
      const [rule] = book.exits('base').filter(({ code }) => code === 'PROTECT');
      expect(rule).toMatchObject({
        kind: 'stop',
        resting: true,
        fired: 0,
        when: ['price at the exchange at or below 425 dollars a share'],
      });
      await until('2026-03-03 09:45', 600);
      world.crash();
      await until('2026-03-03 11:20', 60); // it falls through the stop between two processes
      expect(book.exits('base').find(({ code }) => code === 'PROTECT')).toMatchObject({ armed: rule?.armed, fired: 0, disarmed: null });
      world.boot();
      await until('2026-03-03 11:45', 60);
      expect(book.exits('base').find(({ code }) => code === 'PROTECT')).toMatchObject({ armed: rule?.armed, fired: 1 });
      expect(book.trades('base')).toMatchObject([{ held: {}, exit: 'PROTECT' }]);
      expect(armed(book.exits('base'))).toEqual([]);
    });
  }, 120_000);

  it('has a path for every kind of rule', () => {
    expect([...new Set(cases.map(({ kind }) => kind))].sort()).toEqual([...exitKinds].sort());
  });
});
