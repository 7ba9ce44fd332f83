// The control API over real sockets: who is let in, what is asked once is done once, and what is turned away leaves a row.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { doorCodes } from '../../../src/daemon/control/problems.ts';
import { questionRoutes, readRoutes, wishRoutes } from '../../../src/daemon/control/routes.ts';
import { createThrottle } from '../../../src/daemon/control/throttle.ts';
import { mintToken, recognise } from '../../../src/daemon/control/tokens.ts';
import { refusalCodes, roles } from '../../../src/domain/control.ts';
import { DAY } from '../../../src/domain/time.ts';
import { ledgerFile } from '../store/fixture.ts';
import { type Answer, controlRig, type Rig } from './control-rig.ts';

const reason = 'said so';
/** A body that each route takes. */
const bodies: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/v1/exit': { position: 'SPY' },
  '/v1/limits': { limit: 'risk.contracts_max', value: '19' },
  '/v1/tokens': { id: 'aaaaaaaa', role: 'viewer', name: 'wall', hash: 'a'.repeat(64) },
};
const pathOf = (path: string): string =>
  path.replace(':id', path.includes('strategies') ? 'wheel' : 'aaaaaaaa').replace(':key', 'a-key-of-no-one');
const askAll = (rig: Rig, path: string, token: string): Promise<Answer> => rig.post(pathOf(path), { ...bodies[path], reason }, { token });

describe('docs/control.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/control.md'), 'utf8');
  it('lists every route with its role, and no other', () => {
    const told = [...page.matchAll(/^\| `(GET|POST) (\/v1\/\S+)` +\| (\w+) /gm)].map((m) => `${m[1] ?? ''} ${m[2] ?? ''} ${m[3] ?? ''}`);
    expect(told.sort()).toEqual([...readRoutes, ...questionRoutes, ...wishRoutes].map((r) => `${r.method} ${r.path} ${r.role}`).sort());
  });
  it('explains every error code, and no other', () => {
    const told = [...page.matchAll(/^\| `([A-Z_]+)` +\| \d{3} /gm)].map((m) => m[1] ?? '');
    expect(told.sort()).toEqual([...doorCodes, ...refusalCodes].sort());
  });
});

describe('every route', () => {
  it.each(wishRoutes.flatMap((route) => roles.map((role) => [route.path, role, route.role] as const)))(
    'POST %s as %s',
    async (path, role, wants) => {
      const rig = await controlRig();
      const { status, body } = await askAll(rig, path, await rig.token(role));
      const may = roles.indexOf(role) >= roles.indexOf(wants);
      expect(body['code'] === 'ROLE').toBe(!may);
      if (!may) expect(status).toBe(403);
      expect(rig.store.trail(1)).toMatchObject([{ role, reason, ...(may ? {} : { result: 'refused', code: 'ROLE' }) }]);
    },
  );
  it.each(readRoutes.flatMap((route) => roles.map((role) => [route.path, role, route.role] as const)))(
    'GET %s as %s',
    async (path, role, wants) => {
      const rig = await controlRig();
      const { status, body } = await rig.get(pathOf(path), { token: await rig.token(role) });
      const may = roles.indexOf(role) >= roles.indexOf(wants);
      expect(status).toBe(may ? (path.includes(':key') ? 404 : 200) : 403);
      if (!may) expect(body).toMatchObject({ code: 'ROLE' });
    },
  );
  it.each([...wishRoutes, ...readRoutes].map(({ method, path }) => [method, path] as const))(
    '%s %s lets nobody in without a token',
    async (method, path) => {
      const rig = await controlRig();
      const { status, body, headers } =
        method === 'GET' ? await rig.get(pathOf(path)) : await rig.post(pathOf(path), { ...bodies[path], reason });
      expect([status, body['code'], headers.get('www-authenticate')]).toEqual([401, 'NO_TOKEN_SHOWN', 'Bearer']);
      expect(rig.store.trail(1)).toMatchObject([{ actor: 'nobody', result: 'denied', code: 'NO_TOKEN_SHOWN', verb: `${method} ${path}` }]);
      expect(rig.engine.beliefs.halts).toEqual([]);
    },
  );
});

