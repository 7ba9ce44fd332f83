import { readFileSync } from 'node:fs';
import { errors } from '@alpacahq/alpaca-trade-api';
import { describe, expect, it } from 'vitest';
import { AlpacaFault, classify, faultKinds, faultOfStatus, faultTable } from '../../../src/alpaca/faults.ts';
import { submitOutcome } from '../../../src/alpaca/order-calls.ts';
import { AssertionError } from '../../../src/base/assert.ts';
import { HostRefused } from '../../../src/net/outbound-hosts.ts';
import { networkError } from './helpers.ts';

const statusRows: readonly (readonly [number, number | null, string, string, string])[] = [
  [401, 40110000, 'request is not authorized', 'ALPACA_AUTH', 'refused'],
  [401, null, '<html>', 'ALPACA_AUTH', 'refused'],
  [403, null, 'forbidden.', 'ALPACA_AUTH', 'refused'],
  [403, 40310000, 'forbidden.', 'ALPACA_AUTH', 'refused'],
  [403, 40110000, 'whatever', 'ALPACA_AUTH', 'refused'],
  [403, 42210000, 'subscription does not permit querying recent SIP data', 'ALPACA_ENTITLEMENT', 'refused'],
  [403, 40310000, 'insufficient buying power', 'ALPACA_REFUSED', 'refused'],
  [403, 40310000, 'account not authorized to trade', 'ALPACA_REFUSED', 'refused'],
  [403, null, '<html>blocked</html>', 'ALPACA_REFUSED', 'refused'],
  [404, 40410000, 'order not found', 'ALPACA_NOT_FOUND', 'refused'],
  [404, 40410000, 'endpoint not found.', 'ALPACA_NO_ENDPOINT', 'refused'],
  [404, null, '<html>', 'ALPACA_NO_ENDPOINT', 'refused'],
  [422, 40010001, 'client_order_id must be unique', 'ALPACA_DUPLICATE', 'duplicate'],
  [400, 40010001, 'client_order_id must be unique', 'ALPACA_DUPLICATE', 'duplicate'],
  [422, null, '', 'ALPACA_SHAPE', 'unknown'],
  [422, 40010001, 'limit orders require a limit price', 'ALPACA_REFUSED', 'refused'],
  [422, 42210000, 'order is already in "filled" state', 'ALPACA_REFUSED', 'refused'],
  [400, 40010000, 'request body format is invalid', 'ALPACA_REFUSED', 'refused'],
  [400, null, 'invalid feed', 'ALPACA_REFUSED', 'refused'],
  [405, null, '', 'ALPACA_REFUSED', 'refused'],
  [413, null, '', 'ALPACA_REFUSED', 'refused'],
  [408, null, '', 'ALPACA_TIMEOUT', 'unknown'],
  [429, 42910000, 'rate limit exceeded', 'ALPACA_RATE', 'unknown'],
  [500, 50010000, 'internal server error occurred', 'ALPACA_SERVER', 'unknown'],
  [502, null, '<html>', 'ALPACA_SERVER', 'unknown'],
  [503, null, '', 'ALPACA_SERVER', 'unknown'],
  [504, null, '', 'ALPACA_SERVER', 'unknown'],
  [418, null, '', 'ALPACA_SERVER', 'unknown'],
];

