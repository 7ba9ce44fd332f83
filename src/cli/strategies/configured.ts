// The configuration with the sections of strategies apart: what is wrong in one of them is that strategy's, and the others go on.
import { type Config, type LoadRequest, loadConfig, type StrategyConfig } from '../../config/load.ts';
import { strategies } from '../../strategies/registry.ts';

export type Configured =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly string[];
      /** The problems of each section that could not be read, by the strategy's id. */
      readonly invalid: ReadonlyMap<string, readonly string[]>;
    }
  | { readonly ok: false; readonly exitCode: number; readonly problems: readonly string[] };

/** The strategy in whose section a problem lies; undefined for one that lies elsewhere. */
function sectionOf(problem: string, ids: readonly string[]): string | undefined {
  const id = /\bstrategies\.(\w+)/.exec(problem)?.[1];
  return ids.find((known) => known === id);
}

/** Reads the configuration; a strategy whose section is invalid is left out and named with its problems. */
export function configuredStrategies(request: LoadRequest): Configured {
  const whole = loadConfig(request);
  if (whole.ok) return { ...whole, invalid: new Map() };
  const ids = (request.strategies ?? strategies).map(({ id }) => id as string);
  const invalid = new Map<string, string[]>();
  for (const problem of whole.problems) {
    const id = sectionOf(problem, ids);
    if (id === undefined) return whole;
    invalid.set(id, [...(invalid.get(id) ?? []), problem]);
  }
  const rest = loadConfig({ ...request, except: [...invalid.keys()] });
  return rest.ok ? { ...rest, invalid } : rest;
}

/** May it open positions? One with a switch of its own among its parameters is asked for that. */
export function mayOpen({ params, enabled }: StrategyConfig): boolean {
  const own = typeof params === 'object' && params !== null && 'enabled' in params ? params.enabled : undefined;
  return typeof own === 'boolean' ? own : enabled;
}
