// A folder of configuration files of a test's own, and a strategy small enough to read beside it.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { z } from 'zod';
import { type Loaded, type LoadRequest, loadConfig } from '../../../src/config/load.ts';
import { runModes } from '../../../src/config/schema.ts';
import { type AnyStrategy, defineStrategy, noNeeds } from '../../../src/strategies/strategy.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Workspace {
  readonly dir: string;
  /** Writes a file below the folder and returns its absolute path. */
  write(name: string, text: string, mode?: number): string;
}

export function workspace(): Workspace {
  const dir = mkdtempSync(join(tmpdir(), 'wsb-config-'));
  folders.push(dir);
  return {
    dir,
    write(name, text, mode = 0o600) {
      const path = join(dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    },
  };
}

const params = z.strictObject({ target_weight: z.number().min(0).max(1).default(0.6), instrument: z.string().default('SPY') });

/** Index Baseline's section in miniature: two params and the daemon's own `enabled`. */
export const tiny: readonly AnyStrategy[] = [
  defineStrategy({
    id: 'base',
    title: 'tiny',
    version: 1,
    optionsLevel: 0,
    params,
    schedule: () => [],
    watches: () => noNeeds,
    chains: () => [],
    evaluate: () => [],
    manage: () => [],
    exits: () => [],
    protection: () => ({ kind: 'waiver', why: 'holds nothing' }),
  }),
];

const shipped = (name: string): string =>
  readFileSync(new URL(`../../../config/${name}.toml`, import.meta.url), 'utf8').replace(/^\[strategies[\s\S]*/m, '');

/** The shipped files, with the mini strategy in place of the real ones, in a folder of their own beside `files`. */
export function configured(files: Readonly<Record<string, string>> = {}) {
  const place = workspace();
  for (const layer of [...runModes, 'tape']) place.write(`config/${layer}.toml`, shipped(layer));
  place.write('config/base.toml', `${shipped('base')}[strategies.base]\nenabled = true\n`);
  place.write('config/reference/sectors.csv', 'symbol,sector\nAAPL,Information Technology\n');
  for (const [name, text] of Object.entries(files)) place.write(name, text);
  const load = (request: Partial<LoadRequest> = {}): Loaded =>
    loadConfig({ env: {}, cwd: place.dir, configDir: `${place.dir}/config`, strategies: tiny, ...request });
  return { ...place, load };
}
