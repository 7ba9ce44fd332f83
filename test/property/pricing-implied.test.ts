import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BsInput, bsPrice } from '../../src/pricing/black-scholes.ts';
import { forwardIntrinsicValue, type ImpliedVolatility, impliedVolatility } from '../../src/pricing/implied-volatility.ts';
import {
  impliedVolatilityChain,
  impliedVolatilityChainFrom,
  type PriceColumns,
  volatilityStatuses,
} from '../../src/pricing/implied-volatility-chain.ts';
import { millsRatio, normalCdf, normalPdf } from '../../src/pricing/normal.ts';

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const logBetween = (min: number, max: number): fc.Arbitrary<number> => between(Math.log(min), Math.log(max)).map(Math.exp);
const right = fc.constantFrom('call' as const, 'put' as const);
const listed: fc.Arbitrary<BsInput> = fc.record({
  right,
  spot: between(5, 1000),
  strike: between(5, 1000),
  years: between(0.0005, 3),
  rate: between(-0.02, 0.12),
  dividendYield: between(0, 0.08),
  sigma: between(0.03, 3),
});
const extreme: fc.Arbitrary<BsInput> = fc.record({
  right,
  spot: logBetween(1e-6, 1e6),
  strike: logBetween(1e-6, 1e6),
  years: logBetween(1e-9, 100),
  rate: between(-0.5, 0.5),
  dividendYield: between(-0.5, 0.5),
  sigma: logBetween(1e-5, 30),
});

/** By how much the volatility moves, relative to itself, when each input and the price are off by one last bit: at least that bit. */
function doubt(input: BsInput): number {
  const { spot, strike, years, rate, dividendYield, sigma } = input;
  const asset = spot * Math.exp(-dividendYield * years);
  const bond = strike * Math.exp(-rate * years);
  const s = sigma * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (rate - dividendYield) * years) / s + s / 2;
  const side = input.right === 'call' ? 1 : -1;
  const moved = asset * normalCdf(side * d1) + bond * normalCdf(side * (d1 - s));
  return Number.EPSILON * (1 + (moved * (2 + Math.abs(rate * years) + Math.abs(dividendYield * years))) / (s * asset * normalPdf(d1)));
}

/** N(-a) - e^x N(-b) with e^x = n(a) / n(b): the out-of-the-money value over the smaller of asset and bond. */
const otmValue = (a: number, b: number): number =>
  a > 0 ? normalPdf(a) * (millsRatio(a) - millsRatio(b)) : normalCdf(-a) - normalPdf(a) * millsRatio(b);

function columnsOf(rows: readonly (Omit<BsInput, 'sigma'> & { readonly price: number })[]): PriceColumns {
  const column = (of: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, of);
  return {
    side: column((r) => (r.right === 'call' ? 1 : -1)),
    spot: column((r) => r.spot),
    strike: column((r) => r.strike),
    years: column((r) => r.years),
    rate: column((r) => r.rate),
    dividendYield: column((r) => r.dividendYield),
    price: column((r) => r.price),
  };
}
const outOf = (n: number) => ({ sigma: new Float64Array(n), status: new Uint8Array(n) });

function checkRefusal(answer: ImpliedVolatility & { kind: 'unsolvable' }, price: number, intrinsic: number): void {
  expect(Number.isFinite(answer.bound)).toBe(true);
  if (answer.reason === 'above_max') expect(price).toBeGreaterThanOrEqual(answer.bound);
  else if (answer.reason === 'zero') expect(price).toBeLessThan(1e-290);
  else if (answer.reason === 'below_intrinsic') expect(price).toBeLessThan(intrinsic);
  else expect(answer.reason).toBe('at_intrinsic');
}

