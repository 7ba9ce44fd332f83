// Every way a request can fail, in one table: what it proves about the order, and what the caller may do next.
import { errors } from '@alpacahq/alpaca-trade-api';
import { AssertionError } from '../base/assert.ts';

/**
 * What a failure proves. `refused`, `duplicate`, `not_found`, `auth` and `rate` are answers of the broker; `unsent` is
 * proof that no byte left; `unknown` proves nothing.
 */
export type FaultKind = 'refused' | 'duplicate' | 'not_found' | 'auth' | 'rate' | 'unsent' | 'unknown';

/** Every code with its kind; docs/errors.md has a row for each. */
export const faultKinds = {
  ALPACA_REFUSED: 'refused',
  ALPACA_ENTITLEMENT: 'refused',
  ALPACA_NO_ENDPOINT: 'refused',
  ALPACA_DUPLICATE: 'duplicate',
  ALPACA_NOT_FOUND: 'not_found',
  ALPACA_AUTH: 'auth',
  ALPACA_RATE: 'rate',
  ALPACA_CONNECT: 'unsent',
  ALPACA_TLS: 'unsent',
  ALPACA_HOST: 'unsent',
  ALPACA_WITHHELD: 'unsent',
  ALPACA_BREAKER_OPEN: 'unsent',
  ALPACA_LANE_FULL: 'unsent',
  ALPACA_CLOSED: 'unsent',
  ALPACA_SERVER: 'unknown',
  ALPACA_TIMEOUT: 'unknown',
  ALPACA_RESET: 'unknown',
  ALPACA_SHAPE: 'unknown',
  ALPACA_UNSTABLE: 'unknown',
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultCode = keyof typeof faultKinds;

export interface FaultDetail {
  /** HTTP status; null when no answer came. */
  readonly status?: number | null;
  /** The broker's own code, e.g. 40310000. */
  readonly brokerCode?: number | null;
  readonly requestId?: string | null;
  /** How long the broker asked us to wait, wall milliseconds. */
  readonly retryAfterMs?: number | null;
}

/** A failed request. Thrown inside this folder only; it becomes an outcome before it crosses the port. */
export class AlpacaFault extends Error {
  override readonly name = 'AlpacaFault';
  readonly code: FaultCode;
  readonly kind: FaultKind;
  readonly status: number | null;
  readonly brokerCode: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(code: FaultCode, message: string, detail: FaultDetail = {}) {
    super(message);
    this.code = code;
    this.kind = faultKinds[code];
    this.status = detail.status ?? null;
    this.brokerCode = detail.brokerCode ?? null;
    this.requestId = detail.requestId ?? null;
    this.retryAfterMs = detail.retryAfterMs ?? null;
  }

  /** True when it is certain that the request had no effect. */
  get proven(): boolean {
    return this.kind !== 'unknown' && this.kind !== 'rate' && this.kind !== 'duplicate';
  }

  /** Code, status and text in one line, for reasons and logs. */
  get line(): string {
    const where = [this.status, this.brokerCode].filter((part) => part !== null).join('/');
    return `${this.code}${where === '' ? '' : ` (${where})`}: ${this.message}`;
  }
}

interface Row {
  readonly status: number | 'any';
  /** The broker's code; 'none' when the body had none, 'any' when it does not matter. */
  readonly code: number | 'none' | 'any';
  /** Text decides only where the broker shares one status and code between two meanings. */
  readonly text?: RegExp;
  readonly fault: FaultCode;
}

/** First matching row wins. */
export const faultTable: readonly Row[] = [
  { status: 401, code: 'any', fault: 'ALPACA_AUTH' },
  { status: 403, code: 'none', text: /^(forbidden|unauthorized|request is not authorized)\.?$/i, fault: 'ALPACA_AUTH' },
  { status: 403, code: 40310000, text: /^(forbidden|unauthorized|request is not authorized)\.?$/i, fault: 'ALPACA_AUTH' },
  { status: 403, code: 40110000, fault: 'ALPACA_AUTH' },
  { status: 403, code: 42210000, fault: 'ALPACA_ENTITLEMENT' },
  { status: 403, code: 'any', fault: 'ALPACA_REFUSED' },
  { status: 404, code: 40410000, text: /endpoint/i, fault: 'ALPACA_NO_ENDPOINT' },
  { status: 404, code: 40410000, fault: 'ALPACA_NOT_FOUND' },
  { status: 404, code: 'any', fault: 'ALPACA_NO_ENDPOINT' },
  { status: 400, code: 40010001, text: /client_order_id/i, fault: 'ALPACA_DUPLICATE' },
  { status: 422, code: 40010001, text: /client_order_id/i, fault: 'ALPACA_DUPLICATE' },
  { status: 422, code: 'none', fault: 'ALPACA_SHAPE' }, // unreadable: it cannot be told from a duplicate
  { status: 400, code: 'any', fault: 'ALPACA_REFUSED' },
  { status: 405, code: 'any', fault: 'ALPACA_REFUSED' },
  { status: 413, code: 'any', fault: 'ALPACA_REFUSED' },
  { status: 422, code: 'any', fault: 'ALPACA_REFUSED' },
  { status: 408, code: 'any', fault: 'ALPACA_TIMEOUT' },
  { status: 429, code: 'any', fault: 'ALPACA_RATE' },
  { status: 'any', code: 'any', fault: 'ALPACA_SERVER' },
];

/** The fault of an HTTP answer outside 2xx. */
export function faultOfStatus(status: number, brokerCode: number | null, text: string): FaultCode {
  const hit = faultTable.find(
    (row) =>
      (row.status === 'any' || row.status === status) &&
      (row.code === 'any' || (row.code === 'none' ? brokerCode === null : row.code === brokerCode)) &&
      (row.text === undefined || row.text.test(text)),
  );
  return hit?.fault ?? 'ALPACA_SERVER';
}

/** Names of system and client errors which say that the connection itself was never made. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NODATA',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

interface SystemError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly syscall: string | null;
}

/** An error, its causes, and the members of an aggregate, flattened with the innermost last. */
function unwind(error: unknown, into: unknown[] = []): unknown[] {
  if (!(error instanceof Error) || into.length > 16) return into;
  into.push(error);
  if (error instanceof AggregateError) for (const inner of error.errors) unwind(inner, into);
  unwind(error.cause, into);
  return into;
}

const described = (error: Error): SystemError => {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : null,
    syscall: typeof syscall === 'string' ? syscall : null,
  };
};

