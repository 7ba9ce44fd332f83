// What the ledger's file says, in dollars and New York time, read through a connection of its own: what a test asserts.
import { asc, eq } from 'drizzle-orm';
import { ensure } from '../../../src/base/assert.ts';
import type { Json } from '../../../src/domain/decision.ts';
import { termText } from '../../../src/domain/exit-rule.ts';
import type { StrategyId } from '../../../src/domain/ids.ts';
import type { Legs } from '../../../src/domain/legs.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { decisionOrders, decisions } from '../../../src/store/schema/decision.ts';
import { ledger, positions } from '../../../src/store/schema/holding.ts';
import { closures, exitRules, lots, trades } from '../../../src/store/schema/lot.ts';
import { fills, orders } from '../../../src/store/schema/order.ts';
import { notes } from '../../../src/store/schema/run.ts';
import { ny, type When } from '../script/clock.ts';

/** One verdict of a strategy; one that was said again and again is a single fact with a count. */
export interface DecisionFact {
  readonly when: When;
  readonly slot: string;
  readonly subject: string;
  readonly kind: 'open' | 'close' | 'pass' | 'cancel';
  readonly code: string;
  readonly why: string;
  readonly count: number;
  /** By name: what was asked, what was seen. */
  readonly gates: Readonly<
    Record<string, { readonly observed: string | number | null; readonly threshold: string | number | null; readonly pass: boolean }>
  >;
  /** Null for what is not judged: passes and cancels. */
  readonly verdict: 'cleared' | 'denied' | null;
  readonly denial: string | null;
  /** Results by rule of the risk gate. */
  readonly checks: Readonly<Record<string, string>>;
  /** Ids of the orders it became at once; the later rungs share their ladder. */
  readonly orders: readonly string[];
}

export interface OrderFact {
  readonly id: string;
  readonly when: When;
  /** O opens, C closes, P protects. */
  readonly purpose: string;
  /** `sell open 1 F260306P00048000`. */
  readonly legs: readonly string[];
  readonly qty: number;
  readonly type: string;
  readonly tif: string;
  /** Dollars, net: positive pays, negative collects. */
  readonly limit: number | null;
  readonly stop: number | null;
  readonly ladder: string;
  readonly rung: number;
  readonly state: string;
  readonly filled: number;
  readonly cash: number;
  readonly reason: string | null;
}

export interface FillFact {
  readonly order: string;
  readonly when: When;
  readonly symbol: string;
  /** Signed: sold is negative. */
  readonly qty: number;
  readonly price: number;
  /** Signed: paid is negative. */
  readonly cash: number;
}

export interface TradeFact {
  readonly id: string;
  readonly underlying: string;
  readonly legs: readonly string[];
  readonly code: string;
  readonly maxLoss: number;
  readonly thesis: Json;
  readonly opened: When;
  readonly units: number;
  readonly entryCash: number;
  /** Signed quantity left by symbol. */
  readonly held: Readonly<Record<string, number>>;
  readonly realized: number;
  readonly closed: When | null;
  readonly exit: string | null;
}

export interface LotFact {
  readonly symbol: string;
  readonly origin: string;
  readonly qty: number;
  readonly left: number;
  readonly cash: number;
  readonly trade: string | null;
}

export interface ClosureFact {
  readonly symbol: string;
  readonly kind: string;
  readonly when: When;
  readonly qty: number;
  readonly cash: number;
  readonly realized: number;
  readonly code: string | null;
}

/** A reason that would close a trade, as it stands in the ledger. */
export interface ExitFact {
  readonly trade: string;
  readonly code: string;
  readonly kind: string;
  /** `mark at or below 1.425 dollars a share`; any of them is enough. */
  readonly when: readonly string[];
  readonly units: number | null;
  /** True where an order rests at the broker for it. */
  readonly resting: boolean;
  readonly armed: When;
  readonly fired: number;
  readonly firedAt: When | null;
  readonly disarmed: When | null;
}

export interface LedgerFact {
  readonly kind: string;
  readonly owner: string;
  readonly symbol: string | null;
  readonly qty: number;
  readonly cash: number;
  readonly day: string;
}

