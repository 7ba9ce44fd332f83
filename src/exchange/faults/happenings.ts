// What happens around the clients: halts, quotes that stand still, a human at the same account, every line cut.
import { SECOND } from '../../domain/time.ts';
import type { HaltBoard } from '../halts.ts';
import type { ExchangeCore } from '../types.ts';
import type { Listing } from '../wire/listing.ts';
import { answerOf, urlOf, type WireRequest } from '../wire/message.ts';
import { orderRequest } from '../wire/order-body.ts';
import { routePattern } from './pattern.ts';
import type { Fault, FaultOf } from './plan.ts';
import type { Armed, Tell } from './request-faults.ts';

const CENT = 10_000;

type Happening = FaultOf<'halt' | 'stale' | 'trade' | 'cancel' | 'deposit' | 'withdraw' | 'cut'>;

const kinds: readonly Fault['kind'][] = ['halt', 'stale', 'trade', 'cancel', 'deposit', 'withdraw', 'cut'];
const isHappening = (armed: Armed): armed is Armed<Happening> => kinds.includes(armed.fault.kind);

export interface HappeningParts {
  readonly core: ExchangeCore;
  readonly listing: Listing;
  readonly board: HaltBoard;
  readonly cut: () => void;
  readonly tell: Tell;
}

/** What an order of a human came to, for the log. */
function traded({ core, listing }: HappeningParts, fault: FaultOf<'trade'>, at: number): string {
  try {
    const result = core.submit(fault.account, orderRequest(JSON.stringify(fault.order), listing), at);
    return result.ok ? `order ${result.value.id}` : `refused: ${result.message}`;
  } catch (error) {
    const answer = answerOf(error);
    if (answer === undefined) throw error;
    return `refused: ${answer.body ?? ''}`;
  }
}

/** What a human's transfer came to, for the log. */
function transferred({ core }: HappeningParts, { kind, account, amount }: FaultOf<'deposit' | 'withdraw'>, at: number): string {
  const micros = Math.round(Number(amount) * 100) * CENT;
  const result = core.transfer(account, kind === 'deposit' ? micros : -micros, at);
  return result.ok ? `${amount} dollars` : `refused: ${result.message}`;
}

function happen(parts: HappeningParts, armed: Armed<Happening>, at: number): void {
  const { fault } = armed;
  const tell = (where: string, detail: string): void => parts.tell(armed, { at, where, detail });
  switch (fault.kind) {
    case 'halt':
    case 'stale': {
      const span = { from: at, to: at + fault.seconds * SECOND };
      if (fault.kind === 'halt') parts.board.halt(fault.symbol, span);
      else parts.board.freeze(fault.symbol, span);
      return tell(fault.symbol, `for ${String(fault.seconds)} s`);
    }
    case 'trade':
      return tell(fault.account, traded(parts, fault, at));
    case 'cancel':
      return tell(fault.account, `${String(parts.core.cancelAll(fault.account, at).length)} orders`);
    case 'deposit':
    case 'withdraw':
      return tell(fault.account, transferred(parts, fault, at));
    case 'cut':
      tell('every line', '');
      return parts.cut();
  }
}

export interface Happenings {
  /** Lets what is due by an instant happen, each at its own, in their order; those of one instant in the plan's. */
  act(now: number): void;
  /** Lets happen what comes with a request, before the exchange hears of it. */
  meet(request: WireRequest, now: number): void;
}

export function happenings(all: readonly Armed[], parts: HappeningParts): Happenings {
  const own = all.filter(isHappening);
  const timed = own.filter(({ fault }) => fault.route === undefined).sort((a, b) => a.trigger.from - b.trigger.from);
  const met = own.flatMap((armed) => (armed.fault.route === undefined ? [] : [{ armed, fits: routePattern(armed.fault.route) }]));
  return {
    act(now) {
      for (let armed = timed[0]; armed !== undefined && armed.trigger.from <= now; armed = timed[0]) {
        timed.shift();
        const { from } = armed.trigger;
        if (armed.trigger.strikes(from)) happen(parts, armed, Math.max(parts.core.at, from));
      }
    },
    meet(request, now) {
      const path = urlOf(request.url)?.pathname ?? request.url;
      for (const { armed, fits } of met) if (fits(request.method, path) && armed.trigger.strikes(now)) happen(parts, armed, now);
    },
  };
}
