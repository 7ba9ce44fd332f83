CREATE TABLE `audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`wall` integer NOT NULL,
	`key` text,
	`actor` text NOT NULL,
	`role` text,
	`verb` text NOT NULL,
	`target` text NOT NULL,
	`reason` text NOT NULL,
	`digest` text,
	`result` text NOT NULL,
	`code` text,
	`answer` text,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "audit_result" CHECK(result IN ('done', 'refused', 'denied')),
	CONSTRAINT "audit_role" CHECK(role IN ('viewer', 'operator', 'admin')),
	CONSTRAINT "audit_integers" CHECK(typeof(wall) = 'integer'),
	CONSTRAINT "audit_wish" CHECK((key IS NULL) = (result = 'denied') AND (key IS NULL) = (digest IS NULL))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_key` ON `audit` (`key`);--> statement-breakpoint
CREATE TABLE `switches` (
	`strategy` text PRIMARY KEY NOT NULL,
	`is_on` integer NOT NULL,
	`reason` text NOT NULL,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "switches_is_on" CHECK(is_on IN (0, 1))
) STRICT;
--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`created_wall` integer NOT NULL,
	`expires_wall` integer NOT NULL,
	`revoked_wall` integer,
	`seq` integer NOT NULL,
	FOREIGN KEY (`seq`) REFERENCES `turns`(`seq`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "tokens_role" CHECK(role IN ('viewer', 'operator', 'admin')),
	CONSTRAINT "tokens_integers" CHECK(typeof(created_wall) = 'integer' AND typeof(expires_wall) = 'integer' AND typeof(revoked_wall) IN ('integer', 'null'))
) STRICT;
--> statement-breakpoint
ALTER TABLE `halts` ADD COLUMN `level` text DEFAULT 'halt' NOT NULL CONSTRAINT "halts_level" CHECK(level IN ('halt', 'flatten', 'freeze'));
--> statement-breakpoint
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit: rows are never changed'); END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER tokens_no_delete BEFORE DELETE ON tokens BEGIN SELECT RAISE(ABORT, 'tokens: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER switches_no_delete BEFORE DELETE ON switches BEGIN SELECT RAISE(ABORT, 'switches: rows are never deleted'); END;
--> statement-breakpoint
CREATE TRIGGER tokens_identity BEFORE UPDATE ON tokens WHEN new.id IS NOT old.id OR new.role IS NOT old.role OR new.name IS NOT old.name OR new.hash IS NOT old.hash OR new.created_wall IS NOT old.created_wall OR new.expires_wall IS NOT old.expires_wall BEGIN SELECT RAISE(ABORT, 'tokens: what was issued does not change'); END;
--> statement-breakpoint
CREATE TRIGGER tokens_once BEFORE UPDATE ON tokens WHEN old.revoked_wall IS NOT NULL BEGIN SELECT RAISE(ABORT, 'tokens: a revoked token stays revoked'); END;
