import { describe, expect, it } from 'vitest';
import { countsOf, type Report, readCounts, summaryLine } from '../../../scripts/test-summary.ts';

const file = (status: string, ...cases: readonly string[]): Report['testResults'][number] => ({
  name: 'a.test.ts',
  status,
  assertionResults: cases.map((each) => ({ status: each })),
});

describe('the last line of a test run', () => {
  it.each([
    [
      'cases of all files',
      true,
      [file('passed', 'passed', 'passed'), file('passed', 'passed', 'skipped')],
      '3 passed, 0 failed, 1 skipped',
    ],
    ['failed cases', false, [file('failed', 'passed', 'failed', 'failed')], '1 passed, 2 failed, 0 skipped'],
    ['pending and todo as skipped', true, [file('passed', 'passed', 'pending', 'todo')], '1 passed, 0 failed, 2 skipped'],
    ['a file that did not load as a failure', false, [file('failed'), file('passed', 'passed')], '1 passed, 1 failed, 0 skipped'],
    ['a run of nothing as a failure', true, [], '0 passed, 1 failed, 0 skipped'],
    ['a run of skipped cases only as a failure', true, [file('passed', 'skipped')], '0 passed, 1 failed, 1 skipped'],
    ['a failure that no case names', false, [file('passed', 'passed')], '1 passed, 1 failed, 0 skipped'],
  ])('counts %s', (_, success, testResults, line) => {
    expect(summaryLine(countsOf({ success, testResults }))).toBe(line);
  });

  it('takes a report that is not there for a failure', () => {
    expect(readCounts('/nowhere/report.json')).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
