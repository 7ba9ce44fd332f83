// Seeds in a process of their own, one after another: a seed replaces the clock and the timers of its process, so two can only run at once apart.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SeedReport } from '../../lab/run-seed.ts';
import type { FaultKind } from '../../lab/swarm.ts';

export interface SeedProcess {
  /** Node's own arguments and the program's file: how this very program was started. */
  readonly program: readonly string[];
  readonly days: number;
  readonly faults: readonly FaultKind[];
}

/** The command line of a batch's process, after the program itself. */
export const seedArguments = (seeds: readonly number[], { days, faults }: Pick<SeedProcess, 'days' | 'faults'>): readonly string[] => [
  'simulate',
  '--first-seed',
  String(seeds[0]),
  '--seeds',
  String(seeds.length),
  '--days',
  String(days),
  '--faults',
  faults.length === 0 ? 'none' : faults.join(','),
  '--jobs',
  '1',
  '--reports',
];

/**
 * Runs consecutive seeds in a process of their own and hands over each report as it comes. What the process says on standard error
 * goes on to ours.
 * @throws when the process ends before all of its seeds have reported: its exit code or signal is named.
 */
export async function seedsInProcess(seeds: readonly number[], options: SeedProcess, take: (report: SeedReport) => void): Promise<void> {
  const child = spawn(process.execPath, [...options.program, ...seedArguments(seeds, options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
  });
  let heard = 0;
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input: child.stdout })) {
      take(JSON.parse(line) as SeedReport);
      heard += 1;
    }
  };
  const [how] = await Promise.all([ended, read()]);
  if (heard < seeds.length)
    throw new Error(`the process of the seeds from ${seeds[heard]} to ${seeds.at(-1)} ended without a report (${how})`);
}
