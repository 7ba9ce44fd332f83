// `wsb price`: a file of option cases in, their values out, a line each.
import { createReadStream, statSync } from 'node:fs';
import type { Command } from 'commander';
import { fail } from '../exit.ts';
import type { Globals } from '../globals.ts';
import { printJson, warn } from '../output.ts';
import { type Batch, MalformedCases, priceBatch } from '../price/batch.ts';
import { openResults, type Results } from '../price/results-file.ts';

interface PriceFlags {
  readonly in: string;
  readonly out: string;
}

const CHUNK_BYTES = 262_144;

/** The cases as text, piece by piece. */
function casesOf(path: string): AsyncIterable<string> {
  if (path === '-') return process.stdin.setEncoding('utf8') as AsyncIterable<string>;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return fail(6, `wsb: --in ${path}: no such file`);
  if (found.isDirectory()) return fail(2, `wsb: --in ${path} is a folder: name a file`);
  return createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK_BYTES }) as AsyncIterable<string>;
}

async function answer(cases: AsyncIterable<string>, batch: Batch, results: Results): Promise<void> {
  try {
    for await (const chunk of cases) await results.write(batch.feed(chunk));
    await results.write(batch.end());
    results.commit();
  } catch (error) {
    results.discard();
    if (error instanceof MalformedCases) return fail(2, `wsb: ${error.message}`);
    // A disk that is full or a file that may not be read is no fault of ours, and its sentence says which.
    if (error instanceof Error && 'syscall' in error) return fail(1, `wsb: ${error.message}`);
    throw error;
  }
}

async function price(flags: PriceFlags, globals: Globals): Promise<void> {
  const { in: input, out } = flags;
  if (globals.json === true && out === '-') fail(2, 'wsb: --json prints a summary of the run: give --out FILE for the results');
  const cases = casesOf(input);
  const results = openResults(out, input === '-' ? null : input);
  const batch = priceBatch(input === '-' ? 'standard input' : input);
  await answer(cases, batch, results);
  const statuses = Object.fromEntries(batch.counts);
  const total = [...batch.counts.values()].reduce((sum, n) => sum + n, 0);
  if (globals.json === true) printJson({ cases: total, statuses });
  else if (globals.quiet !== true && out !== '-') {
    const told = [...batch.counts].map(([status, n]) => `${String(n)} ${status}`).join(', ');
    warn(`wsb: ${String(total)} cases${told === '' ? '' : `: ${told}`}`);
  }
}

export function registerPrice(root: Command): void {
  root
    .command('price')
    .description('values, derivatives and volatilities of a file of option cases (docs/pricing.md)')
    .requiredOption('--in <file>', 'cases: id,style,type,S,K,T,r,q and sigma or price, with a header; - is standard input')
    .option('--out <file>', 'results, a line a case; - is standard output', '-')
    .action(async (flags: PriceFlags, command: Command) => price(flags, command.optsWithGlobals<Globals>()));
}