describe('implied volatility', () => {
  it('gives back the volatility of 10,000 contracts as far as the price carries it, or says that it has none', () => {
    let solved = 0;
    fc.assert(
      fc.property(fc.oneof(listed, extreme), (input) => {
        const price = bsPrice(input);
        const answer = impliedVolatility({ ...input, price });
        if (answer.kind === 'unsolvable') {
          checkRefusal(answer, price, forwardIntrinsicValue(input));
          return;
        }
        solved++;
        const off = doubt(input);
        expect(answer.sigma).toBeGreaterThan(0);
        if (off < 1e-4) expect(Math.abs(answer.sigma / input.sigma - 1)).toBeLessThan(32 * off);
      }),
      { numRuns: 10_000 },
    );
    expect(solved).toBeGreaterThan(5000);
  });

  it('settles every out-of-the-money price within its three steps, to forwards e^690 apart and prices of 1e-300', () => {
    fc.assert(
      fc.property(right, logBetween(1e-12, 690), logBetween(0.003, 38), (side, moneyness, distance) => {
        // `distance` is x/s: from nearly certain to 38 deviations out.
        const sigma = moneyness / distance;
        fc.pre(sigma < 30);
        const price = otmValue(distance - sigma / 2, distance + sigma / 2);
        fc.pre(price > 1e-300 && price < 1 - 1e-12);
        const [spot, strike] = side === 'call' ? [1, Math.exp(moneyness)] : [Math.exp(moneyness), 1];
        const input = { right: side, spot, strike, years: 1, rate: 0, dividendYield: 0 };
        const answer = impliedVolatility({ ...input, price });
        if (answer.kind !== 'solved') throw new Error(`not solved: ${answer.reason}`);
        expect(Math.abs(answer.sigma / sigma - 1)).toBeLessThan(32 * doubt({ ...input, sigma }));
      }),
      { numRuns: 20_000 },
    );
  });

  it('never throws, and answers no NaN, whatever it is given', () => {
    const any = fc.oneof(fc.double(), between(-10, 1000));
    fc.assert(
      fc.property(right, any, any, any, any, any, any, (side, spot, strike, years, rate, dividendYield, price) => {
        const answer = impliedVolatility({ right: side, spot, strike, years, rate, dividendYield, price });
        const figure = answer.kind === 'solved' ? answer.sigma : answer.bound;
        expect(Number.isFinite(figure)).toBe(true);
        expect(answer.kind === 'solved' ? figure > 0 : figure >= 0).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  it('rises with the price', () => {
    fc.assert(
      fc.property(listed, logBetween(1e-12, 0.1), (input, more) => {
        const price = bsPrice(input) - forwardIntrinsicValue(input);
        const otm = {
          ...input,
          right: forwardIntrinsicValue(input) > 0 ? (input.right === 'call' ? ('put' as const) : ('call' as const)) : input.right,
        };
        const lower = impliedVolatility({ ...otm, price });
        const upper = impliedVolatility({ ...otm, price: price * (1 + more) });
        fc.pre(lower.kind === 'solved' && upper.kind === 'solved');
        if (lower.kind !== 'solved' || upper.kind !== 'solved') return;
        expect(upper.sigma).toBeGreaterThanOrEqual(lower.sigma * (1 - 16 * Number.EPSILON));
        if (more > 1e-6) expect(upper.sigma).toBeGreaterThan(lower.sigma);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('columns of implied volatilities', () => {
  const rows = fc.array(
    fc.tuple(fc.oneof(listed, extreme), fc.constantFrom(1, 1, 1, 1, 0.5, 2, 0, -1, Number.NaN)).map(([input, factor]) => ({
      ...input,
      price: bsPrice(input) * factor,
    })),
    { minLength: 1, maxLength: 300 },
  );

  it('hold the very bits of the single answers, and leave the rows outside their range alone', () => {
    fc.assert(
      fc.property(rows, fc.nat(20), fc.nat(20), (contracts, skipped, left) => {
        const [from, to] = [Math.min(skipped, contracts.length), Math.max(0, contracts.length - left)];
        const out = outOf(contracts.length);
        out.sigma.fill(-7);
        impliedVolatilityChain(columnsOf(contracts), out, from, to);
        contracts.forEach((contract, i) => {
          const single = impliedVolatility(contract);
          const sigma = single.kind === 'solved' ? single.sigma : 0;
          const status = single.kind === 'solved' ? 'solved' : single.reason;
          if (i < from || i >= to) expect(out.sigma[i]).toBe(-7);
          else expect([volatilityStatuses[out.status[i] as number], out.sigma[i]]).toEqual([status, sigma]);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('from the last tick are those from a cold start within 1e-12, whatever the last tick says', () => {
    const last = fc.oneof(
      between(0.98, 1.02),
      between(0.5, 2),
      fc.constantFrom(0, -1, 1e-300, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(rows, fc.array(last, { minLength: 300, maxLength: 300 }), (contracts, moves) => {
        const columns = columnsOf(contracts);
        const cold = outOf(contracts.length);
        impliedVolatilityChain(columns, cold);
        const warm = outOf(contracts.length);
        // The columns of the last tick are also those written to.
        warm.sigma.set(cold.sigma.map((sigma, i) => sigma * (moves[i] as number)));
        impliedVolatilityChainFrom(columns, warm.sigma, warm);
        expect(warm.status).toEqual(cold.status);
        warm.sigma.forEach((sigma, i) => {
          expect(Math.abs(sigma - (cold.sigma[i] as number))).toBeLessThanOrEqual(1e-12 * (cold.sigma[i] as number));
        });
      }),
      { numRuns: 200 },
    );
  });
});
