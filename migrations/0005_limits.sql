CREATE TABLE `limits` (
	`seq` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`loosened` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "limits_loosened" CHECK(loosened IN (0, 1))
) STRICT;
--> statement-breakpoint
CREATE TRIGGER limits_no_update BEFORE UPDATE ON limits BEGIN SELECT RAISE(ABORT, 'limits: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER limits_no_delete BEFORE DELETE ON limits BEGIN SELECT RAISE(ABORT, 'limits: rows are never deleted'); END;
