// Limits set while the daemon runs, over real sockets: who may set which way, what is kept, and what a restart finds.
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/domain/control.ts';
import { ledgerFile } from '../store/fixture.ts';
import { type Answer, controlRig, type Rig, shipped } from './control-rig.ts';

const set = async (rig: Rig, role: Role, limit: string, value: string): Promise<Answer> =>
  rig.post('/v1/limits', { limit, value, reason: 'the market is wild' }, { token: await rig.token(role) });
const KEY = 'risk.fat_finger_usd';
const usd = (rig: Rig): number => rig.engine.beliefs.limits.orderNotionalMax / 1e6;

describe('setting a limit', () => {
  it('to allow less takes an operator, and binds at once', async () => {
    const rig = await controlRig();
    const answer = await set(rig, 'operator', KEY, '9000.00');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ key: KEY, value: '9000.00', before: 25_000_000_000, after: 9_000_000_000, loosened: false });
    expect(usd(rig)).toBe(9_000);
  });
  it('to allow more takes an admin', async () => {
    const rig = await controlRig();
    const refused = await set(rig, 'operator', KEY, '25000.01');
    expect([refused.status, refused.body['code']]).toEqual([403, 'ROLE']);
    expect(usd(rig)).toBe(25_000);
    expect((await set(rig, 'admin', KEY, '25000.01')).body['loosened']).toBe(true);
    expect(usd(rig)).toBe(25_000.01);
  });
  it('is compared with what stands, not with the file', async () => {
    const rig = await controlRig();
    await set(rig, 'operator', KEY, '100.00');
    expect((await set(rig, 'operator', KEY, '200.00')).body['code']).toBe('ROLE');
    expect(usd(rig)).toBe(100);
  });
  it('is refused to a viewer at the door', async () => {
    expect((await set(await controlRig(), 'viewer', KEY, '1.00')).status).toBe(403);
  });
  it.each([
    ['risk.fat_fingr_usd', '1.00', 404, 'NO_LIMIT'],
    ['risk.index_funds', 'SPY', 404, 'NO_LIMIT'],
    ['risk.stock_quote_max_age', '1s', 404, 'NO_LIMIT'],
    [KEY, '-1.00', 400, 'LIMIT_VALUE'],
    [KEY, 'much', 400, 'LIMIT_VALUE'],
    ['risk.cash_buffer_pct', '5', 400, 'LIMIT_VALUE'],
    ['run.speed', '5', 400, 'BODY'],
    ['risk.__proto__', '5', 404, 'NO_LIMIT'],
  ])('%s to %s is refused: %d %s', async (limit, value, status, code) => {
    const rig = await controlRig();
    const answer = await set(rig, 'admin', limit, value);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(rig.engine.beliefs.limits).toEqual(shipped().risk);
  });
  it('stands after a restart, the last one of each', async () => {
    const file = ledgerFile();
    const rig = await controlRig(file);
    await set(rig, 'operator', KEY, '9000.00');
    await set(rig, 'operator', KEY, '8000.00');
    await set(rig, 'operator', 'risk.cash_buffer_pct', '0.2');
    rig.store.close();
    const next = await controlRig(file);
    expect([usd(next), next.engine.beliefs.limits.cashBufferPct]).toEqual([8_000, 0.2]);
    const told = (await next.get('/v1/limits', { token: await next.token('viewer') })).body as unknown as readonly {
      readonly limit: string;
      readonly figure: number;
      readonly set: string | null;
    }[];
    expect(told.filter((row) => row.set !== null).map(({ limit, figure, set: text }) => [limit, figure, text])).toEqual([
      [KEY, 8_000_000_000, '8000.00'],
      ['risk.cash_buffer_pct', 0.2, '0.2'],
    ]);
  });
  it('leaves who, why and what in the audit, and a row that nobody can change', async () => {
    const file = ledgerFile();
    const rig = await controlRig(file);
    await set(rig, 'operator', KEY, '9000.00');
    await set(rig, 'operator', KEY, '90000.00');
    const db = new Database(file);
    const asked = db.prepare("SELECT verb, target, reason, result FROM audit WHERE verb = 'set_limit' ORDER BY id").all();
    expect(asked).toEqual([
      { verb: 'set_limit', target: KEY, reason: 'the market is wild', result: 'done' },
      { verb: 'set_limit', target: KEY, reason: 'the market is wild', result: 'refused' },
    ]);
    expect(db.prepare('SELECT key, value, loosened FROM limits').all()).toEqual([{ key: KEY, value: '9000.00', loosened: 0 }]);
    expect(() => db.exec('UPDATE limits SET value = 1')).toThrow('never changed');
    expect(() => db.exec('DELETE FROM limits')).toThrow('never deleted');
    db.close();
  });
});
