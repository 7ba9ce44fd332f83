import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './repository.ts';

const planted: Readonly<Record<string, string>> = {
  'src/base/p.ts': "import type { Q } from './q.ts';\nexport interface P { readonly q: Q }\n",
  'src/base/q.ts': "import type { P } from './p.ts';\nexport interface Q { readonly p: P }\n",
  'src/domain/a.ts': "import type { B } from '../engine/b.ts';\nexport type A = B;\n",
  'src/engine/b.ts': "import { readFileSync } from 'node:fs';\nexport type B = typeof readFileSync;\n",
  'src/net/n.ts': "import { z } from 'zod';\nexport const n = z;\n",
  'src/net/w.ts': "import { WebSocket } from 'ws';\nexport const w = WebSocket;\n",
  'src/exchange/x.ts': "import type { Y } from '../alpaca/y.ts';\nexport type X = Y;\n",
  'src/alpaca/y.ts': 'export type Y = number;\n',
  'src/strategies/one.ts': "import { two } from './two.ts';\nimport { sold } from './third/sold.ts';\nexport const one = [two, sold];\n",
  'src/strategies/two.ts': 'export const two = 2;\n',
  'src/strategies/third/sold.ts': 'export const sold = 3;\n',
  'src/helpers/h.ts': "import { two } from '../strategies/two.ts';\nexport const h = two;\n",
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true } }\n',
};

const dir = mkdtempSync(join(tmpdir(), 'wsb-layers-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The layer rules, run on planted violations: `rule: from -> to`. */
function violations(): readonly string[] {
  for (const [path, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  symlinkSync(`${root}node_modules`, join(dir, 'node_modules'));
  const { stdout } = spawnSync(`${root}node_modules/.bin/depcruise`, ['src', '--config', `${root}.dependency-cruiser.cjs`, '-T', 'json'], {
    cwd: dir,
    encoding: 'utf8',
  });
  const found = JSON.parse(stdout) as {
    readonly summary: { readonly violations: readonly { rule: { name: string }; from: string; to: string }[] };
  };
  return found.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

describe('the layer rules', () => {
  const found = violations();
  it.each([
    ['a cycle of types alone', 'no-cycles: src/base/p.ts'],
    ['a lower folder that looks up', 'domain-imports: src/domain/a.ts -> src/engine/b.ts'],
    ['a built-in module in the core', 'core-does-no-io: src/engine/b.ts -> fs'],
    ['a package that is not in the row', 'net-packages: src/net/n.ts'],
    ['an exchange that knows the adapter', 'exchange-and-adapter-share-nothing: src/exchange/x.ts -> src/alpaca/y.ts'],
    ['a strategy that knows another', 'strategies-stand-alone: src/strategies/one.ts -> src/strategies/two.ts'],
    ["a strategy in another's folder", 'strategies-stand-alone-in-folders: src/strategies/one.ts -> src/strategies/third/sold.ts'],
    ['a folder without a row', 'no-unknown-folder: src/helpers/h.ts'],
  ])('find %s', (_, expected) => {
    expect(found.filter((line) => line.startsWith(expected))).toHaveLength(1);
  });

  it('let pass what the row allows', () => {
    expect(found.filter((line) => line.includes('src/net/w.ts'))).toEqual([]);
  });
});

describe('the lint of the core', () => {
  const eslint = new ESLint({ cwd: root });
  const bans = ['no-restricted-globals', 'no-restricted-properties', 'no-restricted-syntax'];
  const banned = async (text: string, filePath: string): Promise<readonly string[]> => {
    const [result] = await eslint.lintText(text, { filePath: `${root}${filePath}` });
    return (result?.messages ?? []).map((m) => m.ruleId ?? m.message).filter((rule) => bans.includes(rule));
  };

  it.each([
    ['the clock', 'export const at = Date.now();'],
    ['a timer', 'setTimeout(() => undefined, 1);'],
    ['a microtask', 'queueMicrotask(() => undefined);'],
    ['the fine clock', 'export const at = performance.now();'],
    ['the process', 'export const env = process.env;'],
    ['the network', "void fetch('http://127.0.0.1');"],
    ['the console', "console.log('');"],
    ['chance', 'export const dice = Math.random();'],
    ['async', 'export const later = async (): Promise<number> => 1;'],
    ['a default export', 'export default 1;'],
    ['a barrel', "export * from './world.ts';"],
  ])('refuses %s in engine and says what to use instead', async (_, text) => {
    expect(await banned(text, 'src/engine/contract.ts')).not.toEqual([]);
  });

  it('allows the clock outside the core, and no Date inside, not even for arithmetic', async () => {
    expect(await banned('export const at = Date.now();', 'src/config/load.ts')).toEqual([]);
    expect(await banned('export const at = Date.UTC(2026, 1, 2);', 'src/market/calendar.ts')).not.toEqual([]);
    expect(await banned('export const at = performance.now();', 'src/market/calendar.ts')).not.toEqual([]);
  });
});
