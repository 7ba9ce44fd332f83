// Who of a data stream's clients hears what: those that asked for the same in the same encoding hear one message, written once.
import type { Asked, DataFrame } from './data-feed.ts';
import type { Channel, Subscriptions } from './data-subscriptions.ts';
import { kept } from './kept.ts';
import type { Piece, StreamCodec } from './stream-codec.ts';

/** What an audience needs to know of a client. */
export interface Listener {
  readonly codec: StreamCodec;
  readonly wanted: Subscriptions;
}

/** Clients at one moment; it does not follow what they ask for afterwards. */
export interface Audience<L extends Listener> {
  readonly listeners: readonly L[];
  readonly asked: Asked;
  /** The one message each client is to have of these frames, in their order; clients that asked for none of them are left out. */
  messages(frames: readonly DataFrame[]): ReadonlyMap<L, string | Uint8Array>;
}

/** Clients with the same encoding and the same wishes. */
interface Group<L> {
  readonly codec: StreamCodec;
  readonly wanted: Subscriptions;
  readonly members: L[];
}

function groupsOf<L extends Listener>(listeners: readonly L[]): readonly Group<L>[] {
  const groups = new Map<string, Group<L>>();
  for (const one of listeners) {
    const wishes = Object.entries(one.wanted.listed()).map(([channel, symbols]) => [channel, ...[...symbols].sort()]);
    const key = JSON.stringify([one.codec.kind, wishes]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { codec: one.codec, wanted: one.wanted, members: [one] });
    else group.members.push(one);
  }
  return [...groups.values()];
}

/** The groups that hear of a symbol on a channel, or of any of several. */
function readersOf<L>(groups: readonly Group<L>[]): (frame: DataFrame) => readonly Group<L>[] {
  const search = (channel: Channel, symbols: readonly string[]): readonly Group<L>[] =>
    groups.filter(({ wanted }) => {
      const names = wanted.symbols(channel);
      return names.has('*') || symbols.some((symbol) => names.has(symbol));
    });
  const of = kept((channel: Channel) => kept((symbol: string) => search(channel, [symbol])));
  return ({ channel, symbols }) => {
    const [symbol] = symbols;
    return symbol !== undefined && symbols.length === 1 ? of(channel)(symbol) : search(channel, symbols);
  };
}

/** What is asked for over all clients. */
const askedBy = (groups: readonly Group<unknown>[]): Asked =>
  kept((channel: Channel) => {
    const names = new Set(groups.flatMap(({ wanted }) => [...wanted.symbols(channel)]));
    const all = names.delete('*');
    return { names: [...names].sort(), all };
  });

export function audience<L extends Listener>(listeners: readonly L[]): Audience<L> {
  const groups = groupsOf(listeners);
  const readers = readersOf(groups);
  return {
    listeners,
    asked: askedBy(groups),
    messages(frames) {
      const pieces = new Map<Group<L>, Piece[]>(groups.map((group) => [group, []]));
      for (const frame of frames) {
        const written = kept((codec: StreamCodec) => codec.piece(frame.fields, frame.stamps));
        for (const group of readers(frame)) pieces.get(group)?.push(written(group.codec));
      }
      const messages = new Map<L, string | Uint8Array>();
      for (const [{ codec, members }, own] of pieces) {
        if (own.length === 0) continue;
        const message = codec.list(own);
        for (const member of members) messages.set(member, message);
      }
      return messages;
    },
  };
}
