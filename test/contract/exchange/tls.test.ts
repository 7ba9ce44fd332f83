// The port that speaks TLS: the same exchange, to who trusts its certificate, and a server that outlives those who do not.
import { request } from 'node:https';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { certifyLoopback } from '../../../src/exchange/wire/certificate.ts';
import { type ExchangeServer, startServer } from '../../../src/exchange/wire/server.ts';
import { collector } from './collector.ts';
import { type Rig, rig } from './rig.ts';

const DAY_MS = 86_400_000;
const certified = await certifyLoopback(Date.now() - DAY_MS, Date.now() + DAY_MS);
const stranger = await certifyLoopback(Date.now() - DAY_MS, Date.now() + DAY_MS);
const keys = { 'APCA-API-KEY-ID': 'key', 'APCA-API-SECRET-KEY': 'secret' };

interface Said {
  readonly status: number | undefined;
  readonly body: string;
}

let made: Rig;
let server: ExchangeServer;
beforeEach(async () => {
  made = rig();
  server = await startServer(made.exchange, { host: '127.0.0.1', port: 0, tls: { port: 0, ...certified } });
});
afterEach(async () => {
  await server.close();
  made.exchange.close();
  expect(made.faults).toEqual([]);
});

const ask = (path: string, ca: string, method = 'GET'): Promise<Said> =>
  new Promise((resolve, reject) => {
    const asked = request(`${server.tlsUrl ?? ''}${path}`, { ca, method, headers: keys, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

describe('the TLS port', () => {
  it('answers as the plain one does', async () => {
    const plain = await fetch(`${server.url}/v2/clock`, { headers: keys });
    expect(await ask('/v2/clock', certified.cert)).toEqual({ status: 200, body: await plain.text() });
  });

  it('carries streams', async () => {
    const frames = collector<string>();
    const socket = new WebSocket(`${(server.tlsUrl ?? '').replace('https', 'wss')}/v2/iex`, { ca: certified.cert, headers: keys });
    socket.on('message', (data) => frames.push((data as Buffer).toString()));
    await frames.find((frame) => frame.includes('authenticated'));
    expect(made.exchange.streams.count).toBe(1);
    socket.close();
    await expect.poll(() => made.exchange.streams.count).toBe(0);
  });

  it('is refused by who does not trust it, is deaf to what is no TLS, and goes on', async () => {
    await expect(ask('/v2/clock', stranger.cert)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    const ended = new Promise((resolve) => {
      const port = Number(new URL(server.tlsUrl ?? '').port);
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /v2/clock HTTP/1.1\r\n\r\n'));
      socket.on('error', () => undefined);
      socket.on('close', resolve);
      socket.resume();
    });
    await ended;
    expect((await ask('/v2/clock', certified.cert)).status).toBe(200);
  });

  it('is cut with the plain one, and answers the request that asked for the cut', async () => {
    const socket = new WebSocket(`${(server.tlsUrl ?? '').replace('https', 'wss')}/stream`, { ca: certified.cert });
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('open', resolve));
    expect((await ask('/sim/v1/faults/cut', certified.cert, 'POST')).status).toBeLessThan(300);
    expect(await closed).toBe(1006);
  });
});

it('does not open with a key of another certificate', async () => {
  const both = { port: 0, cert: certified.cert, key: stranger.key };
  await expect(startServer(made.exchange, { host: '127.0.0.1', port: 0, tls: both })).rejects.toThrow(/cannot serve TLS.*of one pair/);
});

it('closes while a handshake is under way', async () => {
  const silent = connect(Number(new URL(server.tlsUrl ?? '').port), '127.0.0.1');
  silent.on('error', () => undefined);
  const gone = new Promise((resolve) => silent.on('close', resolve));
  await new Promise((resolve) => silent.on('connect', resolve));
  // The server has taken the connection once it answers another one.
  await ask('/v2/clock', certified.cert);
  await server.close();
  await gone;
  server = await startServer(made.exchange, { host: '127.0.0.1', port: 0 });
  expect(server.tlsUrl).toBeNull();
});
