// Option arithmetic written for these tests alone, from the textbook and without the product's own: what the brute force is priced with.

const LEAST = 1e-4;
const MOST = 8;

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Normal distribution: 1/2 + n(x) (x + x^3/3 + x^5/15 + ...), whose terms shrink for every x. */
export function normal(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let [total, term] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(total) && k < 1_000; k += 2) {
    term *= (x * x) / k;
    total += term;
  }
  return 0.5 + density(x) * total;
}

/** One European option. Dollars, years, fractions a year. */
export interface Terms {
  readonly right: 'call' | 'put';
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
}

const sign = ({ right }: Pick<Terms, 'right'>): 1 | -1 => (right === 'call' ? 1 : -1);

function distances({ spot, strike, years, rate, dividendYield }: Terms, sigma: number): readonly [d1: number, d2: number] {
  const deviation = sigma * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (rate - dividendYield + sigma ** 2 / 2) * years) / deviation;
  return [d1, d1 - deviation];
}

export function value(terms: Terms, sigma: number): number {
  const [d1, d2] = distances(terms, sigma);
  const phi = sign(terms);
  const asset = terms.spot * Math.exp(-terms.dividendYield * terms.years);
  const cash = terms.strike * Math.exp(-terms.rate * terms.years);
  return phi * (asset * normal(phi * d1) - cash * normal(phi * d2));
}

/** The volatility of a price by halving; undefined where there is no more than a millionth of time value, or none reaches the price. */
export function volatilityOf(terms: Terms, price: number): number | undefined {
  const asset = terms.spot * Math.exp(-terms.dividendYield * terms.years);
  const cash = terms.strike * Math.exp(-terms.rate * terms.years);
  if (!(terms.years > 0) || !(price > Math.max(0, sign(terms) * (asset - cash)) + 1e-6)) return undefined;
  let [low, high] = [LEAST, MOST];
  if (price >= (terms.right === 'call' ? asset : cash) || value(terms, high) < price) return undefined;
  for (let i = 0; i < 200 && high - low > 1e-15; i++) {
    const middle = (low + high) / 2;
    if (value(terms, middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export const deltaOf = (terms: Terms, sigma: number): number =>
  sign(terms) * Math.exp(-terms.dividendYield * terms.years) * normal(sign(terms) * distances(terms, sigma)[0]);

/** Chance to end in the money. */
export const insideOf = (terms: Terms, sigma: number): number => normal(sign(terms) * distances(terms, sigma)[1]);

/** Chance that the share touches a level within so many years, by reflection. */
export function touchOf(terms: Pick<Terms, 'spot' | 'rate' | 'dividendYield'>, level: number, sigma: number, years: number): number {
  const b = Math.log(level / terms.spot);
  const up = b > 0 ? 1 : -1;
  const m = terms.rate - terms.dividendYield - sigma ** 2 / 2;
  const deviation = sigma * Math.sqrt(years);
  const straight = normal((-up * b + up * m * years) / deviation);
  return straight + Math.exp((2 * m * b) / sigma ** 2) * normal((-up * b - up * m * years) / deviation);
}

/** The share price at which an option is worth a target, by halving; undefined where none is. */
export function spotFor(terms: Terms, sigma: number, target: number): number | undefined {
  let [low, high] = [1e-9, 100 * terms.strike];
  const worth = (spot: number): number =>
    terms.years > 0 ? value({ ...terms, spot }, sigma) : Math.max(0, sign(terms) * (spot - terms.strike));
  if (terms.right === 'put' && worth(low) <= target) return undefined;
  for (let i = 0; i < 400; i++) {
    const middle = (low + high) / 2;
    if (worth(middle) < target === (terms.right === 'call')) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Volatility at a level: straight between strikes, flat outside. */
export function lineThrough(points: readonly (readonly [strike: number, sigma: number])[]): (level: number) => number {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  return (level) => {
    const above = sorted.findIndex(([strike]) => strike > level);
    const [right, left] = [sorted[above], sorted[(above === -1 ? sorted.length : above) - 1]];
    if (left === undefined || right === undefined) return (left ?? right ?? [0, Number.NaN])[1];
    return left[1] + ((right[1] - left[1]) * (level - left[0])) / (right[0] - left[0]);
  };
}
