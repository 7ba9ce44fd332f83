import { describe, expect, it } from 'vitest';
import { createReconciler } from '../../../src/daemon/reconciler.ts';
import type { EngineEvent } from '../../../src/domain/event.ts';
import type { Beliefs } from '../../../src/engine/contract.ts';
import { handClock, notedBroker } from './parts.ts';

function setUp(ordersAfter: number | null = null, on: (event: EngineEvent) => void = () => {}) {
  const clock = handClock();
  const broker = notedBroker(clock);
  const pushed: string[] = [];
  const beliefs = { ordersWatermark: () => ordersAfter, activitiesWatermark: () => 777 } as unknown as Beliefs;
  const reconciler = createReconciler(broker, beliefs, clock, (event) => {
    pushed.push(event.kind);
    on(event);
  });
  return { broker, clock, pushed, reconciler };
}

describe('the reconciler', () => {
  it('reads from the watermarks of the engine', async () => {
    const { broker, reconciler, pushed } = setUp(555);
    const done = reconciler.run('test');
    await broker.answer(true);
    await done;
    expect(broker.requests).toEqual([{ ordersAfter: 555, activitiesAfter: 777 }]);
    expect(pushed).toEqual(['snapshot']);
  });
  it('has one read under way: a later wish shares it', async () => {
    const { broker, reconciler, pushed } = setUp();
    const both = Promise.all([reconciler.run('one'), reconciler.run('two')]);
    await broker.answer(true);
    await both;
    expect(broker.requests).toHaveLength(1);
    expect(pushed).toEqual(['snapshot']);
    void reconciler.run('three');
    expect(broker.requests).toHaveLength(2);
  });
  it('begins a new read for a wish that an answer gives rise to', async () => {
    let wished = false;
    const of = setUp(null, () => {
      if (!wished) void of.reconciler.run('again');
      wished = true;
    });
    void of.reconciler.run('first');
    await of.broker.answer(true);
    expect(of.broker.requests).toHaveLength(2);
    await of.broker.answer(true);
    expect(of.pushed).toEqual(['snapshot', 'snapshot']);
  });
  it('lets what is due together share one read, and reads again a moment later', async () => {
    const { broker, clock, reconciler } = setUp();
    const first = reconciler.recent('one');
    await broker.answer(true);
    await first;
    await reconciler.recent('two');
    expect(broker.requests).toHaveLength(1);
    clock.advance(2_001);
    void reconciler.recent('three');
    expect(broker.requests).toHaveLength(2);
  });
  it('does not take a failed read for a recent one', async () => {
    const { broker, reconciler } = setUp();
    const first = reconciler.recent('one');
    await broker.answer(false);
    await first;
    void reconciler.recent('two');
    expect(broker.requests).toHaveLength(2);
  });
  it('says that a read failed, which is not that there is nothing', async () => {
    const { broker, reconciler, pushed } = setUp();
    const done = reconciler.run('test');
    await broker.answer(false);
    await done;
    expect(pushed).toEqual(['snapshot_failed']);
  });
});
