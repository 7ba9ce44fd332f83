// The control API on a server: each route of the table behind the door, every answer and every error as JSON.
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Logger } from 'pino';
import { ensure } from '../../base/assert.ts';
import { checked } from '../../config/json-file.ts';
import { orderSchema } from '../../config/order-file.ts';
import type { Token } from '../../domain/control.ts';
import type { Now } from '../../domain/time.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { Enlisted } from '../../engine/world.ts';
import type { Store } from '../../ports/store.ts';
import { judgedOf } from '../../risk/supposed-order.ts';
import { type Parsed, parseReason } from './body.ts';
import type { Control, Reply, Wish } from './control.ts';
import { createDoor, type Door, type Visit } from './door.ts';
import { type DoorCode, type Problem, problem, refusal } from './problems.ts';
import { parseWish, questionRoutes, readRoutes, type WishRoute, wishRoutes } from './routes.ts';
import { auditView, haltView, limitsView, riskView, statusView, strategiesView, tokenView } from './views.ts';

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
  /** Both clocks, as the engine's turns are told them. */
  readonly now: () => Now;
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
    looks: false,
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
  now,
}: ControlApi): Readonly<Record<(typeof readRoutes)[number]['path'], Read>> {
  return {
    '/v1/status': () => statusView(beliefs, mode, account),
    '/v1/halts': () => beliefs.halts.map(haltView),
    '/v1/strategies': () => strategiesView(beliefs, strategies),
    '/v1/audit': () => store.trail(AUDIT_ROWS).map(auditView),
    '/v1/limits': () => limitsView(beliefs),
    '/v1/risk': () => riskView(beliefs, now()),
    '/v1/tokens': () => [...beliefs.tokens.values()].map((token) => tokenView(token, wall())),
    '/v1/operations/:key': (request) => store.answered(idIn(request, 'key'))?.outcome,
  };
}

/** Questions that have a body. */
function asked({
  beliefs,
  now,
}: ControlApi): Readonly<Record<(typeof questionRoutes)[number]['path'], (body: unknown) => Parsed<unknown>>> {
  return {
    '/v1/risk/check': (body) => {
      const order = checked(body, orderSchema);
      if (!order.ok) return { ok: false, why: order.problems.join('; ') };
      return { ok: true, value: judgedOf(order.value.qty, beliefs.verdict(order.value, now())) };
    },
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
  const questions = asked(api);
  for (const { method, path, role } of questionRoutes) {
    const { onRequest } = guard(door, { role, urgent: false, looks: true, what: `${method} ${path}` });
    app.post(path, { onRequest }, async (request, reply) => {
      const found = questions[path](request.body);
      return found.ok ? reply.send(found.value) : say(reply, problem('BODY', found.why));
    });
  }
  const views = reads(api);
  for (const { method, path, role } of readRoutes) {
    const { onRequest } = guard(door, { role, urgent: false, looks: true, what: `${method} ${path}` });
    app.get(path, { onRequest }, async (request, reply) => {
      const seen = views[path](request);
      return seen === undefined ? say(reply, problem('NO_OPERATION', 'nothing was asked with this key')) : reply.send(seen);
    });
  }
}
