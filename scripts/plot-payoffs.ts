// Draws docs/strategies/<id>.svg for every page there that has a payoff line; ends with 1 and says where when one cannot be read.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PayoffLineError, payoffOfPage } from './payoff/line.ts';
import { payoffSvg } from './payoff/svg.ts';

const folder = 'docs/strategies';

export interface Drawing {
  /** From the repository's root. */
  readonly path: string;
  readonly svg: string;
}

/** The drawings of all pages, made in memory. `root` ends with a slash. */
export function drawings(root: string): readonly Drawing[] {
  const pages = readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.md'));
  return pages.sort().flatMap((name) => {
    const path = `${folder}/${name}`;
    const plot = payoffOfPage(readFileSync(`${root}${path}`, 'utf8'), path);
    return plot === undefined ? [] : [{ path: path.replace(/\.md$/, '.svg'), svg: payoffSvg(plot) }];
  });
}

function main(): number {
  const root = fileURLToPath(new URL('..', import.meta.url));
  try {
    for (const { path, svg } of drawings(root)) {
      writeFileSync(`${root}${path}`, svg);
      process.stdout.write(`${path}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof PayoffLineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
