-- What the tables refuse. src/store/triggers.ts lists the same triggers, and scripts/check-migrations.ts compares the two.
CREATE TRIGGER turns_no_update BEFORE UPDATE ON turns BEGIN SELECT RAISE(ABORT, 'turns: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER fills_no_update BEFORE UPDATE ON fills BEGIN SELECT RAISE(ABORT, 'fills: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'order_events: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER decision_orders_no_update BEFORE UPDATE ON decision_orders BEGIN SELECT RAISE(ABORT, 'decision_orders: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER mode_changes_no_update BEFORE UPDATE ON mode_changes BEGIN SELECT RAISE(ABORT, 'mode_changes: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER iv_history_no_update BEFORE UPDATE ON iv_history BEGIN SELECT RAISE(ABORT, 'iv_history: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'notes: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER stamp_no_update BEFORE UPDATE ON stamp BEGIN SELECT RAISE(ABORT, 'stamp: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER turns_no_delete BEFORE DELETE ON turns BEGIN SELECT RAISE(ABORT, 'turns: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER fills_no_delete BEFORE DELETE ON fills BEGIN SELECT RAISE(ABORT, 'fills: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'order_events: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER decision_orders_no_delete BEFORE DELETE ON decision_orders BEGIN SELECT RAISE(ABORT, 'decision_orders: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER mode_changes_no_delete BEFORE DELETE ON mode_changes BEGIN SELECT RAISE(ABORT, 'mode_changes: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER iv_history_no_delete BEFORE DELETE ON iv_history BEGIN SELECT RAISE(ABORT, 'iv_history: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'notes: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER stamp_no_delete BEFORE DELETE ON stamp BEGIN SELECT RAISE(ABORT, 'stamp: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER runs_no_delete BEFORE DELETE ON runs BEGIN SELECT RAISE(ABORT, 'runs: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'orders: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER attempts_no_delete BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER halts_no_delete BEFORE DELETE ON halts BEGIN SELECT RAISE(ABORT, 'halts: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER decisions_identity BEFORE UPDATE OF id, strategy, subject, phase, day, kind, code, why, slot, gates, intent, verdict, denial_code, denial, checks, assumed, pattern, first_seq, first_at ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: only last_seq, last_at, count, last may change'); END;
--> statement-breakpoint
CREATE TRIGGER decisions_forward BEFORE UPDATE OF last_seq, last_at, count, last ON decisions WHEN new.last_seq <= old.last_seq OR new.count <> old.count + 1 BEGIN SELECT RAISE(ABORT, 'decisions: a run only grows'); END;
--> statement-breakpoint
CREATE TRIGGER orders_identity BEFORE UPDATE ON orders WHEN new.id IS NOT old.id OR new.strategy IS NOT old.strategy OR new.purpose IS NOT old.purpose OR new.day IS NOT old.day OR new.underlying IS NOT old.underlying OR new.legs IS NOT old.legs OR new.qty IS NOT old.qty OR new.type IS NOT old.type OR new.tif IS NOT old.tif OR new.limit_price IS NOT old.limit_price OR new.stop_price IS NOT old.stop_price OR new.ladder IS NOT old.ladder OR new.rung IS NOT old.rung OR new.verdict_seq IS NOT old.verdict_seq OR new.payload_hash IS NOT old.payload_hash OR new.recorded_at IS NOT old.recorded_at BEGIN SELECT RAISE(ABORT, 'orders: what was decided does not change'); END;
--> statement-breakpoint
CREATE TRIGGER orders_forward BEFORE UPDATE ON orders WHEN new.cum_qty < old.cum_qty OR new.attempts < old.attempts BEGIN SELECT RAISE(ABORT, 'orders: fills and attempts never fall'); END;
--> statement-breakpoint
CREATE TRIGGER orders_closed BEFORE UPDATE ON orders WHEN old.state IN ('filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped') AND new.state IS NOT old.state AND NOT ((old.state IN ('dropped', 'refused') AND new.state IN ('working', 'canceling', 'quarantined', 'filled', 'canceled', 'expired', 'rejected', 'replaced')) OR (old.state IN ('canceled', 'expired', 'replaced') AND new.state = 'filled' AND new.cum_qty = new.qty)) BEGIN SELECT RAISE(ABORT, 'orders: a closed order does not reopen'); END;
--> statement-breakpoint
CREATE TRIGGER attempts_once BEFORE UPDATE ON attempts WHEN old.outcome IS NOT NULL BEGIN SELECT RAISE(ABORT, 'attempts: an outcome is written once'); END;
--> statement-breakpoint
CREATE TRIGGER runs_once BEFORE UPDATE ON runs WHEN old.ended_wall IS NOT NULL BEGIN SELECT RAISE(ABORT, 'runs: an ended run does not change'); END;
--> statement-breakpoint
CREATE TRIGGER halts_once BEFORE UPDATE ON halts WHEN old.lifted_seq IS NOT NULL BEGIN SELECT RAISE(ABORT, 'halts: a lifted halt does not change'); END;
