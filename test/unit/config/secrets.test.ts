import { chmodSync, symlinkSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/config/secret.ts';
import { forgetSecrets, loadSecrets, type SecretsRequest } from '../../../src/config/secrets.ts';
import { configured, workspace } from './workspace.ts';

const pair = { APCA_API_KEY_ID: 'PKTEST', APCA_API_SECRET_KEY: 'hush' };
const load = (request: Partial<SecretsRequest> & Pick<SecretsRequest, 'cwd'>) => loadSecrets({ mode: 'paper', env: {}, ...request });
const problems = (loaded: ReturnType<typeof loadSecrets>): string => (loaded.ok ? '' : loaded.problems.join('\n'));

describe('a secret', () => {
  const secret = new Secret('hush');
  it.each([
    ['text', `${secret as unknown as string}`],
    ['concatenation', '' + (secret as unknown as string)],
    ['JSON', JSON.stringify({ secret })],
    ['inspection', inspect({ deep: [secret] }, { showHidden: true, depth: 9 })],
    ['its own text', secret.toString()],
  ])('is masked in %s', (_, shown) => {
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain('hush');
  });

  it('is revealed only by name', () => {
    expect(secret.reveal()).toBe('hush');
    expect(Object.values(secret)).toEqual([]);
  });
});

describe('where the key pair comes from', () => {
  it('is the exchange itself in sim, whatever the environment says', () => {
    const loaded = load({ mode: 'sim', cwd: workspace().dir, env: pair });
    expect(loaded.ok && loaded.secrets.keyId.reveal()).toBe('sim');
  });

  it('is the environment over .env', () => {
    const place = workspace();
    place.write('.env', 'APCA_API_KEY_ID=PKFILE\nAPCA_API_SECRET_KEY=from-file\n');
    const loaded = load({ cwd: place.dir, env: { APCA_API_KEY_ID: 'PKPROCESS', APCA_API_SECRET_KEY: '' } });
    expect(loaded.ok && [loaded.secrets.keyId.reveal(), loaded.secrets.secretKey.reveal()]).toEqual(['PKPROCESS', 'from-file']);
  });

  it('is a file named by _FILE, trimmed', () => {
    const place = workspace();
    place.write('id', 'PKTEST\n');
    place.write('key', 'hush\n');
    const loaded = load({ cwd: place.dir, env: { APCA_API_KEY_ID_FILE: 'id', APCA_API_SECRET_KEY_FILE: 'key' } });
    expect(loaded).toMatchObject({ ok: true, warnings: [], secrets: { source: 'files' } });
    expect(loaded.ok && loaded.secrets.secretKey.reveal()).toBe('hush');
  });

  it("is systemd's directory before all", () => {
    const place = workspace();
    place.write('creds/apca_api_key_id', 'PKUNIT\n', 0o440);
    place.write('creds/apca_api_secret_key', 'hush\n', 0o440);
    const loaded = load({ cwd: place.dir, env: { ...pair, CREDENTIALS_DIRECTORY: `${place.dir}/creds` } });
    expect(loaded.ok && loaded.secrets.keyId.reveal()).toBe('PKUNIT');
  });
});

describe('what is wrong with a key pair', () => {
  it('names every missing variable at once', () => {
    const loaded = load({ cwd: workspace().dir });
    expect(loaded).toMatchObject({ ok: false, exitCode: 20 });
    expect(problems(loaded)).toMatch(/APCA_API_KEY_ID is not set[\s\S]*APCA_API_SECRET_KEY is not set/);
  });

  it('refuses a variable and its file together', () => {
    const place = workspace();
    place.write('id', 'PKTEST');
    const loaded = load({ cwd: place.dir, env: { ...pair, APCA_API_KEY_ID_FILE: 'id' } });
    expect(loaded).toMatchObject({
      ok: false,
      exitCode: 20,
      problems: [expect.stringContaining('APCA_API_KEY_ID and APCA_API_KEY_ID_FILE are both set')],
    });
  });

  it.each([
    ['two words', 'hush hush'],
    ['a line break', 'hush\nhost: evil'],
    ['a whole file', 'x'.repeat(300)],
  ])('refuses what is not the shape of a key, without repeating it: %s', (_, value) => {
    const loaded = load({ cwd: workspace().dir, env: { ...pair, APCA_API_SECRET_KEY: value } });
    expect(problems(loaded)).toContain('APCA_API_SECRET_KEY (from environment): not a key');
    expect(problems(loaded)).not.toContain(value.slice(0, 9));
  });

  it('names a file that is not there', () => {
    const loaded = load({ cwd: workspace().dir, env: { APCA_API_KEY_ID_FILE: 'absent', APCA_API_SECRET_KEY: 'hush' } });
    expect(problems(loaded)).toContain('cannot be read (ENOENT)');
  });
});

describe('a secret file that others could read', () => {
  const spoil = {
    'world-readable': (path: string) => chmodSync(path, 0o604),
    'group-readable': (path: string) => chmodSync(path, 0o640),
  };

  it.each(Object.entries(spoil))('%s: refused in live, told in paper', (_, make) => {
    const place = workspace();
    const env = { APCA_API_KEY_ID_FILE: place.write('id', 'AKTEST'), APCA_API_SECRET_KEY_FILE: place.write('key', 'hush') };
    make(`${place.dir}/key`);
    const live = load({ mode: 'live', cwd: place.dir, env, tradingUrl: 'https://api.alpaca.markets' });
    expect(live).toMatchObject({ ok: false, exitCode: 20, problems: [expect.stringContaining(`chmod 600 ${place.dir}/key`)] });
    const paper = load({ cwd: place.dir, env: { ...env, APCA_API_KEY_ID_FILE: place.write('id', 'PKTEST') } });
    expect(paper).toMatchObject({ ok: true, warnings: [expect.stringContaining(`chmod 600 ${place.dir}/key`)] });
  });

  it('a symbolic link: refused in live, told in paper', () => {
    const place = workspace();
    place.write('real', 'hush');
    symlinkSync(`${place.dir}/real`, `${place.dir}/link`);
    const env = { APCA_API_KEY_ID: 'AKTEST', APCA_API_SECRET_KEY_FILE: 'link' };
    expect(problems(load({ mode: 'live', cwd: place.dir, env }))).toContain('is a symbolic link');
    expect(load({ cwd: place.dir, env: { ...env, APCA_API_KEY_ID: 'PKTEST' } })).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('is a symbolic link')],
    });
  });

  it('an open .env: refused in live with 20, told in paper', () => {
    const place = configured();
    place.write('.env', 'WSB_LIVE=123\n', 0o644);
    const told = `.env can be read or changed by other users (mode 0644): chmod 600 ${place.dir}/.env`;
    const live = place.load({ mode: 'live' });
    expect(live).toMatchObject({ ok: false, exitCode: 20 });
    expect(live.ok ? '' : live.problems.join('\n')).toContain(told);
    const paper = place.load({ mode: 'paper' });
    expect(paper).toMatchObject({ ok: true, warnings: [expect.stringContaining(told)] });
  });
});

describe('after the pair has been read', () => {
  it('the variables are gone from the process, the rest stays', () => {
    const env: Record<string, string | undefined> = { ...pair, WSB_LIVE: '1', PATH: '/bin' };
    forgetSecrets(env);
    expect(env).toEqual({ WSB_LIVE: '1', PATH: '/bin' });
  });
});
