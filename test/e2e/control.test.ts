// The real daemon and the real commands: what a person pauses stays paused over kill -9, goes on when resumed, and a stop ends flat.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { event, finish, type Line, type Running, scratch, wsb } from './process.ts';

const MINUTE = 60_000;
const home = scratch('control');
const dir = join(home, 'state');
afterAll(() => rmSync(home, { recursive: true, force: true }));
const reason = ['--reason', 'said so'];
/** Half a minute from the start at 15:05 to the slot of 15:20: long enough for the commands between them on a slow machine. */
const start = (): Running => wsb(['run', '--state-dir', dir, '--strategies', 'base', '--speed', '30', '-v']);
const tell = (...args: readonly string[]): ReturnType<typeof finish> => finish([...args, '--state-dir', dir]);
const told = async (...args: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await tell(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};
const ofBase = (name: string) => (line: Line) => line.event === name && line['strategy'] === 'base';
const opened = (run: Running): readonly Line[] => run.lines.filter((l) => ofBase('order.recorded')(l) && l['purpose'] === 'O');

async function isPaused(): Promise<void> {
  const run = start();
  await run.until(event('run.ready'), 'readiness', MINUTE);
  expect(statSync(join(dir, 'cli.token')).mode & 0o777).toBe(0o600);
  expect(await told('halt', '--scope', 'strategy:base', ...reason)).toMatchObject({ scope: 'strategy:base', level: 'halt', stood: false });
  await run.until((l) => ofBase('decision')(l) && l['code'] === 'KILL_SWITCH', 'the slot that is not asked', 2 * MINUTE);
  expect(opened(run)).toEqual([]);
  run.signal('SIGKILL');
  await run.exited;
}

async function isDead(): Promise<void> {
  for (const verb of ['freeze', 'resume', 'reconcile']) expect(await tell(verb, ...reason)).toMatchObject({ code: 3 });
  expect(await told('halt', '--scope', 'symbol:QQQ', ...reason)).toMatchObject({ scope: 'symbol:QQQ', daemon: 'not running' });
}

async function goesOn(run: Running): Promise<void> {
  await run.until(event('run.ready'), 'readiness', MINUTE);
  const { halts } = (await told('status')) as { readonly halts: readonly unknown[] };
  expect(halts).toMatchObject([{ scope: { kind: 'strategy', id: 'base' } }, { scope: { kind: 'symbol', symbol: 'QQQ' } }]);
  expect(await tell('resume', '--scope', 'account', ...reason)).toMatchObject({ code: 6 });
  expect(await told('resume', '--scope', 'strategy:base', ...reason)).toMatchObject({ lifted: 1, left: ['halt symbol:QQQ: said so'] });
  await run.until(ofBase('order.filled'), 'an order after the resume', 2 * MINUTE);
  expect(await told('reconcile')).toMatchObject({ agree: true });
}

async function endsFlat(run: Running): Promise<void> {
  expect(await tell('flatten', '--scope', 'strategy:base', ...reason)).toMatchObject({ code: 7 });
  await told('flatten', '--scope', 'strategy:base', '--yes', ...reason);
  await run.until(event('flatten.done'), 'the closing of what is held', MINUTE);
  expect(await told('positions')).toEqual([]);
  expect(await told('stop', '--yes', ...reason)).toMatchObject({ policy: 'flatten', exitCode: 0 });
  expect((await run.exited).code, run.stderr()).toBe(0);
}

it('S-36: a halt by command stops the orders of a strategy over kill -9, and a resume brings them back', {
  timeout: 6 * MINUTE,
}, async () => {
  await isPaused();
  await isDead();
  const run = start();
  await goesOn(run);
  await endsFlat(run);
  const rows = (await told('audit', 'show')) as readonly { readonly verb: string; readonly actor: string; readonly result: string }[];
  expect(rows.map(({ verb, result }) => `${verb} ${result}`).reverse()).toEqual([
    'issue_token done',
    'halt done',
    'halt done',
    'resume refused',
    'resume done',
    'reconcile done',
    'flatten done',
    'stop done',
  ]);
  expect((await tell('db', 'check')).stdout).toBe('0 violations');
});
