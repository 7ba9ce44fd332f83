// The whole cycle of a strategy in the ledger's file, stage by stage: signal, decision, checks, order, partial execution, exit, lots, profit
// and loss, report. A story that leaves one out is told which: no strategy's story can forget a stage.
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import { expect } from 'vitest';
import { dailyReport } from '../../../src/cli/report/daily.ts';
import { dailyText } from '../../../src/cli/report/daily-print.ts';
import { MOVED } from '../../../src/cli/report/differences.ts';
import type { StrategyId } from '../../../src/domain/ids.ts';
import type { Legs } from '../../../src/domain/legs.ts';
import { isTerminal } from '../../../src/domain/order.ts';
import { isOpen, type Trade } from '../../../src/domain/trade.ts';
import type { SeenQuote } from '../../../src/domain/turn.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { closureOf, type DecisionRecord, lotOf, tradeOf } from '../../../src/store/rows.ts';
import { decisionOrders, decisions } from '../../../src/store/schema/decision.ts';
import { closures, exitRules, lots, trades } from '../../../src/store/schema/lot.ts';
import { attempts, fills, orderEvents, orders } from '../../../src/store/schema/order.ts';
import { type ScenarioOptions, type Story, scenario } from './scenario.ts';

/** What every opening is put to: a rule that left no finding was not asked. */
const RULES = ['HALTED', 'NOT_READY', 'SESSION', 'SHAPE', 'STALE', 'DUPLICATE', 'FAT_FINGER', 'COLLAR', 'BUYING_POWER', 'NAKED'] as const;

type OrderRecord = typeof orders.$inferSelect;

interface Cycle {
  readonly reader: Reader;
  readonly strategy: StrategyId;
  readonly said: readonly DecisionRecord[];
  /** Orders, by the decision they came of. */
  readonly orders: readonly (OrderRecord & { readonly decision: number })[];
  readonly closed: readonly Trade[];
}

function cycleOf(reader: Reader, strategy: StrategyId): Cycle {
  const { db } = reader;
  const rows = db
    .select({ order: orders, decision: decisionOrders.decisionId })
    .from(orders)
    .innerJoin(decisionOrders, eq(decisionOrders.orderId, orders.id))
    .where(eq(orders.strategy, strategy))
    .orderBy(asc(orders.recordedAt), asc(orders.id))
    .all();
  return {
    reader,
    strategy,
    said: db.select().from(decisions).where(eq(decisions.strategy, strategy)).orderBy(asc(decisions.id)).all(),
    orders: rows.map(({ order, decision }) => ({ ...order, decision })),
    closed: db
      .select()
      .from(trades)
      .where(and(eq(trades.owner, strategy), isNotNull(trades.closedAt)))
      .all()
      .map(tradeOf),
  };
}

const legsOf = (decision: DecisionRecord): Legs => (decision.intent as unknown as { readonly legs: Legs }).legs;
const of = (cycle: Cycle, kind: 'open' | 'close'): readonly DecisionRecord[] =>
  cycle.said.filter((d) => d.kind === kind && d.verdict === 'cleared');

/** Both sides of every leg stand beside the decision. */
const sided = (decision: DecisionRecord): boolean => {
  const seen = new Map((decision.quotes ?? []).map((q: SeenQuote) => [q.symbol, q]));
  return legsOf(decision).every(({ instrument }) => {
    const quote = seen.get(instrument.symbol);
    return quote?.kind === 'quoted' && quote.ask > 0 && quote.bid >= 0 && quote.bid <= quote.ask && quote.ageMs >= 0;
  });
};

/** What a stage lacks: the words of the requirement that does not hold. */
type Stage = (cycle: Cycle) => readonly (readonly [holds: boolean, what: string])[];

const signal: Stage = (cycle) => {
  const opened = of(cycle, 'open');
  return [
    [opened.length > 0, 'no cleared decision to open'],
    [opened.every((d) => d.gates.length > 0 && d.gates.every((g) => g.pass)), 'an opening without gates, or through one that failed'],
  ];
};

