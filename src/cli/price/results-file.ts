// Where results go: standard output, or a file that appears whole or not at all.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fail } from '../exit.ts';

export interface Results {
  write(text: string): Promise<void>;
  /** Everything was written: the file takes its name. */
  commit(): void;
  /** The run failed: nothing of it stays. */
  discard(): void;
}

const standardOutput: Results = {
  // Waiting for each piece to be taken keeps a slow reader from filling our memory.
  write: (text) =>
    new Promise((done) => {
      process.stdout.write(text, () => done());
    }),
  commit: () => {},
  discard: () => {},
};

const writeAll = (file: number, text: string): void => {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
};

/** A device or a pipe by name: written straight, since renaming a file over it would replace it. */
function straight(path: string): Results {
  const file = openSync(path, 'w');
  return {
    write: async (text) => writeAll(file, text),
    commit: () => closeSync(file),
    discard: () => closeSync(file),
  };
}

/** A temporary file beside the wanted one, renamed over it at the end. It goes when the process is told to stop half-way, too. */
function whole(path: string): Results {
  const temporary = join(dirname(path), `.${basename(path)}.${String(process.pid)}.tmp`);
  const file = openSync(temporary, 'wx');
  const stopped = (signal: NodeJS.Signals): void => {
    rmSync(temporary, { force: true });
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, stopped);
  const close = (): void => {
    for (const name of signals) process.off(name, stopped);
    closeSync(file);
  };
  return {
    write: async (text) => writeAll(file, text),
    commit: () => {
      fsyncSync(file);
      close();
      renameSync(temporary, path);
    },
    discard: () => {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/**
 * Opens the place of the results; `-` is standard output.
 * @param input the file that is read, null for standard input: it is never written over
 */
export function openResults(out: string, input: string | null): Results {
  if (out === '-') return standardOutput;
  const path = resolve(out);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) return fail(2, `wsb: --out ${out} is a folder: name a file`);
  if (there !== undefined && input !== null) {
    const source = statSync(input, { throwIfNoEntry: false });
    if (source !== undefined && source.dev === there.dev && source.ino === there.ino)
      return fail(2, `wsb: --out ${out} is the file of the cases: it would be overwritten. Name another.`);
  }
  try {
    return there === undefined || there.isFile() ? whole(path) : straight(path);
  } catch (error) {
    return fail(2, `wsb: --out ${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
