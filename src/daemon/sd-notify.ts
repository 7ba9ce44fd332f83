// Tells systemd how we are, when it asked to be told. Node has no unix datagram sockets, so systemd's own tool speaks for us.
import { execFile } from 'node:child_process';

export interface Supervisor {
  ready(status: string): void;
  stopping(): void;
  /** Vouches for progress; silent when the watchdog is off. */
  alive(): void;
}

const silent: Supervisor = { ready: () => {}, stopping: () => {}, alive: () => {} };

/** A supervisor that speaks to systemd; a silent one without NOTIFY_SOCKET. One child process at a time. */
export function systemdSupervisor(env: Readonly<Record<string, string | undefined>>, failed: (why: string) => void): Supervisor {
  if (env['NOTIFY_SOCKET'] === undefined || env['NOTIFY_SOCKET'] === '') return silent;
  let busy = false;
  const waiting: string[][] = [];
  const next = (): void => {
    const args = waiting.shift();
    if (args === undefined || busy) return;
    busy = true;
    execFile('systemd-notify', args, { timeout: 5_000 }, (error) => {
      busy = false;
      if (error !== null) failed(error.message);
      next();
    });
  };
  const tell = (...args: string[]): void => {
    waiting.push(args);
    if (!busy) next();
  };
  // Three words in each watchdog period: one may be lost, and each costs a child process.
  const everyMs = Number(env['WATCHDOG_USEC'] ?? Number.NaN) / 3_000;
  let last = Number.NEGATIVE_INFINITY;
  return {
    ready: (status) => tell('--ready', `--status=${status}`),
    stopping: () => tell('STOPPING=1', 'EXTEND_TIMEOUT_USEC=90000000'),
    alive: () => {
      if (!(performance.now() - last >= everyMs) || waiting.length > 0) return;
      last = performance.now();
      tell('WATCHDOG=1');
    },
  };
}
