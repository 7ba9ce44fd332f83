// What this build is: the package's version and, where a checkout is at hand, its commit.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function commit(): string {
  const head = join(root, '.git', 'HEAD');
  if (!existsSync(head)) return 'unknown';
  const text = readFileSync(head, 'utf8').trim();
  if (!text.startsWith('ref: ')) return text;
  const ref = join(root, '.git', text.slice(5));
  return existsSync(ref) ? readFileSync(ref, 'utf8').trim() : 'unknown';
}

const pack = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
export const version = { version: pack.version, gitSha: commit() } as const;
