// S-25: the daemon says so when the broker answers too slowly or turns down too much, once, and once more when that is over.
import { describe, expect, it } from 'vitest';
import { clientOrderId } from '../../../src/domain/ids.ts';
import type { Order } from '../../../src/domain/order.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import { newDraft } from '../../../src/engine/draft.ts';
import { watchExecution } from '../../../src/engine/execution-watch.ts';
import { newExecutionWindow } from '../../../src/engine/execution-window.ts';
import type { State } from '../../../src/engine/state.ts';
import type { World } from '../../../src/engine/world.ts';
import { order } from '../store/fixture.ts';

const execution = { windowOrders: 6, windowOrdersMin: 4, ackP95MsMax: 100, refusedMax: 0.25 };

/** Orders pass through the states that turns leave them in; what is noted on the way. */
function broker(world: Pick<World, 'execution'> = { execution }) {
  const state = { execution: newExecutionWindow() };
  const said: string[] = [];
  let [mono, n] = [0, 0];
  const turned = (after: Order): void => {
    const draft = newDraft(1, { exchange: epochMs(0), mono: monoMs(mono), speed: 1 }, tradingDay('2026-03-10'), { kind: 'wake' });
    draft.orders.set(after.id, after);
    watchExecution(world as World, state as State, draft);
    said.push(...draft.notes.map(({ event, detail }) => `${event} ${JSON.stringify(detail)}`));
  };
  const send = (): Order => {
    n += 1;
    const sent = order({ id: clientOrderId(`wsb1-${n}`), state: 'submitting', attempts: 1 });
    turned({ ...sent, state: 'recorded', attempts: 0 });
    turned(sent);
    return sent;
  };
  const acked = { state: 'working', brokerId: 'b' as never } as const;
  return {
    said,
    state: state.execution,
    accepts(ms: number) {
      const sent = send();
      mono += ms;
      turned({ ...sent, ...acked });
      turned({ ...sent, ...acked, state: 'filled' });
    },
    refuses(reason = '40310000: insufficient buying power') {
      turned({ ...send(), state: 'refused', reason });
    },
    rejectsLater(ms: number) {
      const sent = send();
      mono += ms;
      turned({ ...sent, ...acked });
      turned({ ...sent, ...acked, state: 'rejected' });
    },
    loses() {
      const sent = send();
      turned({ ...sent, state: 'unknown' });
      mono += 5_000;
      turned({ ...sent, ...acked });
    },
    turned,
  };
}
const times = (n: number, act: () => void): void => {
  for (let i = 0; i < n; i++) act();
};

describe('the watch over executions', () => {
  it('says nothing within the budget, and nothing of too few orders', () => {
    const b = broker();
    times(20, () => b.accepts(100));
    const few = broker();
    times(3, () => few.accepts(500));
    expect([...b.said, ...few.said]).toEqual([]);
  });
  it('says once that the broker is slow, and once that it is prompt again', () => {
    const b = broker();
    times(3, () => b.accepts(20));
    b.accepts(101);
    b.accepts(300);
    expect(b.said).toEqual(['execution.slow {"p95Ms":101,"limitMs":100,"orders":4}']);
    times(6, () => b.accepts(20));
    expect(b.said.slice(1)).toEqual(['execution.prompt {"p95Ms":20,"limitMs":100,"orders":6}']);
  });
  it('counts the time in which an answer was lost', () => {
    const b = broker();
    times(3, () => b.accepts(20));
    b.loses();
    expect(b.said).toEqual(['execution.slow {"p95Ms":5000,"limitMs":100,"orders":4}']);
  });
  it('says once that too much is refused, at once or later, and once that it is not any more', () => {
    const b = broker();
    times(3, () => b.accepts(20));
    b.refuses();
    expect(b.said).toEqual([]); // one of four is the limit itself
    b.rejectsLater(20);
    expect(b.said).toEqual(['execution.rejects {"part":0.4,"limit":0.25,"orders":5}']);
    times(5, () => b.accepts(20));
    expect(b.said).toEqual([expect.any(String), expect.stringContaining('execution.taken')]);
  });
  it("does not take the answers of a dry run for the broker's", () => {
    const b = broker();
    times(10, () => b.refuses('DRY_RUN: dry-run: nothing leaves'));
    expect(b.said).toEqual([]);
    expect([b.state.outcomes.size, b.state.sent.size]).toEqual([0, 0]);
  });
  it('looks at no more than its window, and forgets what is over', () => {
    const b = broker();
    times(30, () => b.accepts(20));
    expect([b.state.outcomes.size, b.state.sent.size]).toEqual([6, 0]);
  });
  it('leaves alone what left in another run, and everything where there are no budgets', () => {
    const b = broker();
    times(6, () => b.turned(order({ state: 'rejected' })));
    const without = broker({});
    times(6, () => without.refuses());
    expect([...b.said, ...without.said]).toEqual([]);
  });
});
