// `wsb db check|rebuild|migrate`: is the ledger sound, does it follow from its journal, is it of this version.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ledgerLaws } from '../../execution/laws.ts';
import { checkDatabase } from '../../store/check.ts';
import { takeLock } from '../../store/lock.ts';
import { openStore } from '../../store/open.ts';
import { compareRebuilt, type RebuildResult, rebuildDatabase } from '../../store/rebuild.ts';
import { fail } from '../exit.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';
import { ledgerFile } from '../reader.ts';

const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url));

function check(globals: Globals): void {
  const file = ledgerFile(configOf({ ...globals, quiet: true }).stateDir);
  const result = checkDatabase(file, ledgerLaws);
  if (!result.ok) fail(result.fault.code === 'DB_MISSING' ? 6 : 22, `wsb: ${result.fault.message}`, result.fault.fix);
  if (globals.json === true) printJson(result);
  else {
    for (const v of result.violations) print(`${v.rule}  ${v.where}: ${v.what}`);
    print(`${result.violations.length} violations`);
  }
  if (result.violations.length > 0) process.exitCode = 22;
}

/** Takes the lock of the ledger for as long as `act` lasts; 21 when the daemon has it. */
function alone<T>(stateDir: string, otherwise: string, act: () => T): T {
  const lock = takeLock(join(stateDir, 'state.lock'));
  if (!lock.ok)
    return fail(
      21,
      `wsb: the ledger in ${stateDir} is in use${lock.holder === null ? '' : ` by process ${lock.holder.pid}`}; ${otherwise}`,
    );
  try {
    return act();
  } finally {
    lock.release();
  }
}

interface RebuildFlags {
  readonly check?: boolean;
  readonly into?: string;
}

function rebuild(flags: RebuildFlags, globals: Globals): void {
  process.umask(0o077);
  const { stateDir } = configOf({ ...globals, quiet: true });
  const file = ledgerFile(stateDir);
  if (flags.check === true && flags.into !== undefined) fail(2, 'wsb: --check writes nothing: leave --into out');
  const inPlace = (): RebuildResult =>
    alone(stateDir, 'stop it, or let --into write a rebuilt copy.', () => rebuildDatabase(file, ledgerLaws));
  const result =
    flags.check === true
      ? compareRebuilt(file, ledgerLaws)
      : flags.into === undefined && existsSync(file)
        ? inPlace()
        : rebuildDatabase(file, ledgerLaws, flags.into);
  if (!result.ok) return fail(result.fault.code === 'DB_MISSING' ? 6 : 22, `wsb: ${result.fault.message}`, result.fault.fix);
  const { differences, rows, copy } = result;
  if (globals.json === true) printJson(result);
  else {
    for (const d of differences) print(`${d.table}  ${d.where}: ${d.what}`);
    const kept = flags.into === undefined ? `; the file as it was is ${copy ?? ''}` : `: ${flags.into}`;
    print(
      flags.check === true
        ? `${differences.length} differences in ${rows} rows`
        : `${rows} rows rebuilt, ${differences.length} of them differed${kept}`,
    );
  }
  if (flags.check === true && differences.length > 0) process.exitCode = 22;
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
  db.command('rebuild')
    .description('derives orders, positions, cycles, lots and trades again from what is never changed, with a copy kept')
    .option('--check', 'compare only; 22 when anything differs')
    .option('--into <file>', 'write the rebuilt ledger there, and leave this one as it is')
    .action((flags: RebuildFlags, command: Command) => rebuild(flags, command.optsWithGlobals<Globals>()));
  db.command('migrate')
    .description('brings the ledger to this version, with a copy made first')
    .action((_flags: unknown, command: Command) => migrate(command.optsWithGlobals<Globals>()));
}
