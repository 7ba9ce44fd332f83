// A fault plan at work on one exchange: between its clients and what it says, whatever transport carries it.
import { seededRng } from '../../base/rng.ts';
import type { HaltBoard } from '../halts.ts';
import type { ExchangeCore } from '../types.ts';
import type { Listing } from '../wire/listing.ts';
import type { WireRequest } from '../wire/message.ts';
import type { After } from '../wire/stream.ts';
import type { Streams } from '../wire/streams.ts';
import type { Fate } from './fate.ts';
import { happenings } from './happenings.ts';
import type { FaultPlan } from './plan.ts';
import { type Armed, requestFaults, type Tell } from './request-faults.ts';
import { streamFaults } from './stream-faults.ts';
import type { Struck } from './struck.ts';
import { triggerOf } from './trigger.ts';

/** What an exchange is given to let things go wrong. */
export interface Faults {
  readonly plan: FaultPlan;
  /** The board on which the market and the core look halts up. */
  readonly board: HaltBoard;
  /** Told of each fault as it strikes. */
  readonly onStruck: (struck: Struck) => void;
}

export interface InjectorParts {
  readonly core: ExchangeCore;
  readonly listing: Listing;
  readonly now: () => number;
  readonly after: After;
  readonly cut: () => void;
}

export interface Injector {
  /** What befalls a request that has come in over a transport. */
  meet(request: WireRequest): Fate;
  /** Lets happen what is due by an instant. */
  act(now: number): void;
  over(streams: Streams): Streams;
  /** The core as streams see it: it knows no key while a fault refuses them. */
  readonly core: ExchangeCore;
}

/** Spans such as `+15m` count from the present instant of the exchange. */
export function injector({ plan, board, onStruck }: Faults, { core, listing, now, after, cut }: InjectorParts): Injector {
  const origin = now();
  const armed = plan.faults.map((fault, index): Armed => {
    const rng = seededRng(plan.seed).fork(`fault:${String(index)}:more`);
    return { fault, index, trigger: triggerOf(fault, index, plan.seed, origin), rng };
  });
  const tell: Tell = ({ index, fault: { kind } }, what) => onStruck({ index, kind, ...what });
  const around = happenings(armed, { core, listing, board, cut, tell });
  const requests = requestFaults(armed, tell);
  const lines = streamFaults({ faults: armed, tell, now, after });
  const authenticate: ExchangeCore['authenticate'] = (id, secret) => (lines.refusing ? undefined : core.authenticate(id, secret));
  return {
    meet(request) {
      const at = now();
      around.act(at);
      around.meet(request, at);
      return requests(request, at);
    },
    act(at) {
      around.act(at);
      lines.act(at);
    },
    over: lines.over,
    // The core's own properties are live: it is looked through, not copied.
    core: Object.create(core, { authenticate: { value: authenticate } }) as ExchangeCore,
  };
}
