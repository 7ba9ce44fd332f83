// Sending, cancelling and finding one order: every failure becomes an outcome, and nothing guesses at an order's fate.
import type { CancelAnswer, FindAnswer, SubmitOutcome } from '../domain/event.ts';
import type { ClientOrderId, Symbol } from '../domain/ids.ts';
import { isClosing } from '../domain/legs.ts';
import type { Order } from '../domain/order.ts';
import type { OrderReport } from '../domain/order-report.ts';
import type { Broker } from '../ports/broker.ts';
import { AlpacaFault } from './faults.ts';
import { mismatchOf, orderBody } from './order-body.ts';
import { lacksLegs, reportOf } from './order-codec.ts';
import type { Resilience } from './resilience.ts';
import type { Sdk } from './sdk.ts';
import type { Log } from './supervisor.ts';
import { type OrderWire, orderWire } from './wire.ts';

/** Packages whose leg order we remember; far more than live at once. */
const REMEMBERED = 2_000;

export interface OrderCallsOptions {
  readonly sdk: Sdk;
  readonly resilience: Resilience;
  readonly log: Log;
}

export type OrderCalls = Pick<Broker, 'submit' | 'cancel' | 'find'> & {
  /** The option symbols of a package in the order we sent them, when we know. */
  readonly legOrder: (id: string) => readonly Symbol[] | undefined;
};

/** What a failed submit proves. Only an answer of the broker refuses, only proof is `unsent`, all else is unknown. */
export function submitOutcome(fault: AlpacaFault): SubmitOutcome {
  switch (fault.kind) {
    case 'refused':
    case 'not_found':
    case 'auth':
      return { kind: 'refused', code: fault.code, message: fault.line };
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'unsent':
      return { kind: 'unsent', because: fault.line };
    case 'rate':
    case 'unknown':
      return { kind: 'unknown', because: fault.line };
  }
}

/** Opening orders pass the entry breaker; whatever closes or protects never does. */
const laneOf = (order: Order): 'entry' | 'exit' =>
  order.purpose === 'O' || (order.purpose === 'R' && !isClosing(order.legs)) ? 'entry' : 'exit';

const cancelAnswer = (fault: AlpacaFault): CancelAnswer =>
  fault.kind === 'not_found' ? 'absent' : fault.code === 'ALPACA_REFUSED' && fault.status === 422 ? 'too_late' : 'unknown';

/** The leg order of packages we sent, newest kept. */
function legMemory(): { readonly of: (id: string) => readonly Symbol[] | undefined; readonly note: (order: Order) => void } {
  const known = new Map<string, readonly Symbol[]>();
  return {
    of: (id) => known.get(id),
    note: (order) => {
      if (order.legs.length < 2) return;
      known.delete(order.id);
      known.set(
        order.id,
        order.legs.map((leg) => leg.instrument.symbol),
      );
      const oldest = known.size > REMEMBERED ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
  };
}

/** Looks an order up by our id; a package that claims fills without naming its legs is read again by the broker's id. */
async function lookUp(options: OrderCallsOptions, id: ClientOrderId): Promise<OrderWire> {
  const { sdk, resilience } = options;
  const order = await resilience.read('lookup', (init) => sdk.orders.getOrderByClientOrderIdRaw({ clientOrderId: id }, init), orderWire);
  if (order.client_order_id !== id) throw new AlpacaFault('ALPACA_SHAPE', `asked for ${id}, told of ${order.client_order_id}`);
  if (!lacksLegs(order)) return order;
  return resilience.read('lookup', (init) => sdk.orders.getOrderByOrderIDRaw({ orderId: order.id, nested: true }, init), orderWire);
}

export function createOrderCalls(options: OrderCallsOptions): OrderCalls {
  const { sdk, resilience, log } = options;
  const memory = legMemory();
  const read = (wire: OrderWire): OrderReport => reportOf(wire, memory.of(wire.client_order_id));

  const submit = async (order: Order, mayLeave: () => boolean): Promise<SubmitOutcome> => {
    memory.note(order);
    const body = { postOrderRequest: orderBody(order) };
    try {
      const wire = await resilience.order(laneOf(order), (init) => sdk.orders.postOrderRaw(body, init), orderWire, mayLeave);
      const report = read(wire);
      const wrong = mismatchOf(order, wire, report);
      if (wrong === null) return { kind: 'accepted', report };
      log('alpaca.mismatch', { order: order.id, brokerId: report.brokerId, why: wrong });
      return { kind: 'mismatch', report };
    } catch (error) {
      if (!(error instanceof AlpacaFault)) throw error;
      log('alpaca.submit_failed', { order: order.id, code: error.code, why: error.message, requestId: error.requestId });
      return submitOutcome(error);
    }
  };

  const find = async (id: ClientOrderId): Promise<FindAnswer> => {
    try {
      return { kind: 'found', report: read(await lookUp(options, id)) };
    } catch (error) {
      if (!(error instanceof AlpacaFault)) throw error;
      return error.kind === 'not_found' ? { kind: 'absent' } : { kind: 'unknown', because: error.line };
    }
  };

  const cancel = async (order: Order): Promise<CancelAnswer> => {
    memory.note(order);
    try {
      const orderId = order.brokerId ?? (await lookUp(options, order.id)).id;
      await resilience.cancel((init) => sdk.orders.deleteOrderByOrderIDRaw({ orderId }, init));
      return 'requested';
    } catch (error) {
      if (!(error instanceof AlpacaFault)) throw error;
      log('alpaca.cancel_failed', { order: order.id, code: error.code, why: error.message, requestId: error.requestId });
      return cancelAnswer(error);
    }
  };
  return { submit, cancel, find, legOrder: memory.of };
}
