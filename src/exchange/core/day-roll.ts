// What happens at fixed times of the exchange's day: the close, the night run, and midnight.
import { epochMs, type TradingDay } from '../../domain/time.ts';
import type { XOrder } from '../types.ts';
import { bookEvent } from './activities.ts';
import { partsOf, report } from './book.ts';
import { powerOf, symbolsHeld } from './buying-power.ts';
import { applySplits } from './corporate-actions.ts';
import { assignEarly } from './early-assignment.ts';
import { end } from './ending.ts';
import { chargeFees, runInterest } from './fees.ts';
import { settle } from './fills.ts';
import { attempt, rests } from './matching.ts';
import { cashOf } from './quantity.ts';
import { settleExpired } from './settlement.ts';
import type { TimedEvent } from './timeline.ts';
import { contractOf, type Venue } from './venue.ts';

const expiresWithContract = (venue: Venue, order: XOrder, day: TradingDay): boolean =>
  partsOf(order).some((part) => {
    const contract = contractOf(venue, part.symbol);
    return contract !== undefined && contract.expiry <= day;
  });

/** One last look at the touch, then what lived for the day ends; what lives on starts the next session afresh. */
function closeBook(venue: Venue, day: TradingDay, at: number): void {
  const nextOpen = venue.calendar.offset(day, 1).open;
  for (const {
    order: { id },
  } of [...venue.truth.open()]) {
    const resting = venue.truth.order(id);
    if (resting !== undefined && (rests(resting) || resting.guaranteed !== undefined)) attempt(venue, resting, at);
    const row = venue.truth.order(id);
    if (row === undefined) continue;
    const { order } = row;
    if (order.expiresAt <= at || expiresWithContract(venue, order, day)) {
      end(venue, row, order.timeInForce === 'ioc' || order.timeInForce === 'fok' ? 'canceled' : 'expired');
      continue;
    }
    if (order.extendedHours) continue;
    const later = (due: number | null): number | null => (due === null ? null : Math.max(due, nextOpen));
    if (row.rested || row.ackAt !== null || row.matchAt !== null) {
      venue.truth.putOrder({ ...row, rested: false, ackAt: later(row.ackAt), matchAt: later(row.matchAt) });
    }
    if (venue.everyStep || venue.fillsOf(order.account).tellsPauses) restOvernight(venue, order.id, nextOpen);
  }
}

/** In the evening the venue says that the sums of orders that are done for the day are right. */
function tellCalculated(venue: Venue): void {
  for (const row of [...venue.truth.open()]) {
    const { order } = row;
    if (order.status !== 'done_for_day' || !venue.fillsOf(order.account).tellsPauses) continue;
    report(venue, { ...row, order: { ...order, status: 'calculated', updatedAt: venue.truth.scalars.at } }, 'calculated');
  }
}

/** Tells that an order is done for the day; with the next open it is new again. */
function restOvernight(venue: Venue, id: string, nextOpen: number): void {
  const row = venue.truth.order(id);
  if (row === undefined || row.cancelAt !== null || row.replacement !== null) return;
  const { order } = row;
  if (order.status !== 'new' && order.status !== 'partially_filled') return;
  report(
    venue,
    { ...row, ackAt: nextOpen, order: { ...order, status: 'done_for_day', updatedAt: venue.truth.scalars.at } },
    'done_for_day',
  );
}

function takeMarks(venue: Venue, at: number): void {
  for (const symbol of symbolsHeld(venue)) {
    const close = venue.desk.mark(symbol, at) ?? null;
    venue.truth.putMark({ symbol, close, previous: venue.truth.mark(symbol)?.previous ?? null });
  }
  for (const account of [...venue.truth.accounts()]) {
    venue.truth.putAccount({ ...account, closingEquity: powerOf(venue, account.name, at).equity });
  }
}

/** Dividends go to who holds the shares when the ex-date begins; who is short pays them. */
function payDividends(venue: Venue, day: TradingDay, at: number): void {
  for (const dividend of venue.market.dividends(day, day, at)) {
    for (const { name } of [...venue.truth.accounts()]) {
      const qty = venue.truth.position(name, dividend.symbol)?.qty ?? 0;
      if (qty === 0) continue;
      const cash = cashOf(qty, dividend.perShare);
      settle(venue, name, dividend.symbol, 0, cash);
      bookEvent(venue, name, day, day, {
        type: 'DIV',
        symbol: dividend.symbol,
        qty,
        price: dividend.perShare,
        netAmount: cash,
        groupId: null,
      });
    }
  }
}

function rollDay(venue: Venue, day: TradingDay, at: number): void {
  for (const account of [...venue.truth.accounts()]) {
    if (account.lastEquity !== account.closingEquity) venue.truth.putAccount({ ...account, lastEquity: account.closingEquity });
  }
  for (const mark of [...venue.truth.marks()]) if (mark.previous !== mark.close) venue.truth.putMark({ ...mark, previous: mark.close });
  for (const row of [...venue.truth.open()]) if (row.order.expiresAt <= at) end(venue, row, 'expired');
  chargeFees(venue, day);
  runInterest(venue, day, at);
  applySplits(venue, day, at);
  payDividends(venue, day, at);
}

export function runTimed(venue: Venue, event: TimedEvent): void {
  switch (event.kind) {
    case 'open':
      return; // queued orders carry their own instants
    case 'close':
      closeBook(venue, event.day, event.at);
      takeMarks(venue, event.at);
      return;
    case 'night':
      settleExpired(venue, event.day);
      assignEarly(venue, event.day);
      tellCalculated(venue);
      return;
    case 'midnight':
      rollDay(venue, event.day, epochMs(event.at));
  }
}
