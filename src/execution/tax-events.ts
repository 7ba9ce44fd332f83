// Lots and closures as the tax law orders them: opened, closed and converted in time, and an option's premium with the shares it delivered.
import { deliveryKey } from '../domain/life-key.ts';
import type { Closure, Lot } from '../domain/lot.ts';
import { minus, negate, type Usd, usd } from '../domain/money.ts';
import { share } from './fills.ts';

export type TaxEvent =
  | { readonly kind: 'opened'; readonly lot: Lot }
  | { readonly kind: 'closed'; readonly closures: readonly Closure[] }
  /** Lots that became others, oldest first on both sides; nothing may have come of them. */
  | { readonly kind: 'converted'; readonly closures: readonly Closure[]; readonly opened: readonly Lot[] };

/** What is added to a lot's cost, or to a closure's proceeds, because an option ended in it. */
export interface Premiums {
  readonly cost: ReadonlyMap<string, Usd>;
  readonly proceeds: ReadonlyMap<string, Usd>;
  /** Names of the option closures that are accounted for there. */
  readonly moved: ReadonlySet<string>;
}

export const closureName = ({ lot, by }: Pick<Closure, 'lot' | 'by'>): string => `${lot} by ${by}`;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const oldest = (a: Lot, b: Lot): number => a.openedAt - b.openedAt || byText(a.id, b.id);

function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

const becameOthers = (closure: Closure): boolean => closure.kind === 'split' && closure.by.startsWith('conv:');
/** The conversion a lot came of. */
const conversionKeyOf = (lot: Lot): string => lot.id.slice(0, lot.id.lastIndexOf('/'));
const ordinalOf = (lot: Lot): number => Number(lot.id.slice(lot.id.lastIndexOf('/') + 1));

/**
 * Every event in time. At one instant what was opened stands before what was closed, and that before what was converted, but for what
 * was closed of a converted lot; rows of one instant and kind stand in the order of their keys, whatever the order they are given in.
 */
export function taxEvents(lots: readonly Lot[], closures: readonly Closure[]): readonly TaxEvent[] {
  const lotOf = new Map(lots.map((lot) => [lot.id, lot]));
  const converted = groupedBy(
    lots.filter((lot) => lot.origin === 'split'),
    conversionKeyOf,
  );
  const ageOf = (c: Closure): Lot | undefined => lotOf.get(c.lot);
  const aged = (group: readonly Closure[]): readonly Closure[] =>
    [...group].sort((a, b) => {
      const [x, y] = [ageOf(a), ageOf(b)];
      return x === undefined || y === undefined ? byText(a.lot, b.lot) : oldest(x, y);
    });
  const rows: { readonly at: number; readonly rank: number; readonly key: string; readonly event: TaxEvent }[] = [];
  for (const lot of lots) if (lot.origin !== 'split') rows.push({ at: lot.openedAt, rank: 0, key: lot.id, event: { kind: 'opened', lot } });
  const groups = groupedBy(closures, (c) => c.by);
  const conversionAt = new Map(closures.filter(becameOthers).map((c) => [c.by, c.at as number]));
  /** True for what was closed of a lot that had become one at the same instant. */
  const follows = (c: Closure): boolean => {
    const lot = lotOf.get(c.lot);
    return lot?.origin === 'split' && conversionAt.get(conversionKeyOf(lot)) === c.at;
  };
  for (const [key, group] of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const { at } = first;
    if (becameOthers(first)) {
      const opened = [...(converted.get(key) ?? [])].sort((a, b) => ordinalOf(a) - ordinalOf(b));
      rows.push({ at, rank: 2, key, event: { kind: 'converted', closures: aged(group), opened } });
    } else rows.push({ at, rank: group.some(follows) ? 3 : 1, key, event: { kind: 'closed', closures: aged(group) } });
  }
  return rows.sort((a, b) => a.at - b.at || a.rank - b.rank || byText(a.key, b.key)).map((row) => row.event);
}

/**
 * What was won or lost by options that were assigned or exercised, moved to the shares they delivered: it is no gain of its own, but part
 * of what those shares cost or brought (IRS Publication 550).
 */
export function movedPremiums(lots: readonly Lot[], closures: readonly Closure[]): Premiums {
  const cost = new Map<string, Usd>();
  const proceeds = new Map<string, Usd>();
  const moved = new Set<string>();
  const opened = new Map(lots.map((lot) => [lot.id, lot]));
  const delivered = groupedBy(closures, (c) => c.by);
  for (const closure of closures) {
    if (closure.kind !== 'assignment' && closure.kind !== 'exercise') continue;
    const key = deliveryKey(closure.by);
    const lot = opened.get(key);
    const away = delivered.get(key) ?? [];
    const whole = away.reduce((n, c) => n + Math.abs(c.qty), Math.abs(lot?.qty ?? 0));
    if (whole === 0) continue;
    moved.add(closureName(closure));
    let left = closure.realized;
    for (const [i, c] of away.entries()) {
      const last = lot === undefined && i === away.length - 1;
      const part = last ? left : share(closure.realized, Math.abs(c.qty), whole);
      proceeds.set(closureName(c), usd((proceeds.get(closureName(c)) ?? 0) + part));
      left = minus(left, part);
    }
    if (lot !== undefined) cost.set(lot.id, usd((cost.get(lot.id) ?? 0) + negate(left)));
  }
  return { cost, proceeds, moved };
}
