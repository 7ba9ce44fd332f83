CREATE TABLE `instrument_symbols` (
	`asset` text NOT NULL,
	`symbol` text NOT NULL,
	`valid_from` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`asset`, `seq`),
	FOREIGN KEY (`asset`) REFERENCES `instruments`(`asset`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `instrument_symbols_by_symbol` ON `instrument_symbols` (`symbol`);--> statement-breakpoint
CREATE TABLE `instruments` (
	`asset` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`underlying` text NOT NULL,
	`multiplier` integer NOT NULL,
	`option_right` text,
	`strike` integer,
	`expiry` text,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "instruments_kind" CHECK(kind IN ('equity', 'option')),
	CONSTRAINT "instruments_option_right" CHECK(option_right IN ('call', 'put')),
	CONSTRAINT "instruments_option" CHECK((kind = 'option') = (option_right IS NOT NULL AND strike > 0 AND expiry IS NOT NULL)),
	CONSTRAINT "instruments_integers" CHECK(typeof(multiplier) = 'integer' AND typeof(strike) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
CREATE TRIGGER instruments_no_update BEFORE UPDATE ON instruments BEGIN SELECT RAISE(ABORT, 'instruments: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER instruments_no_delete BEFORE DELETE ON instruments BEGIN SELECT RAISE(ABORT, 'instruments: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER instrument_symbols_no_update BEFORE UPDATE ON instrument_symbols BEGIN SELECT RAISE(ABORT, 'instrument_symbols: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER instrument_symbols_no_delete BEFORE DELETE ON instrument_symbols BEGIN SELECT RAISE(ABORT, 'instrument_symbols: rows are never deleted'); END;
