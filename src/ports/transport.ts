// The seam of the whole system: real network, loopback and virtual time differ in these two functions only.

/** `fetch`, as the broker's SDK calls it. A rejection means that no answer came. */
export type FetchApi = (url: string, init?: RequestInit) => Promise<Response>;

/** The minimal socket the broker's SDK relies on; satisfied by `ws`. Events: open, message, close, error, pong. */
export interface SocketLike {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
  ping?(data?: unknown): void;
  readonly readyState?: number;
}
export type SocketFactory = (url: string, codec: 'msgpack' | 'json') => SocketLike;

/** Everything a broker adapter needs of the network. */
export interface Transport {
  readonly fetchApi: FetchApi;
  readonly socketFactory: SocketFactory;
}
