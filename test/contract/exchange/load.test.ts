// A small load: every update of every order reaches the client it belongs to, once and in order, while quotes pour.
import { expect, it } from 'vitest';
import { runLoad } from '../../../bench/load-run.ts';

it('loses no update of an order while quotes pour over the same server', async () => {
  const options = { clients: 8, symbols: 60, listeners: 2, stepMs: 25, orders: 15, everyMs: 40 };
  const { orders, updates, lost, astray, quotes } = await runLoad(options);
  expect(orders).toBe(8 * 15);
  // Acknowledged and filled, each of them.
  expect(updates).toBe(2 * orders);
  expect([lost, astray]).toEqual([0, 0]);
  expect(quotes).toBeGreaterThan(options.symbols * options.listeners);
});
