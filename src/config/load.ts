// Files, environment and flags to one typed value, or to every problem at once.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Relimit } from '../risk/limit-keys.ts';
import { strategies as registry } from '../strategies/registry.ts';
import type { AnyStrategy } from '../strategies/strategy.ts';
import { type Env, read, readEnvironment } from './env.ts';
import { envSources } from './env-overrides.ts';
import { explain } from './explain.ts';
import { brokerFence, type ExitCode, isLoopback, liveFence, type Problem, sentences, worst } from './fence.ts';
import { type Effective, effective } from './print.ts';
import { relimit } from './relimit.ts';
import { liveLimits, type RunMode, runModes, type Sections, sections } from './schema.ts';
import { readSectors } from './sectors.ts';
import { keysOf, strictly } from './shape.ts';
import { stateDirOf } from './state-dir.ts';
import { readToml } from './toml-file.ts';
import { isTable, merge, type Origins, originOf, type Source, type Table } from './tree.ts';

export interface LoadRequest {
  /** `--mode`; without it WSB__RUN__MODE, then an operator's file, then sim. */
  readonly mode?: string | undefined;
  /** `--config`, in order. */
  readonly paths?: readonly string[] | undefined;
  readonly env: Env;
  readonly cwd: string;
  /** Flags as tables in the files' own spelling, e.g. `{ run: { speed: 60 } }`. */
  readonly overrides?: Table | undefined;
  /** `--state-dir`. */
  readonly stateDir?: string | undefined;
  /** `--tape`. */
  readonly tape?: string | undefined;
  /** `--exchange`: an exchange that stands in for the broker's hosts. */
  readonly exchange?: string | undefined;
  /** The folder of base.toml and the modes' files; the program's own when left out. */
  readonly configDir?: string | undefined;
  readonly strategies?: readonly AnyStrategy[] | undefined;
  /** Ids of strategies that are left out, with their sections unread: what is wrong there must not hide the others. */
  readonly except?: readonly string[] | undefined;
}

export interface StrategyConfig {
  readonly strategy: AnyStrategy;
  /** Parsed by the strategy's own schema. */
  readonly params: unknown;
  /** May it open positions? True for one with a switch of its own among its params. */
  readonly enabled: boolean;
}

export interface Config extends Sections {
  /** In the registry's order. */
  readonly strategies: readonly StrategyConfig[];
  readonly stateDir: string;
  /** The account number typed into WSB_LIVE, which the broker's must equal in live; null in every other mode. */
  readonly liveAccount: string | null;
  /** Replaces the broker's hosts; null when the broker itself is meant, or the embedded exchange. */
  readonly exchange: string | null;
  readonly effective: Effective;
  /** Sector by ticker. */
  readonly sectors: ReadonlyMap<string, string>;
  /** The limits when some are set anew while the daemon runs. */
  readonly relimit: Relimit;
}

export type Loaded =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly exitCode: ExitCode; readonly problems: readonly string[] };

const shippedDir = fileURLToPath(new URL('../../config', import.meta.url));
const isMode = (text: unknown): text is RunMode => runModes.some((mode) => mode === text);
const problem = (text: string, exitCode: ExitCode = 20): Problem => ({ exitCode, text });

const rootOf = (strategies: readonly AnyStrategy[], except: readonly string[]) =>
  sections.extend({
    strategies: z.strictObject(
      Object.fromEntries(
        strategies.map((strategy) => [strategy.id, except.includes(strategy.id) ? z.unknown().optional() : section(strategy)]),
      ),
    ),
  });

/** A strategy that works on when it opens nothing (Index Baseline keeps its ledger) has an `enabled` of its own, and is asked whenever it is due. */
const hasOwnSwitch = (strategy: AnyStrategy): boolean => keysOf(strategy.params)?.includes('enabled') ?? false;

/** A strategy's own params beside `enabled`, which is the daemon's unless the strategy has it. */
const section = (strategy: AnyStrategy) => {
  const params = strictly(strategy.params);
  return params instanceof z.ZodObject && !hasOwnSwitch(strategy) ? params.safeExtend({ enabled: z.boolean() }) : params;
};

function readFiles(
  files: readonly { readonly path: string; readonly name: string; readonly ours: boolean }[],
  problems: Problem[],
): Source[] {
  const sources: Source[] = [];
  for (const { path, name, ours } of files) {
    const file = readToml(path, name);
    if (file.ok) sources.push({ name, table: file.table, ours });
    else problems.push(problem(file.problem));
  }
  return sources;
}

