// One request and one answer, as every transport hands them over; and refusals in the broker's envelope.
import type { XRefusal } from '../types.ts';

export interface WireRequest {
  readonly method: string;
  /** Path and query, or a whole URL whose host is ignored. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A request's URL with its host left out of account; undefined when it is none. */
export const urlOf = (url: string): URL | undefined => (URL.canParse(url, 'http://exchange') ? new URL(url, 'http://exchange') : undefined);

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** null for an empty answer. */
  readonly body: string | null;
}

const JSON_TYPE = { 'Content-Type': 'application/json; charset=UTF-8' } as const;

export const json = (body: unknown, status = 200): WireResponse => ({ status, headers: JSON_TYPE, body: JSON.stringify(body) });
export const text = (body: string, type: string): WireResponse => ({ status: 200, headers: { 'Content-Type': type }, body });
export const empty = (): WireResponse => ({ status: 204, headers: {}, body: null });

export const refuse = (status: number, code: number, message: string, extra: Readonly<Record<string, unknown>> = {}): WireResponse =>
  json({ code, message, ...extra }, status);
export const refusal = (result: XRefusal): WireResponse => refuse(result.status, result.code, result.message, result.extra);
export const notFound = (message: string): WireResponse => refuse(404, 40410000, message);

const answers = new WeakMap<Error, WireResponse>();

/** An error that ends the handling of a request with this answer; thrown by the readers of parameters and bodies. */
export function badRequest(status: 400 | 403 | 422, code: number, message: string): Error {
  const error = new Error(message);
  answers.set(error, refuse(status, code, message));
  return error;
}

/** The answer a thrown error stands for; undefined when it is a fault of ours. */
export const answerOf = (error: unknown): WireResponse | undefined => (error instanceof Error ? answers.get(error) : undefined);
