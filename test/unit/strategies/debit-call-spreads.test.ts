// What the debit call spreads refuse, how each of their exits speaks, and what they do with what an assignment leaves.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { equity } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { evaluate } from '../../../src/strategies/debit-call-spreads/entry.ts';
import { manage } from '../../../src/strategies/debit-call-spreads/manage.ts';
import { debitCallSpreads } from '../../../src/strategies/debit-call-spreads.ts';
import { noNeeds } from '../../../src/strategies/strategy.ts';
import { heldMarket, marketOn, NAME, params, quoted, smile, spread, stopSeen, withCalls } from '../../golden/strategies/dcs-worlds.ts';
import { closesOf, gate, opensOf, passesOf } from '../../golden/strategies/wheel-worlds.ts';
import { contextOf, list, micros, nowOf, stock, type World } from '../../golden/strategies/world.ts';
import { dailyCloses, holding, trade } from '../../golden/strategies/world-more.ts';

const P = params();
const of = symbol(NAME);
const LONG = symbol('NVDA260417C00185000');
const SHORT = symbol('NVDA260417C00195000');

/** The one decision about the name. */
function codeOf(w: World, over: Record<string, unknown> = {}): string {
  const [only] = evaluate(contextOf(w, params(over))).filter((d) => d.kind !== 'remember');
  return only === undefined ? 'nothing' : only.code;
}

const lessOne = (w: World, change: (w: World) => void): World => {
  change(w);
  return w;
};

/** Quotes of one leg so many milliseconds older than the other's. */
function aged(w: World, of_: typeof LONG, ms: number): World {
  const quote = w.board.quote(of_);
  if (quote === undefined) throw new Error('not quoted');
  w.board.setQuote({ ...quote, ageAtSightMs: quote.ageAtSightMs + ms });
  return w;
}

type Refusal = readonly [why: string, world: () => World, code: string, over?: Record<string, unknown>];

