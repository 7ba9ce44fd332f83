// Positions added up: by name, in all, and after every jump. All of it is linear, so an order adds its own part and nothing is redone.
import { once } from '../../base/once.ts';
import type { Owner, Symbol } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { MICROS } from '../../domain/money.ts';
import { type Known, known } from '../../domain/reasons.ts';
import { type Weighted, worstLoss } from '../../domain/worth.ts';
import { type Exposure, exposureOf, type Line, nothing, withExposure } from './line.ts';
import type { Names } from './names.ts';
import { addTo, gainsOf } from './revalue.ts';
import { scenarios } from './scenarios.ts';
import { isDefinedRisk, type Stake, stakeLoss } from './stake.ts';

/** Units of one instrument that are, or may come to be, one owner's. */
export interface Holding {
  readonly owner: Owner;
  readonly instrument: Instrument;
  /** Signed. */
  readonly qty: number;
}

/** What one owner has in one name, and the price it stands at. */
export interface OwnedStake extends Stake {
  readonly owner: Owner;
  readonly name: Symbol;
  /** Dollars a share. */
  readonly spot: number;
  /** All of it, and the part of it that expires today or tomorrow. */
  readonly exposure: Exposure;
  readonly lastDay: Exposure;
}

/** One underlying's part of the book, dollars. */
export interface NameTotal extends Exposure {
  /** Signed value of the shares. */
  readonly shareValue: number;
  /** Cash that stands behind short puts: the strike of a lone one, the width of a spread. */
  readonly reserve: number;
}

export interface Book {
  readonly total: Exposure;
  /** Underlyings of it. */
  readonly names: readonly Symbol[];
  /** One underlying's part; zeros for one that is not in it. */
  readonly name: (name: Symbol) => NameTotal;
  readonly stakes: readonly OwnedStake[];
  /** Dollars gained in each scenario, in the order of `scenarios`. */
  readonly inScenarios: () => Float64Array;
  /** Dollars gained on each past day, oldest first, by today's positions. */
  readonly onPastDays: () => Float64Array;
  /**
   * The same for methods that read a deviation: what legs bound gains no more there than it can lose. A ticket that may pay ten times its
   * price is no risk of ten times its price.
   */
  readonly onPastDaysTempered: () => Float64Array;
  /** Dollars gained when one name alone falls; 0 for an index fund and for a name that is not held. */
  readonly inOwnFall: (name: Symbol) => number;
}

/** An instrument with the market it stands in, or why it has none. */
export type LineOf = (instrument: Instrument, qty: number) => Known<Line>;

const noTotal: NameTotal = { ...nothing, shareValue: 0, reserve: 0 };

const putReserve = (options: readonly Weighted[]): number =>
  (worstLoss(options.filter(({ option }) => option.right === 'put')) * 100) / MICROS;

interface Valued extends Holding {
  readonly line: Line;
  readonly exposure: Exposure;
}

function stakesOf(valued: readonly Valued[]): readonly OwnedStake[] {
  const stakes = new Map<string, OwnedStake>();
  for (const { owner, instrument, qty, line, exposure } of valued) {
    const key = `${owner}|${instrument.underlying}`;
    const before = stakes.get(key) ?? {
      owner,
      name: instrument.underlying,
      spot: line.spot,
      options: [],
      shares: 0,
      value: 0,
      exposure: nothing,
      lastDay: nothing,
    };
    stakes.set(key, {
      ...before,
      options: instrument.kind === 'option' ? [...before.options, { option: instrument, weight: qty }] : before.options,
      shares: before.shares + (instrument.kind === 'equity' ? qty : 0),
      value: before.value + exposure.value,
      exposure: withExposure(before.exposure, exposure),
      lastDay: line.isLastDay ? withExposure(before.lastDay, exposure) : before.lastDay,
    });
  }
  return [...stakes.values()];
}

function totalsOf(valued: readonly Valued[], stakes: readonly OwnedStake[]): ReadonlyMap<Symbol, NameTotal> {
  const names = new Map<Symbol, NameTotal>();
  for (const { instrument, exposure } of valued) {
    const before = names.get(instrument.underlying) ?? noTotal;
    const shareValue = before.shareValue + (instrument.kind === 'equity' ? exposure.value : 0);
    names.set(instrument.underlying, { ...before, ...withExposure(before, exposure), shareValue });
  }
  for (const { name, options } of stakes) {
    const before = names.get(name) ?? noTotal;
    names.set(name, { ...before, reserve: before.reserve + putReserve(options) });
  }
  return names;
}

