// Which hosts this process may speak to. A host that is not listed is an error before any byte leaves.

/** The error of a refused host; its `code` is what the broker adapter recognises as proof that nothing was sent. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
  readonly code = 'NET_HOST_REFUSED';
}

/**
 * A check of addresses against a list of host names, with or without a port (`api.alpaca.markets`, `127.0.0.1:7001`).
 * Without a port an entry allows every port of its host.
 */
export function hostCheck(allowed: readonly string[]): (url: string) => void {
  const names = new Set(allowed.map((host) => host.toLowerCase()));
  return (url) => {
    const { host, hostname } = new URL(url);
    if (names.has(host) || names.has(hostname)) return;
    const known = [...names].join(', ') || 'none';
    throw new HostRefused(`${host} is not among the hosts this process may reach (${known}); check the configured addresses`);
  };
}
