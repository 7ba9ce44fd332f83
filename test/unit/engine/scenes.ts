// Worlds that tests begin in.

import type { Order } from '../../../src/domain/order.ts';
import { buy, write } from '../risk/contexts.ts';
import type { Given } from './world.ts';
import { type EngineWorld, engineWorld } from './world.ts';

export const put = 'ABC260417P00050000';
export const call = 'ABC260417C00055000';

/** ABC at 10, a put of it at 1.02; booted and reconciled, nothing held. */
export function market(over: Partial<Given> = {}): EngineWorld {
  const w = engineWorld(over);
  w.quote('ABC', 9.99, 10.01);
  w.quote(put, 1, 1.05);
  w.quote(call, 1, 1.05);
  w.bar('ABC', 10);
  w.ready();
  return w;
}

const settle = (w: EngineWorld): EngineWorld => {
  w.advance(61_000);
  w.reconcile();
  w.take('reconcile');
  return w;
};

/** The market after the strategy bought shares of ABC at 10, a minute ago. */
export function holding(n: number, over: Partial<Given> = {}): EngineWorld {
  const w = market(over);
  w.open(buy('ABC', 10, n));
  const { id } = w.posted();
  w.accept(id);
  w.fill(id, n, 10);
  return settle(w);
}

/** The market after the strategy sold puts of ABC at 1.02, a minute ago. */
export function shortPuts(n: number, over: Partial<Given> = {}): EngineWorld {
  const w = market({ strategies: ['wheel'], mayBeAssigned: true, optionsLevel: 2, ...over });
  w.open(write(put, 1.02, n));
  const { id } = w.posted();
  w.accept(id);
  w.fill(id, n, 1.02);
  return settle(w);
}

/** Brings an order of the strategy to the desk and has it working. */
export function working(w: EngineWorld): Order {
  const { id } = w.posted();
  w.accept(id);
  return w.order(id);
}
