// What a start refuses, each with its code and a sentence that says the fix.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { event, finish, scratch, wsb } from './process.ts';

const MINUTE = 60_000;
const key = { APCA_API_KEY_ID: 'PKNONSENSE', APCA_API_SECRET_KEY: 'nonsense' } as const;

describe('a start is refused', () => {
  it('24 when the broker refuses the key', { timeout: MINUTE }, async () => {
    const exchange = wsb(['exchange', '--state-dir', scratch('x'), '--port', '0', '--json']);
    const { url } = await exchange.until(event('exchange.started'), 'the exchange');
    const run = await finish(['run', '--mode', 'paper', '--exchange', String(url), '--state-dir', scratch('auth')], { env: key });
    expect(run.code).toBe(24);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    expect(run.stderr).toContain('APCA_API_KEY_ID');
    expect(run.stderr).not.toContain('PKNONSENSE');
    const verify = await finish(['broker', 'verify', '--mode', 'paper', '--exchange', String(url), '--state-dir', scratch('auth')], {
      env: key,
    });
    expect(verify.code).toBe(24);
    const good = await finish(['broker', 'verify', '--exchange', String(url), '--state-dir', scratch('auth')]);
    expect(good.code, good.stdout + good.stderr).toBe(0);
    expect(good.stdout).toContain('listening');
    exchange.signal('SIGTERM');
    await exchange.exited;
    const gone = await finish(['broker', 'verify', '--exchange', String(url), '--state-dir', scratch('auth')]);
    expect(gone.code).toBe(5);
  });

  it('20 for an unknown key, with the nearest known one', async () => {
    const file = join(scratch('cfg'), 'mine.toml');
    writeFileSync(file, '[risk]\nfat_finger_usdd = "100.00"\n');
    const run = await finish(['run', '--config', file, '--state-dir', scratch('key')]);
    expect(run.code).toBe(20);
    expect(run.stderr).toContain('fat_finger_usd');
  });

  it('20 for an .env that others can read, in live', async () => {
    const cwd = scratch('env');
    writeFileSync(join(cwd, '.env'), 'APCA_API_KEY_ID=AKSOMETHING\nAPCA_API_SECRET_KEY=something\n');
    chmodSync(join(cwd, '.env'), 0o644);
    const limits = join(cwd, 'limits.toml');
    writeFileSync(
      limits,
      '[risk]\nfat_finger_usd = "5000.00"\nfat_finger_pct = 0.05\nfat_finger_index_fund_pct = 0.2\ncontracts_max = 2\ncash_buffer_pct = 0.1\n',
    );
    const run = await finish(['run', '--mode', 'live', '--config', limits, '--state-dir', scratch('live')], {
      cwd,
      env: { WSB_LIVE: '123456789' },
    });
    expect(run.code, run.stderr).toBe(20);
    expect(run.stderr).toContain('chmod 600');
    expect(run.stderr).not.toContain('something');
  });

  it('22 for a ledger of a newer version', async () => {
    const dir = scratch('newer');
    const made = await finish(['db', 'migrate', '--state-dir', dir]);
    expect(made.code, made.stderr).toBe(0);
    const again = await finish(['db', 'migrate', '--state-dir', dir]);
    expect(again.stdout).toContain('up to date');
    const file = join(dir, 'ledger.sqlite');
    const db = new Database(file);
    db.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run('of the future', 4_102_444_800_000);
    db.pragma('user_version = 99');
    db.close();
    const run = await finish(['run', '--state-dir', dir]);
    expect(run.code).toBe(22);
    expect(run.stderr).toMatch(/newer/i);
  });

  it('25 for live without the typed account, and for an exchange in live', async () => {
    const run = await finish(['run', '--mode', 'live', '--exchange', 'http://127.0.0.1:1', '--state-dir', scratch('fence')], { env: key });
    expect(run.code).toBe(25);
    expect(run.stderr).toContain('WSB_LIVE');
  });

  it("7 for a day before the exchange's own, naming --state-dir", { timeout: MINUTE }, async () => {
    const dir = scratch('back');
    mkdirSync(dir, { recursive: true });
    const run = wsb(['run', '--state-dir', dir]);
    await run.until(event('run.ready'), 'readiness');
    run.signal('SIGTERM');
    await run.exited;
    const back = await finish(['run', '--state-dir', dir, '--from', '2026-11-20']);
    expect(back.code).toBe(7);
    expect(back.stderr).toContain('--state-dir');
  });

  it.each([
    ['run', '--from', '2026-13-45'],
    ['run', '--until', '99:99'],
    ['run', '--speed', 'fast'],
    ['exchange', '--from', '2026-02-30'],
    ['orders', '--since', 'yesterday'],
    ['why', 'SPY', '--since', '2026-2-3'],
  ])('2 for a flag that is not what it should be: %s %s %s', async (...args) => {
    const run = await finish([...args, '--state-dir', scratch('flag')]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('is invalid');
    expect(run.stderr).not.toContain('    at ');
  });

  it('6 and 2 for what is not there', async () => {
    expect((await finish(['status', '--state-dir', scratch('none')])).code).toBe(6);
    expect((await finish(['frobnicate'])).code).toBe(2);
    expect((await finish(['run', '--strategies', 'whel'])).code).toBe(2);
  });
});