describe('a token', () => {
  it('that is unknown, malformed, revoked or expired is refused in the same shape, and kept by its id or a hash', async () => {
    const rig = await controlRig();
    const [gone, old, admin] = [await rig.token('admin'), await rig.token('viewer', 1), await rig.token('admin')];
    await rig.post(`/v1/tokens/${gone.slice(4, 12)}/revoke`, { reason }, { token: admin });
    rig.wall.at += DAY;
    const shown = ['', 'x', mintToken().text, `${admin.slice(0, -1)}${admin.endsWith('A') ? 'B' : 'A'}`, gone, old];
    for (const token of shown) {
      const { status, body } = await rig.get('/v1/status', { token });
      expect([status, body['code'], Object.keys(body)]).toEqual([401, 'TOKEN', ['status', 'code', 'detail', 'fix']]);
    }
    const actors = rig.store.trail(6).map((row) => row.actor);
    expect(actors).toEqual([
      old.slice(4, 12),
      gone.slice(4, 12),
      admin.slice(4, 12),
      expect.stringMatching(/^unknown [a-f0-9]{12}$/),
      expect.any(String),
      expect.any(String),
    ]);
    expect((await rig.get('/v1/status', { token: admin })).status).toBe(200);
  });
  it('is never kept: the ledger has its hash alone', async () => {
    const file = ledgerFile();
    const rig = await controlRig(file);
    const text = await rig.token('admin');
    await rig.get('/v1/status', { token: text });
    for (const name of [file, `${file}-wal`]) expect(readFileSync(name).includes(text.slice(13))).toBe(false);
  });
  it('is compared with every bit of it', () => {
    const { id, text, hash } = mintToken();
    const token = { id, role: 'admin', name: 'a', hash, createdWall: 0, expiresWall: 10, revokedWall: null } as const;
    const known = new Map([[id, token]]);
    expect(recognise(text, known, 9)).toEqual({ ok: true, token });
    expect(recognise(text, known, 10)).toMatchObject({ ok: false, why: 'the token has expired' });
    expect(recognise(`${text} `, known, 9).ok).toBe(false);
    expect(recognise(text.slice(0, -1), known, 9).ok).toBe(false);
    expect(recognise(text, new Map(), 9).ok).toBe(false);
  });
});

describe('the same Idempotency-Key', () => {
  const key = 'the-key-of-this-wish';
  it('acts once and answers the same, now and in the next process', async () => {
    const file = ledgerFile();
    const first = await controlRig(file);
    const token = await first.token('admin');
    const body = { scope: 'symbol:SPY', reason };
    const once = await first.post('/v1/halts', body, { token, key });
    const again = await first.post('/v1/halts', body, { token, key });
    expect(again.body).toEqual(once.body);
    expect([once.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
    await first.post('/v1/resume', { scope: 'symbol:SPY', reason }, { token });
    first.store.close();
    const second = await controlRig(file);
    const later = await second.post('/v1/halts', body, { token, key });
    expect([later.status, later.body]).toEqual([once.status, once.body]);
    expect(second.engine.beliefs.halts).toEqual([]);
    expect((await second.get(`/v1/operations/${key}`, { token })).body).toMatchObject({ result: 'done', answer: once.body });
  });
  it('repeats a refusal as it was, even where it would be granted by now', async () => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    const first = await rig.post('/v1/resume', { reason }, { token, key });
    expect([first.status, first.body['code']]).toEqual([404, 'NO_HALT']);
    await rig.post('/v1/halts', { reason }, { token });
    expect((await rig.post('/v1/resume', { reason }, { token, key })).body).toEqual(first.body);
    expect(rig.engine.beliefs.halts).toHaveLength(1);
  });
  it.each([
    ['another wish', '/v1/halts', { reason, level: 'freeze' }],
    ['another reason', '/v1/halts', { reason: 'because' }],
    ['another route', '/v1/flatten', { reason }],
  ])('for %s is a conflict, and nothing is done', async (_, path, body) => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    await rig.post('/v1/halts', { reason }, { token, key });
    const { status, body: said } = await rig.post(path, body, { token, key });
    expect([status, said['code']]).toEqual([409, 'KEY_REUSED']);
    expect(rig.engine.beliefs.halts).toHaveLength(1);
  });
  it('of another token is a conflict', async () => {
    const rig = await controlRig();
    await rig.post('/v1/halts', { reason }, { token: await rig.token('admin'), key });
    expect((await rig.post('/v1/halts', { reason }, { token: await rig.token('admin'), key })).status).toBe(409);
  });
  it('sent ten times at once reads the broker once, and answers all', async () => {
    const rig = await controlRig();
    const token = await rig.token('operator');
    const answers = await Promise.all(Array.from({ length: 10 }, () => rig.post('/v1/reconcile', { reason }, { token, key })));
    expect(new Set(answers.map((a) => JSON.stringify(a.body))).size).toBe(1);
    expect(rig.reads()).toBe(1);
    expect(rig.store.trail(100).filter((row) => row.verb === 'reconcile')).toHaveLength(1);
  });
});

