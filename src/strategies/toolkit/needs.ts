// What a strategy asks the feeder for: names that are taken, contracts that are held, and the chains of those left over.
import type { Symbol } from '../../domain/ids.ts';
import type { DataNeeds } from '../strategy.ts';
import type { AnyContext } from './context.ts';

type Book = Pick<AnyContext, 'trades' | 'busy'>;

/** Names of open trades, sorted. */
export const namesTraded = ({ trades }: Pick<Book, 'trades'>): readonly Symbol[] => [...new Set(trades.map((t) => t.underlying))].sort();

/** Names in which a trade of ours is open or a walk is under way: they get no entry. */
export const namesTaken = ({ trades, busy }: Book): ReadonlySet<Symbol> => new Set<Symbol>([...trades.map((t) => t.underlying), ...busy]);

/** Every contract, or delivered share, that open trades hold. */
export const contractsHeld = ({ trades }: Pick<Book, 'trades'>): readonly Symbol[] =>
  trades.flatMap((t) => t.held.map((h) => h.instrument.symbol));

/** The chains of these names, as many days ahead as an entry may buy. */
export const entryChains = (
  names: readonly Symbol[],
  { dte_min, dte_max }: { readonly dte_min: number; readonly dte_max: number },
): DataNeeds['chains'] => names.map((underlying) => ({ underlying, dteFrom: dte_min, dteTo: dte_max }));

/** Why a bought option has no stop at the broker. */
export const longOptionWaiver = {
  kind: 'waiver',
  why: 'a long option cannot lose more than was paid for it, and the broker takes no resting stop on it',
} as const;
