// Risk over real sockets: what it tells, what an order would meet, and that asking leaves nothing behind.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { questionRoutes } from '../../../src/daemon/control/routes.ts';
import { mintToken } from '../../../src/daemon/control/tokens.ts';
import { denialCodes } from '../../../src/domain/verdict.ts';
import { controlRig, type Rig } from './control-rig.ts';

const order = { strategy: 'base', legs: [{ symbol: 'ABC', side: 'buy', effect: 'open' }], qty: 1, limit: '180.00' };
const path = '/v1/risk/check';
const read = async (rig: Rig): Promise<string> => {
  const token = await rig.token('admin');
  await rig.post('/v1/reconcile', { reason: 'a look' }, { token });
  return token;
};

describe('GET /v1/risk', () => {
  it('says that nothing is known before the broker was read', async () => {
    const rig = await controlRig();
    const { status, body } = await rig.get('/v1/risk', { token: await rig.token('viewer') });
    expect([status, body]).toMatchObject([200, { equity: null, code: 'ACCOUNT_STALE', limits: [], book: null }]);
  });
  it('tells limits, losses, the ladder and the book in numbers', async () => {
    const rig = await controlRig();
    const token = await read(rig);
    const { body } = await rig.get('/v1/risk', { token });
    expect(body).toMatchObject({ equity: expect.any(Number) as number, step: 'normal', book: { worstStress: 0, clusters: [] } });
    const limits = body['limits'] as readonly Readonly<Record<string, unknown>>[];
    expect(limits.map((use) => use['rule'])).toEqual(expect.arrayContaining(['EXPOSURE', 'STRATEGY_CAP', 'DAILY_LOSS', 'RATE']));
    expect(limits.every((use) => use['share'] !== null || use['why'] !== null)).toBe(true);
  });
});

describe(`POST ${path}`, () => {
  it('answers a viewer with every rule, and leaves no row behind', async () => {
    const rig = await controlRig();
    await read(rig);
    const token = await rig.token('viewer');
    const [before, turns] = [rig.store.trail(1_000).length, rig.engine.beliefs.orders.size];
    const { status, body } = await rig.post(path, order, { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: 'denied', asked: 1, qty: 0, code: expect.any(String) as string });
    expect((body['checks'] as readonly { readonly rule: string }[]).map((check) => check.rule)).toEqual(denialCodes);
    expect([rig.store.trail(1_000).length, rig.engine.beliefs.orders.size]).toEqual([before, turns]);
  });
  it('wants no Idempotency-Key, and keeps no answer', async () => {
    const rig = await controlRig();
    const token = await rig.token('viewer');
    expect((await rig.post(path, order, { token, headers: { 'Idempotency-Key': '' } })).status).toBe(200);
    const key = randomUUID();
    await rig.post(path, order, { token, key });
    expect((await rig.get(`/v1/operations/${key}`, { token })).status).toBe(404);
  });
  it('has the allowance of reads, so that asking keeps nobody from acting', async () => {
    const rig = await controlRig();
    const token = await rig.token('operator');
    const statuses = new Set<number>();
    for (let i = 0; i < 61; i++) statuses.add((await rig.post(path, order, { token })).status);
    expect([...statuses]).toEqual([200]);
    expect((await rig.post('/v1/reconcile', { reason: 'a look' }, { token })).status).toBe(200);
  });
  it.each<readonly [string, unknown, string]>([
    ['is no JSON', '{', ''],
    ['is a list', [], 'expected object'],
    ['names an unknown strategy', { ...order, strategy: 'nobody' }, 'strategy: not a strategy'],
    ['names no symbol', { ...order, legs: [{ ...order.legs[0], symbol: '../etc' }] }, 'legs[0].symbol: not a symbol'],
    ['has a limit that is no number', { ...order, limit: 'NaN' }, 'limit: not a price'],
    ['asks for more than there is', { ...order, qty: 1e300 }, 'qty'],
    ['has a field of no meaning', { ...order, send: true }, 'send: unknown field'],
    ['would change what objects are', '{"__proto__":{"a":1}}', ''],
  ])('refuses a body that %s', async (_, body, why) => {
    const rig = await controlRig();
    const said = await rig.post(path, body, { token: await rig.token('viewer') });
    expect([said.status, said.body['code']]).toEqual([400, 'BODY']);
    expect(said.body['detail']).toContain(why);
  });
  it.each(questionRoutes.map((route) => [route.path]))('%s lets nobody in without a token, or with a bad one', async (asked) => {
    const rig = await controlRig();
    expect((await rig.post(asked, order)).body['code']).toBe('NO_TOKEN_SHOWN');
    expect((await rig.post(asked, order, { token: mintToken().text })).body['code']).toBe('TOKEN');
    expect(rig.store.trail(1)).toMatchObject([{ result: 'denied', code: 'TOKEN', verb: `POST ${asked}` }]);
  });
});
