// One request to an exchange's handler, and its answer read as JSON.

import type { WireRequest, WireResponse } from '../../../src/exchange/wire/message.ts';
import type { Handle } from '../../../src/exchange/wire/rest.ts';

export const AUTH = { 'apca-api-key-id': 'key', 'apca-api-secret-key': 'secret' };

export type Answer = WireResponse & { readonly json: unknown };

interface Asked {
  readonly exchange: { readonly handle: Handle };
}

export function ask(made: Asked, method: string, url: string, body: unknown = null, headers: WireRequest['headers'] = AUTH): Answer {
  const text = body === null || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = made.exchange.handle({ method, url, headers, body: text });
  const isJson = (answer.headers['Content-Type'] ?? '').includes('json');
  return { ...answer, json: answer.body === null || !isJson ? null : (JSON.parse(answer.body) as unknown) };
}
