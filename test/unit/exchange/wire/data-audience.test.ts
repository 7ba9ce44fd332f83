// What each client of a data stream is told, and that it is written once for all who asked for the same.
import { decode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { audience } from '../../../../src/exchange/wire/data-audience.ts';
import type { DataFrame } from '../../../../src/exchange/wire/data-feed.ts';
import { type ChannelRules, subscriptions } from '../../../../src/exchange/wire/data-subscriptions.ts';
import { codecOf, type StreamCodec } from '../../../../src/exchange/wire/stream-codec.ts';

const rules: ChannelRules = { channels: ['trades', 'quotes', 'news'], unlisted: [], limit: { channels: [], symbols: 0 }, noWildcard: {} };
const AT = Date.parse('2026-11-20T20:05:00Z');
const json = codecOf({}, 'text');
const msgpack = codecOf({ 'content-type': 'application/msgpack' }, 'text');

const client = (codec: StreamCodec, wanted: Readonly<Record<string, readonly string[]>>) => {
  const own = subscriptions(rules);
  own.add(wanted);
  return { codec, wanted: own };
};
const frame = (channel: DataFrame['channel'], ...symbols: readonly string[]): DataFrame => ({
  channel,
  symbols,
  fields: { T: channel.charAt(0), S: symbols[0] },
  stamps: { t: AT },
});
const said = (message: string | Uint8Array | undefined): readonly string[] => {
  const list = (typeof message === 'string' ? JSON.parse(message) : decode(message ?? [])) as { T: string; S: string }[];
  return list.map(({ T, S }) => `${T} ${S}`);
};

describe('an audience', () => {
  it('is told what each asked for, in the order of the frames, and nothing where there is nothing', () => {
    const [one, all, other] = [
      client(json, { quotes: ['A'], trades: ['B'] }),
      client(msgpack, { quotes: ['*'] }),
      client(json, { quotes: ['C'] }),
    ];
    const told = audience([one, all, other]).messages([frame('quotes', 'B'), frame('trades', 'B'), frame('quotes', 'A')]);
    expect([said(told.get(one)), said(told.get(all)), told.get(other)]).toEqual([['t B', 'q A'], ['q B', 'q A'], undefined]);
  });

  it('hears of a headline once, whichever of its names it asked for', () => {
    const [both, none] = [client(json, { news: ['A', 'B', '*'] }), client(json, { news: ['C'] })];
    const told = audience([both, none]).messages([frame('news', 'A', 'B')]);
    expect([said(told.get(both)), told.get(none)]).toEqual([['n A'], undefined]);
  });

  it('has each frame written once an encoding, and one message for all who asked for the same', () => {
    let written = 0;
    const counting: StreamCodec = {
      ...msgpack,
      piece: (fields, stamps) => {
        written++;
        return msgpack.piece(fields, stamps);
      },
    };
    const many = Array.from({ length: 20 }, (_, i) => client(counting, { quotes: i % 2 === 0 ? ['A', 'B'] : ['B', 'A'] }));
    const apart = client(counting, { quotes: ['B'] });
    const told = audience([...many, apart]).messages([frame('quotes', 'A'), frame('quotes', 'B')]);
    expect(written).toBe(2);
    expect(new Set(many.map((one) => told.get(one))).size).toBe(1);
    expect(said(told.get(apart))).toEqual(['q B']);
  });

  it('asks for the symbols of all, each once, in order, and answers alike while it lasts', () => {
    const { asked } = audience([client(json, { quotes: ['C', 'A'] }), client(msgpack, { quotes: ['A', '*'], trades: ['B'] })]);
    expect([asked('quotes'), asked('trades')]).toEqual([
      { names: ['A', 'C'], all: true },
      { names: ['B'], all: false },
    ]);
    expect(asked('quotes')).toBe(asked('quotes'));
  });
});

describe('a list of pieces', () => {
  // Where the head of a msgpack array grows.
  it.each([1, 15, 16, 65_535, 65_536])('of %i reads as a list of what was written', (length) => {
    const fields = { T: 'q', S: 'A', ap: 594.05, c: ['R'] };
    for (const codec of [json, msgpack]) {
      const piece = codec.piece(fields, { t: AT });
      const message = codec.list(Array.from({ length }, () => piece));
      const list = (typeof message === 'string' ? JSON.parse(message) : decode(message)) as unknown[];
      expect(list).toHaveLength(length);
      expect([list[0], list.at(-1)]).toEqual(
        Array(2).fill({ ...fields, t: codec.kind === 'msgpack' ? new Date(AT) : '2026-11-20T20:05:00Z' }),
      );
    }
  });

  it('goes in a binary frame where JSON goes in binary frames', () => {
    const binary = codecOf({}, 'binary');
    expect(new TextDecoder().decode(binary.list([binary.piece({ T: 'q' }, { t: AT })]) as Uint8Array)).toBe(
      '[{"T":"q","t":"2026-11-20T20:05:00Z"}]',
    );
  });
});
