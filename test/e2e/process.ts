// Real processes for the end-to-end tests: started, listened to by their JSON log lines, and ended by their own id.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');

export interface Line {
  readonly event?: string;
  readonly [key: string]: unknown;
}

export interface Running {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  stderr(): string;
  /** The first line that fits, seen already or still to come; rejects when the process ends or the time is up. */
  until(fits: (line: Line) => boolean, what: string, ms?: number): Promise<Line>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  signal(name: NodeJS.Signals): void;
}

const started = new Set<ChildProcess>();
// A test that fails half-way must not leave its processes behind.
process.on('exit', () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
});

export const scratch = (name: string): string => mkdtempSync(join(tmpdir(), `wsb-${name}-`));

const cleanEnv = (extra: Readonly<Record<string, string>>): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) if (value !== undefined && !/^(APCA|WSB)_/.test(key)) env[key] = value;
  return { ...env, ...extra };
};

/** Starts `wsb` with these arguments. The HTTP port is any free one, so that tests may run side by side. */
export function wsb(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd ?? scratch('cwd'),
    env: cleanEnv({ WSB__HTTP__PORT: '0', ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return listen(child);
}

/** Follows a child's JSON lines. */
export function listen(child: ChildProcess): Running {
  started.add(child);
  const lines: Line[] = [];
  let errors = '';
  let rest = '';
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };
  let ended: { readonly code: number | null; readonly signal: string | null } | null = null;
  child.stderr?.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  child.stdout?.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      try {
        lines.push(JSON.parse(part) as Line);
      } catch {
        lines.push({ text: part });
      }
    }
    wake();
  });
  const exited = new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => {
      ended = { code, signal };
      wake();
      resolve(ended);
    });
  });
  const until: Running['until'] = (fits, what, ms = 30_000) =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        waiters.delete(look);
      };
      const tail = (): string =>
        `${errors.slice(-2000)}\n${lines
          .slice(-8)
          .map((l) => JSON.stringify(l))
          .join('\n')}`;
      const look = (): void => {
        const found = lines.find(fits);
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (ended !== null) {
          done();
          reject(new Error(`the process ended (${JSON.stringify(ended)}) before ${what}\n${tail()}`));
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`${what} did not come within ${ms} ms\n${tail()}`));
      }, ms);
      waiters.add(look);
      look();
    });
  return { child, lines, stderr: () => errors, until, exited, signal: (name) => void child.kill(name) };
}

/** Runs a command to its end. */
export async function finish(
  args: readonly string[],
  options: Parameters<typeof wsb>[1] = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const running = wsb(args, options);
  const { code } = await running.exited;
  return {
    code,
    stdout: running.lines.map((l) => (typeof l['text'] === 'string' ? l['text'] : JSON.stringify(l))).join('\n'),
    stderr: running.stderr(),
  };
}

export const event =
  (name: string) =>
  (line: Line): boolean =>
    line.event === name;
