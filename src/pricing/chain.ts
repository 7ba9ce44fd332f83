// A chain of European options in columns: values and sensitivities of any number of rows without an allocation a row.
import {
  BLOCK,
  type ContractColumns,
  type CrossColumns,
  type GreekColumns,
  keepTerms,
  loadOneSpot,
  loadTerms,
  loadTermsAndSpots,
  makeTerms,
  TERM_COUNT,
  writeCross,
  writeValues,
} from './european-kernel.ts';

/** Contracts with the market they stand in; all columns of one length, units as on `BsInput`. */
export interface ChainColumns extends ContractColumns {
  readonly spot: Float64Array;
  readonly sigma: Float64Array;
}

/** `GreekColumns` and phi (dV/dq), vanna (d2V/dS dsigma), volga (d2V/dsigma2), charm (-d2V/dS dT), raw units. */
export type DerivativeColumns = GreekColumns & CrossColumns;

/** Contracts and what of their values neither spot nor volatility moves. */
export interface PreparedChain {
  readonly contracts: ContractColumns;
  /** `TERM_COUNT` figures a contract, in the kernel's own order. */
  readonly terms: Float64Array;
}

/**
 * Black-Scholes-Merton price, delta, gamma, vega, theta and rho of rows `from` to `to` (exclusive), to the same bits as `bsDerivatives`.
 * A row whose inputs have no value gets its status code and zeros; never NaN, never a throw on columns of one length.
 */
export function priceChain(inputs: ChainColumns, out: GreekColumns, from = 0, to = inputs.spot.length): void {
  for (let start = from; start < to; start += BLOCK) {
    const count = Math.min(BLOCK, to - start);
    makeTerms(inputs, inputs.spot, start, count);
    writeValues(inputs.side, inputs.sigma, out, start, count);
  }
}

/** As `priceChain`, with the four cross derivatives. */
export function deriveChain(inputs: ChainColumns, out: DerivativeColumns, from = 0, to = inputs.spot.length): void {
  for (let start = from; start < to; start += BLOCK) {
    const count = Math.min(BLOCK, to - start);
    makeTerms(inputs, inputs.spot, start, count);
    writeValues(inputs.side, inputs.sigma, out, start, count);
    writeCross(out, start, count);
  }
}

/** Keeps what does not change from tick to tick: prepare again when time has passed or a rate has moved. Holds on to the columns. */
export function prepareChain(contracts: ContractColumns): PreparedChain {
  const rows = contracts.strike.length;
  const terms = new Float64Array(rows * TERM_COUNT);
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    // No spot is wanted yet: any column stands in.
    makeTerms(contracts, contracts.strike, start, count);
    keepTerms(terms, start, count);
  }
  return { contracts, terms };
}

/**
 * `priceChain` on a tick, to the same bits: only spot (one for all rows, or a column) and volatilities have moved. Prices rows `from` to
 * `to` (exclusive), which lets each underlying's rows be repriced when it moves.
 */
export function repriceChain(
  prepared: PreparedChain,
  spot: number | Float64Array,
  sigma: Float64Array,
  out: GreekColumns,
  from = 0,
  to = prepared.contracts.strike.length,
): void {
  if (typeof spot === 'number') loadOneSpot(spot);
  for (let start = from; start < to; start += BLOCK) {
    const count = Math.min(BLOCK, to - start);
    if (typeof spot === 'number') loadTerms(prepared.terms, start, count);
    else loadTermsAndSpots(prepared.terms, spot, start, count);
    writeValues(prepared.contracts.side, sigma, out, start, count);
  }
}
