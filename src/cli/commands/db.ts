// `wsb db check|migrate`: is the ledger sound, is it of this version.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { applyExecution } from '../../execution/fills.ts';
import { applyToLots } from '../../execution/lots.ts';
import { checkDatabase } from '../../store/check.ts';
import { takeLock } from '../../store/lock.ts';
import { openStore } from '../../store/open.ts';
import { fail } from '../exit.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { ledgerFile } from '../reader.ts';

const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url));

function check(globals: Globals): void {
  const file = ledgerFile(configOf({ ...globals, quiet: true }).stateDir);
  const result = checkDatabase(file, { applyExecution, applyToLots });
  if (!result.ok) fail(result.fault.code === 'DB_MISSING' ? 6 : 22, `wsb: ${result.fault.message}`, result.fault.fix);
  if (globals.json === true) printJson(result);
  else {
    for (const v of result.violations) print(`${v.rule}  ${v.where}: ${v.what}`);
    print(`${result.violations.length} violations`);
  }
  if (result.violations.length > 0) process.exitCode = 22;
}

function migrate(globals: Globals): void {
  process.umask(0o077);
  const { stateDir } = configOf({ ...globals, quiet: true });
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(stateDir, 'state.lock'));
  if (!lock.ok)
    fail(
      21,
      `wsb: the ledger in ${stateDir} is in use${lock.holder === null ? '' : ` by process ${lock.holder.pid}`}; a running daemon has migrated it already.`,
    );
  const file = ledgerFile(stateDir);
  const existed = existsSync(file);
  try {
    const opened = openStore({ file, migrationsDir, now: Date.now });
    if (!opened.ok) fail(22, `wsb: ${opened.fault.message}`, opened.fault.fix);
    opened.store.close();
    const result = { file, created: !existed, applied: opened.migrated, backup: opened.backup };
    if (globals.json === true) printJson(result);
    else
      print(
        opened.migrated === 0
          ? `${file} is up to date`
          : `${file}: ${opened.migrated} migrations applied${opened.backup === null ? '' : `, the state before is in ${opened.backup}`}`,
      );
  } finally {
    lock.release();
  }
}

export function registerDb(root: Command): void {
  const db = root.command('db').description('the ledger file');
  db.command('check')
    .description('integrity, keys, triggers, and positions and lots rebuilt from fills')
    .action((_flags: unknown, command: Command) => check(command.optsWithGlobals<Globals>()));
  db.command('migrate')
    .description('brings the ledger to this version, with a copy made first')
    .action((_flags: unknown, command: Command) => migrate(command.optsWithGlobals<Globals>()));
}
