// What a person asked of the running daemon: judged by role and state, carried out in this turn, and kept with its answer.
import type { ControlDenial, ControlOrder, ControlRequest, LimitSet, Outcome, RefusalCode, Switch, Token } from '../domain/control.ts';
import { roleFor, suffices, targetOf } from '../domain/control.ts';
import type { Json } from '../domain/decision.ts';
import { type HaltScope, scopeText } from '../domain/halt.ts';
import type { StrategyId } from '../domain/ids.ts';
import { limitKeys, loosened } from '../risk/limit-keys.ts';
import { type Draft, note } from './draft.ts';
import { addHalt, liftHalts } from './halts.ts';
import { orderOut } from './order-out.ts';
import { beginShutdown } from './shutdown.ts';
import type { State } from './state.ts';
import { setSwitch } from './switches.ts';
import { withdrawAll } from './withdraw.ts';
import type { Enlisted, World } from './world.ts';

type Of<V extends ControlOrder['verb']> = Extract<ControlOrder, { readonly verb: V }>;

interface Effect {
  readonly outcome: Outcome;
  readonly switched?: Switch;
  readonly token?: Token;
  readonly limit?: LimitSet;
}

const done = (answer: { readonly [key: string]: Json }): Effect => ({ outcome: { result: 'done', answer } });
const refused = (code: RefusalCode, why: string): Effect => ({ outcome: { result: 'refused', code, why } });

/** The strategy that a scope names, when it is none of this run's. */
const stranger = (world: World, scope: HaltScope): StrategyId | undefined =>
  scope.kind === 'strategy' && !world.strategies.some((e) => e.strategy.id === scope.id) ? scope.id : undefined;

const noStrategy = (world: World, id: StrategyId): Effect =>
  refused('NO_STRATEGY', `there is no strategy ${id}; there are ${world.strategies.map((e) => e.strategy.id).join(', ')}`);

function standAgainst(
  world: World,
  state: State,
  draft: Draft,
  { verb, scope }: Of<'halt' | 'freeze' | 'flatten'>,
  reason: string,
): Effect {
  const unknown = stranger(world, scope);
  if (unknown !== undefined) return noStrategy(world, unknown);
  if (verb === 'flatten' && state.shutdown !== null)
    return refused('STOPPING', 'the daemon is stopping: its own policy says what becomes of positions');
  const before = state.halts.length;
  addHalt(state, draft, scope, reason, verb);
  if (verb === 'freeze') withdrawAll(state, draft, scope, `frozen: ${reason}`);
  return done({ scope: scopeText(scope), level: verb, stood: state.halts.length === before });
}

function resume(world: World, state: State, draft: Draft, scope: HaltScope, reason: string): Effect {
  const unknown = stranger(world, scope);
  if (unknown !== undefined) return noStrategy(world, unknown);
  const deep = state.halts.some((h) => h.cause === 'DRAWDOWN_FLATTEN' && scopeText(h.scope) === scopeText(scope));
  if (deep && (state.disputed.size > 0 || state.suspicions.size > 0))
    return refused('NOT_READY', 'after such a fall ledger and broker must agree first: wsb reconcile says where they do not');
  const lifted = liftHalts(state, draft, scope, reason);
  const left = state.halts.map((h) => `${h.level} ${scopeText(h.scope)}: ${h.reason}`);
  if (lifted === 0)
    return refused('NO_HALT', `no halt stands on ${scopeText(scope)}${left.length === 0 ? '' : `; there are: ${left.join('; ')}`}`);
  return done({ scope: scopeText(scope), lifted, left });
}

const hasOwnSwitchOff = ({ params }: Enlisted): boolean =>
  typeof params === 'object' && params !== null && 'enabled' in params && params.enabled === false;

function turnSwitch(world: World, state: State, draft: Draft, { verb, strategy }: Of<'enable' | 'disable'>, reason: string): Effect {
  const enlisted = world.strategies.find((e) => e.strategy.id === strategy);
  if (enlisted === undefined) return noStrategy(world, strategy);
  if (verb === 'enable' && enlisted.leftOut === true)
    return refused('LEFT_OUT', `this run was started without ${strategy}: it is not among --strategies`);
  if (verb === 'enable' && hasOwnSwitchOff(enlisted))
    return refused('OWN_SWITCH', `${strategy} has a switch of its own that is off: set strategies.${strategy}.enabled and start again`);
  if (verb === 'enable' && state.off.has(strategy) && state.losses?.ladder.footing === 'restricted')
    return refused('NOT_READY', 'after a loss none is switched on that was off: wsb status shows the ladder at restricted');
  const next: Switch = { strategy, on: verb === 'enable', reason };
  setSwitch(state, enlisted, next);
  note(draft, 'strategy.switched', 'info', { strategy, on: next.on, why: reason });
  const halts = state.halts.filter((h) => h.scope.kind === 'strategy' && h.scope.id === strategy).map((h) => h.reason);
  return { ...done({ strategy, on: next.on, halts }), switched: next };
}

