// Contracts of a name: a grid of strikes that widens with the closes seen so far, and never takes a strike back before expiry.
import { symbol } from '../../domain/ids.ts';
import { occSymbol, parseOcc, type Right } from '../../domain/instrument.ts';
import { price } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { DailyPath } from './daily-path.ts';
import { type Expiries, type ExpiryClass, furthestExpiry } from './expiries.ts';
import { earlierDay, type SessionIndex } from './session-index.ts';
import { strikesOf } from './strikes.ts';

export interface SyntheticContract {
  readonly symbol: string;
  readonly expiry: TradingDay;
  readonly expiryIndex: number;
  /** The instant at which it expires. */
  readonly end: number;
  readonly listedFrom: number;
  readonly expiryClass: ExpiryClass;
  readonly right: Right;
  /** Dollars. */
  readonly strike: number;
  /** A strike of the coarse grid draws more trade. */
  readonly round: boolean;
}

export interface Listing {
  /** A contract by its OCC symbol, listed on a session or before it and known by then, alive or expired. */
  contract(occ: string, session: number): SyntheticContract | undefined;
  /** Contracts known on a session, expiry in [from, to], in the order of their symbols; expired ones only when asked. */
  contracts(session: number, from: TradingDay, to: TradingDay, expired: boolean): readonly SyntheticContract[];
}

export function listing(path: DailyPath, sessions: SessionIndex, expiries: Expiries): Listing {
  const { name } = path;
  const known = new Map<string, SyntheticContract>();
  /** Strikes of an expiry as of one session; the newest asked one is kept. */
  const chains = new Map<number, { readonly session: number; readonly contracts: readonly SyntheticContract[] }>();

  function make(expiry: number, listedFrom: number, right: Right, strike: number, round: boolean): SyntheticContract {
    const { day, close } = sessions.session(expiry);
    const occ = occSymbol(symbol(name.symbol), day, right, price(Math.round(strike * 1_000_000)));
    const found = known.get(occ);
    if (found !== undefined) return found;
    const made: SyntheticContract = {
      symbol: occ,
      expiry: day,
      expiryIndex: expiry,
      end: close,
      listedFrom,
      expiryClass: expiries.classOf(expiry),
      right,
      strike,
      round,
    };
    known.set(occ, made);
    return made;
  }
  /** All contracts of one expiry known on a session: calls, then puts, by strike. */
  function chain(expiry: number, session: number): readonly SyntheticContract[] {
    const asOf = Math.min(session, expiry);
    const kept = chains.get(expiry);
    if (kept?.session === asOf) return kept.contracts;
    const { day } = sessions.session(expiry);
    const listedFrom = expiries.listedFrom(expiry, name, name.midweek && path.events.reports(day, day).length > 0);
    if (listedFrom === undefined || asOf < listedFrom) return [];
    const rows = strikesOf(path, sessions, expiry, listedFrom, asOf);
    const of = (right: Right): SyntheticContract[] => rows.map(({ strike, round }) => make(expiry, listedFrom, right, strike, round));
    const contracts = [...of('call'), ...of('put')];
    chains.set(expiry, { session: asOf, contracts });
    return contracts;
  }
  /** Whether a strike has been listed, without touching what is kept of other sessions. */
  const looked = new Map<string, { readonly session: number; readonly contract: SyntheticContract }>();

  return {
    contract(occ, session) {
      const kept = looked.get(occ);
      if (kept !== undefined && kept.session <= session) return kept.contract;
      const option = parseOcc(occ);
      if (option === undefined || option.underlying !== name.symbol) return undefined;
      if (option.expiry > furthestExpiry(sessions.session(session).day, name.leaps)) return undefined;
      const expiry = sessions.of(option.expiry);
      if (expiry === undefined) return undefined;
      const contract = chain(expiry, session).find((c) => c.symbol === occ);
      if (contract !== undefined) looked.set(occ, { session, contract });
      return contract;
    },
    contracts(session, from, to, expired) {
      const today = sessions.session(session).day;
      const first = expired || from > today ? from : today;
      const last = earlierDay(to, furthestExpiry(today, name.leaps));
      if (first > last) return [];
      const result: SyntheticContract[] = [];
      for (let i = sessions.from(first); sessions.session(i).day <= last; i++) result.push(...chain(i, session));
      return result;
    },
  };
}
