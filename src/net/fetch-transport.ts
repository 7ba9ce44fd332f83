// Requests over the real network: the platform's fetch, behind the host list, never following a redirect.
import type { FetchApi } from '../ports/transport.ts';
import { hostCheck } from './outbound-hosts.ts';

/** @param allowHosts see `hostCheck`; a request elsewhere rejects with HostRefused before anything is sent */
export function fetchTransport(allowHosts: readonly string[]): FetchApi {
  const check = hostCheck(allowHosts);
  return async (url, init) => {
    check(url);
    // A redirect would carry the key headers to wherever it points.
    return fetch(url, { ...init, redirect: 'error' });
  };
}
