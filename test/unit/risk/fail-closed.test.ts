// S-91: each input is broken in turn, and nothing is opened, whatever it is; what is held may still be closed where that needs no such input.
import { describe, expect, it } from 'vitest';
import type { Close, Open } from '../../../src/domain/decision.ts';
import { strategyId } from '../../../src/domain/ids.ts';
import { type Price, type Usd, usd } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import type { EpochMs, MonoMs } from '../../../src/domain/time.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import type { RiskLimits } from '../../../src/risk/limits.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, conduct, micros, noLosses, nowAt, putSpread, quoteOf, sell, write } from './contexts.ts';
import { aaplCall, spyLong, spyShort, workedBook, workedPortfolio, workedPositions, xyzPut } from './portfolio/worked-book.ts';
import { shippedLimits, workedCash, workedContext, workedQuote } from './shipped.ts';
import { bought, tradeOf } from './trades.ts';

type Given = Partial<RuleContext>;
const nan = Number.NaN;
const unread = absent('QUOTE_MISSING', 'not known');

const withoutPut = workedPositions.filter((p) => p.owner !== 'wheel');
const noPut: Given = { positions: withoutPut, portfolio: known({ ...workedPortfolio(), books: [workedBook(withoutPut)] }) };

/** One opening of each kind: shares, an option bought, a spread, a put secured by cash. Each passes while all is well. */
const openings: readonly (readonly [string, Open, Given])[] = [
  ['shares', buy('ABC', 180, 10), {}],
  ['a call', buy(aaplCall.symbol, 4.3), { strategy: strategyId('swing') }],
  ['a spread', putSpread(spyShort.symbol, spyLong.symbol, -0.7), { strategy: strategyId('zdte') }],
  ['a put', write(xyzPut.symbol, 1.8), { strategy: strategyId('wheel'), ...noPut }],
];
const cleared = (verdict: Verdict): boolean => verdict.kind === 'cleared';
const of = (intent: Open | Close, given: Given): boolean => cleared(judge(workedContext(intent, given)));
const knowing = (over: Partial<RuleContext['conduct']>): Given => ({ conduct: { ...conduct, settled: workedCash, ...over } });
const bound = (over: Partial<RiskLimits>): Given => ({ limits: { ...shippedLimits, ...over } });
const orders = (over: Partial<OrderLimits>): Given => bound({ orders: { ...shippedLimits.orders, ...over } });
const quoted = (bid: number, ask: number): Given => ({
  quote: (name) => known({ ...quoteOf(name, 1, 1), bid: (bid * 1e6) as Price, ask: (ask * 1e6) as Price }),
});

describe('S-91: while all is well', () => {
  it.each(openings)('%s is opened', (_name, intent, given) => {
    expect(of(intent, given)).toBe(true);
  });
});

const broken: readonly (readonly [string, Given])[] = [
  ['equity is missing', { equity: usd(0) }],
  ['equity is no number', { equity: nan as Usd }],
  ['equity is infinite downwards', { equity: Number.NEGATIVE_INFINITY as Usd }],
  ['cash is missing', { cash: usd(0) }],
  ['cash is no number', { cash: nan as Usd }],
  ['the room at the broker is missing', { brokerRoom: usd(0) }],
  ['the room at the broker is no number', { brokerRoom: nan as Usd }],
  ['settled cash is no number', knowing({ settled: nan as Usd })],
  ['the account is stale', { accountAgeMs: 30_001 }],
  ['the account was never read', { accountAgeMs: Number.POSITIVE_INFINITY }],
  ['the age of the account is no number', { accountAgeMs: nan }],
  ['the last reconcile is stale', { reconcileAgeMs: 20 * 60_000 + 1 }],
  ['the age of the last reconcile is no number', { reconcileAgeMs: nan }],
  ['there is no quote', { quote: () => unread }],
  ['a quote is no number', quoted(nan, nan)],
  ['a bid is no number', quoted(nan, 2)],
  ['an ask is no number', quoted(2, nan)],
  ['a quote is old', { quote: (name) => known(quoteOf(name, 1, 1, 60_000)) }],
  ['the age of a quote is no number', { quote: (name) => known(quoteOf(name, 1, 1, nan)) }],
  ['our clock is no number', { now: { ...nowAt(12), mono: nan as MonoMs } }],
  ["the exchange's clock is no number", { now: { ...nowAt(12), exchange: nan as EpochMs } }],
  ['there is no session', { session: undefined }],
  ['the quantity is no number', { qty: nan }],
  ['the quantity is none', { qty: 0 }],
  ['the quantity is less than none', { qty: -1 }],
  ['the quantity is a half', { qty: 0.5 }],
  ['the quantity has no end', { qty: Number.POSITIVE_INFINITY }],
  ['the book cannot be valued', { portfolio: unread }],
  ['the loss of the day is not known', { losses: { ...noLosses, day: unread } }],
  ['the loss of the day is no number', { losses: { ...noLosses, day: known(nan) } }],
  ['the drawdown is not known', { losses: { ...noLosses, drawdown: unread } }],
  ["the strategy's day is no number", knowing({ strategyDay: () => nan })],
  ['a mode stands against it', { obstacles: ['JOURNAL_DOWN'] }],
  ['a halt stands against it', { halts: ['x'] }],
  [
    'the limit of one order is no number',
    bound({ orderNotionalMax: nan as Usd, orderEquityPctMax: nan, indexFundEquityPctMax: nan, contractsMax: nan }),
  ],
  ['the age allowed to quotes is no number', bound({ equityQuoteAgeMsMax: nan, optionQuoteAgeMsMax: nan })],
  ['the buffer is no number', bound({ cashBufferPct: nan })],
  ['the hours are no number', bound({ openBufferMs: nan, closeBufferMs: nan })],
  ['no ceiling is set', orders({ ceilings: new Map() })],
  [
    'ceilings are no number',
    orders({ ceilings: new Map([...shippedLimits.orders.ceilings].map(([id, c]) => [id, { ...c, tradePct: nan, strategyPct: nan }])) }),
  ],
  [
    'the spread allowed is no number',
    orders({ spreadMin: nan as Usd, spreadSharePct: nan, spreadOptionPct: nan, spreadOptionPctOf: new Map() }),
  ],
  ['a part of equity for a day is no number', orders({ health: { ...shippedLimits.orders.health, dayLossPct: nan } })],
];