/** Every list is oldest first. A strategy is named by its id; lots, closures and ledger rows by their owner. */
export interface Book {
  decisions(strategy: string): readonly DecisionFact[];
  orders(strategy: string): readonly OrderFact[];
  fills(strategy: string): readonly FillFact[];
  trades(strategy: string): readonly TradeFact[];
  lots(strategy: string): readonly LotFact[];
  closures(strategy: string): readonly ClosureFact[];
  /** Of all its trades, by the trade and the reason. */
  exits(strategy: string): readonly ExitFact[];
  /** Changes of position or cash that are no fills, of all owners. */
  rows(): readonly LedgerFact[];
  /** Signed quantity held, by symbol. */
  held(strategy: string): Readonly<Record<string, number>>;
  /** How often each event was noted. */
  noted(): ReadonlyMap<string, number>;
  /** The account's cash as the ledger has it, dollars. */
  cash(): number;
  close(): void;
}

const MICROS = 1_000_000;
const usd = (micros: number): number => micros / MICROS;
const usdOr = (micros: number | null): number | null => (micros === null ? null : usd(micros));
const legTexts = (legs: Legs): readonly string[] => legs.map((l) => `${l.side} ${l.effect} ${String(l.ratio)} ${l.instrument.symbol}`);
const idOf = (strategy: string): StrategyId => strategy as StrategyId;

function decisionFacts({ db }: Reader, strategy: string): readonly DecisionFact[] {
  const became = new Map<number, string[]>();
  for (const { orderId, decisionId } of db.select().from(decisionOrders).all())
    became.set(decisionId, [...(became.get(decisionId) ?? []), orderId]);
  const rows = db
    .select()
    .from(decisions)
    .where(eq(decisions.strategy, idOf(strategy)))
    .orderBy(asc(decisions.id))
    .all();
  return rows.map((row) => ({
    when: ny(row.firstAt),
    slot: row.slot,
    subject: row.subject,
    kind: row.kind,
    code: row.code,
    why: row.why,
    count: row.count,
    gates: Object.fromEntries(row.gates.map(({ name, ...gate }) => [name, gate])),
    verdict: row.verdict,
    denial: row.denialCode,
    checks: Object.fromEntries(row.checks.map(({ rule, result }) => [rule, result])),
    orders: became.get(row.id) ?? [],
  }));
}

const orderFacts = ({ db }: Reader, strategy: string): readonly OrderFact[] =>
  db
    .select()
    .from(orders)
    .where(eq(orders.strategy, idOf(strategy)))
    .orderBy(asc(orders.recordedAt), asc(orders.rung), asc(orders.id))
    .all()
    .map((row) => ({
      id: row.id,
      when: ny(row.recordedAt),
      purpose: row.purpose,
      legs: legTexts(row.legs),
      qty: row.qty,
      type: row.type,
      tif: row.tif,
      limit: usdOr(row.limit),
      stop: usdOr(row.stop),
      ladder: row.ladder,
      rung: row.rung,
      state: row.state,
      filled: row.cumQty,
      cash: usd(row.cumCash),
      reason: row.reason,
    }));

const fillFacts = ({ db }: Reader, strategy: string): readonly FillFact[] =>
  db
    .select()
    .from(fills)
    .where(eq(fills.owner, idOf(strategy)))
    .orderBy(asc(fills.seq), asc(fills.legNo), asc(fills.cumQty))
    .all()
    .map((row) => ({ order: row.order, when: ny(row.at), symbol: row.symbol, qty: row.qty, price: usd(row.price), cash: usd(row.cash) }));

