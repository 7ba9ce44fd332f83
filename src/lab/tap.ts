// A listener on the daemon's side of the wire: what each order looked like on disk in the step in which its bytes left.
import type { Clearance } from './ledger-facts.ts';

/** One POST of an order. */
export interface Sent {
  readonly id: string;
  /** Which process sent it, counted from 1. */
  readonly process: number;
  /** Wall milliseconds of the run. */
  readonly atMs: number;
  /** null when the ledger did not know the order. */
  readonly clearance: Clearance | null;
  readonly body: SentBody;
}

export interface SentBody {
  readonly qty: number;
  /** Micros; null where the order has none. */
  readonly limit: number | null;
  readonly stop: number | null;
  readonly symbols: readonly string[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const micros = (value: unknown): number | null => (value === undefined || value === null ? null : Math.round(Number(value) * 1e6));

/** True for the one request that makes an order. */
export const isOrderPost = (url: string, method: string | undefined): boolean =>
  method === 'POST' && new URL(url).pathname === '/v2/orders';

/** The order a request body asks for. */
export function orderOfBody(json: string): { readonly id: string; readonly body: SentBody } {
  const fields = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const legs = (fields['legs'] ?? []) as readonly Readonly<Record<string, unknown>>[];
  const symbols = legs.length > 0 ? legs.map((leg) => text(leg['symbol'])) : [text(fields['symbol'])];
  return {
    id: text(fields['client_order_id']),
    body: { qty: Number(fields['qty']), limit: micros(fields['limit_price']), stop: micros(fields['stop_price']), symbols },
  };
}