describe('an entry', () => {
  it('is made in the healthy market, once a name', () => {
    expect(codeOf(marketOn())).toBe('ENTRY');
  });
  it.each<Refusal>([
    ['the account is old', () => ({ ...marketOn(), account: { ...marketOn().account, ageMs: 10_001 } }), 'ACCOUNT_STALE'],
    ['the books disagree', () => ({ ...marketOn(), disputed: [of] }), 'RECON_PENDING'],
    ['an order works in the name', () => ({ ...marketOn(), busy: [of] }), 'ORDER_WORKING'],
    ['a spread is held', () => heldMarket(quoted), 'ALREADY_HELD'],
    ['a spread was entered and closed today', () => holding(marketOn(), closedToday()), 'COOLDOWN'],
    ['the name cannot be traded', () => marketOn({ stock: { tradable: false } }), 'SYMBOL_NOT_TRADABLE'],
    ['hardly anybody trades it', () => marketOn({ stock: { volume: 1_000 } }), 'UNDERLYING_ILLIQUID'],
    ['the market falls', () => lessOne(marketOn(), (w) => stock(w, 'SPY', { spot: 600, from: 700 })), 'REGIME_BLOCK'],
    ['the name falls', () => marketOn({ stock: { from: 230 } }), 'TREND_TOO_WEAK'],
    ['the trend is too flat', () => marketOn(), 'TREND_TOO_WEAK', { trend_min: 0.9 }],
    ['its bars are too few', () => lessOne(marketOn(), (w) => dailyCloses(w, NAME, Array(199).fill(180))), 'BARS_SHORT'],
    ['volatility has a short history', () => marketOn({ stock: { ivSessions: 125 } }), 'IV_HISTORY_SHORT'],
    ['volatility stands high', () => marketOn({ stock: { iv: [0.1, 0.35] } }), 'IV_RANK_OUT_OF_BAND'],
    ['it reports soon', () => marketOn({ stock: { earningsIn: 10 } }), 'EARNINGS_WINDOW'],
    ['it reports before the planned exit of 7 April', () => marketOn({ stock: { earningsIn: 25 } }), 'EARNINGS_WINDOW'],
    ['nobody knows when it reports', () => lessOne(marketOn(), (w) => w.board.setEarnings([])), 'EARNINGS_UNKNOWN'],
    ['nobody knows its dividends', () => lessOne(marketOn(), (w) => forgetDividends(w)), 'DIVIDEND_UNKNOWN'],
    ['its share has no quote', () => lessOne(marketOn(), (w) => stale(w)), 'QUOTE_STALE'],
    ['no expiry lies in the window', () => marketOn(), 'NO_EXPIRY_IN_RANGE', { dte_min: 40, dte_target: 45 }],
    ['no strike lies beyond the short delta', () => marketOn({ strikes: smile.filter((s) => s.strike <= 195) }), 'NO_STRIKE_IN_BAND'],
    ['its strikes lie too far apart', () => marketOn(), 'NO_STRIKE_IN_BAND', { width_max_pct: 0.05, short_delta_max: 0.36 }],
    ['the way from mid to natural is long', () => marketOn(), 'SLIPPAGE_TOO_HIGH', { slippage_max: 0.01, short_delta_min: 0.3 }],
    ['the debit is small', () => marketOn(), 'PREMIUM_TOO_LOW', { debit_min_usd: 10 }],
    [
      'a leg has a wide spread',
      () => marketOn({ strikes: withCalls({ ...quoted, 195: [3.6, 4.0] }) }),
      'SPREAD_TOO_WIDE',
      { short_delta_min: 0.3 },
    ],
    ['nobody holds it open', () => marketOn({ terms: { openInterest: 249 } }), 'OI_TOO_LOW'],
    ['its open interest is not known', () => marketOn({ terms: { openInterest: null } }), 'OI_UNKNOWN'],
    ['it was not traded today', () => marketOn({ terms: { volume: 24 } }), 'VOLUME_TOO_LOW'],
    ['the touch holds less than the budget buys', () => marketOn({ terms: { size: 2 } }), 'NBBO_SIZE_TOO_SMALL'],
    [
      'its legs were not quoted together',
      () => aged(marketOn(), LONG, 2_001),
      'QUOTE_STALE',
      { short_delta_min: 0.34, short_delta_target: 0.345 },
    ],
  ])('is refused when %s', (...refusal) => {
    const [, world, code, over] = refusal as unknown as Refusal;
    expect(codeOf(world(), over)).toBe(code);
  });
  it('is made when it reports on the planned exit`s evening, but not on its morning', () => {
    expect(codeOf(marketOn({ stock: { earningsIn: 26, earningsTime: 'AMC' } }))).toBe('ENTRY');
    expect(codeOf(marketOn({ stock: { earningsIn: 26, earningsTime: 'BMO' } }))).toBe('EARNINGS_WINDOW');
  });
  it('is made when the quotes of its legs lie two seconds apart', () => {
    expect(codeOf(aged(marketOn(), LONG, 2_000))).toBe('ENTRY');
  });
  it('looks at the two expiries nearest the target, and takes the better spread', () => {
    const w = marketOn();
    list(w, NAME, 186.4, '2026-04-24', smile);
    const [open] = opensOf(evaluate(contextOf(w, P)));
    const single = opensOf(evaluate(contextOf(w, params({ expiries_max: 1 }))))[0];
    expect(Number(gate(open, 'score'))).toBeGreaterThanOrEqual(Number(gate(single, 'score')));
    expect(String(gate(open, 'expiry'))).toBe('2026-04-17 2026-04-24');
  });
  it.each([
    ['MAX_POSITIONS', { max_positions: 1 }, []],
    ['STRATEGY_CEILING', {}, [{ strategy: 'dcs', underlying: 'AAPL', amount: 9_600 }]],
    ['BOOK_CEILING', {}, [{ strategy: 'lotto', underlying: 'AAPL', amount: 24_700 }]],
    ['UNDERLYING_CEILING', {}, [{ strategy: 'wheel', underlying: NAME, amount: 19_700 }]],
  ] as const)('finds no room: %s', (code, over, risks) => {
    const other = trade({ ...told('AAPL'), name: 'AAPL' });
    expect(codeOf(holding({ ...marketOn(), risks }, other), over)).toBe(code);
  });
});

