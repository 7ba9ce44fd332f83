// What the strategies decided, how it was judged, and which orders it became.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Gate, Json } from '../../domain/decision.ts';
import type { Phase } from '../../domain/event.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { SeenQuote } from '../../domain/turn.ts';
import type { Denial, DenialCode, RuleCheck } from '../../domain/verdict.ts';
import { at, day, integers, json, oneOf, optionalJson, strategy } from '../columns.ts';
import { orderId } from './order.ts';
import { ofTurn } from './run.ts';

/** What a verdict looked like when its run was last extended. */
export interface LastObserved {
  readonly slot: string;
  readonly why: string;
  readonly gates: readonly Gate[];
  readonly intent: Json;
  readonly denial: Denial | null;
  readonly checks: readonly RuleCheck[];
  /** Absent in a run that was last extended before quotes were kept. */
  readonly quotes?: readonly SeenQuote[];
}

/** Verdicts, run-length coded: the first observation in full, the last in `last`, how many in `count`. */
export const decisions = sqliteTable(
  'decisions',
  {
    id: integer('id').primaryKey(),
    strategy: strategy(),
    subject: text('subject').$type<Symbol>().notNull(),
    /** The kind of tick that asked; `none` for a verdict that no tick asked for. */
    phase: text('phase').$type<Phase | 'none'>().notNull(),
    day: day(),
    kind: text('kind').$type<'open' | 'close' | 'pass' | 'cancel'>().notNull(),
    code: text('code').$type<ReasonCode>().notNull(),
    why: text('why').notNull(),
    slot: text('slot').notNull(),
    gates: json<readonly Gate[]>('gates').notNull(),
    /** What is particular to the kind: key, legs, quantity, prices, worst loss; the order to cancel; nothing for a pass. */
    intent: optionalJson<Json>('intent'),
    verdict: text('verdict').$type<'cleared' | 'denied'>(),
    denialCode: text('denial_code').$type<DenialCode>(),
    denial: optionalJson<Denial>('denial'),
    checks: json<readonly RuleCheck[]>('checks').notNull(),
    assumed: json<readonly string[]>('assumed').notNull(),
    /** What must be equal for a verdict to count as the same; NULL for one that became an order. */
    pattern: text('pattern'),
    firstSeq: ofTurn('first_seq'),
    firstAt: at('first_at'),
    lastSeq: ofTurn('last_seq'),
    lastAt: at('last_at'),
    count: integer('count').notNull(),
    last: optionalJson<LastObserved>('last'),
    /** Both sides of the subject's market and of every leg's; NULL in rows that are older than this column. */
    quotes: optionalJson<readonly SeenQuote[] | null>('quotes'),
  },
  (t) => [
    index('decisions_by_run').on(t.strategy, t.subject, t.phase, t.lastSeq),
    index('decisions_by_subject').on(t.subject, t.lastSeq),
    index('decisions_by_day').on(t.day),
    oneOf('decisions', 'kind', ['open', 'close', 'pass', 'cancel']),
    oneOf('decisions', 'verdict', ['cleared', 'denied']),
    integers('decisions', ['first_at', 'last_at', 'count']),
  ],
);

export const decisionOrders = sqliteTable(
  'decision_orders',
  {
    orderId: orderId(),
    decisionId: integer('decision_id')
      .notNull()
      .references(() => decisions.id),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.decisionId] }), index('decision_orders_by_decision').on(t.decisionId)],
);
