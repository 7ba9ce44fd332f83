// docs/strategy-sdk.md taken to the letter: in a copy of the repository every block of the page is applied or run, in the page's order.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MINUTE = 60_000;
const copied = [
  'src',
  'test',
  'docs',
  'config',
  'migrations',
  'examples',
  'scripts',
  'bench',
  'README.md',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'drizzle.config.ts',
] as const;

interface Block {
  readonly language: string;
  /** Empty for commands. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** The fenced blocks of the steps, without the indentation of their list. */
function blocksOf(page: string): readonly Block[] {
  const steps = page.slice(page.indexOf('## Adding one'), page.indexOf('## Before it trades'));
  return [...steps.matchAll(/^( *)```(\w+) ?(\S*)\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', language = '', path = '', text = '']) => ({
    language,
    path,
    lines: text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
  }));
}

const page = readFileSync(join(root, 'docs/strategy-sdk.md'), 'utf8');
const blocks = blocksOf(page);
let dir = '';

/** Puts a diff into a file: what it leaves and takes away must stand there exactly once. */
function patch(path: string, lines: readonly string[]): void {
  const file = join(dir, path);
  const text = readFileSync(file, 'utf8');
  const before = lines
    .filter((line) => !line.startsWith('+'))
    .map((line) => line.slice(1))
    .join('\n');
  const after = lines
    .filter((line) => !line.startsWith('-'))
    .map((line) => line.slice(1))
    .join('\n');
  expect(text.split(before), `${path} has once: ${before}`).toHaveLength(2);
  writeFileSync(
    file,
    text.replace(before, () => after),
  );
}

function run(command: string): { readonly status: number | null; readonly output: string } {
  const { VITEST: _v, VITEST_WORKER_ID: _w, VITEST_POOL_ID: _p, NODE_OPTIONS: _o, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: dir, env, encoding: 'utf8', timeout: 5 * MINUTE });
  return { status, output: `${stdout}${stderr}` };
}

function take({ language, path, lines }: Block): void {
  switch (language) {
    case 'diff':
      return patch(path, lines);
    case 'toml':
      return appendFileSync(join(dir, path), `${lines.join('\n')}\n`);
    case 'ts':
      return writeFileSync(join(dir, path), `${lines.join('\n')}\n`);
    case 'sh':
      for (const line of lines) {
        const { status, output } = run(line);
        expect(status, `${line}\n${output}`).toBe(0);
      }
      return;
    default:
      throw new Error(`a step is written as ${language}: the test knows sh, diff, toml and ts`);
  }
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wsb-sdk-'));
  for (const name of copied) cpSync(join(root, name), join(dir, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the page on writing a strategy (S-80)', () => {
  it('is about an example of less than a hundred lines, which is none of the ten', () => {
    expect(readFileSync(join(root, 'examples/pullback.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThan(100);
    expect(readFileSync(join(root, 'src/strategies/registry.ts'), 'utf8')).not.toContain('pullback');
  });

  it('makes it a strategy that types, tests and a rehearsal accept, by its steps alone', { timeout: 15 * MINUTE }, () => {
    expect(blocks.map(({ language }) => language)).toEqual(['sh', 'diff', 'diff', 'diff', 'diff', 'toml', 'ts', 'sh', 'diff', 'sh']);
    for (const block of blocks) take(block);
    const { output } = run('npx tsx src/cli/main.ts --json strategies --verify --strategy pull');
    const found = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
      readonly strategies: readonly {
        readonly id: string;
        readonly state: string;
        readonly evaluations: readonly { readonly said: readonly unknown[] }[];
      }[];
    };
    expect(found.strategies).toMatchObject([{ id: 'pull', state: 'ok' }]);
    expect(found.strategies[0]?.evaluations[0]?.said).toHaveLength(2);
  });
});
