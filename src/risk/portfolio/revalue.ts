// Full revaluation: what a line gains when its share and its volatility jump. Never sensitivity times move.
import { type ChainColumns, priceChain } from '../../pricing/chain.ts';
import { type GreekColumns, rowStatuses } from '../../pricing/european-kernel.ts';
import { type Line, optionInput } from './line.ts';

/** Jumps as factors on spot and volatility, index by index: 0.8 is a fall of 20 %. */
export interface Jumps {
  readonly spot: Float64Array;
  readonly sigma: Float64Array;
}

/** A share loses at most this part of its price. */
const LEAST_SPOT = 0.05;

/** Factor on the price of a share with a beta when the market moves: 1 + beta x move, and never below 0.05 (a fall of 95 %). */
export const spotFactor = (beta: number, move: number): number => Math.max(LEAST_SPOT, 1 + beta * move);

interface Sheet {
  readonly inputs: ChainColumns;
  readonly out: GreekColumns;
}

const sheetOf = (rows: number): Sheet => {
  const column = (): Float64Array => new Float64Array(rows);
  return {
    inputs: {
      spot: column(),
      strike: column(),
      years: column(),
      rate: column(),
      dividendYield: column(),
      sigma: column(),
      side: column(),
    },
    out: {
      price: column(),
      delta: column(),
      gamma: column(),
      vega: column(),
      theta: column(),
      rho: column(),
      status: new Uint8Array(rows),
    },
  };
};

const OK = rowStatuses.indexOf('ok');
// Filled and read within a call.
let sheet = sheetOf(64);

/** Values of one option after each jump, dollars a share, the value without any jump last. */
function optionValues(line: Line, { spot, sigma }: Jumps): Float64Array | undefined {
  const input = optionInput(line);
  if (input === undefined) return undefined;
  const rows = spot.length + 1;
  if (sheet.inputs.spot.length < rows) sheet = sheetOf(rows);
  const { inputs, out } = sheet;
  for (let i = 0; i < rows; i++) {
    inputs.spot[i] = input.spot * (spot[i] ?? 1);
    inputs.sigma[i] = input.sigma * (sigma[i] ?? 1);
  }
  inputs.strike.fill(input.strike, 0, rows);
  inputs.years.fill(input.years, 0, rows);
  inputs.rate.fill(input.rate, 0, rows);
  inputs.dividendYield.fill(input.dividendYield, 0, rows);
  inputs.side.fill(input.right === 'call' ? 1 : -1, 0, rows);
  priceChain(inputs, out, 0, rows);
  const values = out.price.slice(0, rows);
  for (let i = 0; i < rows; i++) if (out.status[i] !== OK) values[i] = Number.NaN;
  return values;
}

/**
 * Dollars that a line gains in each jump, time and rate unchanged (a jump takes none): quantity x multiplier x (value after - value
 * before), options by Black-Scholes-Merton. NaN where there is no value.
 */
export function gainsOf(line: Line, jumps: Jumps): Float64Array {
  const units = line.qty * line.instrument.multiplier;
  const values = optionValues(line, jumps);
  const before = values?.[jumps.spot.length] ?? Number.NaN;
  return jumps.spot.map((factor, i) =>
    values === undefined ? units * line.spot * (factor - 1) : units * ((values[i] ?? Number.NaN) - before),
  );
}

/** Adds `times` the second column to the first, in place. */
export function addTo(total: Float64Array, more: Float64Array, times = 1): void {
  for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + times * (more[i] ?? Number.NaN);
}
