// A scenario: a strategy lives through a written story on the real daemon, SDK, exchange and ledger file, in virtual time.
//
// How to write one, in test/sim/strategies/<id>.test.ts:
//
// 1. Write the market (`scriptedMarket`, ../scripted-market.ts): the closes before the story (`way`, `flat`, or numbers), the anchors of
//    its days, surges of volume, the options' volatility and when it steps, and where a quote must be exact or thin: `pinned`, `shown`.
// 2. Name the strategy and only what its story needs changed of its configuration. The others are switched off; the index baseline keeps
//    its ledger all the same. Start some minutes of exchange time before the first thing of interest.
// 3. In steps: `until` an instant, then assert what `book` says of that stage. The book is the file on disk, in dollars and New York time:
//    decisions with gates, verdict and checks; orders with rung and limit; fills; lots, closures and trades; ledger rows; cash.
// 4. The end is checked without a word from you: every rule of docs/determinism.md, cash to the cent, and a stop that must end flat.
//
// Speed: a wall second costs about 25 ms of processor, whatever the speed, and a night two of them. The daemon beats once a wall second,
// so a slot is met up to `speed` seconds late, and a rung of ten seconds wants `until(when, 10)`; a rule that looks every 5 s wants 5.
// Sail through the rest at 600, or at 2,000 where nothing happens. What is due at 16:15 is met for certain up to 120. Ledger and broker
// are squared every 20 wall seconds, at 2,000 eleven hours: what came over night is on disk that much after the night, at the latest.
//
// Fills: an execution takes what the touch shows, no more, and what was taken shows again when price or size change, or after a minute.
// What is left of an order waits, and fills at its own limit. `story.world` is the laboratory itself: it can crash and cut.
import { expect } from 'vitest';
import type { Table } from '../../../src/config/tree.ts';
import type { LogOptions } from '../../../src/daemon/log.ts';
import type { ExchangeMarket } from '../../../src/exchange/market.ts';
import { checkHoldings, type Violation } from '../../../src/lab/checkers.ts';
import { comeToRest, stop, verdict } from '../../../src/lab/judge.ts';
import { type SwarmOptions, untroubled } from '../../../src/lab/swarm.ts';
import { createWorld, type World } from '../../../src/lab/world.ts';
import { strategies as registry } from '../../../src/strategies/registry.ts';
import { at, ny, type When } from '../script/clock.ts';
import { RATE } from '../script/options.ts';
import { type Book, readBook } from './book.ts';

export interface ScenarioOptions {
  readonly market: ExchangeMarket;
  /** Those that may open, each with what differs from the shipped configuration, in the files' spelling. All others are switched off. */
  readonly strategies: Readonly<Record<string, Table>>;
  /** Other sections of the configuration, e.g. `{ risk: { contracts_max: 5 } }`. */
  readonly settings?: Table;
  /** When the daemon is started; some minutes before the first thing of interest. */
  readonly start: When;
  /** Dollars; 100,000 when not said. */
  readonly cash?: number;
  /** Exchange milliseconds per wall millisecond until the story says otherwise; 60 when not said. */
  readonly speed?: number;
  /** True: short puts with no time value left are assigned the night they get there, calls on the eve of an ex-day. False: never early. */
  readonly earlyAssignment?: boolean;
  readonly seed?: number;
  /** Halts that the story itself calls for, by their reason: no false alarms. */
  readonly calledFor?: RegExp;
  /** In place of the configured strategies, for a story about one that fails. */
  readonly cast?: NonNullable<Parameters<typeof createWorld>[0]['stage']>['cast'];
  /** Where the daemon's log goes, for finding out what happened. */
  readonly logTo?: LogOptions['destination'];
}

export interface Story {
  readonly book: Book;
  readonly world: World;
  now(): When;
  /** Lets the story run on to an instant, at a speed that stays until the next one is named. */
  until(when: When, speed?: number): Promise<void>;
  /** Lets it run until something holds, looking after each turn. @throws Error when it does not by an instant */
  seen(what: string, holds: () => boolean, by: When): Promise<void>;
}

const READY_MS = 30_000;
const LOOK_MS = 500;
/** A cent is what cash is told in; half of one is more than any rounding on the wire. */
const HALF_CENT = 0.005;

const swarmOf = ({ seed = 1, speed = 60 }: ScenarioOptions): SwarmOptions => ({
  seed,
  speed,
  days: 1,
  startSession: 0,
  startMinutes: 0,
  ends: 'afternoon',
  wheel: { universe: [] },
  also: [],
  universes: {},
  listing: 'full',
  ...untroubled,
});