const told = (name: string) => ({
  owner: 'dcs',
  name,
  legs: [
    { expiry: '2026-04-17', right: 'call' as const, strike: 185, side: 'buy' as const },
    { expiry: '2026-04-17', right: 'call' as const, strike: 195, side: 'sell' as const },
  ],
  units: 1,
  entry: 4.5,
  openedDay: '2026-03-10',
});
const closedToday = (): Trade =>
  trade({ ...told(NAME), openedDay: '2026-03-12', closed: { day: '2026-03-12', at: '11:00', exit: 'TARGET', realized: 100 } });
const forgetDividends = (w: World): void =>
  w.board.setDividends(of, { from: '2026-03-01' as never, to: '2026-03-31' as never, dividends: [], seen: nowOf(w) });
function stale(w: World): void {
  const quote = w.board.quote(of);
  if (quote !== undefined) w.board.setQuote({ ...quote, ageAtSightMs: 5_001 });
}

const still = { 185: [8.2, 8.42], 195: [3.74, 3.86] } as const;
const exitOf = (w: World): string => closesOf(manage(contextOf(w, P)))[0]?.code ?? 'HOLD';

describe('an exit', () => {
  it('is not asked for by a spread that goes nowhere, which is held with its numbers', () => {
    const [held] = passesOf(manage(contextOf(heldMarket(still), P)));
    expect(held).toMatchObject({ subject: NAME, code: 'HOLD' });
    expect(gate(held, 'mark')).toBeCloseTo(4.51, 9);
    expect(gate(held, 'days to expiry')).toBe(36);
  });
  it('comes when ten days are left, not at eleven', () => {
    expect(exitOf(heldMarket(still, { day: '2026-04-07' }))).toBe('TIME_STOP');
    expect(exitOf(heldMarket(still, { day: '2026-04-06' }))).toBe('HOLD');
  });
  it.each([
    ['in the last half hour before a report of the evening', { earningsIn: 0, earningsTime: 'AMC' as const }, 15, 30, 'EARNINGS_EXIT'],
    ['not a minute earlier', { earningsIn: 0, earningsTime: 'AMC' as const }, 15, 29, 'HOLD'],
    ['on the eve of a report of the morning', { earningsIn: 1, earningsTime: 'BMO' as const }, 15, 30, 'EARNINGS_EXIT'],
    ['on the eve of a report of no known hour', { earningsIn: 1 }, 15, 30, 'EARNINGS_EXIT'],
    ['at once on the day of one of no known hour', { earningsIn: 0 }, 11, 0, 'EARNINGS_EXIT'],
    ['not for a report two sessions away', { earningsIn: 4, earningsTime: 'BMO' as const }, 15, 45, 'HOLD'],
  ])('for a report: %s', (_when, told_, hour, minute, code) => {
    expect(exitOf(heldMarket(still, { stock: told_, hour, minute }))).toBe(code);
  });
  it('comes when two closes lie under their mean of fifty sessions, and not for one', () => {
    const closes = (last: readonly number[]) => [...Array<number>(200 - last.length).fill(186), ...last];
    const w = (last: readonly number[]) => lessOne(heldMarket(still), (x) => dailyCloses(x, NAME, closes(last)));
    expect(exitOf(w([180, 180]))).toBe('TREND_EXIT');
    expect(exitOf(w([190, 180]))).toBe('HOLD');
  });
  it('comes for a deep short call without time value, and not for one that has some', () => {
    const at = (bid: number) =>
      heldMarket({ 185: [54.9, 55.3], 195: [bid, bid + 0.3] }, { spot: 240, stock: { from: 200 } }, spread({ debit: 9 }));
    expect(exitOf(at(45.04))).toBe('EARLY_ASSIGNMENT_RISK');
    expect(exitOf(at(45.4))).not.toBe('EARLY_ASSIGNMENT_RISK');
  });
  it('takes no profit that closing at once would not be', () => {
    const wide = { 185: [9.0, 12.0], 195: [2.0, 4.6] } as const; // mid 7.20, at once 4.40: the mark is what it would bring
    expect(exitOf(heldMarket(wide))).toBe('HOLD');
  });
  it('prefers the danger to the stop, and the stop to time', () => {
    const of_ = spread();
    const w = heldMarket({ 185: [4.17, 4.27], 195: [1.9, 2.0] }, { day: '2026-04-07' }, of_);
    expect(exitOf({ ...w, memory: stopSeen(w, of_, 60) })).toBe('STOP');
    expect(exitOf(w)).toBe('TIME_STOP');
  });
  it('never pays to be rid of the spread', () => {
    const w = heldMarket({ 185: [0.01, 0.05], 195: [0.02, 0.08] }, { day: '2026-04-07' });
    const [close] = closesOf(manage(contextOf(w, P)));
    expect(close?.code).toBe('TIME_STOP');
    expect(close?.prices.rungs.every((rung) => rung <= 0)).toBe(true);
  });
  it('buys the short call alone where nobody bids for the long one and the short one asks a nickel', () => {
    const w = (ask: number) => heldMarket({ 185: [0, 0.1], 195: [0, ask] }, { day: '2026-04-07' });
    const [alone] = closesOf(manage(contextOf(w(0.05), P)));
    expect(alone).toMatchObject({ code: 'TIME_STOP', qty: 3 });
    expect(alone?.legs.map((l) => `${l.side} ${l.instrument.symbol}`)).toEqual([`buy ${SHORT}`]);
    expect(closesOf(manage(contextOf(w(0.06), P)))[0]?.legs).toHaveLength(2);
  });
  it('waits for both legs to be quoted', () => {
    const [held] = passesOf(manage(contextOf(aged(heldMarket(still, { day: '2026-04-07' }), SHORT, 15_001), P)));
    expect(held).toMatchObject({ code: 'QUOTE_STALE', subject: NAME });
  });
  it('comes when a contract does not deliver a hundred shares any more', () => {
    const w = heldMarket(still);
    const chain = w.board.chain(of);
    if (chain === undefined) throw new Error('no chain');
    const rows = chain.rows.map((r) => (r.contract.option.symbol === SHORT ? { ...r, contract: { ...r.contract, standard: false } } : r));
    w.board.setChain({ ...chain, rows });
    expect(exitOf(w)).toBe('NONSTANDARD_CONTRACT');
  });
  it('names what it could not see', () => {
    const w = lessOne(heldMarket(still), (x) => x.board.setEarnings([]));
    expect(gate(passesOf(manage(contextOf(w, P)))[0], 'not known')).toBe('EARNINGS_UNKNOWN');
  });
});

