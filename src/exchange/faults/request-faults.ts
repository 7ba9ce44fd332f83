// The faults of requests: which of a plan strike one, and what becomes of it.
import type { Rng } from '../../base/rng.ts';
import { uuidOf } from '../wire/encode.ts';
import { refuse, urlOf, type WireRequest, type WireResponse } from '../wire/message.ts';
import { type Answered, type Fate, refusalOf, spoiled } from './fate.ts';
import { routePattern } from './pattern.ts';
import type { Fault, FaultOf } from './plan.ts';
import type { Struck } from './struck.ts';
import type { Trigger } from './trigger.ts';

/** A fault of a plan, armed. */
export interface Armed<F extends Fault = Fault> {
  readonly fault: F;
  readonly index: number;
  readonly trigger: Trigger;
  /** For what a fault draws beyond whether it strikes. */
  readonly rng: Rng;
}

/** Tells of a fault that strikes. */
export type Tell = (armed: Armed, what: Omit<Struck, 'index' | 'kind'>) => void;

type Ending = FaultOf<'status' | 'hang' | 'reset' | 'body' | 'auth'>;
type RequestFault = Ending | FaultOf<'latency'>;

const isOfRequests = (armed: Armed): armed is Armed<RequestFault> => {
  const { fault } = armed;
  return ['latency', 'status', 'hang', 'reset', 'body'].includes(fault.kind) || (fault.kind === 'auth' && fault.route !== undefined);
};

/** What an ending makes of a request. */
function ended(fault: Ending, id: string, perform: () => WireResponse): Answered {
  switch (fault.kind) {
    case 'body':
      return spoiled(perform(), fault.form);
    case 'auth': {
      const answer = refuse(401, 40110000, 'request is not authorized');
      return { ...answer, headers: { ...answer.headers, 'X-Request-ID': id } };
    }
    case 'status':
      if (fault.committed) perform();
      return refusalOf(fault, id);
    case 'hang':
    case 'reset':
      if (fault.committed) perform();
      return fault.kind;
  }
}

function detailOf(fault: RequestFault, ms: number): string {
  switch (fault.kind) {
    case 'latency':
      return `${fault.late} ${String(ms)} ms late`;
    case 'status':
      return `${String(fault.status)}${fault.committed ? ' after it was done' : ''}`;
    case 'body':
      return fault.form;
    case 'auth':
      return '401';
    case 'hang':
    case 'reset':
      return fault.committed ? 'after it was done' : 'before it was done';
  }
}

/** The fate of each request in turn: delays add up, and of what would end it the first in the plan does. */
export function requestFaults(all: readonly Armed[], tell: Tell): (request: WireRequest, now: number) => Fate {
  const own = all.filter(isOfRequests).map((armed) => ({ armed, fits: routePattern(armed.fault.route ?? '/**') }));
  let answers = 0;
  return (request, now) => {
    const path = urlOf(request.url)?.pathname ?? request.url;
    const late = { request: 0, answer: 0 };
    let ending: Ending | undefined;
    for (const { armed, fits } of own) {
      const { fault, trigger, rng } = armed;
      if (!fits(request.method, path) || (fault.kind !== 'latency' && ending !== undefined) || !trigger.strikes(now)) continue;
      let ms = 0;
      if (fault.kind === 'latency') {
        ms = typeof fault.ms === 'number' ? fault.ms : rng.int(fault.ms[0], fault.ms[1]);
        late[fault.late] += ms;
      } else ending = fault;
      tell(armed, { at: now, where: `${request.method} ${path}`, detail: detailOf(fault, ms) });
    }
    const end = ending;
    const id = uuidOf(`fault:${String(++answers)}`).replaceAll('-', '');
    return {
      requestMs: late.request,
      answerMs: late.answer,
      carry: (perform) => (end === undefined ? perform() : ended(end, id, perform)),
    };
  };
}
