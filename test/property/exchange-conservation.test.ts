// Whatever is ordered on the exchange, its statement explains every dollar and every share, and no call is ever left naked.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOcc } from '../../src/domain/instrument.ts';
import { tradingDay } from '../../src/domain/time.ts';
import type { ExchangeCore, XActivity, XOrderRequest } from '../../src/exchange/types.ts';
import {
  at,
  bench,
  CALL105,
  CALL110,
  held,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  type Script,
  stop,
} from '../unit/exchange/core/scripted-market.ts';

const CASH = 100_000_000_000;
const open = at(MONDAY, 9, 30);
const end = at('2026-03-09', 12);
const options = [PUT90, PUT95, CALL105, CALL110];

/** A market that jumps every four hours: the share by the given dollars, options to intrinsic plus a constant. */
function jumpy(moves: readonly number[]): Script {
  const quotes: Record<string, (readonly [number, number, number])[]> = { ACME: [] };
  const closes: Record<string, number> = {};
  let share = 100;
  moves.forEach((move, i) => {
    share = Math.max(60, Math.min(140, share + move));
    const from = open + i * 3_600_000 * 4;
    quotes.ACME?.push([from, share - 0.01, share + 0.01]);
    for (const symbol of options) {
      const option = parseOcc(symbol);
      if (option === undefined) continue;
      const strike = option.strike / 1_000_000;
      const worth = Math.max(0, option.right === 'call' ? share - strike : strike - share);
      quotes[symbol] ??= [];
      quotes[symbol].push([from, worth + 0.02, worth + 0.2]);
    }
  });
  for (const day of ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06']) closes[`ACME ${day}`] = share;
  return {
    quotes,
    closes,
    dividends: [{ symbol: 'ACME', exDay: tradingDay('2026-03-04'), payDay: tradingDay('2026-03-04'), perShare: 310_000 }],
  };
}

const side = fc.constantFrom('buy' as const, 'sell' as const);
const qty = fc.integer({ min: 1, max: 3 });
const cents = (lo: number, hi: number): fc.Arbitrary<number> => fc.integer({ min: lo, max: hi }).map((n) => n / 20);
const timeInForce = fc.constantFrom('day' as const, 'gtc' as const);
const order: fc.Arbitrary<XOrderRequest> = fc.oneof(
  fc.tuple(side, fc.integer({ min: 1, max: 300 })).map(([s, n]) => market(s, 'ACME', n)),
  fc
    .tuple(side, fc.integer({ min: 1, max: 300 }), cents(1_600, 2_400), timeInForce)
    .map(([s, n, p, tif]) => limit(s, 'ACME', n, p, { timeInForce: tif })),
  fc.tuple(fc.integer({ min: 1, max: 300 }), cents(1_600, 1_990)).map(([n, p]) => stop('sell', 'ACME', n, p)),
  fc
    .tuple(side, fc.constantFrom(...options), qty, cents(1, 60), timeInForce)
    .map(([s, o, n, p, tif]) => limit(s, o, n, p, { timeInForce: tif })),
  fc
    .tuple(
      fc.constantFrom([`sto ${PUT95}`, `bto ${PUT90}`], [`sto ${CALL105}`, `bto ${CALL110}`], [`btc ${PUT95}`, `stc ${PUT90}`]),
      qty,
      cents(-60, 100),
    )
    .map(([legs, n, p]) => mleg(legs, n, p)),
);

const rowQty = (row: XActivity): number => (row.fill !== null && row.fill.side !== 'buy' ? -row.qty : row.type === 'DIV' ? 0 : row.qty);

function statement(core: ExchangeCore): readonly XActivity[] {
  const rows: XActivity[] = [];
  for (let pageToken: string | null = null; ; ) {
    const page = core.activities(
      'a',
      { types: null, after: null, until: null, day: null, direction: 'asc', pageSize: 37, pageToken },
      end * 2,
    );
    rows.push(...page);
    if (page.length < 37) return rows;
    pageToken = page.at(-1)?.id ?? null;
  }
}

function explains(core: ExchangeCore): void {
  const rows = statement(core);
  expect(core.account('a', core.at).cash).toBe(CASH + rows.reduce((sum, row) => sum + row.netAmount, 0));
  const counted: Record<string, number> = {};
  for (const row of rows) if (row.symbol !== null) counted[row.symbol] = (counted[row.symbol] ?? 0) + rowQty(row);
  for (const [symbol, n] of Object.entries(counted)) if (n === 0) delete counted[symbol];
  expect(held(core)).toEqual(counted);
}

function nothingNaked(core: ExchangeCore): void {
  const positions = held(core);
  const calls = [CALL105, CALL110].reduce((sum, symbol) => sum + (positions[symbol] ?? 0), 0);
  expect(calls * 100 + Math.max(0, positions.ACME ?? 0)).toBeGreaterThanOrEqual(0);
  for (const p of core.positions('a', core.at)) expect(p.available).toBeLessThanOrEqual(Math.abs(p.qty));
}

describe('the exchange', () => {
  it('explains cash and positions by its statement, row by row', () => {
    const scenario = fc.record({
      moves: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 45, maxLength: 45 }),
      acts: fc.array(fc.record({ order, wait: fc.integer({ min: 0, max: 7_200_000 }), cancel: fc.boolean() }), {
        minLength: 1,
        maxLength: 40,
      }),
      seed: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(scenario, ({ moves, acts, seed }) => {
        const { core, events } = bench(jumpy(moves), {
          seed,
          partialFills: true,
          start: open,
          assignment: { earlyPerNight: { numerator: 1, denominator: 2 } },
        });
        for (const act of acts) {
          const answer = core.submit('a', act.order, core.at + act.wait);
          if (answer.ok && act.cancel) core.cancel('a', answer.value.id, core.at + 25);
          nothingNaked(core);
        }
        core.advance(Math.max(core.at, end));
        explains(core);
        for (const event of events) expect(event.order.filledQty).toBeLessThanOrEqual(event.order.qty);
        core.close();
      }),
      { numRuns: 60 },
    );
  });
});
