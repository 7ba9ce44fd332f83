// Waits until a daemon that was told to stop has gone, and says how it ended.
import { readRuns } from '../../store/queries.ts';
import { openReader } from '../../store/reader.ts';
import { fail } from '../exit.ts';
import { ledgerFile } from '../reader.ts';
import { daemonOf } from './client.ts';

const LOOK_MS = 200;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** The exit code of the run that has just ended; exit 5 when it has not within `ms`. */
export async function endOf(stateDir: string, ms: number): Promise<number> {
  for (const end = performance.now() + ms; daemonOf(stateDir).held; await pause(LOOK_MS))
    if (performance.now() > end) fail(5, `wsb: it has not stopped within ${String(Math.round(ms / 1000))} s; it goes on stopping.`);
  const opened = openReader(ledgerFile(stateDir));
  if (!opened.ok) return fail(22, `wsb: ${opened.fault.message}`, opened.fault.fix);
  try {
    return readRuns(opened.reader, 1)[0]?.exitCode ?? fail(70, 'wsb: it is gone, and did not say how it ended: see its log.');
  } finally {
    opened.reader.close();
  }
}
