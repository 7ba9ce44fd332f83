// The programs of docs/exchange.md, run as they are printed; only the ports are those of the exchange at hand.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runNode } from './child.ts';
import { type Served, serve } from './served.ts';

const page = readFileSync(new URL('../../../docs/exchange.md', import.meta.url), 'utf8');
const programs = [...page.matchAll(/^### ([^\n]+)\n[^#]*?^```js\n(.*?)^```$/gms)].map(([, title = '', code = '']) => ({ title, code }));

let served: Served;
beforeAll(async () => {
  served = await serve('sim');
});
afterAll(async () => {
  await served.close();
  expect(served.faults).toEqual([]);
});

it('are three', () => {
  expect(programs.map(({ title }) => title)).toEqual(['The Node SDK 4', 'The Node SDK 3', '@master-chief/alpaca']);
});

it.each(programs)(
  '$title buys a share, hears of it, and ends',
  async ({ code }) => {
    const kind = code.includes('require(') ? 'commonjs' : 'module';
    const here = code
      .replaceAll('127.0.0.1:9000', new URL(served.url).host)
      .replaceAll('127.0.0.1:9443', new URL(served.tlsUrl).host)
      // Both generations of the SDK are installed here; the one before has another name.
      .replace("require('@alpacahq/alpaca-trade-api')", "require('alpaca-v3')");
    const said = await runNode([`--input-type=${kind}`, '-e', here], { NODE_EXTRA_CA_CERTS: served.certificateFile }, 45_000);
    expect(said).toMatch(/filled at [1-9]\d*(\.\d+)?\n/);
  },
  60_000,
);
