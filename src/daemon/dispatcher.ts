// Carries out what a committed turn asks for, and brings each answer back as an event.
import type { Command, EngineEvent, Remainder } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { Turn } from '../domain/turn.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { Broker } from '../ports/broker.ts';

export interface DispatcherOptions {
  readonly broker: Broker;
  readonly beliefs: Beliefs;
  readonly push: (event: EngineEvent) => void;
  readonly reconcile: (because: string) => void;
  readonly stop: (exitCode: number, remainder: readonly Remainder[]) => void;
  /** In dry-run nothing leaves: a POST or a cancel is answered here, and says so. */
  readonly dryRun: boolean;
}

/** A function that carries out the commands of a turn. Order matters: a cancel is not overtaken by a later post. */
export function createDispatcher(options: DispatcherOptions): (turn: Turn) => void {
  const { broker, beliefs, push } = options;
  const withOrder = (id: ClientOrderId, act: (order: Order) => void): void => {
    const order = beliefs.orders.get(id);
    if (order !== undefined) act(order);
  };
  const post = (id: ClientOrderId, attempt: number): void =>
    withOrder(id, (order) => {
      if (options.dryRun) {
        push({ kind: 'submitted', id, attempt, outcome: { kind: 'refused', code: 'DRY_RUN', message: 'dry-run: nothing leaves' } });
        return;
      }
      void broker.submit(order, () => beliefs.mayLeave(id)).then((outcome) => push({ kind: 'submitted', id, attempt, outcome }));
    });
  const cancel = (id: ClientOrderId): void =>
    withOrder(id, (order) => {
      if (options.dryRun) {
        push({ kind: 'cancel_answered', id, answer: 'unknown' });
        return;
      }
      void broker.cancel(order).then((answer) => push({ kind: 'cancel_answered', id, answer }));
    });
  const carryOut = (command: Command): void => {
    switch (command.kind) {
      case 'send':
        push({ kind: 'send', id: command.id });
        return;
      case 'post':
        post(command.id, command.attempt);
        return;
      case 'cancel':
        cancel(command.id);
        return;
      case 'find':
        void broker.find(command.id).then((answer) => push({ kind: 'found', id: command.id, answer }));
        return;
      case 'reconcile':
        options.reconcile(command.because);
        return;
      case 'stop':
        options.stop(command.exitCode, command.remainder);
        return;
    }
  };
  return (turn) => {
    for (const command of turn.commands) carryOut(command);
  };
}
