// What each strategy's own code takes out of a chain, and what the search over everything takes out of the same chain.
import type { Gate } from '../../../src/domain/decision.ts';
import type { Symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { netQty, price, usd } from '../../../src/domain/money.ts';
import type { TradingDay } from '../../../src/domain/time.ts';
import type { Chain } from '../../../src/market/quote.ts';
import { chooseSpread } from '../../../src/strategies/debit-call-spreads/choice.ts';
import { debitCallSpreadsParams } from '../../../src/strategies/debit-call-spreads/params.ts';
import { chooseCall as chooseDip } from '../../../src/strategies/dip-after-run/call.ts';
import { dipParams } from '../../../src/strategies/dip-after-run/params.ts';
import { earningsProtectionParams } from '../../../src/strategies/earnings-protection/params.ts';
import { structureOf } from '../../../src/strategies/earnings-protection/structures.ts';
import { chooseCall as chooseLeaps } from '../../../src/strategies/leaps-secular-winners/call.ts';
import { leapsParams } from '../../../src/strategies/leaps-secular-winners/params.ts';
import { lottoScannerParams } from '../../../src/strategies/lotto-scanner/params.ts';
import { chooseTicket, sessionClock, touchOdds } from '../../../src/strategies/lotto-scanner/ticket.ts';
import { chooseWeekly } from '../../../src/strategies/momentum-weeklies/contract.ts';
import { mwkParams } from '../../../src/strategies/momentum-weeklies/params.ts';
import type { Context } from '../../../src/strategies/strategy.ts';
import { chooseOption } from '../../../src/strategies/swing-trading/entry.ts';
import { swingParams } from '../../../src/strategies/swing-trading/params.ts';
import { settingOf } from '../../../src/strategies/toolkit/context.ts';
import { need, type Outcome, settle, type Trial } from '../../../src/strategies/toolkit/gates.ts';
import { chooseCall } from '../../../src/strategies/wheel/calls.ts';
import { recall } from '../../../src/strategies/wheel/memory.ts';
import { wheelParams } from '../../../src/strategies/wheel/params.ts';
import { choosePut } from '../../../src/strategies/wheel/puts.ts';
import { chooseRoll } from '../../../src/strategies/wheel/roll.ts';
import { zdteParams } from '../../../src/strategies/zero-dte-credit-spreads/params.ts';
import { verticalsOf } from '../../../src/strategies/zero-dte-credit-spreads/structure.ts';
import { calendar, micros } from '../../golden/strategies/world.ts';
import type { Listing } from './listing.ts';
import * as search from './search.ts';

/** A moment to choose at. */
export interface Moment {
  readonly ctx: Context<unknown>;
  readonly chain: Chain;
  readonly listing: Listing;
  readonly name: Symbol;
  /** Dollars a share, of shares that calls are sold on. */
  readonly basis: number;
}

export interface Choice {
  /** Symbols the strategy takes, sorted. */
  readonly taken: search.Found;
  readonly outcome: Outcome<unknown>;
  readonly searched: search.Found;
}

const RANK = 50;
const TREND = 0.8;
const WIDTH = 5;
const DEVIATION = 0.04;

type Picked = readonly { readonly option: { readonly symbol: string } }[];
const legsOf = <T>(outcome: Outcome<T>, pick: (value: T) => Picked): Pick<Choice, 'taken' | 'outcome'> => ({
  taken: outcome.ok
    ? pick(outcome.value)
        .map(({ option }) => option.symbol)
        .sort()
    : undefined,
  outcome,
});
const as = <P>({ ctx }: Moment, params: P): Context<P> => ({
  ...ctx,
  params,
  // The rank of the name's volatility is another gate's: here it never keeps a name out.
  market: { ...ctx.market, assumedIvRank: () => RANK },
});
const quoteOf = ({ ctx, name }: Moment) => {
  const quote = ctx.market.quote(name);
  if (!quote.known) throw new Error(quote.why);
  return quote.value;
};
const universe = (m: Moment) => ({ universe: [m.name] });

/** A put sold weeks ago that is in trouble now, if one of about ten days is listed under the price. */
function oldPut(m: Moment): search.Old | undefined {
  const near = m.listing.rows
    .filter((row) => row.right === 'put' && row.dte >= 1 && row.dte <= 21 && row.strike >= m.listing.spot && (row.quote?.bid ?? 0) > 0)
    .sort((a, b) => a.strike - b.strike || (a.expiry < b.expiry ? -1 : 1))[0];
  return near === undefined || near.quote === null
    ? undefined
    : { strike: near.strike, expiry: near.expiry, cost: near.quote.ask, safe: 0.4 };
}

function callOn(m: Moment): Choice {
  const ctx = as(m, wheelParams.parse(universe(m)));
  const shares = {
    owner: 'wheel' as never,
    instrument: equity(m.name),
    qty: netQty(300),
    cost: usd(-micros(m.basis) * 300),
    openedDay: calendar.offset(ctx.day, -3).day,
  };
  const holding = {
    name: m.name,
    stage: 'SHARES' as const,
    puts: [],
    calls: [],
    shares,
    shareCount: 300,
    freeShares: 300,
    working: [],
    busy: false,
    cycle: undefined,
  };
  const outcome = settle(chooseCall(ctx, holding, recall(null, ctx.day), quoteOf(m)));
  return { ...legsOf(outcome, ({ row }) => [row]), searched: search.wheelCall(micros(m.basis) / 1e6, 3)(m.listing) };
}

function rolled(m: Moment): Choice | undefined {
  const old = oldPut(m);
  if (old === undefined) return undefined;
  const ctx = as(m, wheelParams.parse(universe(m)));
  const from = {
    name: m.name,
    right: 'put' as const,
    strike: price(micros(old.strike)),
    expiry: old.expiry,
    contracts: 1,
    cost: old.cost,
    pSafe: old.safe,
  };
  return { ...legsOf(settle(chooseRoll(ctx, from)), (row) => [row]), searched: search.wheelRoll(old)(m.listing) };
}

const sold = (m: Moment, kind: 'put' | 'call' | 'condor'): Choice => {
  const ctx = as(m, { ...zdteParams.parse({}), width_usd: { [m.name]: WIDTH } });
  const setting = settingOf(ctx, m.name, quoteOf(m), ctx.day);
  const outcome = settle(verticalsOf(ctx, m.chain, setting, kind));
  return { ...legsOf(outcome, (sides) => sides.flatMap(({ legs }) => legs)), searched: search.sameDay(kind, WIDTH)(m.listing) };
};

function bet(m: Moment, way: 1 | -1, dteMax: number): Choice {
  const ctx = as(m, lottoScannerParams.parse(universe(m)));
  const rows = m.chain.rows.filter(({ contract }) => (Date.parse(contract.option.expiry) - Date.parse(ctx.day)) / 86_400_000 <= dteMax);
  const setting = settingOf(ctx, m.name, quoteOf(m), ctx.day);
  const outcome = settle(chooseTicket(ctx, { chain: m.chain, rows, setting, way, clock: sessionClock(ctx), odds: touchOdds(ctx) }));
  return { ...legsOf(outcome, (found) => [found]), searched: search.ticket(way === 1 ? 'call' : 'put', dteMax)(m.listing) };
}

/** Legs of a structure over a report; whether it pays is asked of it later. */
function overReport(m: Moment, kind: 'calendar' | 'condor'): Choice | undefined {
  const front = [...new Set(m.listing.rows.filter(({ dte }) => dte >= 1 && dte <= 10).map(({ expiry }) => expiry))].sort()[0];
  if (front === undefined) return undefined;
  const ctx = as(m, earningsProtectionParams.parse(universe(m)));
  const setting = settingOf(ctx, m.name, quoteOf(m), ctx.day);
  // Only what the legs depend on: the expiry, the size of the jump, and a front volatility that no back one keeps up with.
  const volatility = { front: front as TradingDay, frontSigma: 100, event: { deviation: DEVIATION } } as never;
  const outcome = settle(structureOf(ctx, kind, { chain: m.chain, setting, volatility }));
  const searched = kind === 'calendar' ? search.calendarLegs(front) : search.condorLegs(front, DEVIATION);
  return { ...legsOf(outcome, ({ legs }) => legs), searched: searched(m.listing) };
}

function* chained<T>(m: Moment, then: Trial<T>): Trial<T> {
  yield* need('chain', m.ctx.market.chain(m.name));
  return yield* then;
}
const one = <T extends { readonly option: { readonly symbol: string } }>(
  m: Moment,
  trial: Trial<T>,
  find: (l: Listing) => search.Found,
): Choice => ({
  ...legsOf(settle(chained(m, trial)), (row) => [row]),
  searched: find(m.listing),
});

const setup = { spot: 0, reference: 0, dip: -0.035, run: 0.12 };
const pattern = { kind: 'reversal', way: 1, rvol: 4, momentum: 0.02, level: null, invalidation: null } as const;
const shape = { kind: 'breakout', way: 1, strength: 70, rvol: 3, level: null, invalidation: null } as const;

/** Every choice of contracts, by strategy. Undefined where the chain holds nothing to ask about. */
export const choices: Readonly<Record<string, (m: Moment) => Choice | undefined>> = {
  dip: (m) => {
    const outcome = settle(chooseDip(as(m, dipParams.parse(universe(m))), m.name, { ...setup, spot: m.listing.spot }));
    return { ...legsOf(outcome, ({ call }) => [call]), searched: search.dip(m.listing) };
  },
  'mwk, up': (m) => one(m, chooseWeekly(as(m, mwkParams.parse(universe(m))), m.name, pattern), search.momentum('call')),
  'mwk, down': (m) => one(m, chooseWeekly(as(m, mwkParams.parse(universe(m))), m.name, { ...pattern, way: -1 }), search.momentum('put')),
  'swing, up': (m) => one(m, chooseOption(as(m, swingParams.parse(universe(m))), m.name, shape), search.swing('call')),
  'swing, down': (m) => one(m, chooseOption(as(m, swingParams.parse(universe(m))), m.name, { ...shape, way: -1 }), search.swing('put')),
  leaps: (m) => {
    const outcome = settle(chooseLeaps(as(m, leapsParams.parse({})), m.name));
    return { ...legsOf(outcome, ({ call }) => [call]), searched: search.leaps(m.listing) };
  },
  'wheel, put': (m) => {
    const outcome = settle(choosePut(as(m, wheelParams.parse(universe(m))), m.name, { quote: quoteOf(m), readings: [] }));
    return { ...legsOf(outcome, ({ row }) => [row]), searched: search.wheelPut(m.listing) };
  },
  'wheel, call': callOn,
  'wheel, roll': rolled,
  dcs: (m) => {
    const outcome = settle(
      chooseSpread(as(m, debitCallSpreadsParams.parse(universe(m))), m.name, { quote: quoteOf(m), readings: [], trend: TREND }),
    );
    return { ...legsOf(outcome, ({ spread }) => spread.legs), searched: search.debitSpread(TREND, RANK)(m.listing) };
  },
  'zdte, put spread': (m) => sold(m, 'put'),
  'zdte, call spread': (m) => sold(m, 'call'),
  'zdte, condor': (m) => sold(m, 'condor'),
  'lotto, up, today': (m) => bet(m, 1, 0),
  'lotto, down, this week': (m) => bet(m, -1, 5),
  'earn, calendar': (m) => overReport(m, 'calendar'),
  'earn, condor': (m) => overReport(m, 'condor'),
};

export interface Census {
  readonly lookedAt: number;
  readonly taken: number;
  readonly rejected: ReadonlyMap<string, number>;
}

/** The counts that a choice left behind; undefined where it left none. */
export function censusIn(gates: readonly Gate[]): Census | undefined {
  const observed = (name: string) => gates.find((gate) => gate.name === name)?.observed;
  const text = observed('contracts rejected');
  if (typeof text !== 'string') return undefined;
  const counts = text === 'none' ? [] : text.split(', ').map((part) => part.split(' ') as [string, string]);
  return {
    lookedAt: Number(observed('contracts looked at')),
    taken: Number(observed('contracts taken')),
    rejected: new Map(counts.map(([code, count]) => [code, Number(count)])),
  };
}
