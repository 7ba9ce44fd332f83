// `wsb halt` with the daemon dead: the lock is taken and the halt written by the daemon's own engine, so that the next start begins halted.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../config/load.ts';
import { createControl, type Reply } from '../../daemon/control/control.ts';
import { worldOf } from '../../daemon/daemon.ts';
import type { HaltScope } from '../../domain/halt.ts';
import { epochMs, monoMs, type Now } from '../../domain/time.ts';
import { createEngine } from '../../engine/engine.ts';
import { createBoard } from '../../market/board.ts';
import { usCalendar } from '../../market/calendar.ts';
import type { Store } from '../../ports/store.ts';
import { takeLock } from '../../store/lock.ts';
import { openStore } from '../../store/open.ts';
import { readStatus } from '../../store/queries.ts';
import { openReader } from '../../store/reader.ts';
import { fail } from '../exit.ts';
import { ledgerFile } from '../reader.ts';
import { version } from '../version.ts';

const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url));

/** The instant of the last turn: exchange time of a `sim` is known to its exchange alone. */
function instantOf(config: Config): Now {
  const wall = epochMs(Date.now());
  if (config.run.mode !== 'sim') return { exchange: wall, mono: monoMs(0), speed: 1 };
  const opened = openReader(ledgerFile(config.stateDir));
  if (!opened.ok) return { exchange: wall, mono: monoMs(0), speed: 1 };
  try {
    return { exchange: readStatus(opened.reader).turn?.at ?? wall, mono: monoMs(0), speed: 1 };
  } finally {
    opened.reader.close();
  }
}

/** One turn of an engine that never boots: nothing but the wish is looked at, and nothing leaves. */
async function write(config: Config, store: Store, at: Now, scope: HaltScope, reason: string): Promise<Reply> {
  const calendar = usCalendar();
  store.beginRun({
    startedAt: at.exchange,
    mode: config.run.mode,
    gitSha: version.gitSha,
    configHash: config.effective.hash,
    seed: null,
    version: version.version,
    node: process.version,
  });
  const { riskFreeRate: rate, dividendYields } = config.data;
  const world = worldOf(
    {
      strategies: config.strategies,
      calendar,
      limits: config.risk,
      relimit: config.relimit,
      sectors: config.sectors,
      rate,
      dividendYields,
      assumed: new Map(),
      optionFeed: config.broker.optionFeed,
    },
    createBoard(),
  );
  const engine = createEngine(world, store.load(calendar.currentOrNext(at.exchange).day));
  const control = createControl({
    store,
    beliefs: engine.beliefs,
    push: (event) => {
      const turn = engine.turn(event, at);
      store.commit(turn);
      control.observe(turn);
    },
    reconcile: () => Promise.resolve(),
    stopping: () => ({ marketOpen: false, budgetMs: 0 }),
    wall: Date.now,
  });
  control.open();
  const reply = await control.ask({ key: randomUUID(), actor: 'local', role: 'admin', reason, order: { verb: 'halt', scope } });
  store.endRun(0, true, 'a halt was written while no daemon ran');
  return reply;
}

/** Writes a halt into the ledger of a daemon that does not run; exit 21 when one does after all, 6 when there is no ledger. */
export async function haltOffline(config: Config, scope: HaltScope, reason: string): Promise<Reply> {
  const { stateDir } = config;
  const file = ledgerFile(stateDir);
  if (!existsSync(file))
    fail(6, `wsb: there is no daemon and no ledger in ${stateDir}: nothing to halt.`, "Name the daemon's --state-dir.");
  process.umask(0o077);
  const lock = takeLock(join(stateDir, 'state.lock'));
  if (!lock.ok) return fail(21, `wsb: a daemon has just started on ${stateDir}: ask again.`);
  try {
    const at = instantOf(config);
    const opened = openStore({ file, migrationsDir, now: Date.now });
    if (!opened.ok) return fail(22, `wsb: ${opened.fault.message}`, opened.fault.fix);
    try {
      return await write(config, opened.store, at, scope, reason);
    } finally {
      opened.store.close();
    }
  } finally {
    lock.release();
  }
}
