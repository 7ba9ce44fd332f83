// Splits and changes of symbol, from either side: the broker's own record, or its positions while that record is still to come.
import type { Activity } from '../domain/account.ts';
import { conversionEvent, conversionKey } from '../domain/conversion-key.ts';
import type { Owner, Symbol } from '../domain/ids.ts';
import { daysBetween, type TradingDay } from '../domain/time.ts';
import { type ConversionEvent, conversionsIn, isConversion } from '../execution/conversions.ts';
import { shared } from '../execution/convert.ts';
import type { PositionDifference } from '../execution/reconcile.ts';
import { bookLedger, ledgerRow } from './booking.ts';
import { type Draft, note } from './draft.ts';
import type { State } from './state.ts';

/** A name does not split twice within so many calendar days: two tellings of one event are never further apart. */
const SAME_EVENT_DAYS = 7;

const heldBy = (state: State, symbol: Symbol): readonly (readonly [Owner, number])[] =>
  [...state.positions.values()]
    .filter((p) => p.instrument.symbol === symbol)
    .map((p): readonly [Owner, number] => [p.owner, p.qty])
    .sort(([a], [b]) => (a < b ? -1 : 1));

const held = (state: State, symbol: Symbol): number => heldBy(state, symbol).reduce((n, [, qty]) => n + qty, 0);

/** Books a conversion of all that is held of a symbol; each owner has its share, in proportion to what it held. */
export function recordConversion(state: State, draft: Draft, event: ConversionEvent, day: TradingDay, source: string): void {
  const { from, to, total } = event;
  const owners = heldBy(state, from);
  const before = held(state, from);
  const key = conversionEvent(from, to, day);
  // Both long and short of one name, or less than nothing left: not what a split does, so the difference is judged as any other.
  const oneSided =
    owners.every(([, qty]) => Math.sign(qty) === Math.sign(before)) && (total === 0 || Math.sign(total) === Math.sign(before));
  if (before === 0 || !oneSided || owners.some(([owner]) => state.ledgerKeys.has(conversionKey(key, owner)))) return;
  const parts = shared(
    owners.map(([, qty]) => qty),
    total,
  );
  const why = `${Math.abs(before)} became ${Math.abs(total)}, told by the ${source}`;
  for (const [i, [owner, qty]] of owners.entries()) {
    const after = parts[i] ?? 0;
    const row = { kind: 'split' as const, owner, day, why };
    if (from !== to) bookLedger(state, draft, ledgerRow(draft, { ...row, key: conversionKey(key, owner, true), symbol: from, qty: -qty }));
    bookLedger(
      state,
      draft,
      ledgerRow(draft, { ...row, key: conversionKey(key, owner), symbol: to, qty: from === to ? after - qty : after }),
    );
  }
  note(draft, 'position.converted', 'minor', { symbol: from, into: to, before, after: total, source });
}

const told = (state: State, { symbol, day }: Pick<Activity, 'symbol' | 'day'>): boolean => {
  const last = symbol === null ? undefined : state.converted.get(symbol);
  return last !== undefined && Math.abs(daysBetween(last.day, day)) <= SAME_EVENT_DAYS;
};

/** Books what new activities convert; what the positions have told already is not booked twice. */
export function bookConversions(state: State, draft: Draft, activities: readonly Activity[]): void {
  const fresh = activities.filter((a) => isConversion(a) && a.status === 'executed' && a.qty !== 0 && !state.ledgerKeys.has(`act:${a.id}`));
  const open = fresh.filter((a) => !told(state, a));
  for (const day of new Set(open.map((a) => a.day))) {
    const rows = open.filter((a) => a.day === day);
    for (const event of conversionsIn(rows, (symbol) => held(state, symbol))) recordConversion(state, draft, event, day, 'activity');
  }
}

/** A conversion on our side whose effect the broker's positions do not show yet: they are waited for, for some days. */
export function isAwaited(state: State, draft: Draft, { symbol, ours, theirs }: PositionDifference): boolean {
  const last = state.converted.get(symbol);
  if (last === undefined || last.seen || ours - theirs !== last.delta) return false;
  return daysBetween(last.day, draft.day) <= SAME_EVENT_DAYS;
}

/** Marks the conversions that the broker's positions agree with. */
export function seenConverted(state: State, differing: ReadonlySet<Symbol>): void {
  for (const [symbol, last] of state.converted)
    if (!last.seen && !differing.has(symbol)) state.converted.set(symbol, { ...last, seen: true });
}