function settingsOf({ strategies, settings = {} }: ScenarioOptions): Table {
  const known = registry.map((strategy) => strategy.id as string);
  for (const id of Object.keys(strategies)) if (!known.includes(id)) throw new Error(`there is no strategy '${id}': ${known.join(', ')}`);
  const sections = registry.map(({ id }) => [id, { enabled: strategies[id] !== undefined, ...strategies[id] }] as const);
  const data = settings['data'] as Table | undefined;
  return { ...settings, data: { risk_free_rate: RATE, ...data }, strategies: Object.fromEntries(sections) };
}

const open = (options: ScenarioOptions): World =>
  createWorld({
    swarm: swarmOf(options),
    logTo: options.logTo ?? null,
    stage: {
      market: options.market,
      start: at(options.start),
      ...(options.cast === undefined ? {} : { cast: options.cast }),
      settings: settingsOf(options),
      house: {
        startingCash: Math.round((options.cash ?? 100_000) * 1_000_000),
        partialFills: false,
        displayedSizes: true,
        assignment: { earlyPerNight: { numerator: options.earlyAssignment === true ? 1 : 0, denominator: 1 } },
      },
    },
  });

function faultless({ faults }: World): void {
  if (faults.length > 0) throw new Error(faults.map(({ rule, where, what }) => `${rule} ${where}: ${what}`).join('\n'));
}

function storyOf(world: World, book: Book): Story {
  const { clock } = world.exchange;
  /** True when the instant came, false when the test held before. */
  const run = async (target: number, holds: () => boolean): Promise<boolean> => {
    for (let now = clock.now(); now < target; now = clock.now()) {
      // Nights pass faster than the speed says: looked at again and again, so that the end is met to the millisecond.
      const wall = Math.min(LOOK_MS, Math.max(1, Math.ceil((target - now) / clock.speed)));
      if ((await world.until(() => world.faults.length > 0 || holds() || clock.now() >= target, wall)) && holds()) return false;
      faultless(world);
    }
    return true;
  };
  return {
    book,
    world,
    now: () => ny(clock.now()),
    until: async (when, speed) => {
      if (speed !== undefined && speed !== clock.speed) clock.setSpeed(speed);
      await run(at(when), () => false);
    },
    seen: async (what, holds, by) => {
      let turns = -1;
      let held = false;
      const looked = (): boolean => {
        if (world.counts.turns !== turns) held = holds();
        turns = world.counts.turns;
        return held;
      };
      if (await run(at(by), looked)) throw new Error(`not by ${by}: ${what}`);
    },
  };
}

/** What differs in cash, which the ledger must have to the cent. */
function checkCash(world: World, book: Book): readonly Violation[] {
  const [there, here] = [world.broker().cash / 1_000_000, book.cash()];
  if (Math.abs(there - here) < HALF_CENT) return [];
  return [{ rule: 'I3', where: 'cash', what: `${String(there)} at the broker, ${String(here)} in the ledger` }];
}

/**
 * Tells a story and holds the run to every invariant at its end: ledger and exchange agree, to the cent; then it is stopped as SIGTERM
 * would, must end flat with 0, and every checker must find nothing.
 */
export async function scenario(options: ScenarioOptions, tell: (story: Story) => Promise<void>): Promise<void> {
  const world = open(options);
  let book: Book | null = null;
  try {
    world.boot();
    if (!(await world.until(() => world.beliefs()?.ready() === true, READY_MS))) {
      faultless(world);
      throw new Error(`not ready: ${[...(world.beliefs()?.modes ?? ['not booted'])].join(', ')}`);
    }
    book = readBook(world.ledgerFile);
    await tell(storyOf(world, book));
    const atRest = [...(await comeToRest(world)), ...checkHoldings(world.broker(), world.ledger()), ...checkCash(world, book)];
    expect(atRest, 'at rest').toEqual([]);
    expect(await stop(world), 'after the stop').toEqual([]);
    expect(checkCash(world, book), 'after the stop').toEqual([]);
    const calledFor = ({ rule, what }: Violation): boolean => rule === 'alarm' && options.calledFor?.test(what) === true;
    expect(
      verdict(world).filter((violation) => !calledFor(violation)),
      'over the whole run',
    ).toEqual([]);
  } finally {
    book?.close();
    world.close();
  }
}
