// S-60: what expires today is looked up in the broker's list before anything is decided: that it is there, tradable, and still to be opened.
import { describe, expect, it } from 'vitest';
import type { Decision, Open, Pass } from '../../../src/domain/decision.ts';
import type { Symbol } from '../../../src/domain/ids.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import type { ChainRow } from '../../../src/market/quote.ts';
import { evaluate as lotto } from '../../../src/strategies/lotto-scanner/entry.ts';
import { evaluate as zdte } from '../../../src/strategies/zero-dte-credit-spreads/entry.ts';
import { params as lottoParams, moved, SPY } from '../../golden/strategies/lotto-worlds.ts';
import { contextOf, type World } from '../../golden/strategies/world.ts';
import { risen, params as zdteParams } from '../../golden/strategies/zdte-worlds.ts';

type Change = (row: ChainRow) => ChainRow | undefined;

/** The broker's list with some contracts changed, or not there. */
function listing(w: World, change: Change): World {
  const chain = w.board.chain(SPY);
  if (chain === undefined) throw new Error('the world has no chain');
  w.board.setChain({ ...chain, rows: chain.rows.flatMap((row) => change(row) ?? []) });
  return w;
}
const withdrawn =
  (...symbols: readonly Symbol[]): Change =>
  (row) =>
    symbols.length === 0 || symbols.includes(row.contract.option.symbol) ? { ...row, contract: { ...row.contract, tradable: false } } : row;
const struck =
  (...symbols: readonly Symbol[]): Change =>
  (row) =>
    symbols.includes(row.contract.option.symbol) ? undefined : row;

interface Told {
  readonly say: (w: World, minutesLeft?: number) => readonly Decision[];
  readonly world: () => World;
}
const at = <C extends { readonly now: { readonly exchange: number }; readonly session: object }>(ctx: C, minutesLeft?: number): C =>
  minutesLeft === undefined ? ctx : { ...ctx, session: { ...ctx.session, close: ctx.now.exchange + minutesLeft * MINUTE } };

const strategies: readonly (readonly [string, Told])[] = [
  ['lotto', { say: (w, left) => lotto(at(contextOf(w, lottoParams()), left)), world: () => moved() }],
  ['zdte', { say: (w, left) => zdte(at(contextOf(w, zdteParams()), left)), world: () => risen() }],
];
const opensOf = (decisions: readonly Decision[]): readonly Open[] => decisions.filter((d) => d.kind === 'open');
const codesOf = (decisions: readonly Decision[]): readonly string[] =>
  decisions.filter((d): d is Pass => d.kind === 'pass' && d.subject === SPY).map((d) => d.code);
const takenBy = (decisions: readonly Decision[]): readonly Symbol[] =>
  opensOf(decisions).flatMap((open) => open.legs.map((l) => l.instrument.symbol));

describe.each(strategies)('S-60: %s', (_id, { say, world }) => {
  it('opens what is listed, tradable and in time', () => {
    expect(opensOf(say(world()))).toHaveLength(1);
    expect(takenBy(say(world())).every((symbol) => world().board.contract(symbol)?.tradable === true)).toBe(true);
  });
  it('takes no contract that the list does not hold', () => {
    const wanted = takenBy(say(world()));
    const decisions = say(listing(world(), struck(...wanted)));
    expect(takenBy(decisions).filter((symbol) => wanted.includes(symbol))).toEqual([]);
  });
  it('takes no contract that is listed and not tradable', () => {
    const wanted = takenBy(say(world()));
    const decisions = say(listing(world(), withdrawn(...wanted)));
    expect(takenBy(decisions).filter((symbol) => wanted.includes(symbol))).toEqual([]);
  });
  it('opens nothing where none of them is tradable, and says which', () => {
    const decisions = say(listing(world(), withdrawn()));
    expect(opensOf(decisions)).toEqual([]);
    expect(['NONSTANDARD_CONTRACT', 'NO_0DTE_LISTED']).toContain(codesOf(decisions)[0]);
  });
  it('opens nothing where the list holds none of today', () => {
    const decisions = say(listing(world(), () => undefined));
    expect(opensOf(decisions)).toEqual([]);
    expect(codesOf(decisions)).toEqual(['NO_0DTE_LISTED']);
  });
  it('opens nothing in the last hour of the expiry, whatever its window', () => {
    expect(codesOf(say(world(), 61))).not.toContain('OUTSIDE_WINDOW');
    expect(codesOf(say(world(), 60))).toEqual(['OUTSIDE_WINDOW']);
    expect(codesOf(say(world(), 1))).toEqual(['OUTSIDE_WINDOW']);
  });
});
