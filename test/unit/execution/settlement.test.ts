// When cash settles: the session after a trade, weekends and holidays in between; the rest at once.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import type { Movement } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { settleDay, settledCash } from '../../../src/execution/settlement.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const calendar = usCalendar();
const moved = (kind: Movement['kind'], day: string, cash: number): Movement => ({
  owner: strategyId('base'),
  kind,
  symbol: symbol('ABC'),
  qty: 1,
  cash: usd(cash),
  day: tradingDay(day),
});

describe('a settle day', () => {
  it.each([
    ['fill', '2026-03-10', '2026-03-11'],
    ['fill', '2026-03-13', '2026-03-16'], // over a weekend
    ['fill', '2026-04-02', '2026-04-06'], // over Good Friday
    ['assignment', '2026-03-13', '2026-03-16'],
    ['exercise', '2026-03-13', '2026-03-16'],
    ['transfer', '2026-03-13', '2026-03-13'],
    ['dividend', '2026-03-14', '2026-03-14'],
    ['fee', '2026-03-13', '2026-03-13'],
    ['opening', '2026-03-13', '2026-03-13'],
  ] as const)('of a %s on %s is %s', (kind, day, settles) => {
    expect(settleDay(moved(kind, day, 1), calendar)).toBe(settles);
  });
});

describe('settled cash', () => {
  const rows = [moved('fill', '2026-03-13', 500), moved('fill', '2026-03-13', -300), moved('transfer', '2026-03-13', 70)];
  it.each([
    ['2026-03-13', 500],
    ['2026-03-15', 500],
    ['2026-03-16', 1_000],
  ])('on %s is %d of 1,000, of which 500 came on Friday for what was sold', (today, settled) => {
    expect(settledCash(usd(1_000), rows, tradingDay(today), calendar)).toBe(settled);
  });
});
