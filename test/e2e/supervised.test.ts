// Under systemd: the daemon says that it is ready, that it is alive, and that it stops, through the socket it was given.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, scratch, wsb } from './process.ts';

describe('with NOTIFY_SOCKET set', () => {
  it('tells systemd READY, WATCHDOG and STOPPING through systemd-notify, and without it nothing', { timeout: 60_000 }, async () => {
    // systemd's own tool is replaced by one that writes down what it was asked to say: what systemd makes of it is not ours to test.
    const bin = scratch('bin');
    mkdirSync(bin, { recursive: true });
    const said = join(bin, 'said');
    writeFileSync(said, '');
    writeFileSync(join(bin, 'systemd-notify'), `#!/bin/sh\necho "$@" >> '${said}'\n`);
    chmodSync(join(bin, 'systemd-notify'), 0o755);
    const run = wsb(['run', '--state-dir', scratch('unit')], {
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, NOTIFY_SOCKET: join(bin, 'socket'), WATCHDOG_USEC: '3000000' },
    });
    await run.until(event('run.ready'), 'readiness');
    await new Promise((resolve) => setTimeout(resolve, 3_000)); // three watchdog words fit in here, were they due every second
    run.signal('SIGTERM');
    expect((await run.exited).code).toBe(0);
    const words = readFileSync(said, 'utf8').trim().split('\n');
    expect(words.filter((w) => w.startsWith('--ready'))).toHaveLength(1);
    const alive = words.filter((w) => w === 'WATCHDOG=1').length;
    expect(alive).toBeGreaterThanOrEqual(2);
    expect(alive).toBeLessThanOrEqual(8);
    const stopping = words.findIndex((w) => w.startsWith('STOPPING=1'));
    expect(stopping).toBeGreaterThan(0);
    // A stop that takes longer than a watchdog period must go on vouching for itself, and says nothing else.
    expect(words.slice(stopping + 1).filter((w) => w !== 'WATCHDOG=1')).toEqual([]);
  });
});
