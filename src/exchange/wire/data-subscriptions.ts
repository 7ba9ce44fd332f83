// What a client of a data stream has asked for, by channel, and which asking is refused.

const knownChannels = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'corrections',
  'cancelErrors',
  'imbalances',
  'orderbooks',
  'news',
] as const;
export type Channel = (typeof knownChannels)[number];

/** What one data stream offers. */
export interface ChannelRules {
  /** In the order in which acknowledgements list them. */
  readonly channels: readonly Channel[];
  /** Offered, but listed only once a symbol is subscribed to. */
  readonly unlisted: readonly Channel[];
  /** Bounds the symbols of these channels together. */
  readonly limit: { readonly channels: readonly Channel[]; readonly symbols: number };
  /** Channels that do not take `*`, and how that is said. */
  readonly noWildcard: Readonly<Partial<Record<Channel, SubscriptionRefusal>>>;
}

/** Symbol limit exceeded, channel not of this feed, or `*` where it is not allowed. */
export type SubscriptionRefusal = 405 | 410 | 413;

export interface Subscriptions {
  /** Adds what a subscribe message names; or says why not, and nothing has changed. */
  add(message: Readonly<Record<string, unknown>>): SubscriptionRefusal | undefined;
  remove(message: Readonly<Record<string, unknown>>): SubscriptionRefusal | undefined;
  /** The symbols of a channel; `*` stands for all that are listed. */
  symbols(channel: Channel): ReadonlySet<string>;
  /** The full set, as a subscription message lists it. */
  listed(): Readonly<Record<string, readonly string[]>>;
}

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** Corrections and cancels of trades come with the trades. */
const askedBy = (channel: Channel): Channel => (channel === 'corrections' || channel === 'cancelErrors' ? 'trades' : channel);

export function subscriptions(rules: ChannelRules): Subscriptions {
  const offered = [...rules.channels, ...rules.unlisted];
  const sets = new Map<Channel, Set<string>>(offered.map((channel) => [channel, new Set<string>()]));
  const of = (channel: Channel): Set<string> => sets.get(channel) ?? new Set();
  const foreign = (message: Readonly<Record<string, unknown>>): boolean =>
    knownChannels.some((channel) => !offered.includes(channel) && namesIn(message[channel]).length > 0);
  return {
    add(message) {
      if (foreign(message)) return 410;
      const wildcard = offered.find((channel) => rules.noWildcard[channel] !== undefined && namesIn(message[channel]).includes('*'));
      if (wildcard !== undefined) return rules.noWildcard[wildcard];
      const sizeAfter = (channel: Channel): number => new Set([...of(channel), ...namesIn(message[channel])]).size;
      if (rules.limit.channels.reduce((sum, channel) => sum + sizeAfter(channel), 0) > rules.limit.symbols) return 405;
      for (const channel of offered) for (const name of namesIn(message[askedBy(channel)])) of(channel).add(name);
      return undefined;
    },
    remove(message) {
      if (foreign(message)) return 410;
      for (const channel of offered) for (const name of namesIn(message[askedBy(channel)])) of(channel).delete(name);
      return undefined;
    },
    symbols: of,
    listed: () =>
      Object.fromEntries([...rules.channels, ...rules.unlisted.filter((one) => of(one).size > 0)].map((one) => [one, [...of(one)]])),
  };
}