const decision: Stage = (cycle) => {
  const acted = [...of(cycle, 'open'), ...of(cycle, 'close')];
  return [
    [acted.every((d) => d.why !== '' && d.slot !== '' && d.count === 1), 'a decision to trade without its reason or slot'],
    [acted.every(sided), 'a decision to trade without bid and ask of every leg'],
    [cycle.said.every((d) => d.quotes !== null), 'a decision that says nothing of the market it was made in'],
  ];
};

const checks: Stage = (cycle) => {
  const opened = of(cycle, 'open');
  const asked = (d: DecisionRecord): ReadonlySet<string> => new Set(d.checks.map(({ rule }) => rule));
  return [
    [opened.every((d) => RULES.every((rule) => asked(d).has(rule))), `an opening that was not put to ${RULES.join(', ')}`],
    [opened.every((d) => d.denial === null && d.checks.every(({ result }) => result !== 'deny')), 'a cleared opening with a denial'],
    [of(cycle, 'close').every((d) => d.checks.length > 0), 'a closing that was put to no rule'],
  ];
};

const order: Stage = ({ reader, orders: all }) => {
  const states = (id: OrderRecord['id']) =>
    reader.db.select().from(orderEvents).where(eq(orderEvents.orderId, id)).orderBy(asc(orderEvents.seq)).all();
  const tried = new Set(
    reader.db
      .select({ id: attempts.orderId })
      .from(attempts)
      .where(eq(attempts.outcome, 'accepted'))
      .all()
      .map((row) => row.id),
  );
  const filled = all.filter((o) => o.cumQty > 0);
  return [
    [filled.some((o) => o.purpose === 'O'), 'no opening order that filled'],
    [
      filled.every((o) => states(o.id)[0]?.state === 'recorded' && states(o.id).at(-1)?.state === o.state),
      'an order whose events begin or end elsewhere',
    ],
    [filled.every((o) => tried.has(o.id) && o.brokerId !== null), 'an order that filled without having been accepted'],
    [all.every((o) => isTerminal(o.state)), 'an order that still lives'],
  ];
};

const partial: Stage = ({ reader, strategy, orders: all }) => {
  const executed = reader.db.select().from(fills).where(eq(fills.owner, strategy)).all();
  const wanted = new Map(all.map((o) => [o.id, o]));
  const parts = executed.filter((f) => {
    const asked = wanted.get(f.order);
    return asked?.purpose === 'O' && f.cumQty < asked.qty;
  });
  return [[parts.length > 0, 'no opening order was filled in parts']];
};

const exit: Stage = (cycle) => {
  const closing = of(cycle, 'close');
  const rules = cycle.reader.db.select().from(exitRules).where(eq(exitRules.owner, cycle.strategy)).all();
  const filled = new Set(cycle.orders.filter((o) => o.cumQty > 0).map((o) => o.decision));
  const exits = new Set(closing.filter((d) => filled.has(d.id)).map((d) => d.code));
  return [
    [exits.size > 0, 'no decision to close whose order filled'],
    [closing.every((d) => d.code === 'PROTECT' || d.gates.length > 0), 'a decision to close without gates'],
    [
      [...exits].every((code) => rules.some((r) => r.code === code && (r.fired > 0 || r.order !== null))),
      'an exit that no armed rule announced',
    ],
    [rules.every((r) => r.disarmedAt !== null || !cycle.closed.some((t) => t.id === r.trade)), 'a rule still armed over a closed trade'],
  ];
};

