CREATE TABLE `equity_snapshots` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`day` text NOT NULL,
	`mark` text NOT NULL,
	`equity` integer,
	`why` text,
	`broker_equity` integer NOT NULL,
	`cash` integer NOT NULL,
	`settled_cash` integer NOT NULL,
	`long_value` integer,
	`short_value` integer,
	`option_value` integer,
	`buying_power` integer NOT NULL,
	`options_buying_power` integer NOT NULL,
	`day_pnl` integer,
	`unrealised` integer,
	`realised_day` integer NOT NULL,
	`flows_day` integer NOT NULL,
	`nav` real,
	`peak` real NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "equity_snapshots_mark" CHECK(mark IN ('open', 'minute', 'booked', 'close')),
	CONSTRAINT "equity_snapshots_known" CHECK((equity IS NULL) = (why IS NOT NULL)),
	CONSTRAINT "equity_snapshots_sum" CHECK(equity IS NULL OR equity = cash + long_value + short_value),
	CONSTRAINT "equity_snapshots_integers" CHECK(typeof(at) = 'integer' AND typeof(broker_equity) = 'integer' AND typeof(cash) = 'integer' AND typeof(settled_cash) = 'integer' AND typeof(buying_power) = 'integer' AND typeof(options_buying_power) = 'integer' AND typeof(realised_day) = 'integer' AND typeof(flows_day) = 'integer' AND typeof(equity) IN ('integer', 'null') AND typeof(long_value) IN ('integer', 'null') AND typeof(short_value) IN ('integer', 'null') AND typeof(option_value) IN ('integer', 'null') AND typeof(day_pnl) IN ('integer', 'null') AND typeof(unrealised) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `equity_snapshots_by_at` ON `equity_snapshots` (`at`);--> statement-breakpoint
CREATE TABLE `external_flows` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`day` text NOT NULL,
	`at` integer NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`key`) REFERENCES `ledger`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "external_flows_kind" CHECK(kind IN ('deposit', 'withdrawal', 'journal')),
	CONSTRAINT "external_flows_amount" CHECK(amount <> 0),
	CONSTRAINT "external_flows_integers" CHECK(typeof(amount) = 'integer' AND typeof(at) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `external_flows_by_seq` ON `external_flows` (`seq`);--> statement-breakpoint
CREATE TABLE `loss_record` (
	`id` integer PRIMARY KEY NOT NULL,
	`record` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "loss_record_single" CHECK(id = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `risk_snapshots` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`code` text,
	`equity` integer,
	`gross` integer,
	`net` integer,
	`beta_delta` integer,
	`gamma1pct` integer,
	`vega` integer,
	`theta` integer,
	`var95` integer,
	`var99` integer,
	`es99` integer,
	`var_method` text,
	`worst_stress` integer,
	`worst_stress_name` text,
	`worst_gap` text,
	`clusters` text NOT NULL,
	`stand_ins` text NOT NULL,
	`inputs_ok` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "risk_snapshots_known" CHECK((code IS NULL) = (gross IS NOT NULL)),
	CONSTRAINT "risk_snapshots_inputs_ok" CHECK(inputs_ok IN (0, 1)),
	CONSTRAINT "risk_snapshots_var_method" CHECK(var_method IN ('historical', 'parametric', 'ewma', 'cornish_fisher', 'thin')),
	CONSTRAINT "risk_snapshots_integers" CHECK(typeof(at) = 'integer' AND typeof(equity) IN ('integer', 'null') AND typeof(gross) IN ('integer', 'null') AND typeof(net) IN ('integer', 'null') AND typeof(beta_delta) IN ('integer', 'null') AND typeof(gamma1pct) IN ('integer', 'null') AND typeof(vega) IN ('integer', 'null') AND typeof(theta) IN ('integer', 'null') AND typeof(var95) IN ('integer', 'null') AND typeof(var99) IN ('integer', 'null') AND typeof(es99) IN ('integer', 'null') AND typeof(worst_stress) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
ALTER TABLE `halts` ADD COLUMN `cause` text CONSTRAINT "halts_cause" CHECK(cause IN ('DAY_HALT', 'DAY_FLATTEN', 'WEEK_HALT', 'MONTH_HALT', 'DRAWDOWN_HALT', 'DRAWDOWN_FLATTEN'));
--> statement-breakpoint
INSERT INTO `external_flows` (`key`, `kind`, `amount`, `day`, `at`, `seq`)
	SELECT `key`, CASE WHEN `why` LIKE 'JNL%' THEN 'journal' WHEN `cash` > 0 THEN 'deposit' ELSE 'withdrawal' END, `cash`, `day`, `at`, `seq`
	FROM `ledger` WHERE `kind` = 'transfer' AND `cash` <> 0;
--> statement-breakpoint
CREATE TRIGGER equity_snapshots_no_update BEFORE UPDATE ON equity_snapshots BEGIN SELECT RAISE(ABORT, 'equity_snapshots: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER equity_snapshots_no_delete BEFORE DELETE ON equity_snapshots BEGIN SELECT RAISE(ABORT, 'equity_snapshots: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER external_flows_no_update BEFORE UPDATE ON external_flows BEGIN SELECT RAISE(ABORT, 'external_flows: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER external_flows_no_delete BEFORE DELETE ON external_flows BEGIN SELECT RAISE(ABORT, 'external_flows: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER risk_snapshots_no_update BEFORE UPDATE ON risk_snapshots BEGIN SELECT RAISE(ABORT, 'risk_snapshots: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER risk_snapshots_no_delete BEFORE DELETE ON risk_snapshots BEGIN SELECT RAISE(ABORT, 'risk_snapshots: rows are never deleted'); END;
