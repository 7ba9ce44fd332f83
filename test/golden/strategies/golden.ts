// Golden files: what a strategy said of a context, as text. UPDATE_GOLDEN=1 writes them anew; a review reads the difference.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical.ts';

/** Compares decisions with the stored ones of a case. */
export function expectGolden(name: string, decisions: unknown): void {
  const path = fileURLToPath(new URL(`./${name}.json`, import.meta.url));
  const text = `${JSON.stringify(JSON.parse(canonicalJson(decisions)), null, 1)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1 and read what it writes`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
