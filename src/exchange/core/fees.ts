// What is charged after the day: fees on its executions, and interest on what is borrowed.
import { addDays, type TradingDay } from '../../domain/time.ts';
import type { XActivity } from '../types.ts';
import { bookMidnight } from './activities.ts';
import { powerOf } from './buying-power.ts';
import type { FeeKind, FeeRate, FeeSchedule } from './fee-rates.ts';
import { settle } from './fills.ts';
import { multiplierOf, type Venue } from './venue.ts';

const CENT = 10_000;
const YEAR_DAYS = 360;
const MILLION = 1_000_000;
/** Thousand-millionths of a dollar in a micro. */
const NANO_IN_MICRO = 1_000;

/** The rates in force on a day: of each fee and kind of instrument the newest that has begun. */
export function ratesOn(schedule: FeeSchedule, day: TradingDay): readonly FeeRate[] {
  const newest = new Map<string, FeeRate>();
  for (const rate of schedule.rates) {
    const key = `${rate.fee} ${rate.of}`;
    const before = newest.get(key);
    if (rate.from <= day && (before === undefined || before.from < rate.from)) newest.set(key, rate);
  }
  return [...newest.values()];
}

/** Micros, not rounded, that a rate charges one execution. */
function charge(rate: FeeRate, row: XActivity): number {
  if (row.fill === null || row.symbol === null) return 0;
  const contracts = multiplierOf(row.symbol) !== 1;
  if (contracts !== (rate.of === 'contracts') || (rate.sides === 'sales' && row.fill.side === 'buy')) return 0;
  const micros =
    rate.per === 'unit' ? (row.qty * rate.rate) / NANO_IN_MICRO : (Math.abs(row.netAmount) * rate.rate) / NANO_IN_MICRO / MILLION;
  return Math.min(micros, rate.most ?? Infinity);
}

/** The executions of a day, from the end of the statement. */
function executionsOn(rows: readonly XActivity[], day: TradingDay): readonly XActivity[] {
  const found: XActivity[] = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row === undefined || row.fill === null) continue;
    if (row.day < day) break;
    if (row.day === day) found.push(row);
  }
  return found;
}

/** Charges the fees on a day's executions: one row for each kind, the day's sum rounded up to the cent, booked as the next day begins. */
export function chargeFees(venue: Venue, tomorrow: TradingDay): void {
  if (venue.fees === null) return;
  const day = addDays(tomorrow, -1);
  const rates = ratesOn(venue.fees, day);
  for (const { name } of [...venue.truth.accounts()]) {
    const executions = executionsOn(venue.truth.activities(name), day);
    const sums = new Map<FeeKind, number>();
    for (const rate of rates) {
      const sum = executions.reduce((total, row) => total + charge(rate, row), 0);
      if (sum > 0) sums.set(rate.fee, (sums.get(rate.fee) ?? 0) + sum);
    }
    for (const [subType, sum] of sums)
      charged(venue, name, tomorrow, { type: 'FEE', subType, netAmount: -Math.ceil(sum / CENT - 1e-9) * CENT });
  }
}

function charged(
  venue: Venue,
  account: string,
  day: TradingDay,
  row: Pick<XActivity, 'type' | 'netAmount'> & { readonly subType: string },
): void {
  if (row.netAmount === 0) return;
  settle(venue, account, '', 0, row.netAmount);
  bookMidnight(venue, account, day, { ...row, symbol: null, qty: 0, price: null, groupId: null });
}

/** What has run up since interest was last booked, with a day more on the balance that the day ended with. */
function accrued(
  venue: Venue,
  account: string,
  rates: FeeSchedule['interest'],
  at: number,
): { readonly debit: number; readonly credit: number } {
  const { cash, interest = { debit: 0, credit: 0 } } = venue.truth.account(account);
  const aDay = (balance: number, rate: number): number => Math.round(((balance / YEAR_DAYS) * rate) / MILLION);
  const owed = aDay(Math.max(0, -cash), rates.debit);
  // What a short sale brought in stands behind it and earns nothing.
  const free = rates.credit === 0 ? 0 : Math.max(0, cash + powerOf(venue, account, at).shortMarketValue);
  return { debit: interest.debit + owed, credit: interest.credit + aDay(free, rates.credit) };
}

/** Lets interest run up as each day ends, and books what a month has brought as the next one begins: whole cents, the rest stays. */
export function runInterest(venue: Venue, day: TradingDay, at: number): void {
  if (venue.fees === null) return;
  for (const { name } of [...venue.truth.accounts()]) {
    const { debit, credit } = accrued(venue, name, venue.fees.interest, at);
    const due = day.endsWith('-01') ? { debit: debit - (debit % CENT), credit: credit - (credit % CENT) } : { debit: 0, credit: 0 };
    const { interest, ...row } = venue.truth.account(name);
    const left = { debit: debit - due.debit, credit: credit - due.credit };
    if (left.debit !== (interest?.debit ?? 0) || left.credit !== (interest?.credit ?? 0))
      venue.truth.putAccount({ ...row, interest: left });
    charged(venue, name, day, { type: 'INT', subType: 'MGN', netAmount: -due.debit });
    charged(venue, name, day, { type: 'INT', subType: 'CDT', netAmount: due.credit });
  }
}
