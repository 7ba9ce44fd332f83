// Day trades, counted from our own executions: what is opened and closed within one session.
import type { Effect } from '../domain/legs.ts';
import type { Order } from '../domain/order.ts';

/** Runs of closing that follow a run of opening, of each instrument in each session. Orders count by when they were recorded. */
export function roundTripsOf(orders: readonly Order[]): number {
  const traded = orders.filter((o) => o.cumQty > 0).sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
  const last = new Map<string, Effect>();
  let trips = 0;
  for (const { day, legs } of traded) {
    for (const { instrument, effect } of legs) {
      const key = `${day}|${instrument.symbol}`;
      if (effect === 'close' && last.get(key) === 'open') trips++;
      last.set(key, effect);
    }
  }
  return trips;
}
