// What the tables refuse: the journal only grows, and a closed order stays closed. The migrations create these; the checks compare.
import { denialCodes } from '../domain/verdict.ts';

export interface Trigger {
  readonly name: string;
  readonly sql: string;
}

const appendOnly = [
  'turns',
  'fills',
  'ledger',
  'closures',
  'order_events',
  'decision_orders',
  'mode_changes',
  'iv_history',
  'outbox',
  'notes',
  'stamp',
  'audit',
  'limits',
  'equity_snapshots',
  'external_flows',
  'risk_snapshots',
  'instruments',
  'instrument_symbols',
] as const;
const undeletable = ['runs', 'orders', 'attempts', 'decisions', 'halts', 'trades', 'lots', 'exit_rules', 'tokens', 'switches'] as const;

const abort = (message: string): string => `BEGIN SELECT RAISE(ABORT, '${message}'); END`;
const guard = (name: string, when: string, message: string): Trigger => ({
  name,
  sql: `CREATE TRIGGER ${name} BEFORE ${when} ${abort(message)}`,
});
const changed = (columns: readonly string[]): string => columns.map((c) => `new.${c} IS NOT old.${c}`).join(' OR ');

/** Columns of `decisions` that a repetition of the same verdict may move. */
const runLength = ['last_seq', 'last_at', 'count', 'last'];
const decisionIdentity = [
  'id',
  'strategy',
  'subject',
  'phase',
  'day',
  'kind',
  'code',
  'why',
  'slot',
  'gates',
  'intent',
  'verdict',
  'denial_code',
  'denial',
  'checks',
  'assumed',
  'quotes',
  'pattern',
  'first_seq',
  'first_at',
];
const orderIdentity = [
  'id',
  'strategy',
  'purpose',
  'day',
  'underlying',
  'legs',
  'qty',
  'type',
  'tif',
  'limit_price',
  'stop_price',
  'ladder',
  'rung',
  'verdict_seq',
  'payload_hash',
  'recorded_at',
];
const tradeIdentity = ['id', 'owner', 'underlying', 'legs', 'code', 'why', 'max_loss', 'thesis', 'opened_at', 'opened_day'];
const lotIdentity = [
  'id',
  'owner',
  'symbol',
  'underlying',
  'instrument',
  'trade_id',
  'origin',
  'opened_at',
  'opened_day',
  'opened_seq',
  'qty',
  'cash',
];

/**
 * The states a closed order may still take (domain/order-machine.ts): evidence that one we gave up is alive after all, and the
 * late fill that completes one.
 */
const lateEvidence = [
  `(old.state IN ('dropped', 'refused') AND new.state IN ` +
    `('working', 'canceling', 'quarantined', 'filled', 'canceled', 'expired', 'rejected', 'replaced'))`,
  `(old.state IN ('canceled', 'expired', 'replaced') AND new.state = 'filled' AND new.cum_qty = new.qty)`,
].join(' OR ');
const ended = `('filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped')`;

/** Every trigger of the schema, in the order of creation. */
/** A decision that cleared what it became, with one finding of each rule and none that denies or defers. */
const fullyChecked =
  "SELECT 1 FROM decisions WHERE id = new.decision_id AND verdict = 'cleared' " +
  `AND (SELECT count(DISTINCT json_extract(value, '$.rule')) FROM json_each(checks)) = ${denialCodes.length} ` +
  "AND NOT EXISTS (SELECT 1 FROM json_each(checks) WHERE json_extract(value, '$.result') IN ('deny', 'defer'))";

export const triggers: readonly Trigger[] = [
  ...appendOnly.map((table) => guard(`${table}_no_update`, `UPDATE ON ${table}`, `${table}: rows are never changed`)),
  ...[...appendOnly, ...undeletable].map((table) => guard(`${table}_no_delete`, `DELETE ON ${table}`, `${table}: rows are never deleted`)),
  guard(
    'decisions_identity',
    `UPDATE OF ${decisionIdentity.join(', ')} ON decisions`,
    `decisions: only ${runLength.join(', ')} may change`,
  ),
  guard(
    'decisions_forward',
    `UPDATE OF ${runLength.join(', ')} ON decisions WHEN new.last_seq <= old.last_seq OR new.count <> old.count + 1`,
    'decisions: a run only grows',
  ),
  guard('orders_identity', `UPDATE ON orders WHEN ${changed(orderIdentity)}`, 'orders: what was decided does not change'),
  guard(
    'orders_forward',
    'UPDATE ON orders WHEN new.cum_qty < old.cum_qty OR new.attempts < old.attempts',
    'orders: fills and attempts never fall',
  ),
  guard(
    'orders_closed',
    `UPDATE ON orders WHEN old.state IN ${ended} AND new.state IS NOT old.state AND NOT (${lateEvidence})`,
    'orders: a closed order does not reopen',
  ),
  guard('trades_identity', `UPDATE ON trades WHEN ${changed(tradeIdentity)}`, 'trades: what was decided does not change'),
  guard('trades_forward', 'UPDATE ON trades WHEN new.units < old.units', 'trades: units never fall'),
  guard('lots_identity', `UPDATE ON lots WHEN ${changed(lotIdentity)}`, 'lots: what was opened does not change'),
  guard('lots_forward', 'UPDATE ON lots WHEN abs(new.qty_left) > abs(old.qty_left)', 'lots: what is left only shrinks'),
  guard('exit_rules_identity', 'UPDATE OF trade_id, code, owner ON exit_rules', 'exit_rules: whose rule it is does not change'),
  guard('exit_rules_forward', 'UPDATE ON exit_rules WHEN new.fired < old.fired', 'exit_rules: what fired has fired'),
  guard(
    'tokens_identity',
    `UPDATE ON tokens WHEN ${changed(['id', 'role', 'name', 'hash', 'created_wall', 'expires_wall'])}`,
    'tokens: what was issued does not change',
  ),
  guard('tokens_once', 'UPDATE ON tokens WHEN old.revoked_wall IS NOT NULL', 'tokens: a revoked token stays revoked'),
  guard(
    'decision_orders_checked',
    `INSERT ON decision_orders WHEN NOT EXISTS (${fullyChecked})`,
    'decision_orders: an order has the findings of every rule on record, and none against it',
  ),
  guard('attempts_once', 'UPDATE ON attempts WHEN old.outcome IS NOT NULL', 'attempts: an outcome is written once'),
  guard('runs_once', 'UPDATE ON runs WHEN old.ended_wall IS NOT NULL', 'runs: an ended run does not change'),
  guard('halts_once', 'UPDATE ON halts WHEN old.lifted_seq IS NOT NULL', 'halts: a lifted halt does not change'),
];
