// A tape written for one test: a folder with these files and the manifest that lists them.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Part {
  readonly path: string;
  readonly kind: string;
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** Header and rows. */
  readonly text: string;
}

/** The folder's path; whoever asked for it removes it. */
export function folderOf(parts: readonly Part[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'wsb-tape-'));
  for (const { path, text } of parts) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const rows = parts.map(({ path, kind, symbol, from, to }) => [path, kind, symbol, from, to].join(','));
  writeFileSync(join(dir, 'manifest.csv'), ['path,kind,symbol,from,to', ...rows, ''].join('\n'));
  return dir;
}