/** Lots and closures of one trade. */
function booksOf({ reader }: Cycle, trade: Trade) {
  const held = reader.db.select().from(lots).where(eq(lots.trade, trade.id)).all().map(lotOf);
  const ids = held.map((lot) => lot.id);
  return { held, ended: reader.db.select().from(closures).where(inArray(closures.lot, ids)).all().map(closureOf) };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const books: Stage = (cycle) => {
  const all = cycle.closed.map((trade) => ({ trade, ...booksOf(cycle, trade) }));
  return [
    [all.length > 0, 'no trade that was opened and closed'],
    [all.every(({ held }) => held.length > 0 && held.every((lot) => lot.qtyLeft === 0)), 'a closed trade with an open lot, or with none'],
    [
      all.every(({ held, ended }) => sum(held.map((l) => l.qty)) === sum(ended.map((c) => c.qty))),
      'lots that were not closed unit by unit',
    ],
    [all.every(({ ended }) => ended.every((c) => c.code !== null)), 'a closure without its reason'],
  ];
};

const result: Stage = (cycle) => {
  const all = cycle.closed.map((trade) => ({ trade, ...booksOf(cycle, trade) }));
  return [
    [all.every(({ trade }) => !isOpen(trade) && trade.exit !== null), 'a closed trade without its reason'],
    [all.every(({ trade, ended }) => trade.realized === sum(ended.map((c) => c.realized))), 'a result that is not that of its closures'],
    [
      all.every(({ trade, held, ended }) => trade.realized === sum([...held.map((l) => l.cash), ...ended.map((c) => c.cash)])),
      'a result that is not what came in less what went out',
    ],
  ];
};

const report: Stage = (cycle) => {
  const days = [...new Set(cycle.closed.flatMap((t) => (t.closedDay === null ? [] : [t.closedDay])))];
  const reports = new Map(days.map((day) => [day, dailyReport(cycle.reader, day)]));
  const shown = cycle.closed.map((trade) => {
    const day = trade.closedDay === null ? undefined : reports.get(trade.closedDay);
    return { trade, day, row: day?.trades.find((t) => t.id === trade.id) };
  });
  return [
    [
      shown.every(({ trade, row }) => row?.realizedSoFar === trade.realized && row.exit === trade.exit),
      'a trade that its day does not report',
    ],
    [shown.every(({ trade, day }) => day !== undefined && dailyText(day).includes(trade.id)), 'a trade that the printed report leaves out'],
    [[...reports.values()].every((day) => day !== undefined && day.cash.after !== null), 'a day whose cash is not reported'],
    ...[...reports].flatMap(([day, found]) =>
      (found?.differences ?? []).filter((d) => d.what !== MOVED).map((d) => [false, `${day} differs: ${JSON.stringify(d)}`] as const),
    ),
  ];
};

const stages: readonly (readonly [name: string, stage: Stage])[] = [
  ['signal', signal],
  ['decision', decision],
  ['checks', checks],
  ['order', order],
  ['partial execution', partial],
  ['exit', exit],
  ['lots and closures', books],
  ['profit and loss', result],
  ['report', report],
];

/** What the ledger's file lacks of a strategy's whole cycle, each with its stage; empty when it is there from signal to report. */
export function cycleGaps(file: string, strategy: string): readonly string[] {
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  try {
    const cycle = cycleOf(opened.reader, strategy as StrategyId);
    return stages.flatMap(([name, stage]) => stage(cycle).flatMap(([holds, what]) => (holds ? [] : [`${name}: ${what}`])));
  } finally {
    opened.reader.close();
  }
}

/** Wall time in which the daemon reads its broker once more. */
const READ_AGAIN_MS = 25_000;

/** A scenario that must take each of its strategies through every stage. */
export const cycle = (options: ScenarioOptions, tell: (story: Story) => Promise<void>): Promise<void> =>
  scenario(options, async (story) => {
    const { world } = story;
    await tell(story);
    // The broker's record is read after the last execution, too.
    world.exchange.clock.setSpeed(1);
    await world.run(READ_AGAIN_MS);
    for (const strategy of Object.keys(options.strategies)) expect(cycleGaps(world.ledgerFile, strategy), strategy).toEqual([]);
  });