/** The mode of this run, and who said so: flag, variable, operator's file, or nobody (sim). */
function chooseMode(flag: string | undefined, above: readonly Source[], problems: Problem[]): RunMode {
  const said = [...(flag === undefined ? [] : [{ name: '--mode', mode: flag as unknown }])];
  for (const source of [...above].reverse()) {
    const run = source.table['run'];
    if (isTable(run) && run['mode'] !== undefined) said.push({ name: source.name, mode: run['mode'] });
  }
  const first = said[0];
  if (first === undefined) return 'sim';
  if (!isMode(first.mode)) {
    problems.push(problem(`${first.name}: run.mode: not a mode: one of ${runModes.join(', ')}`));
    return 'sim';
  }
  // Money is at stake in one mode only, and there nobody may have meant another one.
  const other = said.find((s) => s.mode !== first.mode);
  if (first.mode === 'live' && other !== undefined) {
    problems.push(problem(`${first.name} asks for live, but ${other.name} says another run.mode: make them agree`, 25));
  }
  return first.mode;
}

/** Limits of a live account come from its operator, never from a file of ours. */
function unstatedLimits(mode: RunMode, origins: Origins): readonly Problem[] {
  if (mode !== 'live') return [];
  return liveLimits
    .filter((key) => originOf(origins, ['risk', key])?.ours !== true)
    .map((key) =>
      problem(`risk.${key}: must be stated by you for a live account, in a file given with --config or in WSB__RISK__${key.toUpperCase()}`),
    );
}

function paired(strategies: readonly AnyStrategy[], parsed: Readonly<Record<string, unknown>>): readonly StrategyConfig[] {
  return strategies.map((strategy) => {
    const all = parsed[strategy.id] as { readonly enabled: boolean };
    if (hasOwnSwitch(strategy)) return { strategy, params: all, enabled: true };
    const { enabled, ...params } = all;
    return { strategy, params, enabled };
  });
}

/** What is allowed but should be known. */
function remarks({ data, http }: Pick<Config, 'data' | 'http'>): readonly string[] {
  const told: string[] = [];
  if (data.earningsFile !== null && !existsSync(data.earningsFile))
    told.push(`data.earnings_file: ${data.earningsFile} does not exist: report dates are unknown`);
  if (data.macroFile !== null && !existsSync(data.macroFile))
    told.push(`data.macro_file: ${data.macroFile} does not exist: macro events are unknown`);
  if (!isLoopback(`http://${http.host.includes(':') ? `[${http.host}]` : http.host}`))
    told.push(`http.host: ${http.host} can be reached from other machines, and /metrics asks for no token`);
  return told;
}

/** The configuration of one run. Every problem is listed at once, each naming its source, its key and its fix; no value is repeated. */
export function loadConfig(request: LoadRequest): Loaded {
  const problems: Problem[] = [];
  const strategies = request.strategies ?? registry;
  const except = request.except ?? [];
  const root = rootOf(strategies, except);
  const { values: env, faults } = readEnvironment(request.env, request.cwd);
  const dir = request.configDir ?? shippedDir;

  const operator = readFiles(
    (request.paths ?? []).map((path) => ({ path: resolve(request.cwd, path), name: path, ours: true })),
    problems,
  );
  const above = [...operator, ...envSources(env, root), { name: 'command line', table: request.overrides ?? {}, ours: true }];
  const mode = chooseMode(request.mode, above, problems);
  const shipped = ['base', mode, ...(request.tape === undefined ? [] : ['tape'])].map((file) => ({
    path: join(dir, `${file}.toml`),
    name: `config/${file}.toml`,
    ours: false,
  }));
  const stated: Source = { name: '--mode', table: { run: { mode } }, ours: true };
  const { table, origins } = merge([...readFiles(shipped, problems), ...above, stated]);

  const result = root.safeParse(table);
  if (!result.success) problems.push(...explain(result.error.issues, root, { table, origins }).map((text) => problem(text)));
  if (mode === 'live') problems.push(...faults.map((text) => problem(text)));
  problems.push(...unstatedLimits(mode, origins), ...liveFence({ mode, env, exchange: request.exchange }));
  if (result.success)
    problems.push(...brokerFence({ mode, env, exchange: request.exchange, broker: result.data.broker, speed: result.data.run.speed }));
  const sectors = readSectors(join(dir, 'reference', 'sectors.csv'), 'config/reference/sectors.csv');
  if (!sectors.ok) problems.push(...sectors.problems.map((text) => problem(text)));
  if (!result.success || !sectors.ok || problems.length > 0) return { ok: false, exitCode: worst(problems), problems: sentences(problems) };

  const { strategies: parsed, ...rest } = result.data;
  const absolute = (path: string | null): string | null => (path === null ? null : resolve(request.cwd, path));
  const config: Config = {
    ...rest,
    data: { ...rest.data, earningsFile: absolute(rest.data.earningsFile), macroFile: absolute(rest.data.macroFile) },
    strategies: paired(
      strategies.filter(({ id }) => !except.includes(id)),
      parsed,
    ),
    stateDir: stateDirOf({ flag: request.stateDir, env, cwd: request.cwd, mode, tape: request.tape }),
    liveAccount: mode === 'live' ? (read(env, 'WSB_LIVE') ?? null) : null,
    exchange: request.exchange ?? null,
    effective: effective(table),
    sectors: sectors.sectors,
    relimit: relimit(table),
  };
  return { ok: true, config, warnings: [...faults, ...remarks(config)] };
}
