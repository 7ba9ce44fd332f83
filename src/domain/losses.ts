// What the account is worth, what it lost since when, and where the halt ladder stands: figures of a turn and what must outlive the process.
import type { Usd } from './money.ts';
import type { ReasonCode } from './reasons.ts';
import type { TradingDay } from './time.ts';

/**
 * Loss limits that set halts by themselves. The first, third, fourth and fifth stop openings of the account; the others also close what
 * the strategies named in `[risk.losses]` hold.
 */
export const lossCauses = ['DAY_HALT', 'DAY_FLATTEN', 'WEEK_HALT', 'MONTH_HALT', 'DRAWDOWN_HALT', 'DRAWDOWN_FLATTEN'] as const;
export type LossCause = (typeof lossCauses)[number];

/** From trading as usual to closing what is held; each step allows what the one after it does, and more. */
export const ladderSteps = ['normal', 'cautious', 'restricted', 'halted', 'flatten'] as const;
export type LadderStep = (typeof ladderSteps)[number];

/** Where the ladder stands beneath the halts of the moment, which are rows of their own. */
export interface LadderState {
  readonly footing: 'normal' | 'cautious' | 'restricted';
  /** The session in which it came to this footing. */
  readonly since: TradingDay;
  /** The running session was, from its open on, one that counts towards leaving it. */
  readonly counting: boolean;
  /** Whole sessions that counted. */
  readonly sessions: number;
  /** Net asset value of a unit when it came to this footing. */
  readonly nav: number;
}

/** What a loss is measured against: both figures of equity at an instant, and what came in from outside since, withdrawals negative. */
export interface LossBase {
  /** The session at whose end the figures were taken, or in which the record began. */
  readonly day: TradingDay;
  /** Null where it was not known, or is not that of the session it should be of. */
  readonly ours: Usd | null;
  readonly broker: Usd | null;
  readonly flows: Usd;
}

/** A limit that an administrator lifted: it speaks again when the loss has grown by as much as the limit allows once more. */
export interface Waiver {
  readonly cause: LossCause;
  /** As `scopeText` writes it. */
  readonly scope: string;
  /** The loss at that moment, a negative fraction; a drawdown is negative here as well. */
  readonly from: number;
  /** The session, Monday or month in which it holds; null for a drawdown, which holds until it is back above its limit. */
  readonly period: string | null;
}

/** A session's result against the value at risk (99 %, one day) that the book of the close before it was given. */
export interface VarDay {
  readonly day: TradingDay;
  /** Positive. */
  readonly promised: Usd;
  /** Profit and loss of the session, what came and went taken out. */
  readonly pnl: Usd;
}

/** All that must survive a restart to judge losses as if there had been none. */
export interface LossRecord {
  /** The last session that was seen. */
  readonly day: TradingDay;
  /** Its end has been marked. */
  readonly closed: boolean;
  readonly base: { readonly day: LossBase; readonly week: LossBase; readonly month: LossBase };
  /** The last end of a session that was marked; null before the first. */
  readonly close: LossBase | null;
  /** Units the account is divided into; their value changes with profit and loss alone, their number with what comes and goes. */
  readonly units: number;
  /** The highest value of a unit at a close, or at the beginning. */
  readonly peak: number;
  /** Came in or went out, and not yet turned into units. */
  readonly pending: Usd;
  /** Realized in this session. */
  readonly realised: Usd;
  /** The volatility index at the end of the last session in which it was known then; null before the first. */
  readonly volatility: { readonly day: TradingDay; readonly level: number } | null;
  readonly ladder: LadderState;
  /** The part of each opening that was left at the last look. */
  readonly factor: number;
  readonly waivers: readonly Waiver[];
  /** Value at risk of the book at the last close; null where it was not known. */
  readonly promised: Usd | null;
  /** The last sessions that kept or broke such a promise, oldest first. */
  readonly varDays: readonly VarDay[];
}

export const equityMarks = ['open', 'minute', 'booked', 'close'] as const;
/** `booked`: taken because an execution or a ledger row moved cash or units. */
export type EquityMark = (typeof equityMarks)[number];

/** What the account was worth at an instant, by our own marks and by the broker's word. */
export interface EquityRow {
  readonly mark: EquityMark;
  /** Cash and marks; null with `why` where something held has no price. */
  readonly equity: Usd | null;
  readonly why: ReasonCode | null;
  readonly brokerEquity: Usd;
  readonly cash: Usd;
  readonly settledCash: Usd;
  readonly longValue: Usd | null;
  readonly shortValue: Usd | null;
  readonly optionValue: Usd | null;
  readonly buyingPower: Usd;
  readonly optionsBuyingPower: Usd;
  /** Since the previous close, what came and went taken out; null where that is not known. */
  readonly dayPnl: Usd | null;
  readonly unrealised: Usd | null;
  readonly realisedDay: Usd;
  readonly flowsDay: Usd;
  /** Value of a unit, a fraction of what it was at the beginning; null where equity is. */
  readonly nav: number | null;
  readonly peak: number;
}
