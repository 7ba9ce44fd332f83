// A book as a person states it, to judge orders against without a daemon: `wsb risk check --book FILE`. docs/risk.md has every field.
import { z } from 'zod';
import { type Owner, strategyId, symbol } from '../domain/ids.ts';
import { instrumentOf, parseOcc } from '../domain/instrument.ts';
import { netQty, price, type Usd, usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import { epochMs, tradingDay } from '../domain/time.ts';
import type { StatedQuote, SupposedBook } from '../risk/supposed-book.ts';
import { decimal, symbolText } from './order-file.ts';
import { count, day, duration, strategy, ticker } from './units.ts';

/** Above it amounts could not be counted exactly any more. */
const AMOUNT_MAX = 1_000_000_000_000_000;
const amount = () => decimal(-AMOUNT_MAX, AMOUNT_MAX, 'an amount of dollars').transform((micros): Usd => usd(micros));
const side = () => decimal(0, 1_000_000_000_000, 'a price').transform((micros) => price(micros));

const UNITS_MAX = 1_000_000;
const POSITIONS_MAX = 1_000;

const option = () => symbolText().refine((text) => parseOcc(text) !== undefined, 'not an option: an OCC symbol such as SPY260417P00480000');

const owner = () =>
  z.union([z.literal('EXTERNAL'), strategy()], { error: 'not an owner: one of the strategies, or EXTERNAL' }).transform((of): Owner => of);

const position = z
  .strictObject({
    owner: owner(),
    symbol: symbolText(),
    qty: z
      .int()
      .min(-UNITS_MAX)
      .max(UNITS_MAX)
      .refine((n) => n !== 0, 'must not be zero'),
    cash: amount(),
    opened: day(),
  })
  .transform(
    (stated): Position => ({
      owner: stated.owner,
      instrument: instrumentOf(symbol(stated.symbol)),
      qty: netQty(stated.qty),
      cost: stated.cash,
      openedDay: tradingDay(stated.opened),
    }),
  );

const quote = z
  .strictObject({ bid: side(), ask: side(), age: duration(0, 86_400_000).default(0) })
  .transform(({ bid, ask, age }): StatedQuote => ({ bid, ask, ageMs: age }));

const AT = 'not an instant: write it with its offset, e.g. "2026-03-10T12:00:00-04:00"';
const instant = () =>
  z.iso
    .datetime({ offset: true, error: AT })
    .refine((text) => text >= '2000-01-02' && text < '2035', 'out of range: from 2000 to 2034')
    .transform((text) => epochMs(Date.parse(text)));

/** A change as a fraction: -0.035 is a loss of 3.5 %. */
const change = () => z.number().min(-1, 'a loss is a fraction below zero: -0.035 is 3.5 %').max(100);

const report = z
  .strictObject({ symbol: ticker(), day: day(), time: z.enum(['BMO', 'AMC', 'DMH', 'UNKNOWN']) })
  .transform((r) => ({ symbol: symbol(r.symbol), day: tradingDay(r.day), time: r.time, sources: ['the book'], confirmed: true }));

const fields = z.strictObject({
  at: instant(),
  equity: amount().refine((micros) => micros > 0, 'must be above zero'),
  cash: amount(),
  settled_cash: amount().optional(),
  buying_power: amount().optional(),
  options_level: count(0, 3).optional(),
  day_trades: count(0, 1_000).optional(),
  positions: z.array(position).max(POSITIONS_MAX).default([]),
  quotes: z.record(symbolText(), quote).default({}),
  volatilities: z.record(option(), z.number().gt(0).max(20, 'out of range: a fraction a year, e.g. 0.35 for 35 %')).default({}),
  betas: z.record(ticker(), z.number().min(-20).max(20)).default({}),
  sectors: z.record(ticker(), z.string().min(1).max(60)).default({}),
  rate: z.number().min(-0.1).max(1).optional(),
  dividend_yields: z.record(ticker(), z.number().min(0).max(1)).optional(),
  penny_program: z.array(ticker()).default([]),
  losses: z
    .strictObject({ day: change().optional(), week: change().optional(), month: change().optional(), drawdown: change().max(0).optional() })
    .default({}),
  vix: z.number().gt(0).max(1_000).optional(),
  vix_rise: change().optional(),
  results_today: z.record(strategy(), amount()).default({}),
  reports: z.array(report).optional(),
  halts: z.array(z.string().min(1).max(200)).default([]),
});

/** What the configuration says where the book does not. */
export interface BookDefaults {
  readonly sectors: ReadonlyMap<string, string>;
  readonly rate: number;
  readonly dividendYields: ReadonlyMap<string, number>;
}

const mapped = <T>(table: Readonly<Record<string, T>>) => new Map(Object.entries(table).map(([of, value]) => [symbol(of), value]));

/** Cash behind all strikes must be countable in micros. */
function countable(positions: readonly Position[]): boolean {
  const strikes = positions.reduce(
    (n, { instrument, qty }) => n + (instrument.kind === 'option' ? instrument.strike * 100 * Math.abs(qty) : 0),
    0,
  );
  const paid = positions.reduce((n, { cost }) => n + Math.abs(cost), 0);
  return Number.isSafeInteger(strikes) && Number.isSafeInteger(paid);
}

function repeated(positions: readonly Position[]): number {
  const keys = positions.map(({ owner: of, instrument }) => `${of}|${instrument.symbol}`);
  return keys.findIndex((key, i) => keys.indexOf(key) < i);
}

/** The schema of a book file. */
export const bookSchema = (defaults: BookDefaults) =>
  fields.transform((stated, context): SupposedBook => {
    const { positions } = stated;
    const again = repeated(positions);
    if (again >= 0)
      context.addIssue({ code: 'custom', path: ['positions', again], message: 'its owner holds this symbol in an earlier row' });
    if (!countable(positions))
      context.addIssue({
        code: 'custom',
        path: ['positions'],
        message: 'too large: their strikes or their cash cannot be counted in micros',
      });
    const { losses } = stated;
    return {
      at: stated.at,
      equity: stated.equity,
      cash: stated.cash,
      settled: stated.settled_cash ?? null,
      buyingPower: stated.buying_power ?? null,
      optionsLevel: stated.options_level ?? null,
      dayTrades: stated.day_trades ?? null,
      positions,
      quotes: mapped(stated.quotes),
      volatilities: mapped(stated.volatilities),
      betas: mapped(stated.betas),
      sectors: new Map([...defaults.sectors, ...Object.entries(stated.sectors)]),
      rate: stated.rate ?? defaults.rate,
      dividendYields: stated.dividend_yields === undefined ? defaults.dividendYields : new Map(Object.entries(stated.dividend_yields)),
      pennies: new Set(stated.penny_program.map(symbol)),
      losses: { day: losses.day ?? null, week: losses.week ?? null, month: losses.month ?? null, drawdown: losses.drawdown ?? null },
      vix: stated.vix ?? null,
      vixRise: stated.vix_rise ?? null,
      results: new Map(Object.entries(stated.results_today).map(([id, won]) => [strategyId(id), won])),
      reports: stated.reports ?? null,
      halts: stated.halts,
    };
  });
