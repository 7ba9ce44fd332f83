// The streams frame by frame: handshakes, refusals by code, both codecs, and the owner's clock.
import { describe, expect, it } from 'vitest';
import { dataPlans } from '../../../src/exchange/wire/data-plan.ts';
import { ask } from './ask.ts';
import { AUTH, AUTHENTICATED, CONNECTED, error, handAfter, type Line, line, MSGPACK, none } from './line.ts';
import { type Rig, rig } from './rig.ts';
import { PUT, START } from './scripted.ts';

describe('the stock data stream', () => {
  it.each([
    ['JSON text', {}],
    ['msgpack', MSGPACK],
  ])('speaks %s', (_name, headers) => {
    const made = rig();
    const stream = line(made.exchange, '/v2/iex', headers);
    stream.say(AUTH);
    stream.say({ action: 'subscribe', quotes: ['SPY'], trades: ['F'] });
    made.exchange.tick();
    const t = headers === MSGPACK ? new Date(START - 250) : '2026-11-20T20:04:59.750Z';
    expect(stream.frames).toEqual([
      CONNECTED,
      AUTHENTICATED,
      [{ T: 'subscription', ...none, trades: ['F'], quotes: ['SPY'], corrections: ['F'], cancelErrors: ['F'] }],
      [{ T: 'q', S: 'SPY', ax: 'V', ap: 594.05, as: 200, bx: 'V', bp: 594.03, bs: 300, c: ['R'], z: 'B', t }],
    ]);
    expect(new Set(stream.binary)).toEqual(new Set([headers === MSGPACK]));
  });

  it('is quiet while nothing changes, and repeats a quote that is renewed four times a second at most', () => {
    const made = rig();
    const stream = line(made.exchange, '/v2/sip');
    stream.say(AUTH);
    stream.say({ action: 'subscribe', quotes: ['F'] });
    const quote = { bid: 11_020_000, ask: 11_030_000, bidSize: null, askSize: null, mark: 'held' } as const;
    const sent = (at: number): number => {
      made.clock.set(at);
      made.market.setQuote('F', { ...quote, at });
      const before = stream.frames.length;
      made.exchange.tick();
      return stream.frames.length - before;
    };
    // At speed 60 a quarter of a second of wall time is 15 s of the exchange's.
    expect([0, 2_000, 14_999, 15_000, 16_000].map((ms) => sent(START + ms))).toEqual([1, 0, 0, 1, 0]);
  });

  it('sends each minute once, as soon as it has ended, and none that lie before the subscription', () => {
    const made = rig();
    const stream = line(made.exchange, '/v2/iex');
    stream.say(AUTH);
    stream.say({ action: 'subscribe', bars: ['*'] });
    for (const ms of [0, 30_000, 60_000, 60_000, 185_000]) {
      made.clock.set(START + ms);
      made.exchange.tick();
    }
    const bars = (stream.frames as { T: string; t: string }[][])
      .flat()
      .filter((frame) => frame.T === 'b')
      .map((frame) => frame.t);
    expect(bars).toEqual(['2026-11-20T20:05:00Z', '2026-11-20T20:06:00Z', '2026-11-20T20:07:00Z']);
  });

  it.each([
    ['a frame that is no JSON', ['{'], error(400, 'invalid syntax'), []],
    ['a subscription before authentication', [{ action: 'subscribe', quotes: ['SPY'] }], error(401, 'not authenticated'), [1008]],
    ['a wrong key', [{ ...AUTH, secret: 'x' }], error(402, 'auth failed'), [1008]],
    ['a second authentication', [AUTH, AUTH], error(403, 'already authenticated'), []],
    ['too many symbols', [AUTH, { action: 'subscribe', quotes: ['A', 'B', 'C'], trades: ['A'] }], error(405, 'symbol limit exceeded'), []],
    ['an unknown action', [AUTH, { action: 'dance' }], error(400, 'invalid syntax'), []],
  ])('answers %s by code', (_name, said, last, ends) => {
    const stream = line(rig({ dataPlan: { ...dataPlans.open, stockSymbols: 3 } }).exchange, '/v2/iex');
    for (const frame of said) stream.say(frame);
    expect(stream.frames.at(-1)).toEqual(last);
    expect(stream.ends).toEqual(ends);
  });

  it('drops who does not authenticate in time with 404, and who came second with 406', () => {
    const bell = handAfter();
    const made = rig({ after: bell.after });
    const first = line(made.exchange, '/v2/iex');
    first.say(AUTH);
    const second = line(made.exchange, '/v2/iex', { 'apca-api-key-id': 'key', 'apca-api-secret-key': 'secret' });
    expect([second.frames.at(-1), second.ends]).toEqual([error(406, 'connection limit exceeded'), [1008]]);
    const silent = line(made.exchange, '/v2/iex');
    bell.ring();
    expect([silent.frames.at(-1), silent.ends]).toEqual([error(404, 'auth timeout'), [1008]]);
    expect(first.ends).toEqual([]);
    made.exchange.cut();
    const third = line(made.exchange, '/v2/iex');
    third.say(AUTH);
    expect([first.ends, third.frames.at(-1)]).toEqual([['destroyed'], AUTHENTICATED]);
  });

  it('takes symbols away again', () => {
    const made = rig();
    const stream = line(made.exchange, '/v2/iex');
    stream.say(AUTH);
    stream.say({ action: 'subscribe', quotes: ['SPY', 'F'] });
    stream.say({ action: 'unsubscribe', quotes: ['SPY'] });
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', ...none, quotes: ['F'] }]);
  });
});