function stop(state: State, draft: Draft, { policy, marketOpen, budgetMs }: Of<'stop'>, reason: string): Effect {
  if (state.shutdown !== null) return refused('STOPPING', `it is stopping already, with the policy ${state.shutdown.policy}`);
  beginShutdown(state, draft, { action: 'shutdown', policy, reason, marketOpen, budgetMs });
  return done({ policy, marketOpen, budgetMs });
}

function compared({ found }: Of<'reconcile'>): Effect {
  if (found?.read !== true) return refused('BROKER_DOWN', 'the broker could not be read: nothing is known of a difference');
  return done({ agree: found.agree, differences: found.differences });
}

function issue(state: State, token: Token): Effect {
  if (state.tokens.has(token.id)) return refused('TOKEN_EXISTS', `there is a token ${token.id} already`);
  state.tokens.set(token.id, token);
  return { ...done({ id: token.id, role: token.role, name: token.name, expires: token.expiresWall }), token };
}

function revoke(state: State, { id, wall }: Of<'revoke_token'>): Effect {
  const token = state.tokens.get(id);
  if (token === undefined || token.revokedWall !== null)
    return refused('NO_TOKEN', token === undefined ? `there is no token ${id}` : `token ${id} was revoked before`);
  const next: Token = { ...token, revokedWall: wall };
  state.tokens.set(id, next);
  return { ...done({ id, revoked: true }), token: next };
}

/** A limit that allows no more than before takes an operator, as all that makes the book smaller; one that allows more an admin. */
function setLimit(world: World, state: State, draft: Draft, { order, role }: ControlRequest & { readonly order: Of<'set_limit'> }): Effect {
  const { key, value } = order;
  const found = limitKeys.get(key);
  if (found === undefined || world.relimit === undefined)
    return refused('NO_LIMIT', `there is no limit ${key} to set; there are ${[...limitKeys.keys()].join(', ')}`);
  const next = new Map([...state.limitsSet, [key, value]]);
  const read = world.relimit(next);
  if (!read.ok) return refused('LIMIT_VALUE', read.why);
  const more = loosened(found, state.limits, read.limits);
  if (more && !suffices(role, 'admin'))
    return refused('ROLE', `${key}: to allow more wants the role admin; this token has the role ${role}`);
  const before = found.figure(state.limits);
  state.limits = read.limits;
  state.limitsSet = next;
  const after = found.figure(read.limits);
  note(draft, 'limit.set', more ? 'major' : 'info', { key, before, after });
  return { ...done({ key, value, before, after, loosened: more }), limit: { key, value, loosened: more } };
}

function carryOut(world: World, state: State, draft: Draft, request: ControlRequest): Effect {
  const { order, reason } = request;
  switch (order.verb) {
    case 'halt':
    case 'freeze':
    case 'flatten':
      return standAgainst(world, state, draft, order, reason);
    case 'resume':
      return resume(world, state, draft, order.scope, reason);
    case 'enable':
    case 'disable':
      return turnSwitch(world, state, draft, order, reason);
    case 'exit':
      return { outcome: orderOut(world, state, draft, order, reason) };
    case 'reconcile':
      return compared(order);
    case 'set_limit':
      return setLimit(world, state, draft, { ...request, order });
    case 'stop':
      return stop(state, draft, order, reason);
    case 'issue_token':
      return issue(state, order.token);
    case 'revoke_token':
      return revoke(state, order);
  }
}

/** Carries a wish out, or says what stands against it. Either way it leaves its row in the audit. */
export function onControl(world: World, state: State, draft: Draft, request: ControlRequest): void {
  const { actor, role, order, reason } = request;
  const wants = roleFor(order.verb);
  const effect = suffices(role, wants)
    ? carryOut(world, state, draft, request)
    : refused('ROLE', `${order.verb} wants the role ${wants}; this token has the role ${role}`);
  const { outcome } = effect;
  const fields = { actor, role, verb: order.verb, target: targetOf(order), reason };
  if (outcome.result === 'done') note(draft, 'control.done', 'info', fields);
  else note(draft, 'control.refused', 'minor', { ...fields, code: outcome.code, why: outcome.why });
  draft.control = { asked: request, outcome, switched: effect.switched ?? null, token: effect.token ?? null, limit: effect.limit ?? null };
}

/** Somebody was turned away: nothing changes, and it is kept. */
export function onControlDenied(draft: Draft, denial: ControlDenial): void {
  const { actor, what, code, why } = denial;
  note(draft, 'control.denied', 'minor', { actor, what, code, why });
  draft.control = { asked: denial, outcome: { result: 'denied' }, switched: null, token: null, limit: null };
}
