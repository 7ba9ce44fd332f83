// Runs the benches of the letters given (`tsx bench/run.ts A B`), or all there are; one JSON line a result on standard output.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files by letter, in the order they run. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  A: ['a-european', 'a-implied', 'a-american'],
  C: ['c-indicators'],
  E: ['e-exchange'],
};

interface Bench {
  readonly run: () => void | Promise<void>;
}

const asked = process.argv.slice(2);
const letters = asked.length > 0 ? asked : Object.keys(FILES);
for (const letter of letters) {
  for (const file of FILES[letter] ?? []) {
    const url = new URL(`./${file}.ts`, import.meta.url);
    if (!existsSync(fileURLToPath(url))) continue;
    const { run } = (await import(url.href)) as Bench;
    await run();
  }
}
