// The table of the control API: every route with its role and how its body becomes a wish. docs/control.md is tested against it.
import { type ControlVerb, type Role, roleFor, roles } from '../../domain/control.ts';
import { strategyId, symbol } from '../../domain/ids.ts';
import { oneOf, type Parsed, scopeField, textFields, wrong } from './body.ts';
import type { OrderWish } from './control.ts';

export interface WishRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly role: Role;
  readonly verbs: readonly ControlVerb[];
  /** Fields of the body, `reason` aside. */
  readonly fields: readonly string[];
  /** True when the answer says that something was begun, not that it is over. */
  readonly goesOn?: boolean;
  readonly wish: (fields: ReadonlyMap<string, string>, id: string) => Parsed<OrderWish>;
}

const wish = (value: OrderWish): Parsed<OrderWish> => ({ ok: true, value });
const scoped = (
  fields: ReadonlyMap<string, string>,
  make: (scope: Extract<OrderWish, { readonly verb: 'resume' }>['scope']) => OrderWish,
): Parsed<OrderWish> => {
  const scope = scopeField(fields.get('scope') ?? 'account');
  return scope.ok ? wish(make(scope.value)) : scope;
};

function flatten(fields: ReadonlyMap<string, string>): Parsed<OrderWish> {
  const text = fields.get('scope') ?? 'owned';
  const scope = scopeField(text === 'owned' ? 'account' : text);
  if (!scope.ok || text === 'account' || scope.value.kind === 'symbol') return wrong('scope must be owned or strategy:ID');
  return wish({ verb: 'flatten', scope: scope.value });
}

function exit(fields: ReadonlyMap<string, string>): Parsed<OrderWish> {
  const [first = '', second, ...more] = (fields.get('position') ?? '').split(':');
  const name = second ?? first;
  if (more.length > 0 || !/^[A-Z0-9.]{1,21}$/.test(name)) return wrong('position must be SYMBOL or OWNER:SYMBOL');
  return wish({ verb: 'exit', symbol: symbol(name), owner: second === undefined ? null : strategyId(first) });
}

const DAYS_MAX = 90;

function issueToken(fields: ReadonlyMap<string, string>): Parsed<OrderWish> {
  const role = oneOf('role', fields.get('role'), roles);
  if (!role.ok) return role;
  const id = fields.get('id') ?? '';
  const hash = fields.get('hash') ?? '';
  const name = fields.get('name') ?? '';
  const days = Number(fields.get('days') ?? String(DAYS_MAX));
  if (!/^[a-f0-9]{8}$/.test(id)) return wrong('id must be eight hexadecimal digits');
  if (!/^[a-f0-9]{64}$/.test(hash)) return wrong('hash must be the SHA-256 of the whole token, 64 hexadecimal digits');
  if (!/^[A-Za-z0-9 ._-]{1,40}$/.test(name)) return wrong('name must have 1 to 40 letters, digits, spaces, dots, dashes');
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) return wrong(`days must be a whole number from 1 to ${String(DAYS_MAX)}`);
  return wish({ verb: 'issue_token', id, role: role.value, name, hash, days });
}

const post = (
  path: string,
  verbs: readonly [ControlVerb, ...ControlVerb[]],
  rest: Pick<WishRoute, 'fields' | 'wish' | 'goesOn'>,
): WishRoute => ({
  method: 'POST',
  path,
  role: roleFor(verbs[0]),
  verbs,
  ...rest,
});

export const wishRoutes: readonly WishRoute[] = [
  post('/v1/halts', ['halt', 'freeze'], {
    fields: ['scope?', 'level?'],
    wish: (fields) => {
      const level = oneOf('level', fields.get('level') ?? 'halt', ['halt', 'freeze']);
      return level.ok ? scoped(fields, (scope) => ({ verb: level.value, scope })) : level;
    },
  }),
  post('/v1/resume', ['resume'], { fields: ['scope?'], wish: (fields) => scoped(fields, (scope) => ({ verb: 'resume', scope })) }),
  post('/v1/strategies/:id/enable', ['enable'], { fields: [], wish: (_, id) => wish({ verb: 'enable', strategy: strategyId(id) }) }),
  post('/v1/strategies/:id/disable', ['disable'], { fields: [], wish: (_, id) => wish({ verb: 'disable', strategy: strategyId(id) }) }),
  post('/v1/flatten', ['flatten'], { fields: ['scope?'], goesOn: true, wish: flatten }),
  post('/v1/exit', ['exit'], { fields: ['position'], goesOn: true, wish: exit }),
  post('/v1/reconcile', ['reconcile'], { fields: [], wish: () => wish({ verb: 'reconcile' }) }),
  post('/v1/stop', ['stop'], {
    fields: ['policy?'],
    goesOn: true,
    wish: (fields) => {
      const policy = oneOf('policy', fields.get('policy') ?? 'flatten', ['flatten', 'protect', 'leave']);
      return policy.ok ? wish({ verb: 'stop', policy: policy.value }) : policy;
    },
  }),
  post('/v1/limits', ['set_limit'], {
    fields: ['limit', 'value'],
    wish: (fields) => {
      const [key = '', value = ''] = [fields.get('limit'), fields.get('value')];
      if (!/^risk(\.[a-z_]{1,60}){1,3}$/.test(key)) return wrong('limit must be a dotted name such as risk.fat_finger_usd');
      return value.length > 40 ? wrong('value must have at most 40 characters') : wish({ verb: 'set_limit', key, value });
    },
  }),
  post('/v1/tokens', ['issue_token'], { fields: ['id', 'role', 'name', 'hash', 'days?'], wish: issueToken }),
  post('/v1/tokens/:id/revoke', ['revoke_token'], { fields: [], wish: (_, id) => wish({ verb: 'revoke_token', id: id.slice(0, 64) }) }),
];

export interface ReadRoute {
  readonly method: 'GET';
  readonly path: string;
  readonly role: Role;
}

export const readRoutes = [
  { method: 'GET', path: '/v1/status', role: 'viewer' },
  { method: 'GET', path: '/v1/halts', role: 'viewer' },
  { method: 'GET', path: '/v1/strategies', role: 'viewer' },
  { method: 'GET', path: '/v1/audit', role: 'viewer' },
  { method: 'GET', path: '/v1/operations/:key', role: 'viewer' },
  { method: 'GET', path: '/v1/limits', role: 'viewer' },
  { method: 'GET', path: '/v1/risk', role: 'viewer' },
  { method: 'GET', path: '/v1/tokens', role: 'admin' },
] as const satisfies readonly ReadRoute[];

/** Asks with a body, and changes nothing: like a read it wants no Idempotency-Key and leaves no row in the audit. */
export interface QuestionRoute {
  readonly method: 'POST';
  readonly path: string;
  readonly role: Role;
}

export const questionRoutes = [{ method: 'POST', path: '/v1/risk/check', role: 'viewer' }] as const satisfies readonly QuestionRoute[];

/** The fields of a wish's body and the reason in it. */
export function parseWish(route: WishRoute, body: unknown): Parsed<ReadonlyMap<string, string>> {
  return textFields(body, [...route.fields, 'reason']);
}
