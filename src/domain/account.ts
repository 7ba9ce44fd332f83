// The broker's account as it describes itself, and its own record of what happened.
import type { BrokerOrderId, Symbol } from './ids.ts';
import type { NetQty, Price, Usd } from './money.ts';
import type { OrderReport } from './order-report.ts';
import type { EpochMs, Now, TradingDay } from './time.ts';

export interface AccountFacts {
  /** The account number, e.g. `PA3SIM0001`; logs show its last four characters only. */
  readonly number: string;
  readonly status: string;
  readonly cash: Usd;
  readonly equity: Usd;
  /** Equity at the previous session's close. */
  readonly lastEquity: Usd;
  readonly buyingPower: Usd;
  readonly optionsBuyingPower: Usd;
  readonly nonMarginableBuyingPower: Usd;
  readonly optionsLevel: number;
  readonly tradingBlocked: boolean;
  readonly accountBlocked: boolean;
  readonly transfersBlocked: boolean;
  readonly suspendedByUser: boolean;
}

export interface BrokerPosition {
  readonly symbol: Symbol;
  /** The broker's id of the asset, which a change of symbol leaves; absent where it is not told. */
  readonly asset?: string;
  /** Signed decimal text when fractional: such a holding is shown, never traded. */
  readonly net: NetQty | { readonly fractional: string };
  /** The broker's cost basis: positive for a long position, negative for a short one. */
  readonly cost: Usd;
  readonly mark: Price | null;
}

export interface Activity {
  readonly id: string;
  /** FILL, OPASN, OPEXC, OPEXP, OPTRD, DIV, FEE, INT, CSD, CSW, JNLC, SPLIT, ... as the broker names them. */
  readonly type: string;
  readonly status: 'executed' | 'correct' | 'canceled';
  readonly day: TradingDay;
  readonly at: EpochMs | null;
  readonly symbol: Symbol | null;
  /** Signed quantity; 0 when the row has none. */
  readonly qty: number;
  readonly price: Price | null;
  readonly netAmount: Usd;
  readonly groupId: string | null;
  /** FILL rows only. */
  readonly order: { readonly brokerId: BrokerOrderId; readonly cumQty: number; readonly side: 'buy' | 'sell' } | null;
}

/** One stable read of the broker: orders agreed before and after, positions and account between. */
export interface BrokerSnapshot {
  /** When the read began: all that was said before it is in it. */
  readonly takenAt: Now;
  readonly account: AccountFacts;
  /** Open orders and those closed since the watermark, ours and foreign. */
  readonly orders: readonly OrderReport[];
  readonly positions: readonly BrokerPosition[];
  /** Since the activity watermark, ascending. */
  readonly activities: readonly Activity[];
}
