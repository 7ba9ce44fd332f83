// How much strike the account can still secure with cash, and how many contracts that is.
import type { Symbol } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { shareOfEquity } from '../toolkit/context.ts';
import { atLeast, figure, holds, type Trial } from '../toolkit/gates.ts';
import type { WheelContext } from './context.ts';
import type { PutCandidate } from './puts.ts';

/** What is left while one evaluation hands it out, micros and counts. */
export interface Room {
  /** Cash that may still be tied up. */
  readonly cash: number;
  /** Strike x 100 that the ceiling of all collateral leaves. */
  readonly collateral: number;
  readonly positions: number;
  readonly newNames: number;
}

/** Cash that is spoken for: what live orders set aside and what stands behind short puts, whoever owns them. */
export const claims = (ctx: WheelContext): number => Math.max(ctx.book.reserved, ctx.book.putCollateral, ctx.book.cashClaims);

/** Cash a new put may tie up, micros. Nothing is sold on margin: the smaller of settled cash and the broker's own figure, less the claims. */
export const freeCash = (ctx: WheelContext): number => Math.min(ctx.account.optionsBuyingPower, ctx.account.settledCash) - claims(ctx);

/** Strike x 100 that the ceiling of all collateral leaves, micros. */
export const freeCollateral = (ctx: WheelContext): number =>
  shareOfEquity(ctx.account.equity, ctx.params.total_collateral_pct) - ctx.book.putCollateral;

export function roomNow(ctx: WheelContext, namesHeld: ReadonlySet<Symbol>, openedToday: number): Room {
  const { params } = ctx;
  return {
    cash: freeCash(ctx),
    collateral: freeCollateral(ctx),
    positions: params.max_positions - namesHeld.size,
    newNames: params.new_names_per_day - openedToday,
  };
}

/** Whole contracts inside an amount of micros; never rounded up. */
const fits = (amount: number, strikeCash: number): number => Math.max(0, Math.floor(amount / strikeCash));

const contractsGate = (name: string, contracts: number, code: ReasonCode, why: string) =>
  holds(name, { observed: contracts, threshold: 1, pass: contracts >= 1 }, code, why);

/** Contracts of a candidate, or the ceiling that leaves none. */
export function* allot(ctx: WheelContext, candidate: PutCandidate, room: Room): Trial<number> {
  const strikeCash = candidate.row.option.strike * 100;
  yield atLeast('new names left today', 1, room.newNames, 'RANKED_OUT');
  yield atLeast('positions left', 1, room.positions, 'MAX_POSITIONS');
  const ofName = fits(shareOfEquity(ctx.account.equity, ctx.params.name_notional_pct), strikeCash);
  yield contractsGate(
    'contracts in the name ceiling',
    ofName,
    'SIZE_ZERO',
    `one contract ties up ${figure(strikeCash / 1e6)}, more than ${ctx.params.name_notional_pct} of equity`,
  );
  const ofAll = fits(room.collateral, strikeCash);
  yield contractsGate(
    'contracts in the collateral ceiling',
    ofAll,
    'COLLATERAL_SHORT',
    `the ceiling of all collateral leaves ${figure(room.collateral / 1e6)}`,
  );
  const ofCash = fits(room.cash, strikeCash);
  yield contractsGate(
    'contracts in settled cash',
    ofCash,
    'COLLATERAL_SHORT',
    `settled cash less what is set aside leaves ${figure(room.cash / 1e6)}`,
  );
  return Math.min(ofName, ofAll, ofCash);
}

/** The room after a sale. */
export const roomAfter = (room: Room, candidate: PutCandidate, contracts: number): Room => {
  const used = candidate.row.option.strike * 100 * contracts;
  return { cash: room.cash - used, collateral: room.collateral - used, positions: room.positions - 1, newNames: room.newNames - 1 };
};
