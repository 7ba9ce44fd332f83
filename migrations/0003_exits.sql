CREATE TABLE `exit_rules` (
	`trade_id` text NOT NULL,
	`code` text NOT NULL,
	`owner` text NOT NULL,
	`kind` text NOT NULL,
	`terms` text NOT NULL,
	`units` integer,
	`order_id` text,
	`armed_at` integer NOT NULL,
	`fired` integer NOT NULL,
	`fired_at` integer,
	`disarmed_at` integer,
	`seq` integer NOT NULL,
	PRIMARY KEY(`trade_id`, `code`),
	FOREIGN KEY (`trade_id`) REFERENCES `trades`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "exit_rules_kind" CHECK(kind IN ('stop', 'target', 'trail', 'time', 'event')),
	CONSTRAINT "exit_rules_fired" CHECK((fired = 0) = (fired_at IS NULL) AND fired >= 0),
	CONSTRAINT "exit_rules_integers" CHECK(typeof(armed_at) = 'integer' AND typeof(fired) = 'integer' AND typeof(units) IN ('integer', 'null') AND typeof(fired_at) IN ('integer', 'null') AND typeof(disarmed_at) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
ALTER TABLE `decisions` ADD `quotes` text;
--> statement-breakpoint
CREATE TRIGGER exit_rules_no_delete BEFORE DELETE ON exit_rules BEGIN SELECT RAISE(ABORT, 'exit_rules: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER exit_rules_identity BEFORE UPDATE OF trade_id, code, owner ON exit_rules BEGIN SELECT RAISE(ABORT, 'exit_rules: whose rule it is does not change'); END;
--> statement-breakpoint
CREATE TRIGGER exit_rules_forward BEFORE UPDATE ON exit_rules WHEN new.fired < old.fired BEGIN SELECT RAISE(ABORT, 'exit_rules: what fired has fired'); END;
--> statement-breakpoint
-- What a decision saw is part of what it was.
DROP TRIGGER decisions_identity;
--> statement-breakpoint
CREATE TRIGGER decisions_identity BEFORE UPDATE OF id, strategy, subject, phase, day, kind, code, why, slot, gates, intent, verdict, denial_code, denial, checks, assumed, quotes, pattern, first_seq, first_at ON decisions BEGIN SELECT RAISE(ABORT, 'decisions: only last_seq, last_at, count, last may change'); END;
