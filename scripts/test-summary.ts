// Vitest's JSON report as one line: `N passed, N failed, N skipped`. What ran nothing, failed.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const report = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});
export type Report = z.output<typeof report>;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts the cases of a report. A file that failed without a failing case (it did not load) counts as one failure, and so does
 * a run that says it failed without naming a case, or that ran no case at all.
 */
export function countsOf({ success, testResults }: Report): Counts {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const file of testResults) {
    const statuses = file.assertionResults.map((result) => result.status);
    const broken = statuses.filter((status) => status === 'failed').length;
    passed += statuses.filter((status) => status === 'passed').length;
    failed += file.status === 'failed' && broken === 0 ? 1 : broken;
    skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
  }
  if (failed === 0 && (!success || passed === 0)) failed = 1;
  return { passed, failed, skipped };
}

/** The counts of a report file; an unreadable one is one failure. */
export function readCounts(path: string): Counts {
  try {
    return countsOf(report.parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

export const summaryLine = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;