describe('an answer outside 2xx', () => {
  it.each(statusRows)('%i with code %s, %j is %s', (status, code, text, fault, outcome) => {
    expect(faultOfStatus(status, code, text)).toBe(fault);
    expect(submitOutcome(new AlpacaFault(faultOfStatus(status, code, text), text)).kind).toBe(outcome);
  });
  it('has no row that no case reaches', () => {
    const reached = new Set(
      statusRows.map(([status, code, text]) =>
        faultTable.findIndex(
          (row) =>
            (row.status === 'any' || row.status === status) &&
            (row.code === 'any' || (row.code === 'none' ? code === null : row.code === code)) &&
            (row.text === undefined || row.text.test(text)),
        ),
      ),
    );
    expect([...reached].sort((a, b) => a - b)).toEqual(faultTable.map((_, i) => i));
  });
  it('is read from the SDK error with its status, code and request id', () => {
    const answer = new errors.ApiError(new Response(), 403, 40310000, 'insufficient buying power', undefined, undefined, 'req-9');
    const fault = classify(answer, true, 1_500);
    expect(fault).toMatchObject({
      code: 'ALPACA_REFUSED',
      status: 403,
      brokerCode: 40310000,
      requestId: 'req-9',
      retryAfterMs: 1_500,
      proven: true,
    });
    expect(fault.line).toBe('ALPACA_REFUSED (403/40310000): insufficient buying power');
  });
});

describe('no answer at all', () => {
  const timeout = new DOMException('no answer within 10000 ms', 'TimeoutError');
  it.each([
    ['a refused connection', networkError('ECONNREFUSED', 'connect'), true, 'ALPACA_CONNECT'],
    ['an unknown host', networkError('ENOTFOUND', 'getaddrinfo'), true, 'ALPACA_CONNECT'],
    ['a connection that timed out while it was made', networkError('ETIMEDOUT', 'connect'), true, 'ALPACA_CONNECT'],
    [
      'every address refused',
      new TypeError('fetch failed', {
        cause: new AggregateError([
          Object.assign(new Error('a'), { code: 'ECONNREFUSED', syscall: 'connect' }),
          Object.assign(new Error('b'), { code: 'ECONNREFUSED', syscall: 'connect' }),
        ]),
      }),
      true,
      'ALPACA_CONNECT',
    ],
    ['an expired certificate', networkError('CERT_HAS_EXPIRED', ''), true, 'ALPACA_TLS'],
    ['a host that is not allowed', new HostRefused('no'), true, 'ALPACA_HOST'],
    ['a reset while reading', networkError('ECONNRESET'), true, 'ALPACA_RESET'],
    ['a broken pipe', networkError('EPIPE', 'write'), true, 'ALPACA_RESET'],
    ['the other side closing', networkError('UND_ERR_SOCKET', ''), true, 'ALPACA_RESET'],
    ['a redirect that was not followed', new TypeError('fetch failed', { cause: new Error('unexpected redirect') }), true, 'ALPACA_RESET'],
    ['our deadline after it left', timeout, true, 'ALPACA_TIMEOUT'],
    ['our deadline before it left', timeout, false, 'ALPACA_CONNECT'],
    ['anything before it left', new TypeError('odd'), false, 'ALPACA_CONNECT'],
    ['something that is no error', 'odd', true, 'ALPACA_RESET'],
  ] as const)('%s', (_name, error, left, code) => {
    expect(classify(error, left).code).toBe(code);
    const wrapped = error instanceof Error ? new errors.FetchError(error, 'wrapped') : error;
    expect(classify(wrapped, left).code).toBe(code);
  });
  it('lets a bug through as a bug', () =>
    expect(() => classify(new errors.FetchError(new AssertionError('no')), true)).toThrow(AssertionError));
  it('keeps a fault that is one already', () => {
    const own = new AlpacaFault('ALPACA_WITHHELD', 'x');
    expect(classify(new errors.FetchError(own), true)).toBe(own);
  });
});

describe('docs/errors.md', () => {
  it('has a row for every code, and no other', () => {
    const doc = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    const rows = [...doc.matchAll(/^\| `(ALPACA_[A-Z_]+)` +\| ([a-z_]+) +\|/gm)].map((m) => [m[1], m[2]] as const);
    expect(rows.map(([code]) => code).sort()).toEqual(Object.keys(faultKinds).sort());
    for (const [code, kind] of rows) expect(kind).toBe(faultKinds[code as keyof typeof faultKinds]);
  });
});
