CREATE TABLE `closures` (
	`lot_id` text NOT NULL,
	`by_key` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`day` text NOT NULL,
	`qty` integer NOT NULL,
	`cash` integer NOT NULL,
	`realized` integer NOT NULL,
	`code` text,
	`seq` integer NOT NULL,
	PRIMARY KEY(`lot_id`, `by_key`),
	FOREIGN KEY (`lot_id`) REFERENCES `lots`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "closures_kind" CHECK(kind IN ('fill', 'opening', 'assignment', 'exercise', 'expiry', 'dividend', 'fee', 'interest', 'transfer', 'split', 'adjust', 'external')),
	CONSTRAINT "closures_counted" CHECK(qty <> 0),
	CONSTRAINT "closures_integers" CHECK(typeof(at) = 'integer' AND typeof(qty) = 'integer' AND typeof(cash) = 'integer' AND typeof(realized) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `closures_by_day` ON `closures` (`day`);--> statement-breakpoint
CREATE TABLE `lots` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`symbol` text NOT NULL,
	`underlying` text NOT NULL,
	`instrument` text NOT NULL,
	`trade_id` text,
	`origin` text NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_day` text NOT NULL,
	`opened_seq` integer NOT NULL,
	`qty` integer NOT NULL,
	`cash` integer NOT NULL,
	`qty_left` integer NOT NULL,
	`cash_left` integer NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`trade_id`) REFERENCES `trades`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`opened_seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "lots_origin" CHECK(origin IN ('fill', 'held', 'opening', 'assignment', 'exercise', 'expiry', 'dividend', 'fee', 'interest', 'transfer', 'split', 'adjust', 'external')),
	CONSTRAINT "lots_left" CHECK(qty <> 0 AND abs(qty_left) <= abs(qty) AND qty_left * qty >= 0 AND (qty_left <> 0 OR cash_left = 0)),
	CONSTRAINT "lots_integers" CHECK(typeof(opened_at) = 'integer' AND typeof(qty) = 'integer' AND typeof(cash) = 'integer' AND typeof(qty_left) = 'integer' AND typeof(cash_left) = 'integer')
) STRICT;
--> statement-breakpoint
CREATE INDEX `lots_by_holding` ON `lots` (`owner`,`symbol`);--> statement-breakpoint
CREATE INDEX `lots_by_trade` ON `lots` (`trade_id`);--> statement-breakpoint
CREATE TABLE `trades` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`underlying` text NOT NULL,
	`legs` text NOT NULL,
	`code` text NOT NULL,
	`why` text NOT NULL,
	`max_loss` integer NOT NULL,
	`thesis` text NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_day` text NOT NULL,
	`units` integer NOT NULL,
	`entry_cash` integer NOT NULL,
	`held` text NOT NULL,
	`realized` integer NOT NULL,
	`closed_at` integer,
	`closed_day` text,
	`exit` text,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "trades_closed" CHECK((closed_at IS NULL) = (closed_day IS NULL) AND (exit IS NULL OR closed_at IS NOT NULL)),
	CONSTRAINT "trades_integers" CHECK(typeof(max_loss) = 'integer' AND typeof(opened_at) = 'integer' AND typeof(units) = 'integer' AND typeof(entry_cash) = 'integer' AND typeof(realized) = 'integer' AND typeof(closed_at) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `trades_by_owner` ON `trades` (`owner`,`opened_at`);--> statement-breakpoint
CREATE INDEX `trades_by_closing` ON `trades` (`closed_day`);
--> statement-breakpoint
CREATE TRIGGER closures_no_update BEFORE UPDATE ON closures BEGIN SELECT RAISE(ABORT, 'closures: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER closures_no_delete BEFORE DELETE ON closures BEGIN SELECT RAISE(ABORT, 'closures: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER trades_no_delete BEFORE DELETE ON trades BEGIN SELECT RAISE(ABORT, 'trades: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER lots_no_delete BEFORE DELETE ON lots BEGIN SELECT RAISE(ABORT, 'lots: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER trades_identity BEFORE UPDATE ON trades WHEN new.id IS NOT old.id OR new.owner IS NOT old.owner OR new.underlying IS NOT old.underlying OR new.legs IS NOT old.legs OR new.code IS NOT old.code OR new.why IS NOT old.why OR new.max_loss IS NOT old.max_loss OR new.thesis IS NOT old.thesis OR new.opened_at IS NOT old.opened_at OR new.opened_day IS NOT old.opened_day BEGIN SELECT RAISE(ABORT, 'trades: what was decided does not change'); END;
--> statement-breakpoint
CREATE TRIGGER trades_forward BEFORE UPDATE ON trades WHEN new.units < old.units BEGIN SELECT RAISE(ABORT, 'trades: units never fall'); END;
--> statement-breakpoint
CREATE TRIGGER lots_identity BEFORE UPDATE ON lots WHEN new.id IS NOT old.id OR new.owner IS NOT old.owner OR new.symbol IS NOT old.symbol OR new.underlying IS NOT old.underlying OR new.instrument IS NOT old.instrument OR new.trade_id IS NOT old.trade_id OR new.origin IS NOT old.origin OR new.opened_at IS NOT old.opened_at OR new.opened_day IS NOT old.opened_day OR new.opened_seq IS NOT old.opened_seq OR new.qty IS NOT old.qty OR new.cash IS NOT old.cash BEGIN SELECT RAISE(ABORT, 'lots: what was opened does not change'); END;
--> statement-breakpoint
CREATE TRIGGER lots_forward BEFORE UPDATE ON lots WHEN abs(new.qty_left) > abs(old.qty_left) BEGIN SELECT RAISE(ABORT, 'lots: what is left only shrinks'); END;
--> statement-breakpoint
-- Before this turn no lots were kept: a check that rebuilds them begins after it, with the lots below.
INSERT INTO watermarks (name, value, seq) SELECT 'lots', CAST(max(seq) AS TEXT), max(seq) FROM turns HAVING count(*) > 0;
--> statement-breakpoint
-- What is held already becomes one lot a holding, at its average cost and without a trade. Its day is known, its hour is not: 09:30 in
-- New York stands for it, which is 13:30 UTC from the second Sunday of March to the first of November, and else 14:30.
INSERT INTO lots (id, owner, symbol, underlying, instrument, trade_id, origin, opened_at, opened_day, opened_seq, qty, cash, qty_left, cash_left, seq)
SELECT 'held:' || p.owner || ':' || p.symbol, p.owner, p.symbol, p.underlying, p.instrument, NULL, 'held',
  (CAST(strftime('%s', p.opened_day) AS INTEGER) + CASE
    WHEN p.opened_day >= date(substr(p.opened_day, 1, 4) || '-03-01', 'weekday 0', '+7 days')
      AND p.opened_day < date(substr(p.opened_day, 1, 4) || '-11-01', 'weekday 0') THEN 48600
    ELSE 52200 END) * 1000,
  p.opened_day, w.seq, p.qty, p.cost, p.qty, p.cost, w.seq
FROM positions AS p JOIN watermarks AS w ON w.name = 'lots'
ORDER BY p.owner, p.symbol;
