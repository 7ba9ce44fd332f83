// Twenty-three sessions with every kind of activity the broker books: at the end of each, cash, positions, and profit and loss are the
// exchange's own, to the cent, and nothing had to be adjusted.
//
// The wheel trades F: puts, an assignment, calls, a split of F in between, shares called away. A person's holdings from before the first
// start do the rest: a call that is exercised, a put that expires, shares that pay dividends, shares that are merged with a fraction paid in cash.
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Table } from '../../src/config/tree.ts';
import { price } from '../../src/domain/money.ts';
import { epochMs, MINUTE, tradingDay } from '../../src/domain/time.ts';
import { publishedFees } from '../../src/exchange/core/fee-rates.ts';
import type { ExchangeMarket, ShareSplit } from '../../src/exchange/market.ts';
import { inNewShares, ratioBetween } from '../../src/exchange/splits.ts';
import type { XOrderRequest } from '../../src/exchange/types.ts';
import { ledgerLaws } from '../../src/execution/laws.ts';
import { comeToRest } from '../../src/lab/judge.ts';
import { labKey } from '../../src/lab/lab-exchange.ts';
import { untroubled } from '../../src/lab/swarm.ts';
import { createWorld, type World } from '../../src/lab/world.ts';
import { checkDatabase } from '../../src/store/check.ts';
import { compareRebuilt } from '../../src/store/rebuild.ts';
import { strategies as registry } from '../../src/strategies/registry.ts';
import { at, sessionsFrom, type When } from './script/clock.ts';
import { way } from './script/closes.ts';
import { occ, RATE, weeklies } from './script/options.ts';
import { scriptedMarket } from './scripted-market.ts';

/** Wall time in which the broker is read once, and again where it differed. */
const READ_MS = 22_000;

const [FIRST, LAST] = ['2026-03-02', '2026-04-01'];
const EXERCISED = occ('F', '2026-03-20', 'call', 45);
const LAPSED = occ('F', '2026-03-06', 'put', 45);
const splits: readonly ShareSplit[] = [
  { symbol: 'F', exDay: tradingDay('2026-03-11'), from: 1, to: 2 },
  { symbol: 'ABC', exDay: tradingDay('2026-03-18'), from: 10, to: 1 },
];

/** The script's market, with splits that its prices already know of: what was traded before is told in new shares afterwards. */
function market(): ExchangeMarket {
  const script = scriptedMarket({
    id: 'ledger',
    from: FIRST,
    to: LAST,
    names: [
      {
        symbol: 'F',
        history: way(260, 38, 50, 0.2),
        volume: 40_000_000,
        // biome-ignore format: a story
        days: {
          '2026-03-02': [['09:30', 50]],
          '2026-03-06': [['09:30', 50], ['12:00', 48.2], ['16:00', 48]],
          '2026-03-09': [['09:30', 48.5]],
          '2026-03-10': [['09:30', 49]],
          '2026-03-11': [['09:30', 24.5]],
          '2026-03-13': [['09:30', 24.5], ['16:00', 26]],
        },
        options: {
          expiries: weeklies('2026-03-06', 8),
          strikes: { from: 15, to: 65, step: 0.5 },
          iv: [['2026-03-02', { level: 0.5, slope: -0.1 }]],
          past: { low: 0.3, high: 0.6 },
        },
      },
      { symbol: 'ABC', history: way(30, 7, 7, 0.1), days: { '2026-03-02': [['09:30', 7]], '2026-03-18': [['09:30', 71]] } },
      {
        symbol: 'XYZ',
        history: way(30, 90, 90, 0.1),
        days: { '2026-03-02': [['09:30', 90]] },
        dividends: [{ ex: '2026-03-16', pay: '2026-03-26', amount: 0.37 }],
      },
    ],
  });
  const of = (symbol: string): readonly ShareSplit[] => splits.filter((split) => split.symbol === symbol);
  return {
    ...script,
    splits: (from, to) => splits.filter(({ exDay }) => exDay >= from && exDay <= to),
    dailyBars: (symbol, from, to, asOf, adjustment) => {
      const bars = script.dailyBars(symbol, from, to, asOf);
      const today = new Date(asOf).toISOString().slice(0, 10);
      if (adjustment === 'raw') return bars;
      return bars.map((bar) => inNewShares(bar, ratioBetween(of(symbol), bar.day, tradingDay(today))));
    },
  };
}

