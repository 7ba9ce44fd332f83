// What is listed, by symbol and by the identifier the wire gives it.
import type { ExchangeMarket, ListedEquity } from '../market.ts';
import { contractId, contractOfId } from './contract-id.ts';
import { uuidOf } from './encode.ts';

export interface Listing {
  equities(): readonly ListedEquity[];
  equity(symbol: string): ListedEquity | undefined;
  /** The asset id of shares or of a contract. */
  assetId(symbol: string): string;
  /** The symbol behind an asset id; any other text is returned as it is. */
  symbolOf(idOrSymbol: string): string;
}

const occ = /^[A-Z]{1,6}\d?\d{6}[CP]\d{8}$/;

export const isOptionSymbol = (symbol: string): boolean => occ.test(symbol);
/** Shares one unit stands for. */
export const multiplierOf = (symbol: string): 1 | 100 => (isOptionSymbol(symbol) ? 100 : 1);

/** Ids of contracts that are kept at hand; a market has far fewer listed at any time. */
const MOST_KEPT = 200_000;

export function listingOf(market: ExchangeMarket): Listing {
  const equities = [...market.equities()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const bySymbol = new Map(equities.map((equity) => [equity.symbol, equity]));
  const ids = new Map<string, string>();
  const symbols = new Map<string, string>();
  // A contract's id follows from its symbol, at some cost: whole chains are written again and again.
  const contracts = new Map<string, string>();
  const assetId = (symbol: string): string => {
    const known = ids.get(symbol) ?? contracts.get(symbol);
    if (known !== undefined) return known;
    const contract = contractId(symbol);
    if (contract !== undefined) {
      if (contracts.size >= MOST_KEPT) contracts.clear();
      contracts.set(symbol, contract);
      return contract;
    }
    const id = uuidOf(`asset:${symbol}`);
    ids.set(symbol, id);
    symbols.set(id, symbol);
    return id;
  };
  for (const equity of equities) assetId(equity.symbol);
  return {
    equities: () => equities,
    equity: (symbol) => bySymbol.get(symbol),
    assetId,
    symbolOf: (text) => symbols.get(text.toLowerCase()) ?? contractOfId(text) ?? text,
  };
}
