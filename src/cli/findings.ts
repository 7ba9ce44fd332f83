// Prints a list of checks, each with its fix.
import { print, printJson } from './output.ts';
import type { Finding } from './verify-broker.ts';

const mark = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export function printFindings(findings: readonly Finding[], json: boolean): void {
  if (json) {
    printJson(findings);
    return;
  }
  const width = Math.max(...findings.map((f) => f.name.length));
  for (const f of findings) {
    print(`${mark[f.state]}  ${f.name.padEnd(width)}  ${f.detail}`);
    if (f.fix !== null) print(`${' '.repeat(width + 8)}${f.fix}`);
  }
}
