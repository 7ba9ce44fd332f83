// What the broker says of an order: from the stream, from an answer, from a look-up, all through one door.
import type { CancelAnswer, FindAnswer, OrderReport, SubmitOutcome } from '../domain/event.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { readOrderId } from '../execution/order-id.ts';
import { advanceOrder } from './booking.ts';
import { beginChase, lookUpAnswered } from './chase.ts';
import { type Draft, note } from './draft.ts';
import { addHalt } from './halts.ts';
import { actionOf, mayLeave } from './permissions.ts';
import type { State } from './state.ts';

/** Applies a report: acceptance, then the fill watermark, then the end, each a no-op when already known. */
export function applyReport(state: State, draft: Draft, report: OrderReport): void {
  let order = state.orders.get(report.id);
  if (order === undefined) {
    if (readOrderId(report.id) !== undefined)
      note(draft, 'order.orphan', 'major', { coid: report.id, boid: report.brokerId, status: report.status });
    return;
  }
  const { brokerId } = report;
  const zombie = order.state === 'dropped' || order.state === 'refused';
  const stepWith = (event: Parameters<typeof advanceOrder>[3]): void => {
    order = advanceOrder(state, draft, order as Order, event) ?? order;
  };
  const first = order.brokerId === null;
  if (order.state !== 'working' && order.state !== 'canceling') stepWith({ kind: 'accepted', brokerId });
  if (first && order.brokerId !== null) note(draft, 'order.accepted', 'info', { coid: order.id, boid: brokerId, strategy: order.strategy });
  if (report.cumQty > order.cumQty)
    stepWith({ kind: 'filled', brokerId, cumQty: report.cumQty, cumCash: report.cumCash, fills: report.fills });
  if (report.status === 'canceled' || report.status === 'expired' || report.status === 'rejected' || report.status === 'replaced') {
    stepWith({ kind: 'closed', as: report.status, brokerId, reason: report.reason });
  }
  if (order.state !== 'canceling') state.chases.delete(order.id);
  if (zombie && (order.state === 'working' || order.cumQty > 0)) {
    note(draft, 'order.zombie', 'major', { coid: order.id, boid: brokerId, state: order.state });
    if (order.state === 'working') cancelOrder(state, draft, order, 'owned again after it was given up');
  }
}

/** Asks the broker to cancel, once; the chase repeats it until there is evidence. An unsent order is dropped instead. */
export function cancelOrder(state: State, draft: Draft, order: Order, why: string): void {
  if (order.state === 'recorded') {
    advanceOrder(state, draft, order, { kind: 'dropped', reason: why });
    return;
  }
  if (order.state !== 'working') return;
  const after = advanceOrder(state, draft, order, { kind: 'cancel_sent' });
  if (after === undefined) return;
  draft.commands.push({ kind: 'cancel', id: order.id });
  beginChase(state, order.id, draft.at.mono, 2_000);
  note(draft, 'order.cancel_sent', 'info', { coid: order.id, strategy: order.strategy, why });
}

const VERDICT_AGE_MS_MAX = 5_000;

/** The second commit of the two-step submit: the attempt is on disk before a byte may leave. */
export function onSend(state: State, draft: Draft, id: ClientOrderId): void {
  const order = state.orders.get(id);
  if (order === undefined) return;
  const resend = order.state === 'absent_watch' && actionOf(order) !== 'open' && order.attempts < 3;
  if (order.state !== 'recorded' && !resend) return;
  const age = draft.at.mono - (state.recordedMono.get(id) ?? -Infinity);
  const opening = actionOf(order) === 'open';
  if (!mayLeave(state, order) || (opening && !(age <= VERDICT_AGE_MS_MAX))) {
    if (!resend)
      advanceOrder(state, draft, order, {
        kind: 'dropped',
        reason: opening && age > VERDICT_AGE_MS_MAX ? 'verdict too old' : 'not permitted now',
      });
    return;
  }
  const after = advanceOrder(state, draft, order, { kind: 'send_begun' });
  if (after !== undefined) draft.commands.push({ kind: 'post', id, attempt: after.attempts });
}

/** The answer of one POST. */
export function onSubmitted(state: State, draft: Draft, id: ClientOrderId, outcome: SubmitOutcome): void {
  const order = state.orders.get(id);
  if (order === undefined) return;
  switch (outcome.kind) {
    case 'accepted':
      applyReport(state, draft, outcome.report);
      return;
    case 'refused':
      advanceOrder(state, draft, order, { kind: 'refused', reason: `${outcome.code}: ${outcome.message}` });
      return;
    case 'unsent':
      onUnsent(state, draft, order, outcome.because);
      return;
    case 'mismatch':
      advanceOrder(state, draft, order, { kind: 'mismatch' });
      note(draft, 'order.mismatch', 'critical', { coid: id, boid: outcome.report.brokerId });
      addHalt(state, draft, { kind: 'strategy', id: order.strategy }, `order ${id} at the broker is not the one sent`);
      takeBack(state, draft, id, outcome.report);
      return;
    case 'duplicate':
      if (order.attempts <= 1 && order.state === 'submitting') {
        note(draft, 'order.twin', 'critical', { coid: id });
        addHalt(
          state,
          draft,
          { kind: 'account' },
          `order id ${id} existed at the broker before its first attempt: a twin daemon or a restored backup`,
        );
      }
      loseAnswer(state, draft, order, 'the id exists at the broker');
      return;
    case 'unknown':
      loseAnswer(state, draft, order, outcome.because);
      return;
  }
}

/** What the broker made of our order must not trade: known by our id it is cancelled at once, else ours is looked up. */
function takeBack(state: State, draft: Draft, id: ClientOrderId, report: OrderReport): void {
  if (report.id !== id) return beginChase(state, id, draft.at.mono, 250);
  applyReport(state, draft, report);
  const order = state.orders.get(id);
  if (order !== undefined) cancelOrder(state, draft, order, 'not the order that was sent');
}

function onUnsent(state: State, draft: Draft, order: Order, because: string): void {
  const back = advanceOrder(state, draft, order, { kind: 'unsent' });
  if (back === undefined) return;
  if (actionOf(order) === 'open') advanceOrder(state, draft, back, { kind: 'dropped', reason: `not sent: ${because}` });
  else beginChase(state, order.id, draft.at.mono, 1_000); // exits are tried again with the same id
}

function loseAnswer(state: State, draft: Draft, order: Order, because: string): void {
  const after = advanceOrder(state, draft, order, { kind: 'answer_lost' });
  if (after === undefined) return;
  note(draft, 'order.unknown', 'minor', { coid: order.id, strategy: order.strategy, why: because });
  beginChase(state, order.id, draft.at.mono, 250);
}

/** The answer of one DELETE: only a report is evidence of a cancel. */
export function onCancelAnswered(state: State, draft: Draft, id: ClientOrderId, answer: CancelAnswer): void {
  const order = state.orders.get(id);
  if (order === undefined || order.state !== 'canceling') return;
  if (answer === 'too_late' || answer === 'absent') draft.commands.push({ kind: 'find', id });
}

export function onFound(state: State, draft: Draft, id: ClientOrderId, answer: FindAnswer): void {
  const order = state.orders.get(id);
  if (order === undefined) return;
  if (answer.kind === 'found') {
    applyReport(state, draft, answer.report);
    return;
  }
  lookUpAnswered(state, draft, order, answer.kind === 'absent');
}