/** The spread after an assignment of so many of its three short calls. */
function assigned(contracts: number, longs = 3): Trade {
  const before = spread();
  const held = before.held.flatMap((h) => {
    const qty = h.instrument.symbol === SHORT ? h.qty + contracts : h.instrument.symbol === LONG ? longs : h.qty;
    return qty === 0 ? [] : [{ ...h, qty: netQty(qty) }];
  });
  const shares = { instrument: equity(of), qty: netQty(-100 * contracts), cash: usd(micros(195) * 100 * contracts) };
  return { ...before, held: contracts > 0 ? [...held, shares] : held };
}
/** Closes as text: `CODE side quantity symbol`. */
const orders = (decisions: readonly Decision[]): readonly string[] =>
  closesOf(decisions).map((c) => `${c.code} ${c.legs.map((l) => `${l.side} ${c.qty} ${l.instrument.symbol}`).join(' + ')}`);

describe('an assigned spread', () => {
  const at = (t: Trade) => manage(contextOf(heldMarket({ 185: [25, 25.2], 195: [15, 15.2] }, { spot: 210, hour: 9, minute: 35 }, t), P));
  it('is undone: its shares are bought back and its long calls sold', () => {
    expect(orders(at(assigned(3)))).toEqual([`ASSIGNED sell 3 ${LONG}`, `ASSIGNED buy 300 ${of}`]);
  });
  it('of which a part was assigned keeps the rest as spreads under their own rules', () => {
    const decisions = orders(at(assigned(1)));
    expect(decisions).toContain(`ASSIGNED sell 1 ${LONG}`);
    expect(decisions).toContain(`ASSIGNED buy 100 ${of}`);
    expect(decisions.find((d) => d.startsWith('TARGET') || d.startsWith('EARLY'))).toMatch(/ 2 /);
  });
  it('whose shares are gone sells the calls that are left', () => {
    const t = { ...assigned(3), held: assigned(3).held.filter((h) => h.instrument.kind === 'option') };
    expect(orders(at(t))).toEqual([`INVALIDATION sell 3 ${LONG}`]);
  });
  it('keeps a long call that nobody bids for', () => {
    const t = { ...assigned(3), held: assigned(3).held.filter((h) => h.instrument.symbol === LONG) };
    const [held] = manage(contextOf(heldMarket({ 185: [0, 0.05] }, {}, t), P));
    expect(held).toMatchObject({ kind: 'pass', code: 'HOLD' });
  });
  it('buys back at once a short call that lost its long one', () => {
    expect(orders(at(assigned(0, 2)))).toContain(`EARLY_ASSIGNMENT_RISK buy 1 ${SHORT}`);
  });
  it('blocks new entries in its name', () => {
    expect(codeOf(heldMarket(quoted, {}, assigned(3)))).toBe('ASSIGNED');
  });
  it('waits for a quote of the shares', () => {
    const w = lessOne(heldMarket({ 185: [25, 25.2] }, { spot: 210 }, assigned(3)), stale);
    const decisions = manage(contextOf(w, P));
    expect(passesOf(decisions).map((d) => d.code)).toContain('QUOTE_STALE');
  });
});