describe.each(broken)('S-91: %s', (_what, given) => {
  it.each(openings)('no %s', (_name, intent, usual) => {
    expect(of(intent, { ...usual, ...given })).toBe(false);
  });
});

describe('S-91: of what is about some openings only', () => {
  it.each<readonly [string, Open, Given]>([
    ['an unknown symbol', buy('NOPE', 10), {}],
    [
      'no quote but the share’s',
      buy(aaplCall.symbol, 4.3),
      { strategy: strategyId('swing'), positions: [], quote: (name) => (name.length > 5 ? unread : workedQuote(name)) },
    ],
    ['an unknown option', buy('NOPE260417C00010000', 1), { strategy: strategyId('swing') }],
    ['a limit that is no number', { ...buy('ABC', 180), prices: { rungs: [nan as Price], stepMs: 0 } }, {}],
    ['a limit without end', { ...buy('ABC', 180), prices: { rungs: [Number.POSITIVE_INFINITY as Price], stepMs: 0 } }, {}],
    [
      'an options level that is not known',
      buy(aaplCall.symbol, 4.3),
      { strategy: strategyId('swing'), ...knowing({ optionsLevel: null }) },
    ],
    ['a mean volume that is no number', buy('ABC', 180, 10), knowing({ averageVolume: () => nan })],
    [
      'an open interest that is no number',
      buy(aaplCall.symbol, 4.3),
      { strategy: strategyId('swing'), ...knowing({ openInterest: () => nan }) },
    ],
    [
      'a calendar of reports that cannot say',
      buy(aaplCall.symbol, 4.3),
      { strategy: strategyId('swing'), ...knowing({ market: conduct.market }) },
    ],
    [
      'an order at work whose reserve is no number',
      buy('ABC', 180, 10),
      { live: [orderOf({ legs: bought('SPY'), state: 'working', reserve: nan as Usd })] },
    ],
    [
      'a trade whose cost is no number',
      buy(aaplCall.symbol, 4.3),
      { strategy: strategyId('swing'), trades: [tradeOf(-1, { owner: strategyId('swing'), entryCash: nan as Usd })] },
    ],
    ['a strategy that is none of ours', buy('ABC', 180, 10), { strategy: strategyId('other') }],
    ['a price far from the market', buy('ABC', 1_800), {}],
  ])('no opening with %s', (_name, intent, given) => {
    expect(of(intent, given)).toBe(false);
  });
});

describe('S-91: a way out', () => {
  it.each<readonly [string, Given]>([
    ['equity is missing', { equity: usd(0) }],
    ['the account was never read', { accountAgeMs: Number.POSITIVE_INFINITY, cash: usd(0), brokerRoom: usd(0) }],
    ['there is no quote', { quote: () => unread }],
    ['the book cannot be valued', { portfolio: unread }],
    [
      'everything about our conduct is against it',
      knowing({ optionsLevel: null, tradable: () => false, strategyDay: () => -micros(50_000) }),
    ],
    ['a halt stands', { halts: ['x'] }],
  ])('is open while %s', (_name, given) => {
    expect(of(sell('SPY', 500, 60), given)).toBe(true);
  });
});
