// Seeds one after another, or several batches of them at once in processes of their own, and the one document that says how they went.
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
  /** Batches at once. More than one only where `runBatch` runs each in a process of its own: a seed replaces the clock of its process. */
  readonly jobs: number;
  /** Seeds that share a process, one after another: a warm process runs a seed in half the time of a cold one. */
  readonly batch: number;
  /** Runs these seeds in their order and hands over each report as it comes. */
  readonly runBatch: (seeds: readonly number[], take: (report: SeedReport) => void) => Promise<void>;
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
  readonly struck: number;
  readonly turns: number;
  readonly orders: number;
  /** Orders filled, wholly or in part, by strategy. */
  readonly filled: Readonly<Record<string, number>>;
  /** In how many seeds each event was noted: what a run has reached, and by its absence what it has not. */
  readonly reached: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly seed: number; readonly rule: string; readonly where: string; readonly what: string }[];
}

const sum = (reports: readonly SeedReport[], of: (report: SeedReport) => number): number =>
  reports.reduce((total, report) => total + of(report), 0);

/** Counts by name, added up over the reports; names in order. */
function tally(
  reports: readonly SeedReport[],
  of: (report: SeedReport) => readonly (readonly [string, number])[],
): Readonly<Record<string, number>> {
  const all = new Map<string, number>();
  for (const [name, n] of reports.flatMap(of)) all.set(name, (all.get(name) ?? 0) + n);
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The seeds of a run in order, cut into batches; no job is left without one while another has two. */
export function batchesOf({
  firstSeed,
  seeds,
  jobs,
  batch,
}: Pick<SimulateOptions, 'firstSeed' | 'seeds' | 'jobs' | 'batch'>): readonly (readonly number[])[] {
  const size = Math.max(1, Math.min(batch, Math.ceil(seeds / jobs)));
  const all = Array.from({ length: seeds }, (_, i) => firstSeed + i);
  return Array.from({ length: Math.ceil(seeds / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** Runs seeds here, in this process. */
export const simulateSeeds =
  ({ days, faults, logTo }: SeedOptions): SimulateOptions['runBatch'] =>
  async (seeds, take) => {
    for (const seed of seeds) take(await runSeed({ swarm: swarmOptions({ seed, days, kinds: faults }), logTo }));
  };

/**
 * Runs the seeds, `jobs` batches of them at once where `runBatch` hands them to processes of their own; tells and adds up in the order
 * of the seeds, whichever ended first, so that nothing printed depends on the machine. One digest for all of them.
 */
export async function simulate(options: SimulateOptions): Promise<SimulateResult> {
  const { firstSeed, seeds, days, jobs, runBatch, told } = options;
  const waiting = [...batchesOf(options)];
  const early = new Map<number, SeedReport>();
  const reports: SeedReport[] = [];
  const take = (report: SeedReport): void => {
    early.set(report.seed, report);
    for (let next = early.get(firstSeed + reports.length); next !== undefined; next = early.get(firstSeed + reports.length)) {
      reports.push(next);
      told(next);
    }
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await runBatch(next, take);
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (reports.length !== seeds) throw new Error(`${String(seeds - reports.length)} of ${String(seeds)} seeds gave no report`);
  const digests = reports.map((report) => report.digest);
  return {
    digest: digests.length === 1 ? (digests[0] ?? '') : digestOf(digests),
    seeds,
    firstSeed,
    days: seeds * days,
    crashes: sum(reports, (r) => r.crashes),
    breaks: sum(reports, (r) => r.breaks),
    struck: sum(reports, (r) => r.struck),
    turns: sum(reports, (r) => r.turns),
    orders: sum(reports, (r) => r.orders),
    filled: tally(reports, (r) => Object.entries(r.filled)),
    reached: tally(reports, (r) => Object.keys(r.noted).map((event) => [event, 1])),
    violations: reports.flatMap(({ seed, violations }) => violations.map((violation) => ({ seed, ...violation }))),
  };
}

/** The command line that runs one seed again, and what that seed stands for. */
export const reproOf = (report: SeedReport, faults: readonly FaultKind[]): string => {
  const set = faults.length === 0 ? 'none' : faults.join(',');
  return `REPRO seed=${String(report.seed)} days=${String(report.swarm.days)} faults=${set} options=${JSON.stringify(report.swarm)}`;
};
