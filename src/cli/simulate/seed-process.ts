// A seed in a process of its own: a seed replaces the clock and the timers of its process, so two can only run at once apart.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { SeedReport } from '../../lab/run-seed.ts';
import type { FaultKind } from '../../lab/swarm.ts';

export interface SeedProcess {
  /** Node's own arguments and the program's file: how this very program was started. */
  readonly program: readonly string[];
  readonly days: number;
  readonly faults: readonly FaultKind[];
}

/** The command line of one seed's process, after the program itself. */
export const seedArguments = (seed: number, { days, faults }: Pick<SeedProcess, 'days' | 'faults'>): readonly string[] => [
  'simulate',
  '--seed',
  String(seed),
  '--days',
  String(days),
  '--faults',
  faults.length === 0 ? 'none' : faults.join(','),
  '--reports',
];

/**
 * Runs one seed in a process of its own and answers its report. What the process says on standard error goes on to ours.
 * @throws when the process ends without a report: its exit code or signal is named.
 */
export async function seedInProcess(seed: number, options: SeedProcess): Promise<SeedReport> {
  const child = spawn(process.execPath, [...options.program, ...seedArguments(seed, options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
  });
  const [said, how] = await Promise.all([text(child.stdout), ended]);
  const line = said.trim();
  if (line === '') throw new Error(`the process of seed ${seed} ended without a report (${how})`);
  return JSON.parse(line) as SeedReport;
}