/** Sells what expires this week and keeps it to the end. */
const wheel: Table = {
  enabled: true,
  universe: ['F'],
  dte_min: 2,
  dte_target: 4,
  dte_max: 9,
  put_delta_target: 0.45,
  put_delta_max: 0.6,
  call_dte_min: 2,
  call_dte_target: 4,
  call_dte_max: 9,
  call_delta_target: 0.45,
  call_delta_max: 0.6,
  entry_cap_part: 1,
  manage_dte: 0,
  profit_take_part: 0.05,
  expiry_buy_back_max_usd: 0,
};

function newWorld(): World {
  const off = registry.map(({ id }) => [id, { enabled: false }] as const);
  return createWorld({
    logTo: null,
    swarm: {
      seed: 1,
      speed: 600,
      days: 1,
      startSession: 0,
      startMinutes: 0,
      ends: 'afternoon',
      wheel: { universe: [] },
      also: [],
      universes: {},
      listing: 'full',
      ...untroubled,
    },
    stage: {
      market: market(),
      start: at(`${FIRST} 09:40`),
      settings: { data: { risk_free_rate: RATE }, strategies: { ...Object.fromEntries(off), wheel } },
      house: {
        startingCash: 100_000_000_000,
        partialFills: false,
        displayedSizes: true,
        assignment: { earlyPerNight: { numerator: 0, denominator: 1 } },
        fees: { ...publishedFees, interest: { debit: 62_500, credit: 20_000 } },
      },
    },
  });
}

/** A person's purchase at the market, before the daemon is there. */
function buys(world: World, symbol: string, qty: number, limitPrice: number): void {
  const request: XOrderRequest = {
    clientOrderId: null,
    symbol,
    qty,
    notional: null,
    side: 'buy',
    type: 'limit',
    timeInForce: 'day',
    limitPrice: price(Math.round(limitPrice * 1e6)),
    stopPrice: null,
    trail: null,
    extendedHours: false,
    orderClass: 'simple',
    takeProfit: null,
    stopLoss: null,
    intent: null,
    legs: [],
  };
  const done = world.exchange.core.submit(labKey.account, request, world.exchange.clock.now());
  if (!done.ok) throw new Error(`${symbol}: ${JSON.stringify(done)}`);
}

async function runTo(world: World, when: When, speed: number): Promise<void> {
  const { clock } = world.exchange;
  if (clock.speed !== speed) clock.setSpeed(speed);
  const target = at(when);
  while (clock.now() < target) {
    const wall = Math.min(500, Math.max(1, Math.ceil((target - clock.now()) / clock.speed)));
    await world.until(() => world.faults.length > 0 || clock.now() >= target, wall);
    if (world.faults.length > 0) throw new Error(JSON.stringify(world.faults));
  }
}

interface Figures {
  readonly cash: number;
  readonly positions: Readonly<Record<string, number>>;
}
const cents = (micros: number): number => Math.round(micros / 10_000);
const listed = (map: ReadonlyMap<string, number>): Figures['positions'] =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
function theirs(world: World): Figures {
  const { cash, positions } = world.broker();
  return { cash: cents(cash), positions: listed(positions) };
}
function ours(world: World): Figures {
  const { cash, positions } = world.ledger();
  return { cash: cents(cash ?? Number.NaN), positions: listed(positions) };
}

