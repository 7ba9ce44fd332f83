// Runs the tests and ends with one line of counts. Exits 0 only when something ran and nothing failed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { readCounts, summaryLine } from './test-summary.ts';

const REPORT = 'var/test-report.json';

mkdirSync('var', { recursive: true });
rmSync(REPORT, { force: true });
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
const { status } = spawnSync('node_modules/.bin/vitest', ['run', ...reporters, ...process.argv.slice(2)], { stdio: 'inherit' });

const found = readCounts(REPORT);
const counts = status !== 0 && found.failed === 0 ? { ...found, failed: 1 } : found;
console.log(summaryLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
