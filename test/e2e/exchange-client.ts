// The exchange's own account of things, asked over its wire without any of our client code.
const headers = { 'APCA-API-KEY-ID': 'sim', 'APCA-API-SECRET-KEY': 'sim' } as const;

async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export interface OrderRow {
  readonly id: string;
  readonly client_order_id: string;
  readonly status: string;
  readonly filled_qty: string;
  readonly symbol: string;
}
export interface PositionRow {
  readonly symbol: string;
  readonly qty: string;
}

export const allOrders = (url: string): Promise<readonly OrderRow[]> => get(url, '/v2/orders?status=all&limit=500&nested=true');
export const openPositions = (url: string): Promise<readonly PositionRow[]> => get(url, '/v2/positions');
export const account = (url: string): Promise<{ readonly cash: string; readonly account_number: string }> => get(url, '/v2/account');

/** Cuts every socket of the exchange now. */
export async function cutSockets(url: string): Promise<void> {
  await fetch(`${url}/sim/v1/faults/cut`, { method: 'POST', headers }).catch(() => undefined); // its own connection may be among them
}
