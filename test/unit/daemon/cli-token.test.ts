import { chmodSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CLI_TOKEN_DAYS, cliTokenFile, keepCliToken } from '../../../src/daemon/control/cli-token.ts';
import { DAY } from '../../../src/domain/time.ts';
import { folder } from '../store/fixture.ts';
import { controlRig } from './control-rig.ts';

async function kept() {
  const rig = await controlRig();
  const dir = folder();
  const file = cliTokenFile(dir);
  return {
    ...rig,
    file,
    keep: () => keepCliToken(dir, rig.engine.beliefs.tokens, rig.control, rig.wall.at),
    text: () => readFileSync(file, 'utf8').trim(),
  };
}

it('the token of the commands is written once, for its owner alone, and is an admin', async () => {
  const rig = await kept();
  expect([await rig.keep(), await rig.keep()]).toEqual([true, false]);
  expect(statSync(rig.file).mode & 0o777).toBe(0o600);
  expect((await rig.get('/v1/tokens', { token: rig.text() })).status).toBe(200);
  expect(rig.store.trail(9)).toMatchObject([{ actor: 'boot', verb: 'issue_token', role: 'admin', result: 'done' }]);
});

it('it is written anew when it is lost, revoked, spoilt or about to expire, and closed again when somebody opened it', async () => {
  const rig = await kept();
  await rig.keep();
  chmodSync(rig.file, 0o644);
  expect(await rig.keep()).toBe(false);
  expect(statSync(rig.file).mode & 0o777).toBe(0o600);
  const first = rig.text();
  rmSync(rig.file);
  expect(await rig.keep()).toBe(true);
  expect(rig.text()).not.toBe(first);
  await rig.post(`/v1/tokens/${rig.text().slice(4, 12)}/revoke`, { reason: 'said so' }, { token: rig.text() });
  expect(await rig.keep()).toBe(true);
  rig.wall.at += (CLI_TOKEN_DAYS - 31) * DAY;
  expect(await rig.keep()).toBe(false);
  rig.wall.at += 2 * DAY;
  expect(await rig.keep()).toBe(true);
});
