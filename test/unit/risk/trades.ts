// Trades to judge by: one long call of ABC, open, and whatever differs from it.
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../../src/domain/legs.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import { epochMs, type TradingDay, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import { day, micros, owner } from './contexts.ts';

export const longCall = 'ABC260417C00190000';

/** Bought legs of one symbol each. */
export const bought = (...symbols: readonly [string, ...string[]]): Legs => {
  const [first, ...rest] = symbols.map((of) => leg(instrumentOf(symbol(of)), 'buy', 'open'));
  return first === undefined ? legs(leg(instrumentOf(symbol('ABC')), 'buy', 'open')) : legs(first, ...rest);
};

/** One opened today of which everything is still held: `cash` in dollars, negative where it was paid. */
export function tradeOf(cash: number, over: Partial<Trade> & { readonly count?: number } = {}): Trade {
  const { count = 1, ...rest } = over;
  const package_ = rest.legs ?? bought(longCall);
  return {
    id: `walk-${cash}`,
    owner,
    underlying: package_[0].instrument.underlying,
    legs: package_,
    code: 'ENTRY',
    why: 'a test',
    maxLoss: usd(micros(Math.abs(cash))),
    thesis: null,
    openedAt: epochMs(0),
    openedDay: day,
    units: count,
    entryCash: usd(micros(cash)),
    held: package_.map((l) => ({
      instrument: l.instrument,
      qty: netQty((l.side === 'buy' ? 1 : -1) * l.ratio * count),
      cash: usd(micros(cash)),
    })),
    realized: usd(0),
    closedAt: null,
    closedDay: null,
    exit: null,
    ...rest,
  };
}

let ids = 0;
/** One that was closed on a day with a result in dollars, each closed after the one before. */
export function closedTrade(result: number, on: TradingDay | string = day, over: Partial<Trade> = {}): Trade {
  ids++;
  const closedDay = tradingDay(on);
  return {
    ...tradeOf(-100),
    id: `closed-${ids}`,
    openedDay: closedDay,
    held: [],
    realized: usd(micros(result)),
    closedAt: epochMs(1_000_000 + ids),
    closedDay,
    exit: 'TARGET',
    ...over,
  };
}

export const by = (id: string): { readonly owner: ReturnType<typeof strategyId> } => ({ owner: strategyId(id) });
