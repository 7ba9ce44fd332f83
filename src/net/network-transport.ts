// The real network as a transport: what differs between live, paper and loopback on one side and memory on the other.
import type { Transport } from '../ports/transport.ts';
import { fetchTransport } from './fetch-transport.ts';
import { wsTransport } from './ws-transport.ts';

/** @param options.allowHosts every host this process may speak to, e.g. `paper-api.alpaca.markets` or `127.0.0.1:7001` */
export const networkTransport = (options: { readonly allowHosts: readonly string[] }): Transport => ({
  fetchApi: fetchTransport(options.allowHosts),
  socketFactory: wsTransport(options.allowHosts),
});
