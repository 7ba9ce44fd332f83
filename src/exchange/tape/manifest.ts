// The tape's list of contents, and the blocks of days in which it has options.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TradingDay } from '../../domain/time.ts';
import { eachRow } from './csv.ts';

export interface TapeFile {
  /** Absolute or working-directory path, ready to open. */
  readonly file: string;
  /** Path inside the tape. */
  readonly path: string;
  /** What it holds, in the manifest's words. */
  readonly kind: string;
  readonly symbol: string;
  readonly from: TradingDay;
  readonly to: TradingDay;
}

/** Days joined by files of options that overlap one another. */
export interface Block {
  readonly first: TradingDay;
  readonly last: TradingDay;
  /** True when at least one whole-chain file is in it, not option minutes alone. */
  readonly chains: boolean;
}

/** @throws Error when the folder is no tape, or a row of its manifest is wrong */
export function readManifest(dir: string): readonly TapeFile[] {
  const manifest = join(dir, 'manifest.csv');
  if (!existsSync(manifest)) {
    throw new Error(
      `${dir}: no manifest.csv there: a tape is a folder whose manifest.csv lists path, kind, symbol, from and to of each of its files`,
    );
  }
  const files: TapeFile[] = [];
  eachRow(manifest, ['path', 'kind', 'symbol', 'from', 'to'], (cells) => {
    const path = cells.required('path');
    if (path.startsWith('/') || path.split('/').includes('..')) cells.fail('path', `must lie inside the tape: "${path}"`);
    if (!existsSync(join(dir, path))) cells.fail('path', `no such file in the tape: "${path}"`);
    files.push({
      file: join(dir, path),
      path,
      kind: cells.required('kind'),
      symbol: cells.required('symbol'),
      from: cells.day('from'),
      to: cells.day('to'),
    });
  });
  return files;
}

export const isChain = (file: TapeFile): boolean => file.path.startsWith('options/chains/');
export const isOptionMinutes = (file: TapeFile): boolean => file.path.startsWith('options/minute/') && !file.path.includes('.contracts.');
export const isMinuteBars = (file: TapeFile): boolean => file.path.startsWith('bars/minute/');
export const isIndex = (file: TapeFile): boolean => file.path.startsWith('index/') && file.kind === 'index daily';
export const isDailyBars = (file: TapeFile): boolean => file.path.startsWith('bars/daily/');

/** True when a file holds something of [first, last]. */
export const touches = (file: TapeFile, first: TradingDay, last: TradingDay): boolean => file.from <= last && file.to >= first;

const later = (a: TradingDay, b: TradingDay): TradingDay => (b > a ? b : a);

/** Blocks by first day, oldest first. */
export function blocksOf(files: readonly TapeFile[]): readonly Block[] {
  const options = files.filter((f) => isChain(f) || isOptionMinutes(f)).sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const blocks: Block[] = [];
  for (const file of options) {
    const open = blocks[blocks.length - 1];
    if (open === undefined || file.from > open.last) blocks.push({ first: file.from, last: file.to, chains: isChain(file) });
    else
      blocks[blocks.length - 1] = {
        first: open.first,
        last: later(file.to, open.last),
        chains: open.chains || isChain(file),
      };
  }
  return blocks;
}

/**
 * The block that holds a day or, without one, the newest block that has whole chains.
 * @throws Error that lists the blocks when none fits
 */
export function chooseBlock(dir: string, blocks: readonly Block[], day: TradingDay | undefined): Block {
  const found = day === undefined ? blocks.filter((b) => b.chains).at(-1) : blocks.find((b) => b.first <= day && day <= b.last);
  if (found !== undefined) return found;
  if (blocks.length === 0)
    throw new Error(`${dir}: this tape has no options: its manifest lists nothing under options/chains or options/minute`);
  const list = blocks.map((b) => (b.first === b.last ? b.first : `${b.first}..${b.last}`)).join(', ');
  throw new Error(`${dir}: ${day === undefined ? 'no whole chains on this tape' : `no options on ${day}`}; pick a day from ${list}`);
}
