import { describe, expect, it } from 'vitest';
import { seedsInProcess } from '../../../src/cli/simulate/seed-process.ts';

/** What comes of seeds 3 and 4 in a process that runs this script instead of the program. */
async function hear(script: string): Promise<readonly number[]> {
  const heard: number[] = [];
  await seedsInProcess([3, 4], { program: ['-e', script, '--'], days: 1, faults: [] }, ({ seed }) => void heard.push(seed));
  return heard;
}

describe('seeds in a process of their own', () => {
  it('hand over each report as it comes', async () => {
    expect(await hear(`console.log('{"seed":3}\\n{"seed":4}')`)).toEqual([3, 4]);
  });

  it('name the first seed without a report, and how the process ended', async () => {
    const early = hear(`console.log('{"seed":3}'); process.exitCode = 70`);
    await expect(early).rejects.toThrow('the process of the seeds from 4 to 4 ended without a report (exit code 70)');
  });

  it('fail where what the process says is no report', async () => {
    await expect(hear(`console.log('no report')`)).rejects.toThrow(SyntaxError);
  });
});
