// A control API with everything real but the market: engine, inbox, ledger file, server and loopback sockets.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { type Config, loadConfig } from '../../../src/config/load.ts';
import { createControl } from '../../../src/daemon/control/control.ts';
import { mintToken } from '../../../src/daemon/control/tokens.ts';
import { worldOf } from '../../../src/daemon/daemon.ts';
import { startHealth } from '../../../src/daemon/health-server.ts';
import { createInbox } from '../../../src/daemon/inbox.ts';
import { createMetrics } from '../../../src/daemon/metrics.ts';
import type { Role } from '../../../src/domain/control.ts';
import { createEngine } from '../../../src/engine/engine.ts';
import { createBoard } from '../../../src/market/board.ts';
import { strategies as registry } from '../../../src/strategies/registry.ts';
import { calendar } from '../risk/contexts.ts';
import { ledgerFile, running } from '../store/fixture.ts';
import { handClock, notedBroker } from './parts.ts';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export interface Asked {
  readonly token?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Rig {
  readonly url: string;
  readonly clock: ReturnType<typeof handClock>;
  readonly engine: ReturnType<typeof createEngine>;
  readonly store: ReturnType<typeof running>;
  readonly control: ReturnType<typeof createControl>;
  readonly wall: { at: number };
  /** How often the broker was read. */
  readonly reads: () => number;
  /** A token of a role, good for ten days. */
  token(role: Role, days?: number): Promise<string>;
  post(path: string, body: unknown, asked?: Asked): Promise<Answer>;
  get(path: string, asked?: Asked): Promise<Answer>;
  /** Bytes as they are; whatever comes back before the server closes. */
  raw(text: string): Promise<string>;
}

const strategies = registry.slice(0, 3).map((strategy) => ({ strategy, params: {}, enabled: true }));

/** The configuration as it is shipped. */
export function shipped(): Config {
  const loaded = loadConfig({ env: {}, cwd: import.meta.dirname });
  if (!loaded.ok) throw new Error(loaded.problems.join('; '));
  return loaded.config;
}

/** A daemon's control on a ledger: a new one unless a file is named, so that a second rig is the next process. */
export async function controlRig(file = ledgerFile()): Promise<Rig> {
  const clock = handClock();
  const store = running(file);
  const broker = notedBroker(clock);
  const wall = { at: 1_773_158_400_000 };
  const { risk: limits, relimit } = shipped();
  const world = {
    strategies,
    calendar,
    limits,
    relimit,
    rate: 0.04,
    dividendYields: new Map(),
    assumed: new Map(),
    optionFeed: 'opra',
  } as const;
  const engine = createEngine(worldOf(world, createBoard()), store.load(calendar.currentOrNext(clock.now().exchange).day));
  const { beliefs } = engine;
  const inbox = createInbox({
    engine,
    clock,
    commit: (turn) => store.commit(turn),
    observers: [(turn) => control.observe(turn)],
    act: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  let reads = 0;
  const control = createControl({
    store,
    beliefs,
    push: (event) => inbox.push(event),
    reconcile: async () => {
      reads += 1;
      const answer = broker.snapshot({ ordersAfter: null, activitiesAfter: clock.now().exchange });
      await broker.answer(true);
      const found = await answer;
      inbox.push(found.ok ? { kind: 'snapshot', snapshot: found.value } : { kind: 'snapshot_failed', because: found.why });
    },
    stopping: () => ({ marketOpen: false, budgetMs: 60_000 }),
    wall: () => wall.at,
  });
  inbox.push({ kind: 'boot', epoch: 1, uncleanBoots: 0, account: 'PA3SIM0001' });
  control.open();
  const metrics = createMetrics(beliefs, broker, false);
  const log = pino({ enabled: false });
  const api = {
    control,
    beliefs,
    store,
    strategies,
    mode: 'sim',
    account: 'PA3SIM0001',
    host: '127.0.0.1',
    log,
    wall: () => wall.at,
    mono: () => clock.now().mono,
    now: () => clock.now(),
  };
  const server = await startHealth({ host: '127.0.0.1', port: 0, beliefs, metrics, api });
  onTestFinished(() => server.close());

  const send = async (method: string, path: string, body: string | undefined, { token, key, headers }: Asked): Promise<Answer> => {
    const own: Record<string, string> = {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    };
    const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...json, ...own, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
  };
  return {
    url: server.url,
    clock,
    engine,
    store,
    control,
    wall,
    reads: () => reads,
    token: async (role, days = 10) => {
      const { id, hash, text } = mintToken();
      const order = { verb: 'issue_token', id, role, name: role, hash, days } as const;
      await control.ask({ key: randomUUID(), actor: 'boot', role: 'admin', reason: 'for a test', order });
      return text;
    },
    post: (path, body, asked = {}) =>
      send('POST', path, typeof body === 'string' ? body : JSON.stringify(body), { key: randomUUID(), ...asked }),
    get: (path, asked = {}) => send('GET', path, undefined, asked),
    raw: (text) =>
      new Promise((resolve) => {
        const { port } = new URL(server.url);
        const socket = connect(Number(port), '127.0.0.1');
        let got = '';
        socket.on('data', (data) => {
          got += data.toString();
        });
        socket.on('close', () => resolve(got));
        socket.on('error', () => resolve(got));
        socket.end(text);
      }),
  };
}
