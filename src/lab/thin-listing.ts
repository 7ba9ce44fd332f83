// A market that lists fewer contracts: most names have no strike every half dollar, and whole chains are most of a simulated day's work.
import type { ExchangeMarket, ListedContract } from '../exchange/market.ts';

const DOLLAR = 1_000_000;

/** Dollars between strikes, by the highest strike it holds below. */
const steps: readonly (readonly [below: number, step: number])[] = [
  [60, 1],
  [110, 2],
  [Infinity, 5],
];

function isKept({ strike }: ListedContract): boolean {
  const dollars = strike / DOLLAR;
  const step = steps.find(([below]) => dollars < below)?.[1] ?? 1;
  return dollars % step === 0;
}

/** Lists only round strikes. A contract that is asked for by its symbol is there as before: what a split left uneven goes on. */
export const thinListing = (market: ExchangeMarket): ExchangeMarket => ({
  ...market,
  contracts: (underlying, from, to, asOf, expired) => market.contracts(underlying, from, to, asOf, expired).filter(isKept),
});
