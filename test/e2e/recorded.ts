// Runs of the real process on recorded markets, and what each strategy said and sent in them.
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { event, type Line, root, scratch, wsb } from './process.ts';

export const shared = process.env['WSB_SHARED'];

const made: string[] = [];
const own = (name: string): string => {
  const dir = scratch(name);
  made.push(dir);
  return dir;
};

/** Removes the folders of all runs so far: what they said cannot be read any more. */
export function forgetRuns(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** The assumptions that docs/tape.md gives beside its table. */
export function documentedAssumptions(): string {
  const block = /```toml\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'tape.md'), 'utf8'))?.[1];
  if (block === undefined) throw new Error('docs/tape.md: no block of assumptions');
  const file = join(own('assume'), 'assume.toml');
  writeFileSync(file, block);
  return file;
}

/** The section that docs/tape.md gives for a dip of a quiet day. */
export function documentedDip(): string {
  const block = /```\n(\[strategies\.dip\]\n[\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'tape.md'), 'utf8'))?.[1];
  if (block === undefined) throw new Error('docs/tape.md: no section for dip');
  const file = join(own('dip'), 'dip.toml');
  writeFileSync(file, block);
  return file;
}

export interface Played {
  readonly code: number | null;
  readonly stderr: string;
  readonly lines: readonly Line[];
  /** Codes of the passes of a strategy, by what they are about. */
  codes(strategy: string): ReadonlyMap<string, ReadonlySet<string>>;
  /** Opening orders that a strategy sent, and its fills, by symbol. */
  opened(strategy: string): readonly string[];
  filled(strategy: string): readonly string[];
}

interface Passed {
  readonly subject: string;
  readonly code: string;
}

const symbolsOf = (lines: readonly Line[], name: string, strategy: string, fits: (line: Line) => boolean): readonly string[] =>
  lines.filter((line) => event(name)(line) && line['strategy'] === strategy && fits(line)).map((line) => String(line['symbol']));

/** Plays a tape from one time to another, to its orderly end. The first wall seconds, some minutes of it, go to the start. */
export async function play(tape: string, from: string, until: string, more: readonly string[] = []): Promise<Played> {
  const dir = own('play');
  const when = ['--from', from, '--until', until, '--speed', '100'];
  const run = wsb(['run', '--tape', tape, ...when, '--assume', documentedAssumptions(), '--state-dir', dir, ...more]);
  const { code } = await run.exited;
  return {
    code,
    stderr: run.stderr(),
    lines: run.lines,
    codes(strategy) {
      const ledger = new Database(join(dir, 'ledger.sqlite'), { readonly: true });
      const rows = ledger
        .prepare<[string], Passed>("select subject, code from decisions where kind = 'pass' and strategy = ?")
        .all(strategy);
      ledger.close();
      const found = new Map<string, Set<string>>();
      for (const { subject, code: why } of rows) found.set(subject, (found.get(subject) ?? new Set()).add(why));
      return found;
    },
    opened: (strategy) => symbolsOf(run.lines, 'order.recorded', strategy, (line) => line['purpose'] === 'O'),
    filled: (strategy) => symbolsOf(run.lines, 'order.filled', strategy, (line) => line['purpose'] === 'O'),
  };
}

export interface OneChain {
  /** Under the recorded data's `options`. */
  readonly file: string;
  /** As its `ts` has it; the rows of this moment are taken. */
  readonly moment: string;
  /** New York time of that day at which they are to be seen instead. */
  readonly seenAt: string;
}

/** A tape with the recorded shares, indices, rates and events, and of options the chain of one moment of NVDA. */
export function tapeOfOneChain({ file, moment, seenAt }: OneChain): string {
  const dir = own('chain');
  const from = String(shared);
  for (const part of ['bars', 'index', 'rates', 'events', 'calendar']) symlinkSync(join(from, part), join(dir, part));
  mkdirSync(join(dir, 'options', 'chains'), { recursive: true });
  const [header = '', ...rows] = gunzipSync(readFileSync(join(from, 'options', file)))
    .toString()
    .split('\n');
  const day = moment.slice(0, 10);
  const ts = `${day}T${seenAt}${moment.slice(16)}`;
  const taken = rows.filter((row) => row.startsWith(moment)).map((row) => ts + row.slice(moment.length));
  writeFileSync(join(dir, 'options', 'chains', 'NVDA.csv.gz'), gzipSync([header, ...taken, ''].join('\n')));
  const [columns = '', ...listed] = readFileSync(join(from, 'manifest.csv'), 'utf8').split('\n');
  const kept = listed.filter((row) => row !== '' && !row.startsWith('options/') && !row.startsWith('bars/minute/'));
  const facts: Readonly<Record<string, string>> = {
    path: 'options/chains/NVDA.csv.gz',
    kind: 'option chain',
    symbol: 'NVDA',
    from: day,
    to: day,
  };
  const chain = columns.split(',').map((column) => facts[column] ?? '');
  writeFileSync(join(dir, 'manifest.csv'), [columns, ...kept, chain.join(','), ''].join('\n'));
  return dir;
}
