// What befalls a request: whether the exchange hears of it, what its client hears of the answer, and how late.
import { refuse, type WireResponse } from '../wire/message.ts';
import type { FaultOf } from './plan.ts';

/** The client hears another answer, nothing until it gives up, or that its line broke. */
export type Answered = WireResponse | 'hang' | 'reset';

export interface Fate {
  /** Wall milliseconds before the exchange hears of the request, and before its client hears of the answer. */
  readonly requestMs: number;
  readonly answerMs: number;
  /** Carries the request through; `perform` is the exchange doing what was asked, called at most once. */
  carry(perform: () => WireResponse): Answered;
}

const wrong: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: () => 17,
  number: () => 'seventeen',
  boolean: () => 'maybe',
  object: (value) => (value === null ? null : Array.isArray(value) ? {} : []),
};
const wrongly = (value: unknown): unknown => wrong[typeof value]?.(value) ?? null;

/** Every value of an object in another type, the objects of a list each; what is neither becomes a text. */
function wrongTyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrongTyped);
  if (typeof value !== 'object' || value === null) return wrongly(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, wrongly(inner)]));
}

const HTML = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** An answer whose body is not what it says it is; one without a body, such as a 204, has none to spoil. */
export function spoiled(answer: WireResponse, form: FaultOf<'body'>['form']): WireResponse {
  const { body } = answer;
  if (body === null) return answer;
  if (form === 'html') return { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/html' }, body: HTML };
  if (form === 'empty') return { ...answer, body: null };
  if (form === 'truncated') return { ...answer, body: body.slice(0, Math.floor(body.length / 2)) };
  try {
    return { ...answer, body: JSON.stringify(wrongTyped(JSON.parse(body))) };
  } catch {
    return { ...answer, body: '17' };
  }
}

const CODES: Readonly<Record<number, readonly [number, string]>> = {
  401: [40110000, 'request is not authorized'],
  403: [40310000, 'forbidden'],
  404: [40410000, 'endpoint not found.'],
  422: [42210000, 'unprocessable'],
  429: [42910000, 'rate limit exceeded'],
  503: [50310000, 'service unavailable'],
  504: [50410000, 'gateway timeout'],
};

/** The answer a fault of status gives, in the broker's envelope. */
export function refusalOf(fault: Pick<FaultOf<'status'>, 'status' | 'code' | 'message' | 'retryAfter'>, id: string): WireResponse {
  const [code, message] = CODES[fault.status] ?? [fault.status * 100_000, 'internal server error occurred'];
  const answer = refuse(fault.status, fault.code ?? code, fault.message ?? message);
  const limit: Readonly<Record<string, string>> = fault.status === 429 ? { 'X-RateLimit-Limit': '200', 'X-RateLimit-Remaining': '0' } : {};
  const retry: Readonly<Record<string, string>> = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  return { ...answer, headers: { ...answer.headers, 'X-Request-ID': id, ...limit, ...retry } };
}
