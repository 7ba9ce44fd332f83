// The one way in which a person's wish reaches the engine: once for each key, as an event like any other, answered by its turn.
import { canonicalJson } from '../../base/canonical.ts';
import { sha256Hex } from '../../base/sha256.ts';
import {
  type ControlDenial,
  type ControlOrder,
  type Difference,
  type Outcome,
  type Role,
  roleFor,
  suffices,
} from '../../domain/control.ts';
import type { EngineEvent, ShutdownPolicy } from '../../domain/event.ts';
import { DAY } from '../../domain/time.ts';
import type { Turn } from '../../domain/turn.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { Store } from '../../ports/store.ts';

/** An order as it is asked for; what the daemon knows better (clocks, the market's hours, what a read finds) is added here. */
export type OrderWish =
  | Exclude<ControlOrder, { readonly verb: 'stop' | 'reconcile' | 'issue_token' | 'revoke_token' }>
  | { readonly verb: 'reconcile' }
  | { readonly verb: 'stop'; readonly policy: ShutdownPolicy }
  | {
      readonly verb: 'issue_token';
      readonly id: string;
      readonly role: Role;
      readonly name: string;
      readonly hash: string;
      readonly days: number;
    }
  | { readonly verb: 'revoke_token'; readonly id: string };

export interface Wish {
  /** The caller's own name for it: the same key acts once, however often it is sent. */
  readonly key: string;
  readonly actor: string;
  readonly role: Role;
  readonly reason: string;
  readonly order: OrderWish;
}

export type Reply =
  | { readonly kind: 'answered'; readonly outcome: Outcome /** It was asked before: nothing was done now. */; readonly repeated: boolean }
  /** The key was used for another wish. */
  | { readonly kind: 'conflict' }
  /** No engine takes events now. */
  | { readonly kind: 'unavailable'; readonly why: string };

export interface ControlOptions {
  readonly store: Pick<Store, 'answered'>;
  readonly beliefs: Beliefs;
  readonly push: (event: EngineEvent) => void;
  /** Reads the broker and brings the read to the engine. */
  readonly reconcile: () => Promise<void>;
  /** What a stop needs to know; asked when one is about to begin. */
  readonly stopping: () => { readonly marketOpen: boolean; readonly budgetMs: number };
  /** This machine's clock. */
  readonly wall: () => number;
}

export interface Control {
  ask(wish: Wish): Promise<Reply>;
  /** Keeps that somebody was turned away. */
  deny(denial: ControlDenial): void;
  /** To be called with every committed turn. */
  observe(turn: Turn): void;
  /** Before this, and after `close`, there is nobody to ask. */
  open(): void;
  close(): void;
}

/** Of who wants what and why: the same key with another digest is another wish. */
const digestOf = ({ actor, reason, order }: Wish): string => sha256Hex(canonicalJson({ actor, reason, order }));

type Phase = 'starting' | 'open' | 'closed';
const closedFor: Readonly<Record<Exclude<Phase, 'open'>, string>> = {
  starting: 'the daemon is starting: ask again in a moment',
  closed: 'the daemon has stopped',
};

/** The order of a wish with what the daemon knows better; nothing is looked up for who may not even ask. */
async function completed(
  { order, role }: Wish,
  { wall, beliefs, stopping }: ControlOptions,
  found: () => Promise<Difference>,
): Promise<ControlOrder> {
  const allowed = suffices(role, roleFor(order.verb));
  switch (order.verb) {
    case 'reconcile':
      return { verb: 'reconcile', found: allowed ? await found() : null };
    case 'stop':
      return { ...order, ...(allowed && beliefs.shutdownPhase() === null ? stopping() : { marketOpen: false, budgetMs: 0 }) };
    case 'issue_token': {
      const { verb, days, ...token } = order;
      return { verb, token: { ...token, createdWall: wall(), expiresWall: wall() + days * DAY, revokedWall: null } };
    }
    case 'revoke_token':
      return { ...order, wall: wall() };
    default:
      return order;
  }
}

/** A control over an engine's inbox. Nothing here changes anything but by an event. */
export function createControl(options: ControlOptions): Control {
  const { store, beliefs, push } = options;
  const answers = new Map<string, Outcome>();
  /** Wishes whose answer waits for a read, by key: a repetition shares it. */
  const underWay = new Map<string, { readonly digest: string; readonly reply: Promise<Reply> }>();
  let phase: Phase = 'starting';
  let lastRead: string | null = null;

  const found = async (): Promise<Difference> => {
    lastRead = null;
    await options.reconcile();
    return {
      agree: lastRead === 'reconcile.ok',
      read: lastRead !== null && lastRead !== 'reconcile.failed',
      differences: beliefs.differences(),
    };
  };
  const answeredBefore = (wish: Wish, digest: string): Reply | undefined => {
    const before = store.answered(wish.key);
    if (before === undefined) return undefined;
    return before.digest === digest ? { kind: 'answered', outcome: before.outcome, repeated: true } : { kind: 'conflict' };
  };
  const act = (wish: Wish, order: ControlOrder, digest: string): Reply => {
    if (phase !== 'open') return { kind: 'unavailable', why: closedFor[phase] };
    const { key, actor, role, reason } = wish;
    push({ kind: 'control', request: { key, actor, role, reason, order, digest } });
    const outcome = answers.get(key);
    answers.delete(key);
    if (outcome === undefined) return { kind: 'unavailable', why: 'the daemon failed before it could answer: see its log, and ask again' };
    return { kind: 'answered', outcome, repeated: false };
  };

  return {
    ask: (wish) => {
      if (phase !== 'open') return Promise.resolve({ kind: 'unavailable', why: closedFor[phase] });
      const digest = digestOf(wish);
      const before = answeredBefore(wish, digest);
      if (before !== undefined) return Promise.resolve(before);
      const waiting = underWay.get(wish.key);
      if (waiting !== undefined) return waiting.digest === digest ? waiting.reply : Promise.resolve({ kind: 'conflict' });
      const reply = completed(wish, options, found)
        .then((order) => act(wish, order, digest))
        .finally(() => underWay.delete(wish.key));
      underWay.set(wish.key, { digest, reply });
      return reply;
    },
    deny: (denial) => {
      if (phase === 'open') push({ kind: 'control_denied', denial });
    },
    observe: (turn) => {
      const { control } = turn;
      if (control !== null && 'order' in control.asked && control.outcome.result !== 'denied')
        answers.set(control.asked.key, control.outcome);
      for (const note of turn.notes) if (/^reconcile\.(ok|differs|failed)$/.test(note.event)) lastRead = note.event;
    },
    open: () => {
      if (phase === 'starting') phase = 'open';
    },
    close: () => {
      phase = 'closed';
    },
  };
}
