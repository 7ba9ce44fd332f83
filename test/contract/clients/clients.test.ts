// Clients of others tell the same story of one account over real sockets, each in a process that has to end by itself.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runNode } from './child.ts';
import { type Served, serve } from './served.ts';
import { steps, type Table } from './story.ts';

let served: Served;
beforeEach(async () => {
  served = await serve('story');
});
afterEach(async () => {
  await served.close();
  expect(served.faults).toEqual([]);
});

it.each([
  ['the Node SDK 4', 'sdk-4', []],
  ['the Node SDK 3, its data streams over TLS', 'sdk-3', []],
  ['a client that is not the broker’s own', 'independent', ['chain', 'optionQuote', 'news']],
] as const)('%s trades, hears of it, and leaves nothing open', async (_name, client, without) => {
  const args = ['--import', 'tsx', 'test/contract/clients/main.ts', client, served.today];
  const { url, tlsUrl, certificateFile } = served;
  const said = await runNode(args, { EXCHANGE_URL: url, EXCHANGE_TLS_URL: tlsUrl, NODE_EXTRA_CA_CERTS: certificateFile });
  const table = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Table;
  const missing: readonly string[] = without;
  expect(table).toEqual(Object.fromEntries(steps.map((step) => [step, missing.includes(step) ? 'no method' : 'done'])));
  await expect.poll(() => served.openStreams()).toBe(0);
});
