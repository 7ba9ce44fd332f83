// Runs the tests and ends with one line of counts. Exits 0 only when something ran and nothing failed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCounts, summaryLine } from './test-summary.ts';

const REPORT = 'var/test-report.json';

mkdirSync('var', { recursive: true });
rmSync(REPORT, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
// One temporary folder for all that the tests write: what a killed process cannot tidy goes with it.
const temporary = mkdtempSync(join(tmpdir(), 'wsb-test-'));
const { status } = spawnSync('node_modules/.bin/vitest', ['run', ...reporters, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TMPDIR: temporary },
});
rmSync(temporary, { recursive: true, force: true });

const found = readCounts(REPORT);
const counts = status !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
console.log(summaryLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
