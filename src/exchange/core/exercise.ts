// Exercise on request, and its opposite: an instruction to let a contract lapse.
import { formatMicros } from '../../domain/money.ts';
import { epochMs } from '../../domain/time.ts';
import type { ListedContract } from '../market.ts';
import { CONTRACT, delivered } from '../splits.ts';
import type { XRefusal, XResult } from '../types.ts';
import { closingOrders } from './book.ts';
import { availableOf, exposure, powerOf, riskLeg } from './buying-power.ts';
import { notAvailable } from './check-shape.ts';
import { forbidden, notFound } from './refusals.ts';
import { AUTO_EXERCISE, deliverExercise, intrinsicAt } from './settlement.ts';
import { NIGHT_AFTER_CLOSE } from './timeline.ts';
import { contractOf, type Venue } from './venue.ts';

interface Holding {
  readonly contract: ListedContract;
  readonly qty: number;
}

function holding(venue: Venue, account: string, symbol: string): Holding | undefined {
  const position = venue.truth.position(account, symbol);
  const contract = position?.assetClass === 'us_option' && position.qty > 0 ? contractOf(venue, symbol) : undefined;
  return contract === undefined || position === undefined ? undefined : { contract, qty: position.qty };
}

const ABSENT = notFound('position does not exist');

function momentFlaw(venue: Venue, { contract }: Holding, at: number): XRefusal | undefined {
  const session = venue.calendar.session(venue.calendar.dayOf(epochMs(at)));
  if (session === undefined || at >= session.close) {
    return forbidden(
      'exercise requests are taken on trading days from midnight to the close; those between the close and midnight are rejected',
    );
  }
  if (contract.style !== 'american') return forbidden(`contract "${contract.symbol}" can only be exercised at its expiration`);
  const price = venue.desk.mark(contract.underlying, at);
  if (price === undefined || intrinsicAt(contract, price) < AUTO_EXERCISE) {
    return forbidden(`contract "${contract.symbol}" is out of the money: its exercise has to be asked for in person`);
  }
  return undefined;
}

/** What exercising needs of the account: the shares a put delivers, the cash a call pays, and cover for what is left behind. */
function meansFlaw(venue: Venue, account: string, { contract }: Holding, contracts: number, at: number): XRefusal | undefined {
  const { underlying, strike, right } = contract;
  const each = delivered(contract);
  const direction = (right === 'call' ? 1 : -1) * contracts;
  const shares = direction * each.shares;
  const free = availableOf(venue, account, underlying);
  const long = (venue.truth.position(account, underlying)?.qty ?? 0) > 0 ? free : 0;
  if (shares < 0 && long < -shares) {
    return forbidden(`insufficient underlying qty available for exercise (required: ${-shares}, available: ${long})`, {
      required_qty: String(-shares),
      available_qty: String(long),
      symbol: underlying,
    });
  }
  const before = exposure(venue, account, underlying);
  const after = exposure(venue, account, underlying, [riskLeg(contract, -contracts)], shares);
  if (after.uncovered > before.uncovered) return forbidden('account not eligible to trade uncovered option contracts');
  const costs = direction * (CONTRACT * strike - each.cash) + after.cash - before.cash;
  const { optionsBuyingPower } = powerOf(venue, account, at);
  if (costs <= optionsBuyingPower) return undefined;
  return forbidden('insufficient buying power', { buying_power: formatMicros(optionsBuyingPower), cost_basis: formatMicros(costs) });
}

/** Exercises all free contracts of a series: positions and cash change now, its rows appear the next morning, the stream says nothing. */
export function requestExercise(venue: Venue, account: string, symbol: string, at: number): XResult<null> {
  const held = holding(venue, account, symbol);
  if (held === undefined) return ABSENT;
  const moment = momentFlaw(venue, held, at);
  if (moment !== undefined) return moment;
  const contracts = availableOf(venue, account, symbol);
  if (contracts === 0) return notAvailable(symbol, held.qty, held.qty, 0, closingOrders(venue, account, symbol).ids);
  const means = meansFlaw(venue, account, held, contracts, at);
  if (means !== undefined) return means;
  deliverExercise(venue, account, held.contract, contracts, venue.calendar.dayOf(epochMs(at)));
  return { ok: true, value: null };
}

/** Notes that a series expiring today is to lapse, whatever it is worth; taken until the night's settlement begins. */
export function requestLapse(venue: Venue, account: string, symbol: string, at: number): XResult<null> {
  const held = holding(venue, account, symbol);
  if (held === undefined) return ABSENT;
  const day = venue.calendar.dayOf(epochMs(at));
  const session = venue.calendar.session(day);
  if (session === undefined || held.contract.expiry !== day || at >= session.close + NIGHT_AFTER_CLOSE) {
    return forbidden('do-not-exercise requests are taken on the expiration day, until half an hour after the close');
  }
  const row = venue.truth.account(account);
  const declined = new Set(row.declined ?? []).add(symbol);
  venue.truth.putAccount({ ...row, declined: [...declined].sort() });
  return { ok: true, value: null };
}
