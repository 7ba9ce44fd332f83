// What holds of the momentum buyer in every market: purity, one decision a name, budgets, named absences, exits within what is held.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/domain/ids.ts';
import { mwkParams } from '../../src/strategies/momentum-weeklies/params.ts';
import { momentumWeeklies as strategy } from '../../src/strategies/momentum-weeklies.ts';
import { surge, tell, weekly } from '../golden/strategies/mwk-worlds.ts';
import { contextOf, type World, world } from '../golden/strategies/world.ts';
import { holding, trade } from '../golden/strategies/world-more.ts';
import {
  asksForChainsItJudges,
  type Breaking,
  done,
  intradayBreaks,
  isOrderFree,
  isPure,
  opens,
  passes,
  sellsWhatItHolds,
  share,
  staysInside,
  wantsFeedAndLevel,
} from './strategy-buyer.ts';

const EXPIRY = '2026-11-20';
const XYZ = symbol('XYZ');
const names = ['AAA', 'BBB', 'CCC', 'DDD'];
const told = fc.record({
  times: share(0.6, 2.5),
  vwap: fc.constantFrom(246, 247, 247, 249),
  earningsIn: fc.constantFrom(0, 1, 10, 80, 80, 80),
  sessions: fc.constantFrom(14, 20, 20, 20),
});
type Told = typeof told extends fc.Arbitrary<infer T> ? T : never;
const market = fc.record({
  names: fc.array(told, { minLength: 1, maxLength: 4 }),
  equity: fc.integer({ min: 15_000, max: 400_000 }),
  taken: fc.integer({ min: 0, max: 4_000 }),
});
type Given = typeof market extends fc.Arbitrary<infer T> ? T : never;

const fresh = (): World => world('2026-11-16', 11, 0);
function addName(w: World, name: string, n: Told): void {
  tell(w, { name, volumes: surge.map((v) => Math.round(v * n.times)), vwap: n.vwap, earningsIn: n.earningsIn, sessions: n.sessions });
  weekly(w, 248.2, [], {}, EXPIRY, name);
}

function worldOf(given: Given): World {
  const w = fresh();
  for (const [i, n] of given.names.entries()) addName(w, names[i] ?? 'ZZZ', n);
  const account = { equity: given.equity, settledCash: given.equity, optionsBuyingPower: given.equity, ageMs: 0 };
  return { ...w, account, risks: [{ strategy: 'mwk', underlying: 'EEE', amount: given.taken }] };
}
const params = (universe: readonly string[]) => mwkParams.parse({ universe });
const universe = (given: Given): readonly string[] => names.slice(0, given.names.length);
const contextFor = (given: Given, order = universe(given)) => contextOf(worldOf(given), params(order));
const runs = { numRuns: 20 };
const buyer = { strategy, market, runs, universe, contextFor };

describe('the momentum buyer, whatever the market', () => {
  it('buys in enough of these markets for the rest to mean something', () => {
    const buying = fc.sample(market, { numRuns: 40, seed: 7 }).filter((given) => opens(strategy.evaluate(contextFor(given))).length > 0);
    expect(buying.length).toBeGreaterThanOrEqual(8);
  });
  it('says the same of the same context, leaves it as it was, and decides about every name once', () => isPure(buyer));
  it('chooses the same whatever the order of the universe', () => isOrderFree(buyer));
  it('risks no more than a trade, the strategy and its places allow, and rises from mid to cap', () => {
    fc.assert(
      fc.property(market, (given) => {
        const ceilings = { trade: 0.01, total: 0.03, places: 3, contracts: 10 };
        staysInside(opens(strategy.evaluate(contextFor(given))), given.equity, given.taken, ceilings);
      }),
      runs,
    );
  });
  it('asks for a chain of exactly the names that no cheaper question refuses', () => asksForChainsItJudges(buyer));
  it('sells no more than is held, for more than nothing, and decides about every trade', () => {
    sellsWhatItHolds(runs, ({ units, left, entry, hour, peak, stopSince }) => {
      const w = world('2026-11-16', hour, 50);
      addName(w, 'XYZ', { ...healthyName });
      const own = trade({
        owner: 'mwk',
        name: 'XYZ',
        legs: [{ expiry: EXPIRY, right: 'call', strike: 250, side: 'buy' }],
        units,
        left,
        entry,
        openedDay: '2026-11-16',
        openedAt: '10:30',
      });
      const watch = { v: 1, trades: { [own.id]: { stopSince: stopSince ? w.at - 60_000 : null, peak } } };
      const ctx = contextOf({ ...holding(w, own), memory: watch }, params(['XYZ']));
      return () => strategy.manage(ctx);
    });
  });
});

const healthyName: Told = { times: 1, vwap: 247, earningsIn: 80, sessions: 20 };

describe('what is missing or stale has its name', () => {
  const healthy = (): World => {
    const w = fresh();
    addName(w, 'XYZ', healthyName);
    return w;
  };
  const breaks: readonly Breaking[] = [
    ...intradayBreaks(XYZ),
    ['fourteen sessions of bars', 'RVOL_HISTORY_SHORT', (w) => done(addName(w, 'XYZ', { ...healthyName, sessions: 14 }))],
  ];
  it('and nothing of it is: it is bought', () => {
    expect(opens(strategy.evaluate(contextOf(healthy(), params(['XYZ']))))).toHaveLength(1);
  });
  it.each(breaks)('%s: %s', (_what, code, broken) => {
    const w = healthy();
    const ctx = contextOf({ ...w, ...broken(w) }, params(['XYZ']));
    const decisions = strategy.evaluate(ctx);
    expect(passes(decisions)).toMatchObject([{ code, subject: 'XYZ' }]);
    expect(decisions).toHaveLength(1);
  });
  it('quotes of the lesser feed: FEED_NOT_OPRA, and an account without the level: LEVEL_TOO_LOW', () => {
    wantsFeedAndLevel(strategy, contextOf(healthy(), params(['XYZ'])));
  });
});
