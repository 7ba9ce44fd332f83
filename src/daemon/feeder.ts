// Puts on the board what a strategy is about to look at. What a source does not give stays absent, and the reason is logged.
import type { Phase } from '../domain/event.ts';
import type { StrategyId, Symbol } from '../domain/ids.ts';
import { instrumentOf } from '../domain/instrument.ts';
import { addDays, HOUR, type Now } from '../domain/time.ts';
import type { Engine } from '../engine/contract.ts';
import type { Enlisted } from '../engine/world.ts';
import type { Board } from '../market/board.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Answer } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { DataNeeds } from '../strategies/strategy.ts';

export interface FeederOptions {
  readonly engine: Engine;
  readonly strategies: readonly Enlisted[];
  readonly board: Board;
  readonly data: MarketData;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly missing: (what: string, why: string) => void;
}

export interface Feeder {
  /** Everything a strategy's next tick needs; resolves when it is on the board or known to be missing. */
  prepare(strategy: StrategyId, phase: Phase): Promise<void>;
  /** Fresh quotes of these symbols. */
  quotes(symbols: readonly Symbol[]): Promise<void>;
  /** Daily bars of a symbol, as many sessions back as asked for. */
  dailyBars(needs: DataNeeds['dailyBars']): Promise<void>;
  chain(underlying: Symbol, dteFrom: number, dteTo: number): Promise<void>;
}

const DIVIDENDS_EVERY_MS = 12 * HOUR;
/** Announced ex-days are known some months ahead; the record must reach past the longest option a strategy may hold. */
const DIVIDENDS_BACK_DAYS = 5;
const DIVIDENDS_AHEAD_DAYS = 120;
const ASSETS_EVERY_MS = 20 * HOUR;
const PARALLEL_CHAINS = 3;

type Keep = <T>(what: string, answer: Answer<T>, keep: (value: T) => void) => void;

/** Slow facts of a name: asked for again only when what the board has is old. */
function slowFacts(options: FeederOptions, use: Keep) {
  const { board, data, calendar, clock } = options;
  const assetsAt = new Map<Symbol, Now>();
  const dailyBars = async (needs: DataNeeds['dailyBars']): Promise<void> => {
    const now = clock.now().exchange;
    const last = calendar.lastClosed(now).day;
    const stale = needs.filter(({ symbol, sessions }) => {
      const seen = board.dailyBars(symbol)?.bars ?? [];
      return (seen.at(-1)?.day ?? '') < last || seen.filter((b) => b.day <= last).length < sessions;
    });
    if (stale.length === 0) return;
    const from = calendar.offset(last, -Math.max(...stale.map((n) => n.sessions))).day;
    use(
      'daily bars',
      await data.dailyBars(
        stale.map((n) => n.symbol),
        from,
        calendar.dayOf(now),
      ),
      (found) => {
        for (const [symbol, bars] of found) board.setDailyBars(symbol, bars, clock.now().mono);
      },
    );
  };
  const dividends = async (symbols: readonly Symbol[]): Promise<void> => {
    const now = clock.now().exchange;
    const stale = symbols.filter((s) => now - (board.dividends(s)?.seen.exchange ?? -Infinity) > DIVIDENDS_EVERY_MS);
    if (stale.length === 0) return;
    const from = addDays(calendar.dayOf(now), -DIVIDENDS_BACK_DAYS);
    const to = addDays(calendar.dayOf(now), DIVIDENDS_AHEAD_DAYS);
    use('dividends', await data.dividends(stale, from, to), (found) => {
      for (const symbol of stale)
        board.setDividends(symbol, { from, to, dividends: found.filter((d) => d.symbol === symbol), seen: clock.now() });
    });
  };
  const assets = async (symbols: readonly Symbol[]): Promise<void> => {
    const now = clock.now().exchange;
    const stale = [...new Set(symbols)].filter(
      (s) => board.asset(s) === undefined || now - (assetsAt.get(s)?.exchange ?? -Infinity) > ASSETS_EVERY_MS,
    );
    if (stale.length === 0) return;
    use('assets', await data.assets(stale), (found) => {
      for (const [symbol, asset] of found) {
        board.setAsset(symbol, asset);
        assetsAt.set(symbol, clock.now());
      }
    });
  };
  return { dailyBars, dividends, assets };
}

const isShare = (symbol: Symbol): boolean => instrumentOf(symbol).kind === 'equity';

export function createFeeder(options: FeederOptions): Feeder {
  const { board, data, calendar, clock, engine } = options;
  const use: Keep = (what, answer, keep) => {
    if (answer.ok) keep(answer.value);
    else options.missing(what, answer.why);
  };
  const slow = slowFacts(options, use);
  const quotes = async (symbols: readonly Symbol[]): Promise<void> => {
    if (symbols.length === 0) return;
    use('quotes', await data.quotes([...new Set(symbols)]), (found) => {
      for (const quote of found.values()) board.setQuote(quote);
    });
  };
  const chain = async (underlying: Symbol, dteFrom: number, dteTo: number): Promise<void> => {
    const day = calendar.dayOf(clock.now().exchange);
    use(`chain of ${underlying}`, await data.chain(underlying, addDays(day, dteFrom), addDays(day, dteTo)), (found) =>
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
    await Promise.all([
      quotes(needs.quotes),
      slow.dailyBars(needs.dailyBars),
      slow.dividends(needs.dividends),
      slow.assets(needs.quotes.filter(isShare)),
    ]);
    const second = engine.needsContext(strategy, phase, clock.now());
    const wanted = second === undefined ? [] : [...needs.chains, ...enlisted.strategy.chains(second)];
    if (wanted.length === 0) return;
    await chains(wanted);
    await quotes(needs.quotes); // chains take a while: the underlyings' quotes must not be older than their options'
  };
  return { prepare, quotes, dailyBars: slow.dailyBars, chain };
}
