import { expect, it } from 'vitest';
import { tradingDay as day } from '../../../src/domain/time.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { thinListing } from '../../../src/lab/thin-listing.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const calendar = usCalendar();
const start = calendar.offset(day('2026-11-23'), 20).open + 3_600_000;
const market = syntheticMarket({ seed: 5, calendar, start });
const thin = thinListing(market);
const [from, to] = [day('2026-12-21'), day('2027-03-10')];

it('lists round strikes alone, of every expiry', () => {
  for (const [symbol, steps] of [
    ['F', [1]],
    ['PLTR', [1, 2]],
    ['NVDA', [2, 5]],
    ['SPY', [5]],
  ] as const) {
    const all = market.contracts(symbol, from, to, start, false);
    const listed = thin.contracts(symbol, from, to, start, false);
    expect(new Set(listed.map((c) => c.expiry))).toEqual(new Set(all.map((c) => c.expiry)));
    expect(listed.length).toBeLessThan(all.length);
    expect(listed.every(({ strike }) => steps.some((step) => (strike / 1e6) % step === 0))).toBe(true);
  }
});

it('still knows a contract that it does not list', () => {
  const uneven = market.contracts('F', from, to, start, false).find(({ strike }) => strike % 1e6 !== 0);
  expect(thin.contract(uneven?.symbol ?? '', start)).toEqual(uneven);
});
