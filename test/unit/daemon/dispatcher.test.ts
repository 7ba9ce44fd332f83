import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../src/daemon/dispatcher.ts';
import type { Command, EngineEvent } from '../../../src/domain/event.ts';
import type { Beliefs } from '../../../src/engine/contract.ts';
import { orderOf } from '../domain/orders.ts';
import { handClock, notedBroker, turnOf } from './parts.ts';

const order = orderOf({ state: 'submitting', attempts: 1 });
const { id } = order;

function setUp(dryRun = false, may = true) {
  const broker = notedBroker(handClock());
  const pushed: EngineEvent[] = [];
  const wishes: string[] = [];
  const beliefs = { orders: new Map([[id, order]]), mayLeave: () => may } as unknown as Beliefs;
  const dispatch = createDispatcher({
    broker,
    beliefs,
    push: (event) => void pushed.push(event),
    reconcile: (because) => void wishes.push(`reconcile ${because}`),
    stop: (code) => void wishes.push(`stop ${code}`),
    dryRun,
  });
  const run = async (...commands: readonly Command[]): Promise<void> => {
    dispatch(turnOf({ kind: 'wake' }, { commands }));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { broker, pushed, wishes, run };
}

describe('the dispatcher', () => {
  it('brings the second step of an order back as an event', async () => {
    const { pushed, run, broker } = setUp();
    await run({ kind: 'send', id });
    expect(pushed).toEqual([{ kind: 'send', id }]);
    expect(broker.asked).toEqual([]);
  });
  it.each([true, false])('posts an order with the last question in hand, and brings the answer back: may leave %s', async (may) => {
    const { pushed, run, broker } = setUp(false, may);
    await run({ kind: 'post', id, attempt: 2 });
    expect(broker.asked).toEqual([`submit ${id} ${may}`]);
    expect(pushed).toMatchObject([{ kind: 'submitted', id, attempt: 2, outcome: { kind: 'accepted' } }]);
  });
  it('cancels, looks up, reconciles and stops', async () => {
    const { pushed, wishes, run, broker } = setUp();
    await run(
      { kind: 'cancel', id },
      { kind: 'find', id },
      { kind: 'reconcile', because: 'boot' },
      { kind: 'stop', exitCode: 10, remainder: [] },
    );
    expect(broker.asked).toEqual([`cancel ${id}`, `find ${id}`]);
    expect(pushed).toEqual([
      { kind: 'cancel_answered', id, answer: 'requested' },
      { kind: 'found', id, answer: { kind: 'absent' } },
    ]);
    expect(wishes).toEqual(['reconcile boot', 'stop 10']);
  });
  it('carries commands out in their order: a cancel is not overtaken by a later post', async () => {
    const { run, broker } = setUp();
    await run({ kind: 'cancel', id }, { kind: 'post', id, attempt: 1 });
    expect(broker.asked).toEqual([`cancel ${id}`, `submit ${id} true`]);
  });
  it('does nothing for an order that nobody knows', async () => {
    const { run, broker, pushed } = setUp();
    await run({ kind: 'post', id: 'nobody' as never, attempt: 1 }, { kind: 'cancel', id: 'nobody' as never });
    expect([broker.asked, pushed]).toEqual([[], []]);
  });
  it('in dry-run lets no order and no cancel leave, and says so', async () => {
    const { run, broker, pushed } = setUp(true);
    await run({ kind: 'post', id, attempt: 1 }, { kind: 'cancel', id });
    expect(broker.asked).toEqual([]);
    expect(pushed).toEqual([
      { kind: 'submitted', id, attempt: 1, outcome: { kind: 'refused', code: 'DRY_RUN', message: 'dry-run: nothing leaves' } },
      { kind: 'cancel_answered', id, answer: 'unknown' },
    ]);
  });
  it('in dry-run reads on', async () => {
    const { run, broker } = setUp(true);
    await run({ kind: 'find', id });
    expect(broker.asked).toEqual([`find ${id}`]);
  });
});
