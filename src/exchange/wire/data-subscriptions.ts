// What a client of the stock data stream has asked for, by channel.

const channels = ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'statuses', 'lulds', 'corrections', 'cancelErrors'] as const;
export type Channel = (typeof channels)[number];

export interface Subscriptions {
  /** Adds what a subscribe message names; false, and nothing changed, when that would pass the symbol limit. */
  add(message: Readonly<Record<string, unknown>>): boolean;
  remove(message: Readonly<Record<string, unknown>>): void;
  /** The symbols of a channel; `*` stands for all that are listed. */
  symbols(channel: Channel): ReadonlySet<string>;
  /** The full set, as a subscription message lists it. */
  listed(): Readonly<Record<string, readonly string[]>>;
}

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** `limit` bounds the symbols of trades and quotes together. */
export function subscriptions(limit: number): Subscriptions {
  const sets = new Map<Channel, Set<string>>(channels.map((channel) => [channel, new Set<string>()]));
  const of = (channel: Channel): Set<string> => sets.get(channel) ?? new Set();
  const implied = (channel: Channel): Channel => (channel === 'corrections' || channel === 'cancelErrors' ? 'trades' : channel);
  return {
    add(message) {
      const sizeAfter = (channel: Channel): number => new Set([...of(channel), ...namesIn(message[channel])]).size;
      if (sizeAfter('trades') + sizeAfter('quotes') > limit) return false;
      for (const channel of channels) for (const name of namesIn(message[implied(channel)])) of(channel).add(name);
      return true;
    },
    remove(message) {
      for (const channel of channels) for (const name of namesIn(message[implied(channel)])) of(channel).delete(name);
    },
    symbols: of,
    listed: () => Object.fromEntries(channels.map((channel) => [channel, [...of(channel)]])),
  };
}
