#!/usr/bin/env node
// The entry: loads the program, and says plainly when a package it needs is not there.

async function start(): Promise<number> {
  try {
    const { main } = await import('./program.ts');
    return await main();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    process.stderr.write(`wsb: DEP_MISSING: ${message.split('\n')[0] ?? ''}\nRun npm ci. Nothing was started.\n`);
    return 1;
  }
}

// Sockets and timers of a stopped run must not keep the process: the exit code is the last word.
process.exit(await start());
