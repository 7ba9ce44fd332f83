// The files of the repository as the tidy tests read them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Text of a file, by its path from the root. */
export const textOf = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Paths, from the root, of all files below a folder whose names end as given. */
export function filesIn(folder: string, ...endings: readonly string[]): readonly string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => `${entry.parentPath.slice(root.length)}/${entry.name}`)
    .sort();
}

/** First cells of a Markdown table's rows that hold one code in back ticks. */
export const codesIn = (text: string): readonly string[] => [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map((match) => match[1] ?? '');
