import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { networkTransport } from '../../../src/net/network-transport.ts';
import { HostRefused, hostCheck } from '../../../src/net/outbound-hosts.ts';

let server: Server;
let sockets: WebSocketServer;
let host = '';
const seen: string[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${String(request.headers['x-key'])}`);
    if (request.url === '/moved') response.writeHead(302, { Location: `http://${host}/stolen` }).end();
    else response.end('{"ok":true}');
  });
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket: WebSocket, request) => {
    seen.push(`socket ${request.url ?? ''} ${String(request.headers['content-type'])}`);
    socket.on('message', (data) => socket.send((data as Buffer).toString().toUpperCase()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('hosts', () => {
  it('are allowed with their port, or on every port', () => {
    const check = hostCheck(['API.alpaca.markets', '127.0.0.1:7001', '[::1]']);
    for (const url of [
      'https://api.alpaca.markets/v2/account',
      'wss://api.alpaca.markets/stream',
      'http://127.0.0.1:7001/x',
      'http://[::1]:9/x',
    ])
      expect(() => check(url)).not.toThrow();
    for (const url of [
      'http://127.0.0.1:7002/x',
      'https://api.alpaca.markets.evil.test/',
      'https://evil.test/api.alpaca.markets',
      'https://api.alpaca.markets@evil.test/',
    ])
      expect(() => check(url)).toThrow(HostRefused);
  });
  it('are named when refused', () =>
    expect(() => hostCheck(['a.test'])('https://b.test/x')).toThrow(/b\.test is not among the hosts.*a\.test/));
});

describe('requests', () => {
  it('reach an allowed host', async () => {
    const answer = await networkTransport({ allowHosts: [host] }).fetchApi(`http://${host}/v2/clock`, { headers: { 'x-key': 'K' } });
    expect(await answer.json()).toEqual({ ok: true });
    expect(seen).toEqual(['GET /v2/clock K']);
  });
  it('leave no byte for any other', async () => {
    await expect(networkTransport({ allowHosts: ['paper-api.alpaca.markets'] }).fetchApi(`http://${host}/x`)).rejects.toThrow(HostRefused);
    expect(seen).toEqual([]);
  });
  it('follow no redirect, even when asked to', async () => {
    await expect(
      networkTransport({ allowHosts: [host] }).fetchApi(`http://${host}/moved`, { redirect: 'follow', headers: { 'x-key': 'K' } }),
    ).rejects.toThrow();
    expect(seen).toEqual(['GET /moved K']);
  });
});

describe('sockets', () => {
  it('speak to an allowed host, and say how they frame', async () => {
    const { socketFactory } = networkTransport({ allowHosts: [host] });
    for (const codec of ['msgpack', 'json'] as const) {
      const socket = socketFactory(`ws://${host}/v2/iex`, codec);
      const heard = new Promise<string>((resolve, reject) => {
        socket.on('open', () => socket.send('hello'));
        socket.on('message', (data) => resolve(String(data)));
        socket.on('error', reject);
      });
      expect(await heard).toBe('HELLO');
      expect(socket.readyState).toBe(1);
      const pong = new Promise((resolve) => socket.on('pong', resolve));
      socket.ping?.();
      await pong;
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.close();
      await closed;
    }
    expect(seen).toEqual(['socket /v2/iex application/msgpack', 'socket /v2/iex undefined']);
  });
  it('are not even tried elsewhere', () => {
    expect(() => networkTransport({ allowHosts: ['x.test'] }).socketFactory(`ws://${host}/stream`, 'json')).toThrow(HostRefused);
    expect(seen).toEqual([]);
  });
});
