// Seeds one after another, or as many at once as there are processes for, and the one document that says how they went.
import type { LogOptions } from '../daemon/log.ts';
import { digestOf } from './digest.ts';
import { runSeed, type SeedReport } from './run-seed.ts';
import { type FaultKind, swarmOptions } from './swarm.ts';

/** What every seed of a run has in common. */
export interface SeedOptions {
  /** Sessions of each seed. */
  readonly days: number;
  readonly faults: readonly FaultKind[];
  readonly logTo: LogOptions['destination'] | null;
}

export interface SimulateOptions {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly days: number;
  /** Seeds at once. More than one only where `runOne` runs each in a process of its own: a seed replaces the clock of its process. */
  readonly jobs: number;
  readonly runOne: (seed: number) => Promise<SeedReport>;
  readonly told: (report: SeedReport) => void;
}

/** What `wsb simulate` prints: nothing in it depends on the machine it ran on. */
export interface SimulateResult {
  readonly digest: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly days: number;
  readonly crashes: number;
  readonly breaks: number;
  readonly turns: number;
  readonly orders: number;
  /** Orders filled, wholly or in part, by strategy. */
  readonly filled: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly seed: number; readonly rule: string; readonly where: string; readonly what: string }[];
}

const sum = (reports: readonly SeedReport[], of: (report: SeedReport) => number): number =>
  reports.reduce((total, report) => total + of(report), 0);

function filledOf(reports: readonly SeedReport[]): Readonly<Record<string, number>> {
  const all = new Map<string, number>();
  for (const { filled } of reports) for (const [strategy, n] of Object.entries(filled)) all.set(strategy, (all.get(strategy) ?? 0) + n);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The seeds of a run, in order. */
export const seedsOf = ({ firstSeed, seeds }: Pick<SimulateOptions, 'firstSeed' | 'seeds'>): readonly number[] =>
  Array.from({ length: seeds }, (_, i) => firstSeed + i);

/** Runs one seed here, in this process. */
export const simulateSeed = async (seed: number, { days, faults, logTo }: SeedOptions): Promise<SeedReport> =>
  runSeed({ swarm: swarmOptions({ seed, days, kinds: faults }), logTo });

/**
 * Runs the seeds, `jobs` of them at once where `runOne` hands them to processes of their own; tells and adds up in the order of the
 * seeds, whichever ended first, so that nothing printed depends on the machine. One digest for all of them.
 */
export async function simulate(options: SimulateOptions): Promise<SimulateResult> {
  const { firstSeed, seeds, days, jobs, runOne, told } = options;
  const waiting = seedsOf(options).map((seed, i) => ({ seed, i }));
  const done: (SeedReport | undefined)[] = waiting.map(() => undefined);
  const reports: SeedReport[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      done[next.i] = await runOne(next.seed);
      for (let report = done[reports.length]; report !== undefined; report = done[reports.length]) {
        reports.push(report);
        told(report);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, seeds) }, work));
  const digests = reports.map((report) => report.digest);
  return {
    digest: digests.length === 1 ? (digests[0] ?? '') : digestOf(digests),
    seeds,
    firstSeed,
    days: seeds * days,
    crashes: sum(reports, (r) => r.crashes),
    breaks: sum(reports, (r) => r.breaks),
    turns: sum(reports, (r) => r.turns),
    orders: sum(reports, (r) => r.orders),
    filled: filledOf(reports),
    violations: reports.flatMap(({ seed, violations }) => violations.map((violation) => ({ seed, ...violation }))),
  };
}

/** The command line that runs one seed again, and what that seed stands for. */
export const reproOf = (report: SeedReport, faults: readonly FaultKind[]): string => {
  const set = faults.length === 0 ? 'none' : faults.join(',');
  return `REPRO seed=${String(report.seed)} days=${String(report.swarm.days)} faults=${set} options=${JSON.stringify(report.swarm)}`;
};
