// The control API on a server: each route of the table behind the door, every answer and every error as JSON.
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { ensure } from '../../base/assert.ts';
import type { Token } from '../../domain/control.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { Enlisted } from '../../engine/world.ts';
import type { Store } from '../../ports/store.ts';
import { parseReason } from './body.ts';
import type { Control, Reply, Wish } from './control.ts';
import { createDoor, type Door, type Visit } from './door.ts';
import { type DoorCode, type Problem, problem, refusal } from './problems.ts';
import { parseWish, readRoutes, type WishRoute, wishRoutes } from './routes.ts';
import { auditView, haltView, statusView, strategiesView, tokenView } from './views.ts';

export interface ControlApi {
  readonly control: Control;
  readonly beliefs: Beliefs;
  readonly store: Pick<Store, 'answered' | 'trail'>;
  readonly strategies: readonly Enlisted[];
  readonly mode: string;
  readonly account: string;
  readonly host: string;
  readonly log: Logger;
  readonly wall: () => number;
  readonly mono: () => number;
}

const KEY = /^[A-Za-z0-9._:-]{8,128}$/;
const AUDIT_ROWS = 200;

function say(reply: FastifyReply, { status, code, detail, fix }: Problem): FastifyReply {
  if (status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  return reply.code(status).type('application/problem+json').send({ status, code, detail, fix });
}

function answer(reply: FastifyReply, route: WishRoute, came: Reply): FastifyReply {
  if (came.kind === 'conflict') return say(reply, problem('KEY_REUSED', 'this Idempotency-Key was used for another wish'));
  if (came.kind === 'unavailable') return say(reply, problem('UNAVAILABLE', came.why));
  if (came.repeated) void reply.header('Idempotent-Replayed', 'true');
  if (came.outcome.result === 'refused') return say(reply, refusal(came.outcome.code, came.outcome.why));
  return reply.code(route.goesOn === true ? 202 : 200).send(came.outcome.answer);
}

const idIn = (request: FastifyRequest, name: 'id' | 'key'): string => (request.params as Readonly<Record<string, string>>)[name] ?? '';

/** Asked before a byte of the body is read; who is let in is known to the handler by the request. */
function guard(
  door: Door,
  visit: Visit,
): { readonly onRequest: onRequestAsyncHookHandler; readonly tokenOf: (request: FastifyRequest) => Token } {
  const admitted = new WeakMap<FastifyRequest, Token>();
  return {
    onRequest: async (request, reply) => {
      const entry = door.enter(request, visit);
      if (!entry.ok) return say(reply, entry.problem);
      admitted.set(request, entry.token);
      return undefined;
    },
    tokenOf: (request) => ensure(admitted.get(request), 'a token that was let in'),
  };
}

/** The wish in a request, or what is wrong with it. */
function wishIn(request: FastifyRequest, route: WishRoute, { id, role }: Token): Wish | Problem {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY.test(key)) return problem('KEY', 'the Idempotency-Key is missing or malformed');
  const fields = parseWish(route, request.body);
  if (!fields.ok) return problem('BODY', fields.why);
  const reason = parseReason(fields.value.get('reason') ?? '');
  if (!reason.ok) return problem('BODY', reason.why);
  const order = route.wish(fields.value, idIn(request, 'id'));
  return order.ok ? { key, actor: id, role, reason: reason.value, order: order.value } : problem('BODY', order.why);
}

function serveWish(app: FastifyInstance, { control }: ControlApi, door: Door, route: WishRoute): void {
  const { onRequest, tokenOf } = guard(door, {
    role: route.role,
    urgent: route.verbs.includes('halt'),
    what: `${route.method} ${route.path}`,
  });
  app.post(route.path, { onRequest }, async (request, reply) => {
    const wish = wishIn(request, route, tokenOf(request));
    return 'status' in wish ? say(reply, wish) : answer(reply, route, await control.ask(wish));
  });
}

type Read = (request: FastifyRequest) => unknown;

function reads({
  beliefs,
  store,
  strategies,
  mode,
  account,
  wall,
}: ControlApi): Readonly<Record<(typeof readRoutes)[number]['path'], Read>> {
  return {
    '/v1/status': () => statusView(beliefs, mode, account),
    '/v1/halts': () => beliefs.halts.map(haltView),
    '/v1/strategies': () => strategiesView(beliefs, strategies),
    '/v1/audit': () => store.trail(AUDIT_ROWS).map(auditView),
    '/v1/tokens': () => [...beliefs.tokens.values()].map((token) => tokenView(token, wall())),
    '/v1/operations/:key': (request) => store.answered(idIn(request, 'key'))?.outcome,
  };
}

/** What the server itself finds wrong with a request. */
function serverProblem(error: { readonly statusCode?: number; readonly message: string }): Problem {
  const codes: Readonly<Record<number, DoorCode>> = { 413: 'BODY_TOO_LARGE', 415: 'CONTENT_TYPE' };
  const status = error.statusCode ?? 500;
  if (status >= 500) return problem('INTERNAL', 'this request made the server fail');
  return problem(codes[status] ?? 'BODY', error.message);
}

/** Adds the routes under /v1/ to a server, and clear errors for everything it is asked. */
export function serveControl(app: FastifyInstance, api: ControlApi): void {
  const door = createDoor(api);
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler((_request, reply) => say(reply, problem('NO_ROUTE', 'there is no such route')));
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, request, reply) => {
    const found = serverProblem(error);
    if (found.code === 'INTERNAL') api.log.error({ event: 'http.failed', err: error, route: request.routeOptions.url }, 'http failed');
    return say(reply, found);
  });
  for (const route of wishRoutes) serveWish(app, api, door, route);
  const views = reads(api);
  for (const { method, path, role } of readRoutes) {
    const { onRequest } = guard(door, { role, urgent: false, what: `${method} ${path}` });
    app.get(path, { onRequest }, async (request, reply) => {
      const seen = views[path](request);
      return seen === undefined ? say(reply, problem('NO_OPERATION', 'nothing was asked with this key')) : reply.send(seen);
    });
  }
}