function faultOfTransport(chain: readonly Error[], left: boolean): AlpacaFault {
  const all = chain.map(described);
  const last = all.at(-1);
  const text = last === undefined ? 'no reason given' : `${last.code ?? last.name}: ${last.message}`;
  if (all.some((e) => e.code === 'NET_HOST_REFUSED')) return new AlpacaFault('ALPACA_HOST', text);
  if (all.some((e) => e.name === 'TimeoutError')) return new AlpacaFault(left ? 'ALPACA_TIMEOUT' : 'ALPACA_CONNECT', text);
  const connecting = all.filter((e) => e.code !== null);
  if (connecting.some((e) => e.code !== null && tls.test(e.code))) return new AlpacaFault('ALPACA_TLS', text);
  const refused = (e: SystemError): boolean => e.syscall === 'connect' || (e.code !== null && neverConnected.has(e.code));
  if (!left || (connecting.length > 0 && connecting.every(refused))) return new AlpacaFault('ALPACA_CONNECT', text);
  return new AlpacaFault('ALPACA_RESET', text);
}

/**
 * Anything a request threw, classified.
 * @param left whether the request was handed to the network; when not, nothing can have reached the broker
 * @param retryAfterMs what the answer's headers asked for, if any
 * @throws AssertionError when that is what was thrown: a bug is not a failure of the network
 */
export function classify(error: unknown, left: boolean, retryAfterMs: number | null = null): AlpacaFault {
  const chain = unwind(error).filter((e): e is Error => e instanceof Error);
  const bug = chain.find((e) => e instanceof AssertionError);
  if (bug !== undefined) throw bug;
  const own = chain.find((e): e is AlpacaFault => e instanceof AlpacaFault);
  if (own !== undefined) return own;
  const answer = chain.find((e): e is errors.ApiError => e instanceof errors.ApiError);
  if (answer === undefined) return faultOfTransport(chain, left);
  const brokerCode = Number(answer.code ?? Number.NaN);
  const detail = {
    status: answer.status,
    brokerCode: Number.isInteger(brokerCode) ? brokerCode : null,
    requestId: answer.requestId ?? null,
    retryAfterMs,
  };
  return new AlpacaFault(faultOfStatus(answer.status, detail.brokerCode, answer.message), answer.message.slice(0, 300), detail);
}
