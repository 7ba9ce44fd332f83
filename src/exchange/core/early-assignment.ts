// Early assignment: some nights a holder on the other side exercises before expiry.
import type { TradingDay } from '../../domain/time.ts';
import type { ListedContract } from '../market.ts';
import { assign } from './settlement.ts';
import { contractOf, type Venue } from './venue.ts';

/** A put whose price above intrinsic is no more than this is not worth keeping for its holder. Micros per share. */
const SPENT_EXTRINSIC = 50_000;

interface Candidate {
  readonly contract: ListedContract;
  readonly contracts: number;
  readonly certain: boolean;
}

/** What the holder of the other side would gain by exercising tonight; null when he would lose by it. */
function candidate(venue: Venue, contract: ListedContract, contracts: number, day: TradingDay, tomorrow: TradingDay): Candidate | null {
  const { at } = venue.truth.scalars;
  const share = venue.market.officialClose(contract.underlying, day, at);
  const price = venue.truth.mark(contract.symbol)?.close ?? null;
  if (share === undefined || price === null) return null;
  const intrinsic = contract.right === 'call' ? share - contract.strike : contract.strike - share;
  if (intrinsic <= 0) return null;
  const extrinsic = price - intrinsic;
  if (contract.right === 'put') return extrinsic <= SPENT_EXTRINSIC ? { contract, contracts, certain: false } : null;
  const dividend = venue.market.dividends(tomorrow, tomorrow, at).find((d) => d.symbol === contract.underlying);
  return dividend !== undefined && extrinsic < dividend.perShare ? { contract, contracts, certain: true } : null;
}

/**
 * Assigns short American options early on the night after `day`: calls whose extrinsic is less than the dividend of the
 * next session, all of them; puts with hardly any extrinsic left with the configured chance a night, one contract up to all.
 * A chance of zero turns both off.
 */
export function assignEarly(venue: Venue, day: TradingDay): void {
  const { numerator, denominator } = venue.earlyPerNight;
  if (numerator === 0) return;
  const tomorrow = venue.calendar.offset(day, 1).day;
  for (const { name } of [...venue.truth.accounts()]) {
    for (const position of venue.truth.positions(name)) {
      const contract = position.qty < 0 && position.assetClass === 'us_option' ? contractOf(venue, position.symbol) : undefined;
      if (contract === undefined || contract.style !== 'american' || contract.settlement !== 'physical' || contract.expiry <= day) continue;
      const found = candidate(venue, contract, -position.qty, day, tomorrow);
      const rng = venue.rng.fork(`assign:${name}:${position.symbol}:${day}`);
      if (found === null || (!found.certain && !rng.chance(numerator, denominator))) continue;
      assign(venue, name, contract, found.certain ? found.contracts : rng.int(1, found.contracts), day);
    }
  }
}
