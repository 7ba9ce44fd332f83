// S-25: orders meet the exchange's book at other prices than the mid, and the ledger's report says what that cost, to the cent, with its
// sign: for a buy, a sale, a package sold and the package bought back.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { executionCsv, executionText } from '../../src/cli/report/execution-print.ts';
import type { Close, Decision, Open } from '../../src/domain/decision.ts';
import { strategyId, symbol } from '../../src/domain/ids.ts';
import { instrumentOf } from '../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../src/domain/legs.ts';
import { price, qty, usd } from '../../src/domain/money.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { type ExecutionReport, executionReport } from '../../src/execution/execution-report.ts';
import { readPlacedOrders } from '../../src/store/placed-orders.ts';
import { openReader } from '../../src/store/reader.ts';
import { type Context, defineStrategy, noNeeds } from '../../src/strategies/strategy.ts';
import { flat, way } from './script/closes.ts';
import { occ } from './script/options.ts';
import { scriptedMarket } from './scripted-market.ts';
import { scenario } from './strategies/scenario.ts';

const DAY = '2026-03-02';
const EXPIRY = '2026-03-20';
const [SHORT, LONG] = [occ('SPY', EXPIRY, 'put', 500), occ('SPY', EXPIRY, 'put', 495)];

/** AMD 100.00 to 100.02 with fifteen at the offer; puts at 3.00 to 3.10 and 2.00 to 2.08, an hour later at 2.50 to 2.60 and 1.70 to 1.78. */
const market = scriptedMarket({
  id: 'execution',
  from: DAY,
  to: '2026-03-03',
  names: [
    {
      symbol: 'AMD',
      history: flat(30, 100),
      volume: 40_000_000,
      days: { [DAY]: [['09:30', 100.01]] },
      wiggle: 0,
      shown: [
        [`${DAY} 10:00`, 5_000, 15],
        [`${DAY} 10:01`, 5_000, 5_000],
      ],
    },
    {
      symbol: 'SPY',
      fund: true,
      history: way(30, 500, 505),
      volume: 70_000_000,
      days: { [DAY]: [['09:30', 505]] },
      wiggle: 0,
      options: {
        expiries: [EXPIRY],
        strikes: { from: 480, to: 520, step: 5 },
        iv: [[DAY, { level: 0.18 }]],
        // biome-ignore format: a story
        pinned: {
          [SHORT]: [[`${DAY} 09:40`, 3, 3.1], [`${DAY} 11:20`, 2.5, 2.6]],
          [LONG]: [[`${DAY} 09:40`, 2, 2.08], [`${DAY} 11:20`, 1.7, 1.78]],
        },
      },
    },
  ],
});

const micros = (dollars: number) => price(Math.round(dollars * 1e6));
const shares = (side: 'buy' | 'sell'): Legs => legs(leg(instrumentOf(symbol('AMD')), side, side === 'buy' ? 'open' : 'close'));
const puts = (short: 'buy' | 'sell', effect: 'open' | 'close'): Legs =>
  legs(leg(instrumentOf(symbol(SHORT)), short, effect), leg(instrumentOf(symbol(LONG)), short === 'sell' ? 'buy' : 'sell', effect));
const common = { code: 'ENTRY', why: 'as written', gates: [{ name: 'written', threshold: null, observed: null, pass: true }] } as const;
const opening = (subject: string, package_: Legs, units: number, limit: number, maxLoss: number): Open => ({
  ...common,
  kind: 'open',
  subject: symbol(subject),
  key: subject,
  legs: package_,
  qty: qty(units),
  prices: { rungs: [micros(limit)], stepMs: 10 * MINUTE },
  maxLoss: usd(maxLoss * 1e6),
});
const closing = (subject: string, package_: Legs, units: number, limit: number): Close => ({
  ...common,
  code: 'TARGET',
  kind: 'close',
  subject: symbol(subject),
  key: `${subject} out`,
  legs: package_,
  qty: qty(units),
  prices: { rungs: [micros(limit)], stepMs: 10 * MINUTE },
});