describe('the trade stream', () => {
  const authenticate = { action: 'authenticate', data: { key_id: 'key', secret_key: 'secret' } };
  const listen = { action: 'listen', data: { streams: ['trade_updates', 'nothing'] } };
  const listening = (made: Rig): Line => {
    const stream = line(made.exchange, '/stream');
    stream.say(authenticate);
    stream.say(listen);
    return stream;
  };

  it('says nothing first, then acknowledges authentication and each listen in binary frames', () => {
    const made = rig();
    const stream = line(made.exchange, '/stream');
    expect(stream.frames).toEqual([]);
    stream.say(listen);
    stream.say(AUTH);
    stream.say(listen);
    stream.say({ action: 'listen', data: { streams: [] } });
    expect(stream.frames).toEqual([
      { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } },
      { stream: 'authorization', data: { status: 'authorized', action: 'auth' } },
      { stream: 'listening', data: { streams: ['trade_updates'] } },
      { stream: 'listening', data: { streams: [] } },
    ]);
    expect(stream.binary).toEqual([true, true, true, true]);
  });

  it('is listened to no more after an unlisten, which is acknowledged with what is left', () => {
    const made = rig();
    const stream = line(made.exchange, '/stream');
    const unlisten = { action: 'unlisten', data: { streams: ['trade_updates'] } };
    for (const frame of [unlisten, AUTH, listen, { ...unlisten, data: { streams: ['nothing'] } }, unlisten]) stream.say(frame);
    const left = (streams: readonly string[]) => ({ stream: 'listening', data: { streams } });
    expect(stream.frames).toEqual([
      { stream: 'authorization', data: { status: 'unauthorized', action: 'unlisten' } },
      { stream: 'authorization', data: { status: 'authorized', action: 'auth' } },
      left(['trade_updates']),
      left(['trade_updates']),
      left([]),
    ]);
    const body = JSON.stringify({ symbol: 'F', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' });
    expect(ask(made, 'POST', '/v2/orders', body).status).toBe(200);
    expect(stream.frames).toHaveLength(5);
  });

  it.each([
    [
      'a wrong key',
      { action: 'authenticate', data: { key_id: 'key', secret_key: 'x' } },
      { stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } },
      1008,
    ],
    ['no JSON', '{', { stream: 'error', action: 'error', data: { error_message: 'invalid syntax' } }, 1002],
    [
      'an unknown action',
      { action: 'dance' },
      { stream: 'error', action: 'error', data: { error_message: 'unknown action: dance' } },
      1002,
    ],
  ])('closes on %s', (_name, said, answer, code) => {
    const stream = line(rig().exchange, '/stream');
    stream.say(said);
    expect([stream.frames, stream.ends]).toEqual([[answer], [code]]);
  });

  it.each([
    ['a data object', { action: 'authenticate', data: { key_id: 'key', secret_key: 'secret' } }],
    ['plain keys', { action: 'auth', key: 'key', secret: 'secret' }],
    ['a token', { action: 'authenticate', data: { oauth_token: 'key:secret' } }],
  ])('takes credentials as %s', (_name, said) => {
    const stream = line(rig().exchange, '/stream');
    stream.say(said);
    expect(stream.frames).toEqual([{ stream: 'authorization', data: { status: 'authorized', action: said.action } }]);
  });

  it.each([
    ['binary JSON unless told otherwise', {}, {}, true],
    ['text for an exchange that is told so', { tradeFrames: 'text' }, {}, false],
    ['text for a client that names JSON', {}, { 'content-type': 'application/json' }, false],
    ['msgpack for a client that names it', { tradeFrames: 'text' }, MSGPACK, true],
  ] as const)('writes %s', (_name, parts, headers, binary) => {
    const stream = line(rig(parts).exchange, '/stream', headers);
    stream.say(authenticate);
    stream.say(listen);
    expect(stream.frames.at(-1)).toEqual({ stream: 'listening', data: { streams: ['trade_updates'] } });
    expect(stream.binary).toEqual([binary, binary]);
  });

  it('tells each account its own events, a fill with price, quantity and position', () => {
    const made = rig();
    const mine = listening(made);
    const other = line(made.exchange, '/stream');
    other.say({ action: 'authenticate', data: { key_id: 'key2', secret_key: 'secret2' } });
    other.say(listen);
    const request = {
      clientOrderId: 'c',
      symbol: PUT,
      qty: 2,
      side: 'sell',
      type: 'limit',
      timeInForce: 'day',
      limitPrice: 350_000,
      stopPrice: null,
      notional: null,
      trail: null,
      extendedHours: false,
      orderClass: 'simple',
      takeProfit: null,
      stopLoss: null,
      intent: 'sell_to_open',
      legs: [],
    } as const;
    const placed = made.core.submit('main', request, START);
    if (!placed.ok) throw new Error(placed.message);
    made.core.fill(placed.value.id, 2, 360_000);
    expect(other.frames).toHaveLength(2);
    const stream = 'trade_updates';
    const filled = { status: 'filled', filled_avg_price: '0.36', filled_qty: '2' };
    expect(mine.frames.slice(2)).toMatchObject([
      { stream, data: { event: 'new', timestamp: '2026-11-20T20:05:00Z', order: { client_order_id: 'c', status: 'new' } } },
      { stream, data: { event: 'fill', price: '0.36', qty: '2', position_qty: '2', order: filled } },
    ]);
    for (const frame of mine.frames.slice(2) as { data: { execution_id: string; event_id: string } }[]) {
      expect(frame.data.execution_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(frame.data.event_id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    }
  });
});

describe("the owner's clock stream", () => {
  it('announces itself on connect and at each change, to who has a key', () => {
    const made = rig();
    const byHeader = line(made.exchange, '/sim/v1/clock', { 'apca-api-key-id': 'key', 'apca-api-secret-key': 'secret' });
    const byFrame = line(made.exchange, '/sim/v1/clock');
    const stranger = line(made.exchange, '/sim/v1/clock');
    byFrame.say(AUTH);
    stranger.say({ ...AUTH, secret: 'x' });
    made.clock.setSpeed(1);
    made.clock.jumpTo(START + 60_000);
    const announced = [
      { exchange: START, speed: 60, why: 'connect' },
      { exchange: START, speed: 1, why: 'speed' },
      { exchange: START + 60_000, speed: 1, why: 'jump' },
    ];
    expect([byHeader.frames, byFrame.frames, stranger.frames]).toEqual([announced, announced, []]);
    expect(stranger.ends).toEqual([1008]);
  });
});

it('knows no other stream', () => {
  expect(() => line(rig().exchange, '/v1beta3/crypto/us')).toThrow('no stream');
});
