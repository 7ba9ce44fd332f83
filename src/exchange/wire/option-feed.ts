// What a stream of options has to say: quotes that changed, and trades that happened.
import type { ExchangeClock } from '../clock.ts';
import type { ExchangeMarket } from '../market.ts';
import { chosen, type DataFeed, type DataFrame, paced } from './data-feed.ts';
import type { Channel } from './data-subscriptions.ts';
import { isOptionSymbol } from './listing.ts';
import { type OptionTrade, optionQuoteFields, optionTradeFields } from './market-json.ts';
import { quoteChanges } from './quote-changes.ts';

/** Trades of one contract between two looks; more than these are history. */
const MOST_TRADES = 20;

export function optionFeed(market: ExchangeMarket, clock: ExchangeClock): DataFeed {
  const changes = quoteChanges(market, clock);
  const due = paced(() => clock.speed);
  /** How far each contract's trades have been told. */
  const told = new Map<string, number>();

  /** The last trade, then the one before it, back to those that have been told; of a contract that is new to the stream, none. */
  const newTrades = (symbol: string, now: number): readonly OptionTrade[] => {
    const until = told.get(symbol) ?? now;
    told.set(symbol, now);
    const trades: OptionTrade[] = [];
    for (let at = now; trades.length < MOST_TRADES; ) {
      const { last } = market.optionStats(symbol, at);
      if (last === null || last.at <= until) break;
      trades.push(last);
      at = last.at - 1;
    }
    return trades.reverse();
  };
  const frame = (channel: Channel, kind: string, symbol: string, at: number, fields: DataFrame['fields']): DataFrame => ({
    channel,
    symbols: [symbol],
    fields: { T: kind, S: symbol, ...fields },
    stamps: { t: at },
  });
  const contracts = chosen(({ names }) => names.filter(isOptionSymbol));
  return {
    next(now, asked) {
      const quotes = changes(now, contracts(asked, 'quotes')).map(({ symbol, quote }) =>
        frame('quotes', 'q', symbol, quote.at, optionQuoteFields(quote)),
      );
      if (!due(now)) return quotes;
      const traded = contracts(asked, 'trades');
      for (const symbol of told.keys()) if (!traded.includes(symbol)) told.delete(symbol);
      const trades = traded.flatMap((symbol) =>
        newTrades(symbol, now).map((trade) => frame('trades', 't', symbol, trade.at, optionTradeFields(trade))),
      );
      return [...quotes, ...trades];
    },
  };
}
