// One daemon process of a simulated run: lock, ledger, transport and boot, in a life that can be ended at any point.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rng } from '../base/rng.ts';
import type { Config } from '../config/load.ts';
import type { Daemon, Stopped } from '../daemon/daemon.ts';
import type { LogOptions } from '../daemon/log.ts';
import type { Turn } from '../domain/turn.ts';
import { type CarriedExchange, type MemoryOptions, type MemoryTransport, memoryTransport } from '../exchange/wire/memory.ts';
import type { Store } from '../ports/store.ts';
import type { Transport } from '../ports/transport.ts';
import { takeLock } from '../store/lock.ts';
import { openStore } from '../store/open.ts';
import { type BootOptions, boot, connect, NoAnswer } from './lab-boot.ts';
import type { Life } from './virtual-globals.ts';

export interface LabDaemonOptions {
  readonly life: Life;
  readonly dir: string;
  readonly config: Config;
  readonly exchange: CarriedExchange;
  readonly wire: MemoryOptions;
  /** Sees every request in the step in which it leaves. */
  readonly leaving: (url: string, init: RequestInit | undefined) => void;
  readonly rng: Rng;
  readonly logTo: LogOptions['destination'] | null;
  /** Before a turn is on disk; a throw keeps it from getting there. */
  readonly committing: (turn: Turn) => void;
  /** After a turn is on disk, before anything acts on it. */
  readonly committed: (turn: Turn) => void;
  /** Every turn, those included that leave nothing to commit. */
  readonly turned: (turn: Turn) => void;
  readonly stopping: BootOptions['stopping'];
  readonly ended: (how: Stopped) => void;
}

export interface LabDaemon {
  readonly life: Life;
  readonly transport: MemoryTransport;
  /** null until it has booted. */
  readonly daemon: Daemon | null;
  /** The process is gone: timers, sockets, files; what was committed stays. */
  kill(): void;
}

const EXIT = { noAnswer: 5, failed: 70 } as const;
const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));
export const ledgerFileOf = (dir: string): string => join(dir, 'ledger.sqlite');

/** Lock and ledger, as a start takes them: both must be free again the moment the last process died. */
function openFiles(dir: string): { readonly store: Store; readonly release: () => void } {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(dir, 'state.lock'));
  if (!lock.ok) throw new Error('the lock of a dead process is still held');
  const opened = openStore({ file: ledgerFileOf(dir), migrationsDir, now: () => Date.now() });
  if (!opened.ok) throw new Error(`${opened.fault.message} ${opened.fault.fix}`);
  const { store } = opened;
  return {
    store,
    release: () => {
      store.close();
      lock.release();
    },
  };
}

const watched = (store: Store, { committing, committed }: LabDaemonOptions): Store => ({
  ...store,
  commit: (turn) => {
    committing(turn);
    store.commit(turn);
    committed(turn);
  },
});

/** The transport as the daemon is given it: every request is seen in the step in which it leaves. */
const tapped = (transport: MemoryTransport, { leaving }: LabDaemonOptions): Transport => ({
  fetchApi: (url, init) => {
    leaving(url, init);
    return transport.fetchApi(url, init);
  },
  socketFactory: transport.socketFactory,
});

/** From boot to the end of the run it was; never comes back when the process dies on the way. */
async function liveOut(options: BootOptions, booted: (daemon: Daemon) => void): Promise<Stopped> {
  const connected = connect(options);
  const daemon = await boot(options, connected);
  booted(daemon);
  daemon.start();
  const stopped = await daemon.stopped;
  if (options.life.ended) return stopped;
  await connected.data.close();
  await connected.broker.close();
  connected.clock.close();
  const { exitCode, error } = stopped;
  options.store.endRun(exitCode, error === null, error instanceof Error ? error.message : 'stopped');
  return stopped;
}

/** Starts a process; it boots as virtual time passes. */
export function startLabDaemon(options: LabDaemonOptions): LabDaemon {
  const { life, config, rng, logTo, turned, stopping } = options;
  const transport = memoryTransport(options.exchange, { after: (ms, ring) => life.after(ms, ring) }, options.wire);
  const { store, release } = openFiles(options.dir);
  const box: { daemon: Daemon | null } = { daemon: null };
  const end = (): void => {
    life.end();
    transport.close();
    release();
  };
  const over = (how: Stopped): void => {
    if (life.ended) return;
    end();
    options.ended(how);
  };
  life.after(0, () => {
    const parts = { life, config, transport: tapped(transport, options), store: watched(store, options), rng, logTo, turned, stopping };
    liveOut(parts, (daemon) => {
      box.daemon = daemon;
    }).then(over, (error: unknown) => over({ exitCode: error instanceof NoAnswer ? EXIT.noAnswer : EXIT.failed, remainder: [], error }));
  });
  return {
    life,
    transport,
    get daemon() {
      return box.daemon;
    },
    kill: () => {
      if (life.ended) return;
      end();
      box.daemon?.abandon();
    },
  };
}
