// The daemon as an operator meets it: started, watched, cut off, and told to stop.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutSockets } from './exchange-client.ts';
import { event, finish, root, scratch, wsb } from './process.ts';

const MINUTE = 60_000;

describe('a run on the embedded exchange', () => {
  it('fills within 30 s, reconnects and reconciles after a cut, and ends flat with 0 on SIGTERM', { timeout: 3 * MINUTE }, async () => {
    const dir = scratch('life');
    const run = wsb(['run', '--state-dir', dir]);
    const started = await run.until(event('run.started'), 'the start');
    await run.until(event('run.ready'), 'readiness');
    const first = await run.until(event('order.filled'), 'the first fill', 45_000);
    expect(Date.parse(String(first['time'])) - Date.parse(String(started['time']))).toBeLessThan(30 * 60_000); // exchange time, at 60 times speed

    const before = run.lines.length;
    await cutSockets(String(started['broker']));
    await run.until((l) => l.event === 'stream.down' && run.lines.indexOf(l) >= before, 'the loss of the stream');
    await run.until((l) => l.event === 'stream.up' && run.lines.indexOf(l) >= before, 'the reconnect');
    await run.until(
      (l) => l.event === 'reconcile.ok' && l['recovered'] === true && run.lines.indexOf(l) >= before,
      'the reconcile after it',
    );

    run.signal('SIGTERM');
    const told = Date.now();
    const { code } = await run.exited;
    expect(code, run.stderr()).toBe(0);
    expect(Date.now() - told).toBeLessThan(60_000);
    const stopped = run.lines.find(event('run.stopped'));
    expect(stopped?.['remainder']).toEqual([]);
    expect(stopped?.['positions']).toBe(0);

    const check = await finish(['db', 'check', '--state-dir', dir]);
    expect(check.stdout).toBe('0 violations');
    const positions = await finish(['positions', '--state-dir', dir]);
    expect(positions.stdout).toBe('none');
    const why = await finish(['why', String(first['coid']), '--json', '--state-dir', dir]);
    expect(why.code).toBe(0);
  });

  it('refuses a second run on the same state directory with 21, before any network call', { timeout: MINUTE }, async () => {
    const dir = scratch('twice');
    const first = wsb(['run', '--state-dir', dir]);
    await first.until(event('run.started'), 'the start');
    const second = await finish(['run', '--state-dir', dir]);
    expect(second.code).toBe(21);
    expect(second.stdout).toBe(''); // not a line of log: it never came so far
    expect(second.stderr).toContain('is in use by process');
    first.signal('SIGTERM');
    expect((await first.exited).code).toBe(0);
  });

  it('a second signal hurries the stop, and a repeat within a second is the same signal', { timeout: MINUTE }, async () => {
    const run = wsb(['run', '--state-dir', scratch('signals')]);
    await run.until(event('run.ready'), 'readiness');
    run.signal('SIGINT');
    run.signal('SIGINT');
    const { code } = await run.exited;
    expect(code).toBe(0);
    expect(run.lines.filter(event('shutdown.began'))).toHaveLength(1);
    expect(run.lines.find(event('shutdown.done'))?.['late']).toBe(false);
  });

  it('stops by the id of npm start itself, without leaving the daemon behind', { timeout: 2 * MINUTE }, async () => {
    const { spawn } = await import('node:child_process');
    const { listen } = await import('./process.ts');
    const child = spawn('npm', ['start', '--silent', '--', '--state-dir', scratch('npm')], {
      cwd: root,
      env: { ...process.env, WSB__HTTP__PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = listen(child);
    await run.until(event('run.ready'), 'readiness', MINUTE);
    child.kill('SIGTERM');
    await run.until(event('run.stopped'), 'the stop', MINUTE);
    await run.exited;
    const left = execFileSync('ps', ['-eo', 'ppid,pid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((l) => l.includes(join('dist', 'cli', 'main.js')) && l.trim().startsWith(`${String(child.pid)} `));
    expect(left).toEqual([]);
  });
});
