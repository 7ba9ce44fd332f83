// Contracts of a name: a grid of strikes that widens with the closes seen so far, and never takes a strike back before expiry.
import { symbol } from '../../domain/ids.ts';
import { occSymbol, parseOcc, type Right } from '../../domain/instrument.ts';
import { price } from '../../domain/money.ts';
import type { TradingDay } from '../../domain/time.ts';
import type { Deliverable, ListedContract } from '../market.ts';
import { CONTRACT, contractAfter } from '../splits.ts';
import type { DailyPath } from './daily-path.ts';
import { type Expiries, type ExpiryClass, furthestExpiry } from './expiries.ts';
import { earlierDay, type SessionIndex } from './session-index.ts';
import type { DatedSplit, ShareBasis } from './share-basis.ts';
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
  /** Dollars, as listed. */
  readonly listedStrike: number;
  /** Dollars that are paid for one share: the listed strike, but of an adjusted contract. */
  readonly strike: number;
  /** Hundreds of shares that are delivered: 1, but of an adjusted contract. */
  readonly parts: number;
  /** Of an adjusted contract. */
  readonly deliverable?: Deliverable;
  /** A strike of the coarse grid draws more trade. */
  readonly round: boolean;
}

export interface Listing {
  /** A contract by its OCC symbol, listed on a session or before it and known by then, alive or expired. */
  contract(occ: string, session: number): SyntheticContract | undefined;
  /** Contracts known on a session, expiry in [from, to], in the order of their symbols; expired ones only when asked. */
  contracts(session: number, from: TradingDay, to: TradingDay, expired: boolean): readonly SyntheticContract[];
}

const MICROS = 1_000_000;

/** The terms of a contract after a split, but for the number of them. */
function termsAfter(contract: SyntheticContract, split: DatedSplit, newPrice: number): ListedContract {
  const { symbol: occ, expiry, right, listedStrike, deliverable } = contract;
  const facts: ListedContract = {
    symbol: occ,
    underlying: split.symbol,
    expiry,
    right,
    strike: Math.round(listedStrike * MICROS),
    style: 'american',
    settlement: 'physical',
    pennyProgram: false,
    openInterest: null,
    openInterestDay: null,
    ...(deliverable === undefined ? {} : { deliverable }),
  };
  return contractAfter(facts, split, newPrice).contract;
}

/** Adjusted contracts stay listed after a split until they expire; new strikes come in the new shares. */
function adjusted(contract: SyntheticContract, terms: ListedContract, deliverable: Deliverable, listedFrom: number): SyntheticContract {
  const { shares, cash } = deliverable;
  const each = shares === 0 ? contract.listedStrike : (CONTRACT * contract.listedStrike - cash / MICROS) / shares;
  return { ...contract, symbol: terms.symbol, listedFrom, strike: each, parts: shares / CONTRACT, deliverable };
}

const bySymbol = (a: SyntheticContract, b: SyntheticContract): number => (a.symbol < b.symbol ? -1 : 1);

/** All contracts of one expiry known on a session, by its number; an adjusted name's by symbol, else calls, then puts, by strike. */
type Chain = (expiry: number, session: number) => readonly SyntheticContract[];

/** @param closeOf the close of a session as traded, micros */
function chainsOf(
  path: DailyPath,
  sessions: SessionIndex,
  expiries: Expiries,
  basis: ShareBasis,
  closeOf: (index: number) => number,
): Chain {
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
      listedStrike: strike,
      strike,
      parts: 1,
      round,
    };
    known.set(occ, made);
    return made;
  }
  /** The strikes that come about in one kind of shares, from a session to another: calls, then puts. */
  function grid(expiry: number, from: number, to: number): readonly SyntheticContract[] {
    const rows = strikesOf(basis.path(from), sessions, expiry, from, to);
    const of = (right: Right): SyntheticContract[] => rows.map(({ strike, round }) => make(expiry, from, right, strike, round));
    return [...of('call'), ...of('put')];
  }
  /** A contract of before a split, as it is listed after it. */
  function carried(contract: SyntheticContract, split: DatedSplit): SyntheticContract {
    const newPrice = Math.round((closeOf(split.index - 1) * split.from) / split.to);
    const terms = termsAfter(contract, split, newPrice);
    if (terms.deliverable !== undefined) return adjusted(contract, terms, terms.deliverable, split.index);
    return make(contract.expiryIndex, split.index, contract.right, terms.strike / MICROS, contract.round);
  }
  return (expiry, session) => {
    const asOf = Math.min(session, expiry);
    const kept = chains.get(expiry);
    if (kept?.session === asOf) return kept.contracts;
    const { day } = sessions.session(expiry);
    const listedFrom = expiries.listedFrom(expiry, name, name.midweek && path.events.reports(day, day).length > 0);
    if (listedFrom === undefined || asOf < listedFrom) return [];
    const splits = basis.upTo(asOf).filter((split) => split.index > listedFrom);
    let contracts = grid(expiry, listedFrom, Math.min(asOf, (splits[0]?.index ?? Infinity) - 1));
    for (const [i, split] of splits.entries()) {
      const fresh = grid(expiry, split.index, Math.min(asOf, (splits[i + 1]?.index ?? Infinity) - 1));
      const all = new Map([...contracts.map((one) => carried(one, split)), ...fresh].map((one) => [one.symbol, one]));
      contracts = [...all.values()].sort(bySymbol);
    }
    chains.set(expiry, { session: asOf, contracts });
    return contracts;
  };
}

/** @param closeOf the close of a session as traded, micros */
export function listing(
  path: DailyPath,
  sessions: SessionIndex,
  expiries: Expiries,
  basis: ShareBasis,
  closeOf: (index: number) => number,
): Listing {
  const { name } = path;
  const chain = chainsOf(path, sessions, expiries, basis, closeOf);
  /** Whether a strike has been listed, without touching what is kept of other sessions. */
  const looked = new Map<string, { readonly session: number; readonly contract: SyntheticContract }>();

  return {
    contract(occ, session) {
      const kept = looked.get(occ);
      if (kept !== undefined && kept.session <= session && basis.factor(kept.session) === basis.factor(session)) return kept.contract;
      const option = parseOcc(occ);
      if (option === undefined || option.underlying.replace(/\d$/, '') !== name.symbol) return undefined;
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
      return result.some((one) => one.deliverable !== undefined) ? result.sort(bySymbol) : result;
    },
  };
}