describe('a body', () => {
  it.each([
    ['is no JSON', '/v1/halts', '{', 400],
    ['is a list', '/v1/halts', '[]', 400],
    ['has no reason', '/v1/halts', '{}', 400],
    ['has a reason of two letters', '/v1/halts', { reason: 'ab' }, 400],
    ['has a reason of two lines', '/v1/halts', { reason: 'one\ntwo' }, 400],
    ['has a reason without end', '/v1/halts', { reason: 'a'.repeat(501) }, 400],
    ['has a field of no meaning', '/v1/halts', { reason, role: 'admin' }, 400],
    ['would change what objects are', '/v1/halts', '{"__proto__":{"a":"b"},"reason":"said so"}', 400],
    ['has a number for text', '/v1/halts', { reason, scope: 1 }, 400],
    ['has an unknown scope', '/v1/halts', { reason, scope: 'everything' }, 400],
    ['has an unknown level', '/v1/halts', { reason, level: 'flatten' }, 400],
    ['flattens a symbol', '/v1/flatten', { reason, scope: 'symbol:SPY' }, 400],
    ['exits nothing', '/v1/exit', { reason }, 400],
    ['exits what is no symbol', '/v1/exit', { reason, position: '../etc' }, 400],
    ['stops in a way there is none of', '/v1/stop', { reason, policy: 'sell' }, 400],
    ['issues a token for a year', '/v1/tokens', { ...bodies['/v1/tokens'], reason, days: '365' }, 400],
    ['issues a token of no role', '/v1/tokens', { ...bodies['/v1/tokens'], reason, role: 'root' }, 400],
    ['is too large', '/v1/halts', { reason: 'a'.repeat(70_000) }, 413],
  ])('that %s is refused, and nothing is done', async (_, path, body, status) => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    const before = rig.store.trail(100).length;
    const said = await rig.post(path, body, { token });
    expect([said.status, said.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(said.body).toMatchObject({ code: status === 413 ? 'BODY_TOO_LARGE' : 'BODY', fix: expect.any(String) });
    expect(rig.store.trail(100)).toHaveLength(before);
  });
  it('is not looked at before its sender is known', async () => {
    const rig = await controlRig();
    const { status, body } = await rig.post('/v1/halts', '{');
    expect([status, body['code']]).toEqual([401, 'NO_TOKEN_SHOWN']);
  });
  it.each([['text/plain'], ['application/x-www-form-urlencoded']])('of the kind %s is refused', async (kind) => {
    const rig = await controlRig();
    const said = await rig.post('/v1/halts', { reason }, { token: await rig.token('admin'), headers: { 'Content-Type': kind } });
    expect([said.status, said.body['code']]).toEqual([415, 'CONTENT_TYPE']);
  });
  it.each([[undefined], ['short'], ['with space in it'], ['a'.repeat(129)]])('without a good key (%s) is refused', async (key) => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    const said = await rig.post(
      '/v1/halts',
      { reason },
      { token, ...(key === undefined ? { headers: { 'Idempotency-Key': '' } } : { key }) },
    );
    expect([said.status, said.body['code']]).toEqual([400, 'KEY']);
  });
});

