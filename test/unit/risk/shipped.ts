// The limits as they are shipped, and the worked book judged by them: every input healthy until a test breaks one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { sections } from '../../../src/config/schema.ts';
import type { Close, Open } from '../../../src/domain/decision.ts';
import type { Symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { absent, known } from '../../../src/domain/reasons.ts';
import type { Quote } from '../../../src/market/quote.ts';
import type { RiskLimits } from '../../../src/risk/limits.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { conduct, contextOf, micros, quoteOf } from './contexts.ts';
import { aaplCall, spyLong, spyShort, workedPortfolio, workedPositions, xyzPut } from './portfolio/worked-book.ts';

const file = parse(readFileSync(join(import.meta.dirname, '../../../config/base.toml'), 'utf8'));

/** `[risk]` of the file that ships. */
export const shippedLimits: RiskLimits = sections.shape.risk.parse(file['risk']);

/** Cash that has settled in the worked book: equity less the marks. */
export const workedCash = usd(micros(69_460.28));

const quotes: ReadonlyMap<string, Quote> = new Map(
  (
    [
      ['SPY', 499.9, 500.1],
      ['XYZ', 99.95, 100.05],
      ['AAPL', 199.9, 200.1],
      ['ABC', 179.9, 180.1],
      [xyzPut.symbol, 1.75, 1.85],
      [spyShort.symbol, 2.7, 2.8],
      [spyLong.symbol, 2, 2.06],
      [aaplCall.symbol, 4.25, 4.4],
      ['XYZ260409C00110000', 1, 1.05],
    ] as const
  ).map(([of, bid, ask]) => [of, quoteOf(of, bid, ask)]),
);

export const workedQuote = (of: Symbol): ReturnType<RuleContext['quote']> => {
  const found = quotes.get(of);
  return found === undefined ? absent('QUOTE_MISSING', 'no quote') : known(found);
};

/** An intent on the worked book under the shipped limits, but for what is given. Nothing in it reports soon. */
export const workedContext = (intent: Open | Close, over: Partial<RuleContext> = {}): RuleContext =>
  contextOf(intent, {
    limits: shippedLimits,
    positions: workedPositions,
    cash: workedCash,
    brokerRoom: workedCash,
    portfolio: known(workedPortfolio()),
    quote: workedQuote,
    ...over,
    conduct: { ...conduct, settled: workedCash, market: { ...conduct.market, earnings: () => known([]) }, ...over.conduct },
  });
