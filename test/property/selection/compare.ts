// One moment, every strategy: the strategy's contracts beside those that a search over everything finds, and the count of what was left.
import { expect } from 'vitest';
import type { Symbol } from '../../../src/domain/ids.ts';
import { reasonCodes } from '../../../src/domain/reasons.ts';
import { contextOf, type World } from '../../golden/strategies/world.ts';
import { censusIn, choices, type Moment } from './choices.ts';
import { listingOf } from './listing.ts';

/** A moment of a world; undefined where its chain does not hold together, for which every strategy stays away. */
export function momentOf(w: World, name: Symbol, spot: number, basis: number): Moment | undefined {
  const ctx = contextOf<unknown>(w, null);
  const chain = ctx.market.chain(name);
  if (!chain.known) return undefined;
  return { ctx, chain: chain.value, listing: listingOf(w, chain.value, spot, (symbol) => ctx.market.entryQuote(symbol)), name, basis };
}

/** How often each choice found something, and how often there was something to ask. */
export type Tally = Map<string, { asked: number; found: number }>;

const known = new Set<string>(reasonCodes);

/** Structures over a report are counted once one of them has been chosen; here their legs alone are compared. */
const counted = (what: string): boolean => !what.startsWith('earn');

export function compare(m: Moment, tally: Tally, where: string): void {
  for (const [what, choose] of Object.entries(choices)) {
    const choice = choose(m);
    if (choice === undefined) continue;
    const { taken, searched, outcome } = choice;
    const count = tally.get(what) ?? { asked: 0, found: 0 };
    tally.set(what, { asked: count.asked + 1, found: count.found + (searched === undefined ? 0 : 1) });
    const why = outcome.ok ? '' : `${outcome.code}: ${outcome.why}`;
    expect({ what, where, taken, why }).toEqual({ what, where, taken: searched, why });
    if (!counted(what)) continue;
    const census = censusIn(outcome.gates);
    expect(census, `${what} ${where} leaves no count: ${why}`).toBeDefined();
    if (census === undefined) continue;
    const rejected = [...census.rejected.values()].reduce((sum, n) => sum + n, 0);
    expect({ what, where, lookedAt: census.lookedAt, sum: census.taken + rejected }).toEqual({
      what,
      where,
      lookedAt: m.listing.rows.length,
      sum: m.listing.rows.length,
    });
    if (taken !== undefined) expect(census.taken).toBe(taken.length);
    expect([...census.rejected.keys()].filter((code) => !known.has(code))).toEqual([]);
  }
}
