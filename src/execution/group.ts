// What is held of one name, as the packages it can be closed in: verticals, condors, calendars, and what stands alone.
import type { Option } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import type { Weighted } from '../domain/worth.ts';

/** Units of one package; a weight is +1 for what is held long and -1 for what is held short. */
export interface Package {
  readonly legs: readonly [Weighted, ...Weighted[]];
  readonly units: number;
}

interface Pile {
  readonly option: Option;
  left: number;
}

interface Pair {
  readonly short: Option;
  readonly long: Option;
  readonly units: number;
}

const byPlace = (a: Option, b: Option): number =>
  (a.expiry < b.expiry ? -1 : a.expiry > b.expiry ? 1 : 0) || (a.right < b.right ? -1 : a.right > b.right ? 1 : 0) || a.strike - b.strike;

const pilesOf = (positions: readonly Position[], side: 1 | -1): Pile[] =>
  positions
    .flatMap(({ instrument, qty }) =>
      instrument.kind === 'option' && Math.sign(qty) === side ? [{ option: instrument, left: Math.abs(qty) }] : [],
    )
    .sort((a, b) => byPlace(a.option, b.option));

function take(short: Pile, long: Pile): Pair {
  const units = Math.min(short.left, long.left);
  short.left -= units;
  long.left -= units;
  return { short: short.option, long: long.option, units };
}

const total = (piles: readonly Pile[]): number => piles.reduce((n, p) => n + p.left, 0);

/** Pairs of one right and expiry: in the order of their strikes where the numbers agree, else each short one with the nearest long one. */
function verticals(shorts: readonly Pile[], longs: readonly Pile[]): Pair[] {
  const pairs: Pair[] = [];
  const inOrder = total(shorts) === total(longs);
  for (const short of shorts) {
    while (short.left > 0) {
      const free = longs.filter((l) => l.left > 0);
      const away = (l: Pile): number => Math.abs(l.option.strike - short.option.strike);
      const long = inOrder
        ? free[0]
        : free.reduce<Pile | undefined>((best, l) => (best === undefined || away(l) < away(best) ? l : best), undefined);
      if (long === undefined) break;
      pairs.push(take(short, long));
    }
  }
  return pairs;
}

/** A short one with a long one of its right that outlives it: the soonest to expire, then the nearest strike. */
function calendars(shorts: readonly Pile[], longs: readonly Pile[]): Pair[] {
  const pairs: Pair[] = [];
  // What expires last has the fewest to choose from.
  for (const short of [...shorts].reverse()) {
    const { option } = short;
    const fit = longs
      .filter((l) => l.option.right === option.right && l.option.expiry > option.expiry)
      .sort(
        (a, b) =>
          (a.option.expiry < b.option.expiry ? -1 : a.option.expiry > b.option.expiry ? 1 : 0) ||
          Math.abs(a.option.strike - option.strike) - Math.abs(b.option.strike - option.strike) ||
          a.option.strike - b.option.strike,
      );
    for (const long of fit) if (short.left > 0 && long.left > 0) pairs.push(take(short, long));
  }
  return pairs;
}

const legsOf = ({ short, long }: Pair): readonly [Weighted, Weighted] => [
  { option: short, weight: -1 },
  { option: long, weight: 1 },
];

/** A vertical that was sold for a credit: its short strike is the one worth more. */
const isCredit = ({ short, long }: Pair): boolean => (short.right === 'put' ? short.strike > long.strike : short.strike < long.strike);

/** Put and call verticals of one expiry, both sold or both bought, go together as far as their numbers reach. */
function condors(pairs: readonly Pair[]): Package[] {
  const left = pairs.map((pair) => ({ pair, units: pair.units }));
  const packages: Package[] = [];
  for (const put of left.filter((p) => p.pair.short.right === 'put')) {
    for (const call of left) {
      const together =
        call.pair.short.right === 'call' && call.pair.short.expiry === put.pair.short.expiry && isCredit(call.pair) === isCredit(put.pair);
      const units = together ? Math.min(put.units, call.units) : 0;
      if (units === 0) continue;
      put.units -= units;
      call.units -= units;
      packages.push({ legs: [...legsOf(put.pair), ...legsOf(call.pair)], units });
    }
  }
  for (const { pair, units } of left) if (units > 0) packages.push({ legs: legsOf(pair), units });
  return packages;
}

/**
 * The option positions of one owner in one name, cut into packages; every contract held is in exactly one of them. The same positions
 * give the same packages, whatever their order. A short option that a long one covers is never left alone.
 */
export function packagesOf(positions: readonly Position[]): readonly Package[] {
  const shorts = pilesOf(positions, -1);
  const longs = pilesOf(positions, 1);
  const series = [...new Set(shorts.map(({ option }) => `${option.expiry} ${option.right}`))];
  const ofSeries = (piles: readonly Pile[], name: string): Pile[] =>
    piles.filter(({ option }) => `${option.expiry} ${option.right}` === name);
  const upright = series.flatMap((name) => verticals(ofSeries(shorts, name), ofSeries(longs, name)));
  const across = calendars(shorts, longs);
  const alone = (piles: readonly Pile[], weight: 1 | -1): Package[] =>
    piles.filter((p) => p.left > 0).map(({ option, left }) => ({ legs: [{ option, weight }], units: left }));
  return [
    ...condors(upright),
    ...across.map((pair): Package => ({ legs: legsOf(pair), units: pair.units })),
    ...alone(shorts, -1),
    ...alone(longs, 1),
  ];
}
