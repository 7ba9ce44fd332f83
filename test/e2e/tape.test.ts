// The same daemon on real recorded markets.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, finish, scratch, wsb } from './process.ts';

const shared = process.env['WSB_SHARED'];
const MINUTE = 60_000;

interface Decision {
  readonly decision: { readonly subject: string; readonly code: string; readonly kind: string; readonly assumed: readonly string[] | null };
}

describe.skipIf(shared === undefined)('a run on WSB_SHARED, recorded markets', () => {
  it('trades SPY for the core holding and names the reason of every abstention of the Wheel', { timeout: 4 * MINUTE }, async () => {
    const dir = scratch('tape');
    const run = wsb(['run', '--tape', String(shared), '--speed', '300', '--until', '2026-02-11T15:40', '--state-dir', dir]);
    const started = await run.until(event('run.started'), 'the start');
    expect(String(started['market'])).toContain('2026-02-11');
    const { code } = await run.exited;
    expect(code, run.stderr()).toBe(0);
    const fill = run.lines.find(event('order.filled'));
    expect(fill?.['symbol']).toBe('SPY');
    const why = JSON.parse(
      (await finish(['why', 'wheel', '--json', '--limit', '500', '--state-dir', dir])).stdout.replaceAll('\n', ''),
    ) as readonly Decision[];
    const names = new Set(why.map((w) => w.decision.subject));
    for (const name of ['AAPL', 'NVDA', 'SPY', 'QQQ']) expect(names, name).toContain(name);
    expect(why.filter((w) => w.decision.subject === 'AAPL').map((w) => w.decision.code)).toContain('IV_HISTORY_SHORT');
    expect(run.lines.find(event('run.stopped'))?.['assumedQuotes']).toBeGreaterThan(0);
  });

  it('trades the Wheel too when the operator assumes what the tape lacks, each assumption stamped', { timeout: 4 * MINUTE }, async () => {
    const dir = scratch('assume');
    const file = join(scratch('cfg'), 'assume.toml');
    writeFileSync(file, '[iv_rank]\nNVDA = 45\n\n[sizes]\noptions = 10\nshares = 500\n\n[index_values]\nVIX = 17\n');
    const run = wsb([
      'run',
      '--tape',
      String(shared),
      '--assume',
      file,
      '--from',
      '2025-11-26T14:55',
      '--speed',
      '100',
      '--until',
      '2025-11-26T15:40',
      '--strategies',
      'wheel',
      '--state-dir',
      dir,
    ]);
    const { code } = await run.exited;
    expect(code, run.stderr()).toBe(0);
    const sold = run.lines.find((l) => l.event === 'order.filled' && l['strategy'] === 'wheel' && Number(l['qty']) < 0);
    expect(String(sold?.['symbol'])).toMatch(/^NVDA\d{6}P/);
    expect(sold?.['assumed']).toContain('iv_rank:NVDA=45');
  });

  it('begins on the day that --from names', { timeout: MINUTE }, async () => {
    const run = wsb(['run', '--tape', String(shared), '--from', '2025-12-01', '--speed', '300', '--state-dir', scratch('from')]);
    const ready = await run.until(event('run.ready'), 'readiness');
    expect(String(ready['time']).slice(0, 10)).toBe('2025-12-01');
    run.signal('SIGTERM');
    expect((await run.exited).code).toBe(0);
  });

  it('begins at the time that --from names, and after the end of the tape it does not begin', { timeout: MINUTE }, async () => {
    const run = wsb(['run', '--tape', String(shared), '--from', '2025-12-01T14:30', '--speed', '10', '--state-dir', scratch('time')]);
    const ready = await run.until(event('run.ready'), 'readiness');
    expect(String(ready['time'])).toMatch(/^2025-12-01T19:3\d/);
    run.signal('SIGTERM');
    expect((await run.exited).code).toBe(0);
    const late = await finish(['run', '--tape', String(shared), '--from', '2025-12-05T16:00', '--state-dir', scratch('late')]);
    expect([late.code, late.stderr]).toEqual([20, expect.stringContaining('--from lies at or after the end of the tape')]);
  });
});
