// How much may be lost, and how many contracts that is: budgets as parts of equity, unit risks with their fees, never rounded up.

import type { StrategyId, Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { AnyContext } from './context.ts';
import { figure, holds, type Trial } from './gates.ts';
import { namesTaken } from './needs.ts';

/** Worst losses of one unit, dollars; `fee` is one contract, one side. Prices in dollars a share. */
export const longRisk = (limit: number, fee: number): number => limit * 100 + 2 * fee;
export const debitVerticalRisk = (debit: number, fee: number): number => debit * 100 + 4 * fee;
export const creditVerticalRisk = (width: number, credit: number, fee: number): number => (width - credit) * 100 + 4 * fee;
export const condorRisk = (widestWing: number, credit: number, fee: number): number => (widestWing - credit) * 100 + 8 * fee;

/** The strategies whose premium and defined losses share one ceiling of the book. */
const speculative: ReadonlySet<string> = new Set(['dip', 'mwk', 'dcs', 'swing', 'zdte', 'earn', 'lotto']);

export interface RiskShares {
  /** Parts of equity. */
  readonly risk_pct: number;
  readonly strategy_risk_pct: number;
  readonly book_risk_pct: number;
  readonly underlying_risk_pct: number;
  readonly max_positions: number;
  readonly max_contracts: number;
}

/** What is left of each ceiling while one evaluation hands it out. Dollars and counts. */
export interface RiskRoom {
  readonly equity: number;
  readonly strategy: number;
  readonly book: number;
  readonly underlying: ReadonlyMap<Symbol, number>;
  readonly positions: number;
}

/** The core holds a fund by a cap of its own, far above that of a name: counted here, it would close its fund to everybody else for good. */
const CORE: string = 'base';

/** What a risk takes of its name's ceiling, dollars. */
export const ofUnderlying = (risks: AnyContext['book']['risks'], name: Symbol): number =>
  risks.reduce((n, r) => n + (r.underlying === name && r.strategy !== CORE ? dollars(r.amount) : 0), 0);

type Booked = Pick<AnyContext, 'account' | 'book' | 'trades' | 'busy'>;

const total = (ctx: Booked, counts: (risk: AnyContext['book']['risks'][number]) => boolean): number =>
  ctx.book.risks.reduce((n, risk) => n + (counts(risk) ? dollars(risk.amount) : 0), 0);

/** The room that open trades and live opening orders of all strategies leave to this one. */
export function roomNow(ctx: Booked, id: StrategyId, shares: RiskShares, names: readonly Symbol[]): RiskRoom {
  const equity = dollars(ctx.account.equity);
  const taken = namesTaken(ctx);
  return {
    equity,
    strategy: shares.strategy_risk_pct * equity - total(ctx, (r) => r.strategy === id),
    book: shares.book_risk_pct * equity - total(ctx, (r) => speculative.has(r.strategy)),
    underlying: new Map(names.map((name) => [name, shares.underlying_risk_pct * equity - ofUnderlying(ctx.book.risks, name)])),
    positions: shares.max_positions - taken.size,
  };
}

export interface SizeAsk {
  readonly name: Symbol;
  /** Worst loss of one unit, dollars. */
  readonly unitRisk: number;
  /** Scales the budget of the trade: 0.5 for what moves twice as far. */
  readonly part?: number;
}

/** Whole units inside every ceiling, or the ceiling that leaves none. */
export function* contractsFor(ask: SizeAsk, shares: RiskShares, room: RiskRoom): Trial<number> {
  yield holds(
    'positions left',
    { observed: room.positions, threshold: 1, pass: room.positions >= 1 },
    'MAX_POSITIONS',
    `${shares.max_positions} positions are held or worked`,
  );
  const budget = shares.risk_pct * room.equity * (ask.part ?? 1);
  const ceilings = [
    ['units in the trade budget', budget, 'SIZE_ZERO'],
    ['units in the strategy ceiling', room.strategy, 'STRATEGY_CEILING'],
    ['units in the book ceiling', room.book, 'BOOK_CEILING'],
    ['units in the underlying ceiling', room.underlying.get(ask.name) ?? 0, 'UNDERLYING_CEILING'],
  ] as const;
  let units = shares.max_contracts;
  for (const [name, amount, code] of ceilings) {
    // A budget that is a whole number of units but for the last bits of its floats is that number of units.
    const fits = Math.max(0, Math.floor(amount / ask.unitRisk + 1e-9));
    yield holds(
      name,
      { observed: fits, threshold: 1, pass: fits >= 1 },
      code,
      `${figure(amount)} is left, one unit risks ${figure(ask.unitRisk)}`,
    );
    units = Math.min(units, fits);
  }
  return units;
}

/** The room after so many units of a name. */
export const roomAfter = (room: RiskRoom, ask: SizeAsk, units: number): RiskRoom => {
  const used = ask.unitRisk * units;
  return {
    equity: room.equity,
    strategy: room.strategy - used,
    book: room.book - used,
    underlying: new Map([...room.underlying].map(([name, left]) => [name, name === ask.name ? left - used : left])),
    positions: room.positions - 1,
  };
};
