// One event at a time: turn, commit, then act. Whatever comes while a turn runs waits its turn.
import type { EngineEvent } from '../domain/event.ts';
import { isEmptyTurn, type Turn } from '../domain/turn.ts';
import type { Engine } from '../engine/contract.ts';
import type { Clock } from '../ports/clock.ts';

/** Anything past this is a flood that we would only fall behind on; reaching it is a bug worth stopping for. */
const QUEUE_MAX = 100_000;

export interface InboxOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Called before anything acts; a throw ends the process, since memory is then ahead of disk. */
  readonly commit: (turn: Turn) => void;
  /** Called after the commit, in order. */
  readonly observers: readonly ((turn: Turn) => void)[];
  readonly act: (turn: Turn) => void;
  readonly failed: (error: unknown) => void;
}

export interface Inbox {
  push(event: EngineEvent): void;
  /** No event is taken from now on; late ones are counted and dropped. */
  close(): void;
  readonly dropped: number;
}

/** An inbox over an engine. Also keeps the one alarm that the engine asks for. */
export function createInbox(options: InboxOptions): Inbox {
  const queue: EngineEvent[] = [];
  let running = false;
  let closed = false;
  let dropped = 0;
  let cancelAlarm: (() => void) | null = null;

  const arm = (turn: Turn): void => {
    cancelAlarm?.();
    cancelAlarm = null;
    if (turn.wakeAt === null || closed) return;
    cancelAlarm = options.clock.after(Math.max(1, Math.ceil(turn.wakeAt - options.clock.now().mono)), () => {
      cancelAlarm = null;
      push({ kind: 'wake' });
    });
  };
  const one = (event: EngineEvent): void => {
    const turn = options.engine.turn(event, options.clock.now());
    if (!isEmptyTurn(turn)) options.commit(turn);
    for (const observe of options.observers) observe(turn);
    options.act(turn);
    if (queue.length === 0) arm(turn);
  };
  const drain = (): void => {
    running = true;
    try {
      for (let event = queue.shift(); event !== undefined && !closed; event = queue.shift()) one(event);
    } catch (error) {
      closed = true;
      cancelAlarm?.();
      options.failed(error);
    } finally {
      running = false;
    }
  };
  const push = (event: EngineEvent): void => {
    if (closed || queue.length >= QUEUE_MAX) {
      dropped += 1;
      if (!closed) options.failed(new Error(`inbox over ${QUEUE_MAX} events`));
      return;
    }
    queue.push(event);
    if (!running) drain();
  };
  return {
    push,
    close: () => {
      closed = true;
      cancelAlarm?.();
      cancelAlarm = null;
    },
    get dropped() {
      return dropped;
    },
  };
}
