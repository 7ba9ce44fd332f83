// Errors of the control API: a status, a stable code, what is wrong, and what to do about it.
import type { RefusalCode } from '../../domain/control.ts';

/** At the door, before anybody is asked. docs/control.md explains each. */
export const doorCodes = [
  'NO_ROUTE',
  'HOST',
  'ORIGIN',
  'NO_TOKEN_SHOWN',
  'TOKEN',
  'TOO_MANY_FAILURES',
  'TOO_MANY_REQUESTS',
  'KEY',
  'KEY_REUSED',
  'BODY',
  'BODY_TOO_LARGE',
  'CONTENT_TYPE',
  'NO_OPERATION',
  'UNAVAILABLE',
  'INTERNAL',
] as const;
export type DoorCode = (typeof doorCodes)[number];

export interface Problem {
  readonly status: number;
  readonly code: DoorCode | RefusalCode;
  readonly detail: string;
  readonly fix: string;
}

type Known = readonly [status: number, fix: string];

const door: Readonly<Record<DoorCode, Known>> = {
  NO_ROUTE: [404, 'See docs/control.md for the routes.'],
  HOST: [403, 'Call it by its own address, such as 127.0.0.1.'],
  ORIGIN: [403, 'It is not for web pages of other places.'],
  NO_TOKEN_SHOWN: [401, 'Send the header Authorization: Bearer <token>; the one of this machine stands in cli.token.'],
  TOKEN: [401, 'Use a token that is neither revoked nor expired; cli.token in the state directory is renewed by itself.'],
  TOO_MANY_FAILURES: [429, 'Wait a minute; a good token is let in meanwhile.'],
  TOO_MANY_REQUESTS: [429, 'Ask less often; halts and freezes have an allowance of their own.'],
  KEY: [400, 'Send the header Idempotency-Key: 8 to 128 letters, digits, dots, dashes, a new one for each wish.'],
  KEY_REUSED: [409, 'This key named another wish: take a new one.'],
  BODY: [400, 'Correct the body.'],
  BODY_TOO_LARGE: [413, 'A body has at most 64 KiB.'],
  CONTENT_TYPE: [415, 'Send JSON, as Content-Type: application/json.'],
  NO_OPERATION: [404, 'Nothing was asked with this key.'],
  UNAVAILABLE: [503, 'See whether the daemon runs: wsb status.'],
  INTERNAL: [500, 'A defect: the log has an http.failed line of this instant.'],
};

const refusals: Readonly<Record<RefusalCode, Known>> = {
  ROLE: [403, 'Use a token of that role.'],
  NO_STRATEGY: [404, 'See wsb strategies for the names.'],
  LEFT_OUT: [409, 'Start the daemon without --strategies, or with this one among them.'],
  OWN_SWITCH: [409, 'Change the configuration.'],
  NO_HALT: [404, 'See wsb status for the halts that stand; name the scope exactly.'],
  NO_POSITION: [404, 'See wsb positions.'],
  WHOSE_POSITION: [409, 'Name the owner: OWNER:SYMBOL.'],
  BOUND_SHARES: [409, 'Exit the short options that these shares cover first.'],
  MARKET_CLOSED: [409, 'Ask again in the session.'],
  FROZEN: [409, 'Resume the scope that is frozen first.'],
  STOPPING: [409, 'Wait for its end: wsb status.'],
  NOT_READY: [409, 'Wait until the daemon has squared its ledger: wsb status.'],
  NO_QUOTE: [409, 'Ask again when there is a market in it.'],
  BROKER_DOWN: [409, 'Ask again when the broker answers: wsb status.'],
  NO_TOKEN: [404, 'See wsb token list.'],
  TOKEN_EXISTS: [409, 'Make another.'],
  NO_LIMIT: [404, 'See wsb risk limits for the names.'],
  LIMIT_VALUE: [400, 'Write the value as the configuration would state it.'],
};

/** A problem of the door. */
export const problem = (code: DoorCode, detail: string): Problem => ({ status: door[code][0], code, detail, fix: door[code][1] });
/** What stood against a wish. */
export const refusal = (code: RefusalCode, why: string): Problem => ({
  status: refusals[code][0],
  code,
  detail: why,
  fix: refusals[code][1],
});