/** Says at each slot what is written here: twenty-five shares in and out, two spreads in and out, each at a limit that takes the market. */
const written: Readonly<Record<string, readonly Decision[]>> = {
  'shares in': [opening('AMD', shares('buy'), 25, 100.06, 2_501.5)],
  'spread in': [opening('SPY', puts('sell', 'open'), 2, -0.9, 820)],
  'shares out': [closing('AMD', shares('sell'), 25, -99.95)],
  'spread out': [closing('SPY', puts('buy', 'close'), 2, 0.92)],
};
const told = (ctx: Context<unknown>): readonly Decision[] => written[ctx.slot] ?? [];
const at = (minutes: number) => [{ from: 'open', minutes } as const];
const script = defineStrategy({
  id: 'swing',
  title: 'Written',
  version: 1,
  optionsLevel: 3,
  params: z.strictObject({}),
  schedule: () => [
    { name: 'shares in', phase: 'entry', at: at(30) },
    { name: 'spread in', phase: 'entry', at: at(60) },
    { name: 'shares out', phase: 'manage', at: at(90) },
    { name: 'spread out', phase: 'manage', at: at(120) },
  ],
  watches: () => ({ ...noNeeds, quotes: [symbol('AMD'), symbol('SPY')] }),
  chains: () => [{ underlying: symbol('SPY'), dteFrom: 0, dteTo: 30 }],
  evaluate: told,
  manage: told,
  exits: () => [],
  protection: () => ({ kind: 'waiver', why: 'the story sells them itself' }),
});

function check(report: ExecutionReport): void {
  const rows = report.executions.map((e) => [
    e.units,
    e.price / 1e6,
    (e.arrivalMid ?? 0) / 1e6,
    (e.slippage ?? Number.NaN) / 1e6,
    e.spreadPaid,
  ]);
  expect(rows).toEqual([
    // Fifteen at the offer, a cent above the mid of 100.01; then the price has been shown up, and the rest waits for its limit.
    [15, 100.02, 100.01, -0.15, expect.closeTo(1, 9)],
    [10, 100.06, 100.01, -0.5, expect.closeTo(5, 9)],
    // Mids of 3.05 and 2.04 are a credit of 1.01; the market gives 3.00 less 2.08.
    [2, -0.92, -1.01, -18, expect.closeTo(1, 9)],
    [25, -100, -100.01, -0.25, expect.closeTo(1, 9)],
    // 2.55 and 1.74: 0.81 at the mids, 2.60 less 1.70 to take the market.
    [2, 0.9, 0.81, -18, expect.closeTo(1, 9)],
  ]);
  expect(report.executions.map((e) => e.slippageBps)).toEqual(
    [-0.01 / 100.01, -0.05 / 100.01, -0.09 / 1.01, -0.01 / 100.01, -0.09 / 0.81].map((part) => expect.closeTo(10_000 * part, 6) as number),
  );
  expect(report.all).toMatchObject({ executions: 5, unpriced: 0, refused: 0 });
  expect(report.all.slippage / 1e6).toBeCloseTo(-36.9, 9);
  // The wire takes one to three milliseconds a way, and what is told waits for the exchange's next look.
  for (const delay of [report.all.submitToAckMs, report.all.ackToFillMs]) expect(delay?.max).toBeGreaterThan(0);
  expect(report.all.submitToAckMs?.max).toBeLessThan(500);
  expect(report.executions.every((e) => e.decideToSubmitMs !== null && e.decideToSubmitMs >= 0)).toBe(true);
}

/** No wire is as fast as that: the daemon must say so, once. */
const settings = { execution: { window_orders: 10, window_orders_min: 2, ack_p95_max: '1ms' } };

it('slippage is what the exchange filled beside the mid, for buys, sales and packages', async () => {
  const cast = (configured: Parameters<NonNullable<Parameters<typeof scenario>[0]['cast']>>[0]) =>
    configured.map((one) => (one.strategy.id === 'swing' ? { ...one, strategy: { ...script, id: strategyId('swing') }, params: {} } : one));
  await scenario(
    { market, strategies: { swing: {} }, cast, start: `${DAY} 09:45`, speed: 60, settings },
    async ({ until, world, book }) => {
      for (const [eve, end] of [
        ['09:58', '10:03'],
        ['10:28', '10:33'],
        ['10:58', '11:03'],
        ['11:28', '11:33'],
      ] as const) {
        await until(`${DAY} ${eve}`, 600);
        await until(`${DAY} ${end}`, 10);
      }
      expect(book.held('swing')).toEqual({});
      expect(book.noted().get('execution.slow')).toBe(1);
      expect(book.noted().get('execution.rejects')).toBeUndefined();
      const opened = openReader(world.ledgerFile);
      if (!opened.ok) throw new Error(opened.fault.message);
      const report = executionReport(readPlacedOrders(opened.reader));
      opened.reader.close();
      check(report);
      expect(
        executionText(report)
          .split('\n')
          .filter((line) => line.length > 100),
      ).toEqual([]);
      expect(executionCsv(report).split('\n')).toHaveLength(6);
    },
  );
}, 60_000);
