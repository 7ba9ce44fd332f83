// What a person may tell a running daemon, who may tell it, and what is kept of it.
import type { Json } from './decision.ts';
import { type HaltScope, scopeText } from './halt.ts';
import type { StrategyId, Symbol } from './ids.ts';

/** Each may what the one before it may, and more. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Milliseconds of this machine's clock throughout. The secret itself is nowhere: only its SHA-256, hexadecimal. */
export interface Token {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly hash: string;
  readonly createdWall: number;
  readonly expiresWall: number;
  readonly revokedWall: number | null;
}

/** Whether a strategy may open anything, as a person set it: it stands above the configuration until it is set again. */
export interface Switch {
  readonly strategy: StrategyId;
  readonly on: boolean;
  readonly reason: string;
}

export type ShutdownPolicy = 'flatten' | 'protect' | 'leave';

/** What a read of the broker showed against the ledger. */
export interface Difference {
  /** False when the broker could not be read: then nothing is known. */
  readonly read: boolean;
  readonly agree: boolean;
  /** Units by symbol, or `cash` in micros. */
  readonly differences: readonly { readonly name: string; readonly ours: number; readonly theirs: number }[];
}

/** A limit as a person set it: it stands above the configuration until it is set again. */
export interface LimitSet {
  /** Its dotted name in the configuration. */
  readonly key: string;
  /** As the configuration would state it. */
  readonly value: string;
  /** It allows more than the one before. */
  readonly loosened: boolean;
}

export type ControlOrder =
  | { readonly verb: 'halt' | 'freeze' | 'flatten'; readonly scope: HaltScope }
  | { readonly verb: 'resume'; readonly scope: HaltScope }
  | { readonly verb: 'enable' | 'disable'; readonly strategy: StrategyId }
  | { readonly verb: 'set_limit'; readonly key: string; readonly value: string }
  /** `owner` is null where only one of ours holds it. */
  | { readonly verb: 'exit'; readonly symbol: Symbol; readonly owner: StrategyId | null }
  /** `found` is null where the caller may not even ask. */
  | { readonly verb: 'reconcile'; readonly found: Difference | null }
  | { readonly verb: 'stop'; readonly policy: ShutdownPolicy; readonly marketOpen: boolean; readonly budgetMs: number }
  | { readonly verb: 'issue_token'; readonly token: Token }
  | { readonly verb: 'revoke_token'; readonly id: string; readonly wall: number };
export type ControlVerb = ControlOrder['verb'];

export interface ControlRequest {
  /** The caller's own name for this wish: the same key acts once. */
  readonly key: string;
  /** Id of the token, or who acted without one: `boot`, `local`. */
  readonly actor: string;
  readonly role: Role;
  readonly reason: string;
  readonly order: ControlOrder;
  /** Of actor, order and reason: the same key with another digest is another wish. */
  readonly digest: string;
}

/** Somebody was turned away at the door: no order of theirs was read. */
export interface ControlDenial {
  readonly actor: string;
  readonly role: Role | null;
  /** Method and route. */
  readonly what: string;
  readonly code: string;
  readonly why: string;
}

/** Why a wish was not carried out; docs/control.md says what to do about each. */
export const refusalCodes = [
  'ROLE',
  'NO_STRATEGY',
  'LEFT_OUT',
  'OWN_SWITCH',
  'NO_HALT',
  'NO_POSITION',
  'WHOSE_POSITION',
  'BOUND_SHARES',
  'MARKET_CLOSED',
  'FROZEN',
  'STOPPING',
  'NOT_READY',
  'NO_QUOTE',
  'BROKER_DOWN',
  'NO_TOKEN',
  'TOKEN_EXISTS',
  'NO_LIMIT',
  'LIMIT_VALUE',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** What came of a wish at once. */
export type Outcome =
  | { readonly result: 'done'; readonly answer: { readonly [key: string]: Json } }
  | { readonly result: 'refused'; readonly code: RefusalCode; readonly why: string };

/** What one turn leaves behind of a wish: its row in the audit, and the state it changed beside halts. */
export interface ControlRecord {
  readonly asked: ControlRequest | ControlDenial;
  /** `denied` at the door, `refused` by what stood against it. */
  readonly outcome: Outcome | { readonly result: 'denied' };
  readonly switched: Switch | null;
  readonly token: Token | null;
  readonly limit: LimitSet | null;
}

/** An answer given before, found again by its key. */
export interface Answered {
  readonly digest: string;
  readonly outcome: Outcome;
}

const needed: Readonly<Record<ControlVerb, Role>> = {
  halt: 'operator',
  freeze: 'operator',
  flatten: 'operator',
  exit: 'operator',
  disable: 'operator',
  stop: 'operator',
  reconcile: 'operator',
  set_limit: 'operator',
  resume: 'admin',
  enable: 'admin',
  issue_token: 'admin',
  revoke_token: 'admin',
};

/**
 * What makes the book smaller or quieter takes an operator; what lets it grow again, or lets others in, an admin. A limit that would
 * allow more than before wants an admin as well, which shows only when the two are compared.
 */
export const roleFor = (verb: ControlVerb): Role => needed[verb];
export const suffices = (has: Role, wants: Role): boolean => roles.indexOf(has) >= roles.indexOf(wants);

/** What an order is about, in a word. */
export function targetOf(order: ControlOrder): string {
  switch (order.verb) {
    case 'halt':
    case 'freeze':
    case 'flatten':
    case 'resume':
      return scopeText(order.scope);
    case 'enable':
    case 'disable':
      return `strategy:${order.strategy}`;
    case 'exit':
      return order.owner === null ? order.symbol : `${order.owner}:${order.symbol}`;
    case 'set_limit':
      return order.key;
    case 'stop':
      return order.policy;
    case 'issue_token':
      return `token:${order.token.id}`;
    case 'revoke_token':
      return `token:${order.id}`;
    case 'reconcile':
      return 'account';
  }
}
