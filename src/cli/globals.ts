// Options every command takes, and what they resolve to.
import { type Config, loadConfig } from '../config/load.ts';
import type { Table } from '../config/tree.ts';
import { fail } from './exit.ts';
import { warn } from './output.ts';

export interface Globals {
  readonly config?: readonly string[];
  readonly stateDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

export interface ConfigWish {
  readonly mode?: string | undefined;
  readonly tape?: string | undefined;
  readonly exchange?: string | undefined;
  readonly overrides?: Table | undefined;
}

/** The configuration, or exit 20 or 25 with every problem listed at once. */
export function configOf(globals: Globals, wish: ConfigWish = {}): Config {
  const loaded = loadConfig({ env: process.env, cwd: process.cwd(), paths: globals.config, stateDir: globals.stateDir, ...wish });
  if (!loaded.ok) {
    const count = loaded.problems.length;
    return fail(
      loaded.exitCode,
      `wsb: ${count === 1 ? 'a problem' : `${count} problems`} in the configuration:`,
      ...loaded.problems.map((p) => `  - ${p}`),
    );
  }
  if (globals.quiet !== true) for (const line of loaded.warnings) warn(`wsb: warning: ${line}`);
  return loaded.config;
}
