import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockState, takeLock } from '../../../src/store/lock.ts';
import { folder } from './fixture.ts';

async function holder(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'lock-holder.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('held\n');
  return child;
}

describe('the lock', () => {
  it('is one at a time, and the loser learns who holds it', () => {
    const path = join(folder(), 'daemon.lock');
    const first = takeLock(path, () => 1_700_000_000_000);
    expect(first.ok).toBe(true);
    const facts = { pid: process.pid, host: hostname(), startedAt: 1_700_000_000_000 };
    expect(takeLock(path)).toEqual({ ok: false, holder: { ...facts, epoch: null, url: null } });
    if (first.ok) first.describe(42, 'http://127.0.0.1:1');
    expect(takeLock(path)).toEqual({ ok: false, holder: { ...facts, epoch: 42, url: 'http://127.0.0.1:1' } });
    expect(lockState(path)).toEqual({ held: true, holder: { ...facts, epoch: 42, url: 'http://127.0.0.1:1' } });
    if (first.ok) first.release();
    expect(lockState(path)).toEqual({ held: false });
    const second = takeLock(path);
    expect(second.ok).toBe(true);
    if (second.ok) second.release();
  });

  it('can be released twice', () => {
    const lock = takeLock(join(folder(), 'daemon.lock'));
    if (!lock.ok) throw new Error('not taken');
    lock.release();
    expect(() => lock.release()).not.toThrow();
  });

  it('is asked about without making a file', () => {
    const path = join(folder(), 'daemon.lock');
    expect(lockState(path)).toEqual({ held: false });
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('leaves files only we can read', () => {
    const dir = folder();
    const lock = takeLock(join(dir, 'daemon.lock'));
    for (const name of readdirSync(dir)) expect(`${name} ${(statSync(join(dir, name)).mode & 0o777).toString(8)}`).toBe(`${name} 600`);
    if (lock.ok) lock.release();
  });

  it('held by another process refuses us, and is free once that process is killed', async () => {
    const path = join(folder(), 'daemon.lock');
    const child = await holder(path);
    expect(takeLock(path)).toMatchObject({ ok: false, holder: { pid: child.pid, epoch: 7 } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const mine = takeLock(path);
    expect(mine.ok).toBe(true);
    expect(lockState(path)).toMatchObject({ held: true, holder: { pid: process.pid } });
    if (mine.ok) mine.release();
  });
});