describe('what is fetched', () => {
  const needs = (w: World, phase: 'entry' | 'manage') => {
    const ctx = contextOf(w, P);
    return {
      params: P,
      now: ctx.now,
      calendar: ctx.calendar,
      busy: ctx.busy,
      day: ctx.day,
      phase,
      positions: w.positions,
      trades: w.trades,
      equity: ctx.account.equity,
      book: ctx.book,
      market: ctx.market,
      memory: null,
    };
  };
  it('is the chain of a name that passes the cheap questions, and of no other', () => {
    expect(debitCallSpreads.chains(needs(marketOn(), 'entry'))).toEqual([{ underlying: of, dteFrom: 7, dteTo: 66 }]);
    expect(debitCallSpreads.chains(needs(marketOn({ stock: { from: 230 } }), 'entry'))).toEqual([]);
    expect(
      debitCallSpreads.chains(
        needs(
          lessOne(marketOn(), (w) => stock(w, 'SPY', { spot: 600, from: 700 })),
          'entry',
        ),
      ),
    ).toEqual([]);
  });
  it('is, of what is held, both legs, the share, its bars and its dividends; its contracts are looked up with the entries', () => {
    const w = heldMarket(still);
    const watched = debitCallSpreads.watches(needs(w, 'manage'));
    expect(watched.quotes).toEqual([of, LONG, SHORT]);
    expect(watched).toMatchObject({ dividends: [of], earnings: [of], ivHistory: noNeeds.ivHistory });
    expect(debitCallSpreads.chains(needs(w, 'manage'))).toEqual([]);
    expect(debitCallSpreads.chains(needs(w, 'entry'))).toEqual([{ underlying: of, dteFrom: 36, dteTo: 36 }]);
  });
});

describe('its parameters', () => {
  it.each([
    { dte_min: 36 },
    { time_exit_dte: 25 },
    { iv_dte_max: 45 },
    { long_delta_target: 0.66 },
    { short_delta_target: 0.45 },
    { short_delta_target: 0.55, short_delta_max: 0.6 },
    { width_min_pct: 0.2 },
    { risk_pct: 1.5 },
    { universe: [] },
  ])('refuse %j', (bad) => {
    expect(debitCallSpreads.params.safeParse(bad).success).toBe(false);
  });
});
