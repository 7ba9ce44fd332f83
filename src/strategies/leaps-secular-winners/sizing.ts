// How many contracts: what a name, the strategy and the stop allow, and the tranche of it that is bought now.

import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { figure, holds, type Trial } from '../toolkit/gates.ts';
import { entryNet, wholeUnits } from '../toolkit/holding.ts';
import { namesTaken } from '../toolkit/needs.ts';
import { longRisk } from '../toolkit/sizing.ts';
import type { LeapsContext } from './call.ts';
import { type ThemeName, themesOf } from './params.ts';

/** What is left while one evaluation hands it out, dollars and counts. */
export interface Room {
  readonly strategy: number;
  readonly names: ReadonlySet<Symbol>;
}

/** Names held or being bought. */
export const namesHeld = (ctx: Pick<LeapsContext, 'trades' | 'busy'>): ReadonlySet<Symbol> => namesTaken(ctx);

const riskOf = (ctx: LeapsContext, counts: (risk: LeapsContext['book']['risks'][number]) => boolean): number =>
  ctx.book.risks.reduce((total, risk) => total + (counts(risk) ? dollars(risk.amount) : 0), 0);

export const roomNow = (ctx: LeapsContext): Room => ({
  strategy: ctx.params.total_pct * dollars(ctx.account.equity) - riskOf(ctx, (r) => r.strategy === 'leaps'),
  names: namesHeld(ctx),
});

/** A place for one more name, in the strategy and in each of the name's themes; a further tranche needs none. */
export function* place(ctx: LeapsContext, name: Symbol, room: Room): Trial<void> {
  const { params } = ctx;
  if (room.names.has(name)) return;
  const left = params.max_positions - room.names.size;
  yield holds(
    'positions left',
    { observed: left, threshold: 1, pass: left >= 1 },
    'MAX_POSITIONS',
    `${params.max_positions} names are held or worked`,
  );
  for (const theme of themesOf(params, name)) {
    const taken = inTheme(ctx, theme, room);
    yield holds(
      `places left in ${theme}`,
      { observed: params.theme_positions_max - taken, threshold: 1, pass: taken < params.theme_positions_max },
      'MAX_POSITIONS',
      `${taken} names of ${theme} are held or worked`,
    );
  }
}

const inTheme = (ctx: LeapsContext, theme: ThemeName, room: Room): number =>
  [...room.names].filter((held) => ctx.params.themes[theme].includes(held)).length;

/** Premium of what is left of a name's trades, dollars, as paid. */
const premiumIn = (ctx: LeapsContext, name: Symbol): number =>
  ctx.trades.filter((t) => t.underlying === name).reduce((total, t) => total + entryNet(t) * 100 * wholeUnits(t), 0);

/** A budget that is a whole number of units but for the last bits of its floats is that number of units. */
const fits = (amount: number, unit: number): number => Math.max(0, Math.floor(amount / unit + 1e-9));

/**
 * Contracts inside every ceiling at a limit, dollars a share, and of those the part that this tranche buys, rounded up. What a name holds
 * already counts against its premium and its loss at the stop.
 */
export function* contractsFor(ctx: LeapsContext, name: Symbol, limit: number, room: Room): Trial<number> {
  const { params } = ctx;
  const equity = dollars(ctx.account.equity);
  const held = premiumIn(ctx, name);
  const unit = longRisk(limit, params.fee_per_contract_usd);
  const atStop = params.stop_frac_loss * limit * 100;
  const underlying = params.underlying_risk_pct * equity - riskOf(ctx, (r) => r.underlying === name);
  const ceilings = [
    ['units in the premium budget', params.premium_max_pct * equity - held, unit, 'SIZE_ZERO'],
    ['units in the risk at the stop', params.risk_at_stop_pct * equity - params.stop_frac_loss * held, atStop, 'SIZE_ZERO'],
    ['units in the strategy ceiling', room.strategy, unit, 'STRATEGY_CEILING'],
    ['units in the underlying ceiling', underlying, unit, 'UNDERLYING_CEILING'],
  ] as const;
  let units = Number.POSITIVE_INFINITY;
  for (const [gate, amount, each, code] of ceilings) {
    const some = fits(amount, each);
    yield holds(gate, { observed: some, threshold: 1, pass: some >= 1 }, code, `${figure(amount)} is left, one unit takes ${figure(each)}`);
    units = Math.min(units, some);
  }
  const bought = ctx.trades.filter((t) => t.underlying === name).length;
  return Math.ceil(units / Math.max(1, params.tranches - bought));
}

export const roomAfter = (room: Room, name: Symbol, cost: number): Room => ({
  strategy: room.strategy - cost,
  names: new Set([...room.names, name]),
});
