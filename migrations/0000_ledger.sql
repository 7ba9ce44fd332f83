CREATE TABLE `decision_orders` (
	`order_id` text NOT NULL,
	`decision_id` integer NOT NULL,
	PRIMARY KEY(`order_id`, `decision_id`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`decision_id`) REFERENCES `decisions`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `decision_orders_by_decision` ON `decision_orders` (`decision_id`);--> statement-breakpoint
CREATE TABLE `decisions` (
	`id` integer PRIMARY KEY NOT NULL,
	`strategy` text NOT NULL,
	`subject` text NOT NULL,
	`phase` text NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`code` text NOT NULL,
	`why` text NOT NULL,
	`slot` text NOT NULL,
	`gates` text NOT NULL,
	`intent` text,
	`verdict` text,
	`denial_code` text,
	`denial` text,
	`checks` text NOT NULL,
	`assumed` text NOT NULL,
	`pattern` text,
	`first_seq` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`last_at` integer NOT NULL,
	`count` integer NOT NULL,
	`last` text,
	FOREIGN KEY (`first_seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`last_seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "decisions_kind" CHECK(kind IN ('open', 'close', 'pass', 'cancel')),
	CONSTRAINT "decisions_verdict" CHECK(verdict IN ('cleared', 'denied')),
	CONSTRAINT "decisions_integers" CHECK(typeof(first_at) = 'integer' AND typeof(last_at) = 'integer' AND typeof(count) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `decisions_by_run` ON `decisions` (`strategy`,`subject`,`phase`,`last_seq`);--> statement-breakpoint
CREATE INDEX `decisions_by_subject` ON `decisions` (`subject`,`last_seq`);--> statement-breakpoint
CREATE INDEX `decisions_by_day` ON `decisions` (`day`);--> statement-breakpoint
CREATE TABLE `cycles` (
	`owner` text NOT NULL,
	`underlying` text NOT NULL,
	`started_day` text NOT NULL,
	`premium` integer NOT NULL,
	`stock` integer NOT NULL,
	`contracts_traded` integer NOT NULL,
	`shares_since_day` text,
	`seq` integer NOT NULL,
	PRIMARY KEY(`owner`, `underlying`),
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "cycles_integers" CHECK(typeof(premium) = 'integer' AND typeof(stock) = 'integer' AND typeof(contracts_traded) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE TABLE `iv_history` (
	`symbol` text NOT NULL,
	`day` text NOT NULL,
	`iv30` real NOT NULL,
	`quality` text NOT NULL,
	`flags` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`symbol`, `day`),
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "iv_history_quality" CHECK(quality IN ('quotes', 'bars', 'assumed'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `ledger` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`owner` text NOT NULL,
	`symbol` text,
	`qty` integer NOT NULL,
	`cash` integer NOT NULL,
	`day` text NOT NULL,
	`at` integer NOT NULL,
	`why` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ledger_kind" CHECK(kind IN ('opening', 'assignment', 'exercise', 'expiry', 'dividend', 'fee', 'interest', 'transfer', 'split', 'adjust', 'external')),
	CONSTRAINT "ledger_named" CHECK(qty = 0 OR symbol IS NOT NULL),
	CONSTRAINT "ledger_integers" CHECK(typeof(qty) = 'integer' AND typeof(cash) = 'integer' AND typeof(at) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `ledger_by_day` ON `ledger` (`day`);--> statement-breakpoint
CREATE TABLE `memories` (
	`strategy` text PRIMARY KEY NOT NULL,
	`memory` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `positions` (
	`owner` text NOT NULL,
	`symbol` text NOT NULL,
	`underlying` text NOT NULL,
	`instrument` text NOT NULL,
	`qty` integer NOT NULL,
	`cost` integer NOT NULL,
	`opened_day` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`owner`, `symbol`),
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "positions_held" CHECK(qty <> 0),
	CONSTRAINT "positions_integers" CHECK(typeof(qty) = 'integer' AND typeof(cost) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE TABLE `watermarks` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `attempts` (
	`order_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`outcome` text,
	`detail` text,
	`outcome_seq` integer,
	`outcome_at` integer,
	PRIMARY KEY(`order_id`, `attempt`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "attempts_integers" CHECK(typeof(attempt) = 'integer' AND typeof(at) = 'integer' AND typeof(outcome_seq) IN ('integer', 'null') AND typeof(outcome_at) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `fills` (
	`order_id` text NOT NULL,
	`leg_no` integer NOT NULL,
	`cum_qty` integer NOT NULL,
	`symbol` text NOT NULL,
	`owner` text NOT NULL,
	`qty` integer NOT NULL,
	`price` integer NOT NULL,
	`cash` integer NOT NULL,
	`at` integer NOT NULL,
	`day` text NOT NULL,
	`broker_id` text NOT NULL,
	`assumed` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`order_id`, `leg_no`, `cum_qty`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "fills_counted" CHECK(leg_no >= 0 AND cum_qty >= 1 AND qty <> 0),
	CONSTRAINT "fills_integers" CHECK(typeof(leg_no) = 'integer' AND typeof(cum_qty) = 'integer' AND typeof(qty) = 'integer' AND typeof(price) = 'integer' AND typeof(cash) = 'integer' AND typeof(at) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `fills_by_day` ON `fills` (`day`);--> statement-breakpoint
CREATE INDEX `fills_by_symbol` ON `fills` (`symbol`);--> statement-breakpoint
CREATE TABLE `order_events` (
	`order_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL,
	`cum_qty` integer NOT NULL,
	`cum_cash` integer NOT NULL,
	`attempts` integer NOT NULL,
	`broker_id` text,
	`reason` text,
	PRIMARY KEY(`order_id`, `seq`),
	FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "order_events_state" CHECK(state IN ('recorded', 'submitting', 'unknown', 'absent_watch', 'quarantined', 'working', 'canceling', 'filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped')),
	CONSTRAINT "order_events_integers" CHECK(typeof(cum_qty) = 'integer' AND typeof(cum_cash) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`strategy` text NOT NULL,
	`purpose` text NOT NULL,
	`day` text NOT NULL,
	`underlying` text NOT NULL,
	`legs` text NOT NULL,
	`qty` integer NOT NULL,
	`type` text NOT NULL,
	`tif` text NOT NULL,
	`limit_price` integer,
	`stop_price` integer,
	`ladder` text NOT NULL,
	`rung` integer NOT NULL,
	`verdict_seq` integer NOT NULL,
	`payload_hash` text NOT NULL,
	`state` text NOT NULL,
	`broker_id` text,
	`reserve` integer NOT NULL,
	`attempts` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`closed_at` integer,
	`reason` text,
	`cum_qty` integer NOT NULL,
	`cum_cash` integer NOT NULL,
	`fills` text NOT NULL,
	`assumed` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "orders_state" CHECK(state IN ('recorded', 'submitting', 'unknown', 'absent_watch', 'quarantined', 'working', 'canceling', 'filled', 'canceled', 'expired', 'rejected', 'replaced', 'refused', 'dropped')),
	CONSTRAINT "orders_purpose" CHECK(purpose IN ('O', 'C', 'P', 'R')),
	CONSTRAINT "orders_type" CHECK(type IN ('limit', 'market', 'stop')),
	CONSTRAINT "orders_tif" CHECK(tif IN ('day', 'gtc')),
	CONSTRAINT "orders_cumulative" CHECK(qty >= 1 AND cum_qty BETWEEN 0 AND qty),
	CONSTRAINT "orders_integers" CHECK(typeof(qty) = 'integer' AND typeof(rung) = 'integer' AND typeof(verdict_seq) = 'integer' AND typeof(reserve) = 'integer' AND typeof(attempts) = 'integer' AND typeof(recorded_at) = 'integer' AND typeof(cum_qty) = 'integer' AND typeof(cum_cash) = 'integer' AND typeof(limit_price) IN ('integer', 'null') AND typeof(stop_price) IN ('integer', 'null') AND typeof(closed_at) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_by_broker_id` ON `orders` (`broker_id`);--> statement-breakpoint
CREATE INDEX `orders_by_state` ON `orders` (`state`);--> statement-breakpoint
CREATE INDEX `orders_by_day` ON `orders` (`day`);--> statement-breakpoint
CREATE INDEX `orders_by_ladder` ON `orders` (`ladder`);--> statement-breakpoint
CREATE TABLE `halts` (
	`id` integer PRIMARY KEY NOT NULL,
	`scope` text NOT NULL,
	`name` text NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL,
	`set_seq` integer NOT NULL,
	`lifted_seq` integer,
	FOREIGN KEY (`set_seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`lifted_seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "halts_scope" CHECK(scope IN ('account', 'strategy', 'symbol')),
	CONSTRAINT "halts_integers" CHECK(typeof(since) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE TABLE `mode_changes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`modes` text NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `notes` (
	`seq` integer NOT NULL,
	`n` integer NOT NULL,
	`event` text NOT NULL,
	`severity` text NOT NULL,
	`detail` text NOT NULL,
	PRIMARY KEY(`seq`, `n`),
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notes_severity" CHECK(severity IN ('info', 'minor', 'major', 'critical'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `opened` (
	`id` integer PRIMARY KEY NOT NULL,
	`wall` integer NOT NULL,
	`count` integer NOT NULL,
	`sqlite` text NOT NULL,
	CONSTRAINT "opened_single" CHECK(id = 1),
	CONSTRAINT "opened_integers" CHECK(typeof(wall) = 'integer' AND typeof(count) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer NOT NULL,
	`n` integer NOT NULL,
	`kind` text NOT NULL,
	`order_id` text,
	`command` text NOT NULL,
	PRIMARY KEY(`seq`, `n`),
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `runs` (
	`epoch` integer PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`started_wall` integer NOT NULL,
	`mode` text NOT NULL,
	`git_sha` text NOT NULL,
	`config_hash` text NOT NULL,
	`seed` integer,
	`version` text NOT NULL,
	`node` text NOT NULL,
	`schema` integer NOT NULL,
	`ended_wall` integer,
	`clean` integer,
	`exit_code` integer,
	`why` text,
	CONSTRAINT "runs_integers" CHECK(typeof(started_at) = 'integer' AND typeof(started_wall) = 'integer' AND typeof(seed) IN ('integer', 'null') AND typeof(ended_wall) IN ('integer', 'null') AND typeof(exit_code) IN ('integer', 'null')),
	CONSTRAINT "runs_clean" CHECK(clean IN (0, 1))
) STRICT;
--> statement-breakpoint
CREATE TABLE `stamp` (
	`id` integer PRIMARY KEY NOT NULL,
	`mode` text NOT NULL,
	`account` text NOT NULL,
	`schema` integer NOT NULL,
	`born_wall` integer NOT NULL,
	CONSTRAINT "stamp_single" CHECK(id = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `turns` (
	`seq` integer PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`at` integer NOT NULL,
	`mono` real NOT NULL,
	`speed` real NOT NULL,
	`day` text NOT NULL,
	`kind` text NOT NULL,
	`event` text NOT NULL,
	FOREIGN KEY (`epoch`) REFERENCES `runs`(`epoch`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "turns_integers" CHECK(typeof(at) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `turns_by_day` ON `turns` (`day`);