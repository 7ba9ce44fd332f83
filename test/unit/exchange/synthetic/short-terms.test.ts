// Options in their last week: what they are priced to move agrees with what the share moves while the market is open.
import { describe, expect, it } from 'vitest';
import { dollars } from '../../../../src/domain/money.ts';
import { type TradingDay, tradingDay } from '../../../../src/domain/time.ts';
import { syntheticMarket } from '../../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';

const calendar = usCalendar();

/** The straddle nearest the money over the share's price: about 0.8 deviations of what is left. */
function straddle(seed: number, at: number, expiry: TradingDay): number {
  const market = syntheticMarket({ seed, calendar });
  const share = market.quote('SPY', at);
  if (share === undefined) throw new Error('SPY is not quoted');
  const spot = dollars(((share.bid + share.ask) / 2) as never);
  const mids = market
    .contracts('SPY', expiry, expiry, at, false)
    .map((c) => ({ c, away: Math.abs(dollars(c.strike as never) - spot) }))
    .sort((a, b) => a.away - b.away || (a.c.symbol < b.c.symbol ? -1 : 1))
    .slice(0, 2)
    .map(({ c }) => market.quote(c.symbol, at))
    .map((q) => (q === undefined ? Number.NaN : dollars(((q.bid + q.ask) / 2) as never)));
  return mids.reduce((a, b) => a + b, 0) / spot;
}

describe('options of the day', () => {
  it('are priced for what the share moves until the close, and somewhat more', () => {
    let priced = 0;
    let moved = 0;
    let sessions = 0;
    for (const seed of [1, 2, 3]) {
      const market = syntheticMarket({ seed, calendar });
      for (let i = 0; i < 40; i++) {
        const { day } = calendar.offset(tradingDay('2026-09-01'), i);
        const at = calendar.instant(day, 10, 0);
        const [from, to] = [market.quote('SPY', at), market.officialClose('SPY', day, calendar.instant(day, 16, 30))];
        if (from === undefined || to === undefined) continue;
        priced += straddle(seed, at, day);
        moved += Math.abs(Math.log(to / ((from.bid + from.ask) / 2)));
        sessions += 1;
      }
    }
    expect(sessions).toBeGreaterThan(110);
    expect(priced / moved).toBeGreaterThan(0.95);
    expect(priced / moved).toBeLessThan(1.6);
  });

  it('cost more the longer they live, at one instant', () => {
    const at = calendar.instant(tradingDay('2026-11-16'), 9, 45);
    const week = [0, 1, 2, 3, 4, 5].map((n) => straddle(1, at, calendar.offset(tradingDay('2026-11-16'), n).day));
    for (const [i, cost] of week.entries()) if (i > 0) expect(cost).toBeGreaterThan(week[i - 1] as number);
  });

  it('do not grow dearer over a night in which the share has not moved much', () => {
    const expiry = tradingDay('2026-11-20');
    for (let n = -3; n < 0; n++) {
      const evening = calendar.offset(expiry, n);
      const morning = calendar.offset(expiry, n + 1);
      const [before, after] = [straddle(1, evening.close - 60_000, expiry), straddle(1, morning.open + 60_000, expiry)];
      expect(after).toBeLessThan(1.1 * before);
    }
  });
});
