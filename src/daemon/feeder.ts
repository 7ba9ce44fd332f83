// Puts on the board what a strategy is about to look at. What a source does not give stays absent, and the reason is logged.
import type { Phase } from '../domain/event.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { addDays, SECOND } from '../domain/time.ts';
import type { Engine } from '../engine/contract.ts';
import type { Enlisted } from '../engine/world.ts';
import type { Bar } from '../market/quote.ts';
import type { DataNeeds } from '../strategies/strategy.ts';
import { dailyFeed } from './daily-feed.ts';
import { type FeedOptions, kept } from './feed.ts';
import { intradayFeed } from './intraday-feed.ts';
import { type MacroSource, referenceFeed } from './reference-feed.ts';

export interface FeederOptions extends FeedOptions {
  readonly engine: Engine;
  readonly strategies: readonly Enlisted[];
  /** Null where nobody keeps a calendar of macro events. */
  readonly macro: MacroSource | null;
}

export interface Feeder {
  /** Everything a strategy's next tick needs, whether or not it will be asked (`Beliefs.isIdle`); resolves when it is on the board or known to be missing. */
  prepare(strategy: StrategyId, phase: Phase): Promise<void>;
  /** Fresh quotes of these symbols. */
  quotes(symbols: readonly Symbol[]): Promise<void>;
  /** Daily bars of a symbol, as many sessions back as asked for. */
  dailyBars(needs: DataNeeds['dailyBars']): Promise<void>;
  /** Announced dividends of these names. */
  dividends(symbols: readonly Symbol[]): Promise<void>;
  chain(underlying: Symbol, dteFrom: number, dteTo: number): Promise<void>;
  /** Levels of indices. */
  indexValues(symbols: readonly Symbol[]): Promise<void>;
  /** A minute of a share that a stream has told of. */
  minuteBar(symbol: Symbol, bar: Bar): void;
}

const PARALLEL_CHAINS = 3;
/** Quotes that were read longer ago than this, because something else took its time, are read again. */
const REQUOTE_MS = 2 * SECOND;

const isShare = (symbol: Symbol): boolean => instrumentOf(symbol).kind === 'equity';

export function createFeeder(options: FeederOptions): Feeder {
  const { board, data, calendar, clock, engine } = options;
  const daily = dailyFeed(options);
  const intraday = intradayFeed(options);
  const reference = referenceFeed(options, options.macro);
  const quotes = async (symbols: readonly Symbol[]): Promise<void> => {
    if (symbols.length === 0) return;
    kept(options, 'quotes', await data.quotes([...new Set(symbols)]), (found) => {
      for (const quote of found.values()) board.setQuote(quote);
    });
  };
  const chain = async (underlying: Symbol, dteFrom: number, dteTo: number): Promise<void> => {
    const day = calendar.dayOf(clock.now().exchange);
    kept(options, `chain of ${underlying}`, await data.chain(underlying, addDays(day, dteFrom), addDays(day, dteTo)), (found) =>
      board.setChain(found),
    );
  };
  const chains = async (needs: DataNeeds['chains']): Promise<void> => {
    const waiting = [...needs];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await chain(next.underlying, next.dteFrom, next.dteTo);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_CHAINS, needs.length) }, worker));
  };
  const prepare = async (strategy: StrategyId, phase: Phase): Promise<void> => {
    const enlisted = options.strategies.find((e) => e.strategy.id === strategy);
    const first = engine.needsContext(strategy, phase, clock.now());
    if (enlisted === undefined || first === undefined) return;
    const needs = enlisted.strategy.watches(first);
    const began = clock.now().mono;
    await Promise.all([
      quotes(needs.quotes),
      daily(needs.dailyBars),
      intraday.fetch(needs.intradayBars),
      reference.dividends(needs.dividends),
      reference.assets(needs.quotes.filter(isShare)),
      reference.indexValues(needs.indexValues),
      reference.news(needs.news),
      needs.macro ? reference.macro() : undefined,
    ]);
    if (clock.now().mono - began > REQUOTE_MS) await quotes(needs.quotes);
    const second = engine.needsContext(strategy, phase, clock.now());
    const wanted = second === undefined ? [] : [...needs.chains, ...enlisted.strategy.chains(second)];
    if (wanted.length === 0) return;
    await chains(wanted);
    await quotes(needs.quotes); // chains take a while: the underlyings' quotes must not be older than their options'
  };
  return {
    prepare,
    quotes,
    dailyBars: daily,
    dividends: reference.dividends,
    chain,
    indexValues: reference.indexValues,
    minuteBar: intraday.streamed,
  };
}