const tradeFacts = ({ db }: Reader, strategy: string): readonly TradeFact[] =>
  db
    .select()
    .from(trades)
    .where(eq(trades.owner, idOf(strategy)))
    .orderBy(asc(trades.openedAt), asc(trades.id))
    .all()
    .map((row) => ({
      id: row.id,
      underlying: row.underlying,
      legs: legTexts(row.legs),
      code: row.code,
      maxLoss: usd(row.maxLoss),
      thesis: row.thesis,
      opened: ny(row.openedAt),
      units: row.units,
      entryCash: usd(row.entryCash),
      held: Object.fromEntries(row.held.map(({ instrument, qty }) => [instrument.symbol, qty])),
      realized: usd(row.realized),
      closed: row.closedAt === null ? null : ny(row.closedAt),
      exit: row.exit,
    }));

const lotFacts = ({ db }: Reader, strategy: string): readonly LotFact[] =>
  db
    .select()
    .from(lots)
    .where(eq(lots.owner, idOf(strategy)))
    .orderBy(asc(lots.openedSeq), asc(lots.id))
    .all()
    .map(({ symbol, origin, qty, qtyLeft, cash, trade }) => ({ symbol, origin, qty, left: qtyLeft, cash: usd(cash), trade }));

const closureFacts = ({ db }: Reader, strategy: string): readonly ClosureFact[] =>
  db
    .select({ closure: closures, symbol: lots.symbol })
    .from(closures)
    .innerJoin(lots, eq(lots.id, closures.lot))
    .where(eq(lots.owner, idOf(strategy)))
    .orderBy(asc(closures.seq), asc(closures.by))
    .all()
    .map(({ closure: { kind, at, qty, cash, realized, code }, symbol }) => ({
      symbol,
      kind,
      when: ny(at),
      qty,
      cash: usd(cash),
      realized: usd(realized),
      code,
    }));

const exitFacts = ({ db }: Reader, strategy: string): readonly ExitFact[] =>
  db
    .select()
    .from(exitRules)
    .where(eq(exitRules.owner, idOf(strategy)))
    .orderBy(asc(exitRules.trade), asc(exitRules.code))
    .all()
    .map(({ trade, code, kind, when, units, order, armedAt, fired, firedAt, disarmedAt }) => ({
      trade,
      code,
      kind,
      when: when.map(termText),
      units,
      resting: order !== null,
      armed: ny(armedAt),
      fired,
      firedAt: firedAt === null ? null : ny(firedAt),
      disarmed: disarmedAt === null ? null : ny(disarmedAt),
    }));

const ledgerFacts = ({ db }: Reader): readonly LedgerFact[] =>
  db
    .select()
    .from(ledger)
    .orderBy(asc(ledger.seq), asc(ledger.key))
    .all()
    .map(({ kind, owner, symbol, qty, cash, day }) => ({ kind, owner, symbol, qty, cash: usd(cash), day }));

function cashOf({ client }: Reader): number {
  const row = client
    .prepare<[], { cash: number }>(
      'SELECT (SELECT coalesce(sum(cash), 0) FROM fills) + (SELECT coalesce(sum(cash), 0) FROM ledger) AS cash',
    )
    .get();
  return usd(ensure(row, 'the sums of cash').cash);
}

/** @throws Error when there is no ledger at the path, or none that this version reads */
export function readBook(file: string): Book {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  const { reader } = opened;
  return {
    decisions: (strategy) => decisionFacts(reader, strategy),
    orders: (strategy) => orderFacts(reader, strategy),
    fills: (strategy) => fillFacts(reader, strategy),
    trades: (strategy) => tradeFacts(reader, strategy),
    lots: (strategy) => lotFacts(reader, strategy),
    closures: (strategy) => closureFacts(reader, strategy),
    exits: (strategy) => exitFacts(reader, strategy),
    rows: () => ledgerFacts(reader),
    held: (strategy) => {
      const rows = reader.db
        .select()
        .from(positions)
        .where(eq(positions.owner, idOf(strategy)))
        .orderBy(asc(positions.symbol))
        .all();
      return Object.fromEntries(rows.map(({ symbol, qty }) => [symbol, qty]));
    },
    noted: () => {
      const found = new Map<string, number>();
      for (const { event } of reader.db.select().from(notes).all()) found.set(event, (found.get(event) ?? 0) + 1);
      return found;
    },
    cash: () => cashOf(reader),
    close: () => reader.close(),
  };
}
