// What an account was worth at past instants: its statement unrolled from the present, valued at the market's prices of the time.
import { cashOf, minus } from '../core/quantity.ts';
import { createQuoteDesk } from '../core/quotes.ts';
import type { XActivity } from '../types.ts';
import { multiplierOf } from './listing.ts';
import type { Call } from './route.ts';

/** Signed units a row added to a position. An execution states its size, and its direction by its side; a dividend moves no units. */
function unitsOf(row: XActivity): number {
  if (row.type === 'DIV') return 0;
  return row.fill !== null && row.fill.side !== 'buy' ? -row.qty : row.qty;
}

export interface EquityHistory {
  /** Micros at each instant asked for, in the order asked; null before the account was opened, or where a holding had no price. */
  at(instants: readonly number[]): readonly (number | null)[];
  /** When the account was opened. */
  readonly opened: number;
  /** Every row that moved cash but executions: dividends, deposits, settlements. */
  readonly cashRows: readonly XActivity[];
}

interface Holdings {
  cash: number;
  readonly units: Map<string, number>;
}

function takeBack(holdings: Holdings, row: XActivity): void {
  holdings.cash -= row.netAmount;
  if (row.symbol === null) return;
  const units = minus(holdings.units.get(row.symbol) ?? 0, unitsOf(row));
  if (units === 0) holdings.units.delete(row.symbol);
  else holdings.units.set(row.symbol, units);
}

/** The history of the call's account as of the call. Prices are the middle of the touch, else the last close or trade before. */
export function equityHistory(call: Call): EquityHistory {
  const { core, now } = call;
  const rows = [...core.statement(call.account)].sort((a, b) => b.at - a.at);
  const { cash, createdAt: opened } = core.account(call.account, now);
  const desk = createQuoteDesk(call.market, call.calendar);
  const worth = ({ cash: money, units }: Holdings, at: number): number | null => {
    let sum = money;
    for (const [symbol, qty] of units) {
      const price = desk.mark(symbol, at);
      if (price === undefined) return null;
      sum += cashOf(qty, price) * multiplierOf(symbol);
    }
    return sum;
  };
  return {
    opened,
    cashRows: rows.filter((row) => row.fill === null && row.netAmount !== 0),
    at(instants) {
      const holdings: Holdings = { cash, units: new Map(core.positions(call.account, now).map(({ symbol, qty }) => [symbol, qty])) };
      const found = new Map<number, number | null>();
      let undone = 0;
      for (const at of [...new Set(instants)].sort((a, b) => b - a)) {
        for (let row = rows[undone]; row !== undefined && row.at > at; row = rows[undone]) {
          takeBack(holdings, row);
          undone += 1;
        }
        found.set(at, at < opened ? null : worth(holdings, at));
      }
      return instants.map((at) => found.get(at) ?? null);
    },
  };
}
