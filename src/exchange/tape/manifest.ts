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
function blocksOf(files: readonly TapeFile[]): readonly Block[] {
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

/** A tape without options: what its shares' bars cover, from the day asked for. @throws Error that says from when to when */
function barsFrom(dir: string, files: readonly TapeFile[], day: TradingDay | undefined): Block {
  const bars = files.filter((f) => isDailyBars(f) || isMinuteBars(f));
  const [first] = bars.map((f) => f.from).sort();
  const last = bars
    .map((f) => f.to)
    .sort()
    .at(-1);
  if (first === undefined || last === undefined)
    throw new Error(`${dir}: nothing to trade on this tape: its manifest lists nothing under bars/daily, bars/minute or options`);
  const reach = `its bars reach from ${first} to ${last}`;
  if (day === undefined) throw new Error(`${dir}: this tape has no options to say where it begins: name a day with --from; ${reach}`);
  if (day < first || day > last) throw new Error(`${dir}: no bars on ${day}: ${reach}`);
  return { first: day, last, chains: false };
}

/**
 * The block that holds a day or, without one, the newest block that has whole chains. On a tape without options the bars from the day on.
 * @throws Error that lists the blocks when none fits
 */
export function chooseBlock(dir: string, files: readonly TapeFile[], day: TradingDay | undefined): Block {
  const blocks = blocksOf(files);
  if (blocks.length === 0) return barsFrom(dir, files, day);
  const found = day === undefined ? blocks.filter((b) => b.chains).at(-1) : blocks.find((b) => b.first <= day && day <= b.last);
  if (found !== undefined) return found;
  const list = blocks.map((b) => (b.first === b.last ? b.first : `${b.first}..${b.last}`)).join(', ');
  throw new Error(`${dir}: ${day === undefined ? 'no whole chains on this tape' : `no options on ${day}`}; pick a day from ${list}`);
}