describe('the door', () => {
  it('refuses a foreign host and a foreign page, whatever token they bring', async () => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    const got = await rig.raw(
      `GET /v1/status HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    );
    expect(got).toContain('403');
    expect(got).toContain('"code":"HOST"');
    const page = await rig.get('/v1/status', { token, headers: { Origin: 'http://evil.example' } });
    expect([page.status, page.body['code']]).toEqual([403, 'ORIGIN']);
    expect((await rig.get('/v1/status', { token, headers: { Origin: rig.url } })).status).toBe(200);
  });
  it.each(['/', '/v1', '/v1/../etc/passwd', '/v1/%2e%2e/halts', '/v1/halts/', '/V1/halts'])('knows no %s', async (path) => {
    const rig = await controlRig();
    const { status, body } = await rig.get(path, { token: await rig.token('admin') });
    expect([status, body['code']]).toEqual([404, 'NO_ROUTE']);
  });
  it('slows a flood of failures down, keeps ten of them, and lets good tokens in meanwhile', async () => {
    const rig = await controlRig();
    const token = await rig.token('operator');
    const before = rig.store.trail(1000).length;
    const codes: unknown[] = [];
    for (let i = 0; i < 30; i++) codes.push((await rig.get('/v1/status', { token: mintToken().text })).status);
    expect(codes).toEqual([...Array(10).fill(401), ...Array(20).fill(429)]);
    expect(rig.store.trail(1000).length - before).toBe(10);
    expect((await rig.post('/v1/halts', { reason }, { token })).status).toBe(200);
    rig.clock.advance(60_000);
    expect((await rig.get('/v1/status', { token: mintToken().text })).status).toBe(401);
  });
  it('keeps an allowance for halts apart from all other wishes', async () => {
    const rig = await controlRig();
    const token = await rig.token('operator');
    let last = 0;
    for (let i = 0; i < 61; i++) last = (await rig.post('/v1/exit', { position: 'SPY', reason }, { token })).status;
    expect(last).toBe(429);
    expect((await rig.post('/v1/halts', { reason }, { token })).status).toBe(200);
  });
  it('fills its buckets evenly, and never above the brim', () => {
    const throttle = createThrottle(2);
    expect([throttle.take('a', 0), throttle.take('a', 0), throttle.take('a', 0), throttle.take('b', 0)]).toEqual([true, true, false, true]);
    expect([throttle.take('a', 29_000), throttle.take('a', 30_000), throttle.take('a', 30_000)]).toEqual([false, true, false]);
    expect([throttle.take('a', 9e9), throttle.take('a', 9e9), throttle.take('a', 9e9)]).toEqual([true, true, false]);
  });
  it('answers nobody before the daemon has begun and after it has stopped', async () => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    rig.control.close();
    const { status, body } = await rig.post('/v1/halts', { reason }, { token });
    expect([status, body['code']]).toEqual([503, 'UNAVAILABLE']);
  });
});

describe('the audit', () => {
  it('has who, what, of what, why and the answer of every wish, and lets none of it be changed', async () => {
    const file = ledgerFile();
    const rig = await controlRig(file);
    const token = await rig.token('operator');
    await rig.post('/v1/halts', { scope: 'strategy:wheel', reason: 'too many puts' }, { token });
    await rig.post('/v1/resume', { scope: 'strategy:wheel', reason: 'enough' }, { token });
    expect(rig.store.trail(2)).toMatchObject([
      {
        actor: token.slice(4, 12),
        role: 'operator',
        verb: 'resume',
        target: 'strategy:wheel',
        reason: 'enough',
        result: 'refused',
        code: 'ROLE',
      },
      {
        actor: token.slice(4, 12),
        role: 'operator',
        verb: 'halt',
        target: 'strategy:wheel',
        reason: 'too many puts',
        result: 'done',
        answer: { stood: false },
      },
    ]);
    const db = new Database(file);
    expect(() => db.exec(`UPDATE audit SET reason = 'nothing'`)).toThrow('audit: rows are never changed');
    expect(() => db.exec('DELETE FROM audit')).toThrow('audit: rows are never deleted');
    expect(() => db.exec('DELETE FROM tokens')).toThrow('tokens: rows are never deleted');
    expect(() => db.exec(`UPDATE tokens SET role = 'admin'`)).toThrow('tokens: what was issued does not change');
    await rig.post('/v1/strategies/wheel/disable', { reason }, { token });
    expect(() => db.exec('DELETE FROM switches')).toThrow('switches: rows are never deleted');
    db.close();
  });
  it('is in the same transaction as what it tells of', async () => {
    const file = ledgerFile();
    const rig = await controlRig(file);
    const token = await rig.token('admin');
    await rig.post('/v1/halts', { reason }, { token });
    const db = new Database(file, { readonly: true });
    const row = db
      .prepare<[], { audit: number; halt: number }>('SELECT (SELECT max(seq) FROM audit) AS audit, (SELECT set_seq FROM halts) AS halt')
      .get();
    db.close();
    expect(row?.audit).toBe(row?.halt);
  });
});

describe('what is read', () => {
  it('tells halts, switches and tokens without a secret', async () => {
    const rig = await controlRig();
    const token = await rig.token('admin');
    await rig.post('/v1/halts', { scope: 'symbol:SPY', level: 'freeze', reason }, { token });
    await rig.post('/v1/strategies/wheel/disable', { reason }, { token });
    expect((await rig.get('/v1/status', { token })).body).toMatchObject({
      mode: 'sim',
      account: '...0001',
      halts: [{ scope: 'symbol:SPY', level: 'freeze', reason }],
      off: { wheel: 'switched off: said so' },
    });
    const { body } = await rig.get('/v1/tokens', { token });
    expect(JSON.stringify(body)).not.toMatch(/hash|[a-f0-9]{64}/);
    expect(JSON.stringify((await rig.get('/v1/strategies', { token })).body)).toContain('switched off');
  });
});