/** Holdings valued and added up; absent with the first one's reason when any of them cannot be valued. */
export function bookOf(holdings: readonly Holding[], lineOf: LineOf, names: Names): Known<Book> {
  const valued: Valued[] = [];
  for (const holding of holdings) {
    const line = lineOf(holding.instrument, holding.qty);
    if (!line.known) return line;
    const exposure = exposureOf(line.value);
    if (!exposure.known) return exposure;
    valued.push({ ...holding, line: line.value, exposure: exposure.value });
  }
  const stakes = stakesOf(valued);
  const totals = totalsOf(valued, stakes);
  const summed = (length: number, jumps: Names['scenarios']) => {
    const total = new Float64Array(length);
    for (const { line } of valued) addTo(total, gainsOf(line, jumps(line.instrument.underlying)));
    return total;
  };
  const inScenarios = once((_: 'all') => summed(scenarios.length, names.scenarios));
  const onPastDays = once((_: 'all') => summed(names.days, names.pastDays));
  const onPastDaysTempered = once((_: 'all') => {
    const total = new Float64Array(names.days);
    for (const stake of stakes) {
      const own = new Float64Array(names.days);
      for (const { owner, line } of valued)
        if (owner === stake.owner && line.instrument.underlying === stake.name) addTo(own, gainsOf(line, names.pastDays(stake.name)));
      const most = isDefinedRisk(stake) ? stakeLoss(stake) : Infinity;
      addTo(
        total,
        own.map((gain) => Math.min(gain, most)),
      );
    }
    return total;
  });
  return known({
    total: valued.reduce((sum, { exposure }) => withExposure(sum, exposure), nothing),
    names: [...totals.keys()],
    name: (name) => totals.get(name) ?? noTotal,
    stakes,
    inScenarios: () => inScenarios('all'),
    onPastDays: () => onPastDays('all'),
    onPastDaysTempered: () => onPastDaysTempered('all'),
    inOwnFall: once((name) => {
      const jump = names.ownFall(name);
      const own = valued.filter(({ instrument }) => instrument.underlying === name);
      return jump === undefined ? 0 : own.reduce((gain, { line }) => gain + (gainsOf(line, jump)[0] as number), 0);
    }),
  });
}

const scaled = (stake: OwnedStake, times: number): OwnedStake => ({
  ...stake,
  options: stake.options.map(({ option, weight }) => ({ option, weight: weight * times })),
  shares: stake.shares * times,
  value: stake.value * times,
  exposure: withExposure(nothing, stake.exposure, times),
  lastDay: withExposure(nothing, stake.lastDay, times),
});

/** Stakes of one owner and name stand together: shares cover calls, whichever came first. */
function joined(book: readonly OwnedStake[], unit: readonly OwnedStake[], times: number): readonly OwnedStake[] {
  const stakes = [...book];
  for (const more of unit.map((stake) => scaled(stake, times))) {
    const i = stakes.findIndex((s) => s.owner === more.owner && s.name === more.name);
    const before = stakes[i];
    if (before === undefined) stakes.push(more);
    else
      stakes[i] = {
        ...before,
        options: [...before.options, ...more.options],
        shares: before.shares + more.shares,
        value: before.value + more.value,
        exposure: withExposure(before.exposure, more.exposure),
        lastDay: withExposure(before.lastDay, more.lastDay),
      };
  }
  return stakes;
}

/** The book as it would be with `times` of a unit in it. */
export function withUnit(book: Book, unit: Book, times: number): Book {
  const column = (of: (b: Book) => Float64Array): Float64Array => {
    const total = of(book).slice();
    addTo(total, of(unit), times);
    return total;
  };
  return {
    total: withExposure(book.total, unit.total, times),
    name: (name) => {
      const [a, b] = [book.name(name), unit.name(name)];
      return { ...withExposure(a, b, times), shareValue: a.shareValue + times * b.shareValue, reserve: a.reserve + times * b.reserve };
    },
    names: [...new Set([...book.names, ...unit.names])],
    stakes: joined(book.stakes, unit.stakes, times),
    inScenarios: () => column((b) => b.inScenarios()),
    onPastDays: () => column((b) => b.onPastDays()),
    onPastDaysTempered: () => column((b) => b.onPastDaysTempered()),
    inOwnFall: (name) => book.inOwnFall(name) + times * unit.inOwnFall(name),
  };
}
