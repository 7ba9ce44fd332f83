import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import FakeTimers from '@sinonjs/fake-timers';
import { describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { epochMs } from '../../../src/domain/time.ts';
import { exchangeClock, type FollowedClock } from '../../../src/net/exchange-clock.ts';
import { systemClock } from '../../../src/net/system-clock.ts';
import { wsTransport } from '../../../src/net/ws-transport.ts';

describe('the system clock', () => {
  it('stands still while the wall is set back, and goes on from there', () => {
    const timers = FakeTimers.install({ now: 1_000_000, toFake: ['Date'] });
    try {
      const clock = systemClock();
      expect(clock.now().exchange).toBe(1_000_000);
      timers.setSystemTime(700_000);
      expect(clock.now().exchange).toBe(1_000_000);
      expect(clock.wallUntil(epochMs(1_000_500))).toBe(500);
      timers.setSystemTime(1_000_001);
      expect(clock.now()).toMatchObject({ exchange: 1_000_001, speed: 1 });
      expect(clock.wallUntil(epochMs(5))).toBe(0);
    } finally {
      timers.uninstall();
    }
  });
  it.each([0, -5, 1, 86_400_000, 86_400_001, 30 * 86_400_000, 100 * 86_400_000])(
    'rings once after %i ms, beyond the timer limit too',
    (ms) => {
      const timers = FakeTimers.install({ now: 0, toFake: ['setTimeout', 'clearTimeout'] });
      try {
        let rings = 0;
        systemClock().after(ms, () => {
          rings += 1;
        });
        if (ms > 0) timers.tick(ms - 1);
        expect(rings).toBe(0);
        timers.tick(2);
        expect(rings).toBe(1);
        timers.tick(200 * 86_400_000);
        expect(rings).toBe(1);
      } finally {
        timers.uninstall();
      }
    },
  );
  it('never rings once cancelled, even after it was re-armed', () => {
    const timers = FakeTimers.install({ now: 0, toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let rings = 0;
      const cancel = systemClock().after(40 * 86_400_000, () => {
        rings += 1;
      });
      timers.tick(39 * 86_400_000);
      cancel();
      timers.tick(39 * 86_400_000);
      expect(rings).toBe(0);
    } finally {
      timers.uninstall();
    }
  });
});

interface Announcer {
  readonly url: string;
  readonly auths: unknown[];
  say(what: unknown): void;
  drop(): void;
  next(): Promise<void>;
  close(): Promise<void>;
}

/** A server that announces the time it is told to, to whoever has authenticated. */
async function announcer(): Promise<Announcer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const auths: unknown[] = [];
  let peer: WebSocket | undefined;
  let wake: (() => void) | undefined;
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      auths.push(JSON.parse((data as Buffer).toString()));
      peer = socket;
      wake?.();
    });
  });
  return {
    url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/sim/v1/clock`,
    auths,
    say: (what) => peer?.send(typeof what === 'string' ? what : JSON.stringify(what)),
    drop: () => peer?.terminate(),
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        for (const c of server.clients) c.terminate();
        server.close(() => resolve());
      }),
  };
}

/** Polls by turns of the event loop until a condition holds. */
async function until(holds: () => boolean): Promise<void> {
  for (const started = performance.now(); !holds(); ) {
    if (performance.now() - started > 5_000) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the clock of an embedded exchange', () => {
  const at = Date.parse('2026-03-09T14:30:00Z');
  const follow = async (
    run: (server: Announcer, clock: FollowedClock, heard: unknown[], mono: { at: number }) => Promise<void>,
  ): Promise<void> => {
    const server = await announcer();
    const heard: unknown[] = [];
    const mono = { at: 1_000 };
    const system = systemClock();
    const fallback = { ...system, now: () => ({ ...system.now(), mono: mono.at as never }) };
    const connected = server.next();
    const clock = exchangeClock({
      url: server.url,
      keys: { id: 'K', secret: 'S' },
      socketFactory: wsTransport(['127.0.0.1']),
      fallback,
      heard: (what) => heard.push(what),
    });
    try {
      await connected;
      await run(server, clock, heard, mono);
    } finally {
      clock.close();
      await server.close();
    }
  };

  it('runs from what was announced, at the speed that was announced, and never back', () =>
    follow(async (server, clock, heard, mono) => {
      expect(server.auths).toEqual([{ action: 'auth', key: 'K', secret: 'S' }]);
      const ready = clock.ready(5_000);
      server.say({ exchange: at, speed: 60, why: 'connect' });
      await ready;
      expect(clock.now()).toMatchObject({ exchange: at, mono: 1_000, speed: 60 });
      mono.at += 500;
      expect(clock.now().exchange).toBe(at + 30_000);
      expect(clock.wallUntil(epochMs(at + 90_000))).toBe(1_000);
      expect(clock.wallUntil(epochMs(at))).toBe(0);
      server.say({ exchange: at + 10_000, speed: 1, why: 'speed' }); // behind what we have reached
      await until(() => heard.length === 2);
      expect(clock.now()).toMatchObject({ exchange: at + 30_000, speed: 1 });
      mono.at += 20_000;
      expect(clock.now().exchange).toBe(at + 30_000);
      mono.at += 1_000;
      expect(clock.now().exchange).toBe(at + 31_000);
      server.say({ exchange: at + 86_400_000, speed: 1, why: 'jump' });
      await until(() => heard.length === 3);
      expect(clock.now().exchange).toBe(at + 86_400_000);
    }));

  it('ignores what is no announcement', () =>
    follow(async (server, clock, heard) => {
      for (const bad of [
        'x',
        'null',
        '[]',
        { exchange: 'now', speed: 1 },
        { exchange: at, speed: 0 },
        { exchange: at, speed: -1 },
        { exchange: 1e300, speed: 1 },
        { exchange: at },
      ])
        server.say(bad);
      server.say({ exchange: at, speed: 2, why: 'connect' });
      await clock.ready(5_000);
      expect(heard).toEqual([{ exchange: at, speed: 2, why: 'connect' }]);
    }));

  it('comes back after a lost connection, and time runs on meanwhile', () =>
    follow(async (server, clock, heard, mono) => {
      server.say({ exchange: at, speed: 60, why: 'connect' });
      await clock.ready(5_000);
      const back = server.next();
      server.drop();
      await until(() => heard.length === 2);
      mono.at += 1_000;
      expect(clock.now().exchange).toBe(at + 60_000);
      await back;
      server.say({ exchange: at + 120_000, speed: 60, why: 'connect' });
      await until(() => heard.length === 3);
      expect(clock.now().exchange).toBe(at + 120_000);
      expect(heard[1]).toMatchObject({ lost: expect.any(String) });
    }));

  it('says so when nobody announces', () =>
    follow(async (_server, clock) => {
      await expect(clock.ready(20)).rejects.toThrow(/announced no time within 20 ms; is the exchange running/);
    }));
});
