// The contract of market data streams: every kind of message in both encodings, and our adapter's reading of what it asks for.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import { brokers } from './brokers.ts';
import { messages, optionMessages } from './message-shapes.ts';
import type { BrokerVenue, Encoding, Wanted } from './venues.ts';

type Fields = Readonly<Record<string, unknown>>;

const TEST = ['FAKEPACA'];
/** Every message kind but the news, on the stream that tests; what of it a broker has to send whatever the hour. */
const everything: Wanted = Object.fromEntries(
  ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'statuses', 'lulds', 'imbalances'].map((channel) => [channel, TEST]),
);
/** Stream, encoding, what is asked for, and the kinds that have to come: of anybody, and where everything can be brought about. */
const streams: readonly (readonly [string, Encoding, Wanted, string, string])[] = [
  ['/v2/test', 'json', everything, 't q', 't q b u d s l i c x'],
  ['/v2/test', 'msgpack', everything, 't q', 't q b u d s l i c x'],
  ['/v2/iex', 'json', { trades: ['SPY', 'AAPL'], quotes: ['SPY', 'AAPL'], bars: ['*'], dailyBars: ['SPY'] }, '', 't q b d'],
  ['/v2/iex', 'msgpack', { trades: ['SPY', 'AAPL'], quotes: ['SPY', 'AAPL'], bars: ['*'], dailyBars: ['SPY'] }, '', 't q b d'],
];

const news: Wanted = { news: ['*'] };

/** Instants as JSON has them; that msgpack carries them as timestamps is asserted on the way. */
function asText(message: Fields, encoding: Encoding): Fields {
  const instants = ['t', 'created_at', 'updated_at'].filter((key) => key in message && !(key === 't' && message['T'] === 'n'));
  for (const key of instants) expect(message[key] instanceof Date, key).toBe(encoding === 'msgpack');
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value]));
}

describe.each(brokers)('the contract of streams with %s', (_name, isThere, open) => {
  describe.skipIf(!isThere)('as it is kept', { timeout: 60_000 }, () => {
    let venue: BrokerVenue;
    beforeAll(async () => {
      venue = await open();
    });
    afterAll(async () => {
      await venue.close();
      expect(venue.faults).toEqual([]);
    });

    /** Follows a stream until every kind has come, while time is hurried on; each message is of its shape. */
    const follow = async (path: string, encoding: Encoding, wanted: Wanted, kinds: string, known: typeof messages, minutes = 1) => {
      const seen = new Set<string>();
      const flaws: unknown[] = [];
      const stop = await venue.follow(path, encoding, wanted, (list) => {
        const frames = list as Fields[];
        const isControl = frames.some((message) => ['success', 'subscription', 'error'].includes(String(message['T'])));
        // A control message is alone: some clients look at the first only.
        if (isControl) return void flaws.push(...(frames.length === 1 ? [] : frames));
        for (const message of frames) {
          const kind = String(message['T']);
          seen.add(kind);
          const shape = known[kind];
          flaws.push(...(shape === undefined ? [message] : shape(asText(message, encoding), kind)));
        }
      });
      const missing = async (): Promise<readonly string[]> => {
        await venue.hurry(minutes);
        return kinds.split(' ').filter((kind) => kind !== '' && !seen.has(kind));
      };
      await expect.poll(missing, { timeout: 30_000, interval: 60 }).toEqual([]);
      await stop();
      expect(flaws).toEqual([]);
    };

    it.each(streams)('sends on %s in %s what is asked for', async (path, encoding, wanted, anywhere, here) => {
      await follow(path, encoding, wanted, venue.own ? here : anywhere, messages);
    });

    it('sends quotes and trades of options', async () => {
      const { timestamp } = (await venue.call('GET', '/v2/clock')).json as { timestamp: string };
      const day = addDays(tradingDay(timestamp.slice(0, 10)), 3);
      const chain = await venue.call('GET', `/v1beta1/options/snapshots/SPY?feed=indicative&limit=100&expiration_date_gte=${day}&type=put`);
      const contracts = Object.keys((chain.json as { snapshots: object }).snapshots);
      const wanted = { trades: contracts, quotes: contracts };
      await follow('/v1beta1/indicative', 'msgpack', wanted, venue.own ? 't q' : '', optionMessages);
    });

    it('is followed by the adapter', async (context) => {
      const { is_open: isOpen } = (await venue.call('GET', '/v2/clock')).json as { is_open: boolean };
      if (!isOpen) context.skip('the market is closed');
      const quotes: unknown[] = [];
      const bars: unknown[] = [];
      const spy = symbol('SPY');
      venue.adapter.data.subscribe([spy], {
        quote: (quote) => quotes.push(quote),
        link: () => undefined,
        minuteBars: { symbols: [spy], bar: (_symbol, bar) => bars.push(bar) },
      });
      const came = async (): Promise<boolean> => {
        await venue.hurry(1);
        return quotes.length > 0 && bars.length > 0;
      };
      await expect.poll(came, { timeout: 75_000, interval: 200 }).toBe(true);
      for (const quote of quotes) expect(quote).toMatchObject({ symbol: spy });
    }, 90_000);

    // Last, as headlines are hours apart.
    it.each(['json', 'msgpack'] as const)('sends headlines in %s', async (encoding) => {
      await follow('/v1beta1/news', encoding, news, venue.own ? 'n' : '', messages, 60);
    });
  });
});