/** Sums over the ledger's file: what was won or lost by closing, by income and charges, what was brought in, and what open lots cost. */
function sums(world: World): { readonly earned: number; readonly flows: number; readonly open: number } {
  const db = new Database(world.ledgerFile, { readonly: true });
  const one = (text: string): number => db.prepare<[], { n: number }>(`SELECT coalesce(sum(${text}`).get()?.n ?? 0;
  const earned =
    one('realized), 0) AS n FROM closures') + one(`cash), 0) AS n FROM ledger WHERE kind IN ('dividend', 'interest', 'fee', 'split')`);
  const found = { earned, flows: one(`cash), 0) AS n FROM ledger WHERE kind = 'transfer'`), open: one('cash_left), 0) AS n FROM lots') };
  db.close();
  return found;
}

const kindsBooked = (world: World): readonly string[] => {
  const db = new Database(world.ledgerFile, { readonly: true });
  const rows = db
    .prepare<[], { why: string }>(`SELECT DISTINCT why FROM ledger WHERE key LIKE 'act:%' AND kind <> 'opening' ORDER BY why`)
    .all();
  db.close();
  return rows.map((row) => row.why);
};

it('the ledger is the exchange’s own at the end of each of 23 sessions with every kind of activity', async () => {
  const world = newWorld();
  try {
    const { core, clock } = world.exchange;
    buys(world, 'ABC', 15, 7.5);
    buys(world, 'XYZ', 40, 91);
    buys(world, EXERCISED, 1, 9);
    buys(world, LAPSED, 1, 2);
    await runTo(world, `${FIRST} 09:45`, 60);
    expect(world.broker().positions.size).toBe(4);
    world.boot();
    expect(await world.until(() => world.beliefs()?.ready() === true, 30_000)).toBe(true);
    const worth = (): { readonly equity: number; readonly value: number } => {
      const { equity, cash } = core.account(labKey.account, core.at);
      return { equity, value: equity - cash };
    };
    const start = { ...worth(), ...sums(world) };
    for (const { day } of sessionsFrom(FIRST, LAST)) {
      await runTo(world, `${day} 16:10`, day === '2026-03-02' || day === '2026-03-09' ? 300 : 2_400);
      if (day === '2026-03-12') expect(core.transfer(labKey.account, 2_500_000_000, clock.now()).ok).toBe(true);
      if (day === '2026-03-19') expect(core.transfer(labKey.account, -1_234_560_000, clock.now()).ok).toBe(true);
      // Past the night: what the exchange settles after the close, and the rows it shows the next morning.
      await runTo(world, `${tradingDay(new Date(epochMs(at(`${day} 16:10`)) + 1_010 * MINUTE).toISOString().slice(0, 10))} 08:50`, 5_000);
      clock.setSpeed(30); // ledger and broker are squared every 20 seconds of wall time
      await world.run(READ_MS);
      await world.until(() => world.beliefs()?.ready() === true, READ_MS);
      expect([day, ours(world)]).toEqual([day, theirs(world)]);
      const now = { ...worth(), ...sums(world) };
      const booked = now.earned - start.earned + (now.value + now.open) - (start.value + start.open);
      expect([day, cents(booked)]).toEqual([day, cents(now.equity - start.equity - (now.flows - start.flows))]);
    }
    expect(await comeToRest(world)).toEqual([]);
    expect(kindsBooked(world)).toEqual(['CSD', 'CSW', 'DIV', 'FEE', 'INT', 'OPASN', 'OPCA', 'OPEXC', 'OPEXP', 'OPTRD', 'SPLIT']);
    expect(world.ledger().adjustments).toEqual([]);
    expect(checkDatabase(world.ledgerFile, ledgerLaws)).toEqual({ ok: true, violations: [] });
    expect(compareRebuilt(world.ledgerFile, ledgerLaws)).toMatchObject({ ok: true, differences: [] });
  } finally {
    world.close();
  }
}, 600_000);
