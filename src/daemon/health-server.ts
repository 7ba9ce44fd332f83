// The server on loopback: three open pages (am I alive, may I trade, the figures), and behind tokens the control API.
import Fastify, { type FastifyInstance } from 'fastify';
import type { Beliefs } from '../engine/contract.ts';
import { type ControlApi, serveControl } from './control/serve.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly beliefs: Beliefs;
  readonly metrics: Metrics;
  readonly api: ControlApi;
}

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 64;

/** Starts the server. Port 0 takes any free one. Rejects when the address cannot be had. */
export async function startHealth(options: HealthOptions): Promise<HealthServer> {
  const app: FastifyInstance = Fastify({ logger: false, bodyLimit: 65_536, requestTimeout: 10_000, keepAliveTimeout: 5_000 });
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('Cache-Control', 'no-store');
  });
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { beliefs } = options;
    const ready = beliefs.ready();
    void reply.code(ready ? 200 : 503);
    return { ready, modes: [...beliefs.modes], halts: beliefs.halts.map((h) => h.reason) };
  });
  app.get('/metrics', async (_request, reply) => {
    options.metrics.refresh();
    void reply.header('Content-Type', options.metrics.registry.contentType);
    return options.metrics.registry.metrics();
  });
  serveControl(app, options.api);
  app.server.maxConnections = CONNECTIONS_MAX;
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}
