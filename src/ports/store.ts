// The ledger's disk. A throw from commit ends the process: memory would be ahead of disk.
import type { Answered, Role, Switch, Token } from '../domain/control.ts';
import type { Json } from '../domain/decision.ts';
import type { IvReading } from '../domain/event.ts';
import type { ArmedExit } from '../domain/exit-rule.ts';
import type { ClientOrderId, StrategyId } from '../domain/ids.ts';
import type { InstrumentName } from '../domain/instrument-name.ts';
import type { LossRecord } from '../domain/losses.ts';
import type { Lot } from '../domain/lot.ts';
import type { Usd } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Cycle, LedgerRow, Movement, Position } from '../domain/position.ts';
import type { EpochMs, TradingDay } from '../domain/time.ts';
import type { Decided, Trade } from '../domain/trade.ts';
import type { Halt, Turn } from '../domain/turn.ts';

/** What a run starts from. */
export interface Loaded {
  readonly lastSeq: number;
  /** Every live order, and every order of the last seven session days. */
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
  readonly cycles: readonly Cycle[];
  /** Open lots, oldest first. */
  readonly lots: readonly Lot[];
  /** Open trades and those closed in the last 45 days, in the order in which they were opened. */
  readonly trades: readonly Trade[];
  /** By trade: what half the quoted spread of its fills comes to; a trade with a fill that was not quoted is left out. */
  readonly penalties: ReadonlyMap<string, Usd>;
  /** What would close each open trade, in the order in which the trades were opened. */
  readonly exits: readonly ArmedExit[];
  /** What was said of each of `orders` when it was decided; an order whose decision is not on record is left out. */
  readonly decided: ReadonlyMap<ClientOrderId, Decided>;
  readonly memories: ReadonlyMap<StrategyId, Json>;
  readonly halts: readonly Halt[];
  /** Null before equity was first looked at. */
  readonly losses: LossRecord | null;
  readonly switches: readonly Switch[];
  readonly tokens: readonly Token[];
  /** Limits that people set, by dotted name; the last one of each. */
  readonly limitsSet: ReadonlyMap<string, string>;
  readonly iv: readonly IvReading[];
  /** Sum of all fill cash and ledger cash; null before the opening row. */
  readonly cash: Usd | null;
  /** Keys of ledger rows, so that a second booking is a no-op. */
  readonly ledgerKeys: ReadonlySet<string>;
  /** Non-trade ledger rows of the last thirty days, for matching late activities. */
  readonly recentLedger: readonly LedgerRow[];
  /** The present symbol of every instrument there ever was. */
  readonly names: readonly InstrumentName[];
  /** Fills and ledger rows of the last sixty days, in the order in which they were booked. */
  readonly movements: readonly Movement[];
  readonly activityWatermark: string | null;
}

/** One wish, or one who was turned away, as it is kept. */
export interface AuditRow {
  readonly id: number;
  readonly seq: number;
  readonly at: EpochMs;
  /** This machine's clock. */
  readonly wall: number;
  readonly key: string | null;
  readonly actor: string;
  readonly role: Role | null;
  readonly verb: string;
  readonly target: string;
  readonly reason: string;
  readonly result: 'done' | 'refused' | 'denied';
  readonly code: string | null;
  readonly answer: Json;
}

export interface RunManifest {
  readonly startedAt: EpochMs;
  readonly mode: string;
  readonly gitSha: string;
  readonly configHash: string;
  readonly seed: number | null;
  readonly version: string;
  readonly node: string;
}

export interface Store {
  /** Opens a run: the epoch grows by one, unclean runs in the last ten wall minutes are counted. */
  beginRun(manifest: RunManifest): { readonly epoch: number; readonly uncleanBoots: number };
  /** Stamps mode and account at birth; afterwards a difference is returned, and nothing is written. */
  stamp(mode: string, account: string): { readonly ok: true } | { readonly ok: false; readonly mode: string; readonly account: string };
  load(today: TradingDay): Loaded;
  /** One transaction. */
  commit(turn: Turn): void;
  /** Limits that people set, by dotted name; the last one of each. */
  limitsSet(): ReadonlyMap<string, string>;
  /** What was answered to a wish of this key, in this run or any before. */
  answered(key: string): Answered | undefined;
  /** The last rows of the audit, newest first. */
  trail(limit: number): readonly AuditRow[];
  /** Marks the run clean (or not) and checkpoints. */
  endRun(exitCode: number, clean: boolean, why: string): void;
  close(): void;
}
