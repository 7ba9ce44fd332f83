// The table of sectors, `config/reference/sectors.csv`: which names fall together when their own history is too short to say so.
import { readFileSync } from 'node:fs';

/** A sector by ticker, or everything that is wrong with the table. */
export type Sectors =
  | { readonly ok: true; readonly sectors: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly string[] };

const HEADER = 'symbol,sector';
const TICKER = /^[A-Z]{1,5}(\.[A-Z])?$/;

/**
 * Reads `symbol,sector` lines after a header; lines that begin with # say where the table is from. Every bad line is told, with its number.
 * @param name what the file is called in messages
 */
export function parseSectors(text: string, name: string): Sectors {
  const sectors = new Map<string, string>();
  const problems: string[] = [];
  let headed = false;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const wrong = (what: string): void => void problems.push(`${name}, line ${String(i + 1)}: ${what}`);
    if (line === '' || line.startsWith('#')) continue;
    if (!headed) {
      headed = true;
      if (line !== HEADER) wrong(`the first line must read "${HEADER}"`);
      continue;
    }
    const [symbol = '', sector = '', ...more] = line.split(',').map((cell) => cell.trim());
    if (more.length > 0 || sector === '') wrong('write one ticker and one sector, e.g. "AAPL,Information Technology"');
    else if (!TICKER.test(symbol)) wrong('not a ticker: one to five capital letters, e.g. SPY or BRK.B');
    else if (sectors.has(symbol)) wrong(`${symbol} stands in an earlier line already: leave one of them`);
    else sectors.set(symbol, sector);
  }
  if (!headed) problems.push(`${name}: empty; it must begin with "${HEADER}"`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, sectors };
}

/** The table in a file; a file that cannot be read is one problem. */
export function readSectors(path: string, name: string): Sectors {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, problems: [`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`] };
  }
  return parseSectors(text, name);
}
