// Every market data stream by its path: what it offers, what it refuses and how, and what comes of each channel.
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { dataPlans } from '../../../src/exchange/wire/data-plan.ts';
import { AUTH, AUTHENTICATED, CONNECTED, error, type Line, line, MSGPACK, none } from './line.ts';
import { type Rig, rig } from './rig.ts';
import { CALL, PUT, START, scriptedMarket } from './scripted.ts';

type Fields = Readonly<Record<string, unknown>>;
const subscribe = (message: Fields): Fields => ({ action: 'subscribe', ...message });

/** An authenticated stream. */
function joined(made: Rig, path: string, headers: Readonly<Record<string, string>> = {}): Line {
  const stream = line(made.exchange, path, headers);
  stream.say(AUTH);
  expect(stream.frames).toEqual([CONNECTED, AUTHENTICATED]);
  return stream;
}
/** What was sent since the handshake, control frames left out. */
const told = (stream: Line): readonly Fields[] =>
  (stream.frames as Fields[][]).flat().filter((frame) => !['success', 'subscription', 'error'].includes(String(frame['T'])));
const tickAt = (made: Rig, at: number): void => {
  made.clock.set(at);
  made.exchange.tick();
};

describe('streams of shares', () => {
  it('tell an ended minute as its bar, its one print, and the day so far', () => {
    const made = rig();
    const stream = joined(made, '/v2/sip');
    stream.say(subscribe({ bars: ['SPY'], trades: ['SPY'], dailyBars: ['SPY'] }));
    tickAt(made, START);
    tickAt(made, START + MINUTE);
    const bar = { o: 593.9, h: 594.2, l: 593.7, c: 594, v: 41_230, t: '2026-11-20T20:05:00Z' };
    const print = { x: 'V', p: 594, s: 41_230, c: ['B'], i: Math.floor(START / MINUTE), z: 'B' };
    expect(told(stream)).toEqual([
      { T: 't', S: 'SPY', ...print, t: '2026-11-20T20:05:59.999Z' },
      { T: 'b', S: 'SPY', ...bar },
      { T: 'd', S: 'SPY', o: 593.9, h: 594.2, l: 593.7, c: 594, v: 41_230, t: '2026-11-20T05:00:00Z' },
    ]);
  });

  it('acknowledge the channels of what never happens here, and send nothing on them', () => {
    const made = rig();
    const stream = joined(made, '/v2/iex');
    const wanted = { updatedBars: ['SPY'], statuses: ['*'], lulds: ['SPY'], imbalances: ['SPY'] };
    stream.say(subscribe(wanted));
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', ...none, ...wanted }]);
    stream.say({ action: 'unsubscribe', imbalances: ['SPY'], statuses: ['*'] });
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', ...none, updatedBars: ['SPY'], lulds: ['SPY'] }]);
    for (let minute = 0; minute < 5; minute++) tickAt(made, START + minute * MINUTE);
    expect(told(stream)).toEqual([]);
  });

  it('tell of a halt and of its end, by the tape of the symbol, to who asked for it', () => {
    const halt = { from: START + MINUTE, to: START + 6 * MINUTE };
    const made = rig({ isHalted: (symbol, at) => symbol !== 'F' && halt.from <= at && at < halt.to });
    const stream = joined(made, '/v2/sip');
    stream.say(subscribe({ statuses: ['*'] }));
    for (let minute = 0; minute < 8; minute++) tickAt(made, START + minute * MINUTE);
    const late = joined(made, '/v2/iex');
    late.say(subscribe({ statuses: ['SPY'] }));
    tickAt(made, START + 8 * MINUTE);
    const of = (S: string, sc: string, z: string): Fields => ({ T: 's', S, sc, rc: '', rm: '', z });
    const [began, ended] = ['2026-11-20T20:06:00Z', '2026-11-20T20:11:00Z'];
    const [stop, go] = [
      { sm: 'Trading Halt', t: began },
      { sm: 'Trading Resumption', t: ended },
    ];
    expect(told(stream)).toEqual([
      { ...of('AAPL', 'H', 'C'), ...stop },
      { ...of('SPY', '2', 'B'), ...stop },
      { ...of('AAPL', 'T', 'C'), ...go },
      { ...of('SPY', '3', 'B'), ...go },
    ]);
    expect(told(late)).toEqual([]);
  });

  it('are fifteen minutes late on the delayed tape, and silent for hours in which nobody trades here', () => {
    const made = rig();
    const late = joined(made, '/v2/delayed_sip');
    const overnight = joined(made, '/v1beta1/overnight');
    const boats = joined(made, '/v1beta1/boats');
    for (const stream of [late, overnight, boats]) stream.say(subscribe({ bars: ['SPY'] }));
    const newest = [0, 15, 16].map((minute) => {
      tickAt(made, START + minute * MINUTE);
      return told(late).at(-1)?.['t'];
    });
    expect(newest).toEqual([undefined, '2026-11-20T20:04:00Z', '2026-11-20T20:05:00Z']);
    expect([told(overnight), told(boats)]).toEqual([[], []]);
  });

  it('test a connection with a symbol of their own, at any hour', () => {
    const made = rig();
    const sunday = START + 2 * DAY + 11 * 60 * MINUTE;
    const stream = joined(made, '/v2/test', MSGPACK);
    stream.say(subscribe({ trades: ['FAKEPACA'], quotes: ['FAKEPACA', 'SPY'], bars: ['*'] }));
    tickAt(made, sunday);
    tickAt(made, sunday + MINUTE);
    // Corrections and cancels come with the trades.
    expect(told(stream).map((frame) => frame['T'])).toEqual(['q', 't', 'b', 'c', 'x', 'q', 't']);
    expect(new Set(told(stream).map((frame) => frame['S']))).toEqual(new Set(['FAKEPACA']));
    for (const frame of told(stream)) expect(frame['t']).toBeInstanceOf(Date);
  });
});

it('the stream that tests has every kind of message once a minute, and bars that agree', () => {
  const made = rig();
  const stream = joined(made, '/v2/test');
  const channels = ['bars', 'updatedBars', 'dailyBars', 'statuses', 'lulds', 'imbalances', 'trades'];
  stream.say(subscribe(Object.fromEntries(channels.map((channel) => [channel, ['FAKEPACA']]))));
  const midnight = Date.parse('2026-11-21T05:00:00Z');
  for (const minutes of [0, 1, 3]) tickAt(made, midnight + minutes * MINUTE);
  const frames = told(stream);
  const of = (kind: string): readonly Fields[] => frames.filter((frame) => frame['T'] === kind);
  expect(['b', 'u', 'd', 's', 'l', 'i', 'c', 'x'].map((kind) => of(kind).length)).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
  const volumes = of('b').map(({ v }) => Number(v));
  expect(of('d').map(({ v, t }) => [v, t])).toEqual([1, 2, 3].map((minutes) => [minutes * (volumes[0] ?? 0), '2026-11-21T05:00:00Z']));
  expect(of('u').at(-1)).toEqual({ ...of('b').at(-2), T: 'u', v: (volumes[0] ?? 0) + 100 });
  for (const [i, day] of of('d').entries()) {
    const bars = of('b').slice(0, i + 1);
    expect([day['h'], day['l'], day['c']]).toEqual([
      Math.max(...bars.map(({ h }) => Number(h))),
      Math.min(...bars.map(({ l }) => Number(l))),
      bars.at(-1)?.['c'],
    ]);
  }
});

describe('streams of options', () => {
  const withTrades = (): Rig => {
    const market = scriptedMarket();
    const optionStats: typeof market.optionStats = (symbol, at) => {
      // A trade at each whole minute.
      const last = symbol === PUT ? { price: 360_000, at: at - (at % MINUTE), size: 3 } : null;
      return { ...market.optionStats(symbol, at), last };
    };
    return rig({ market: { ...market, optionStats } });
  };

  it('tell quotes that changed and each trade since the subscription', () => {
    const made = withTrades();
    const stream = joined(made, '/v1beta1/indicative', MSGPACK);
    stream.say(subscribe({ quotes: [PUT, 'SPY'], trades: [PUT, CALL] }));
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', trades: [PUT, CALL], quotes: [PUT, 'SPY'] }]);
    tickAt(made, START + 1_000);
    tickAt(made, START + 2 * MINUTE);
    const trade = { T: 't', S: PUT, p: 0.36, s: 3, x: 'C', c: ' ' };
    expect(told(stream)).toEqual([
      { T: 'q', S: PUT, bp: 0.35, bs: 41, bx: 'C', ap: 0.37, as: 18, ax: 'C', c: ' ', t: new Date(START - 1_000) },
      { ...trade, t: new Date(START + MINUTE) },
      { ...trade, t: new Date(START + 2 * MINUTE) },
    ]);
  });

  it('speak msgpack only', () => {
    const stream = line(rig().exchange, '/v1beta1/opra');
    expect(stream.frames).toEqual([error(412, 'option messages are only available in MsgPack format')]);
    expect(stream.ends).toEqual([1008]);
  });

  it.each([
    ['bars', { bars: [PUT] }, error(410, 'invalid subscribe action for this feed')],
    ['quotes of everything', { quotes: ['*'] }, error(413, '* is not allowed for option quotes')],
    ['trades of everything', { trades: ['*'] }, error(405, 'symbol limit exceeded')],
    ['more quotes than the plan has', { quotes: [PUT, CALL, 'F261120C00012000'] }, error(405, 'symbol limit exceeded')],
  ])('refuse %s and stay as they were', (_name, message, refusal) => {
    const made = rig({ dataPlan: { ...dataPlans.open, optionQuotes: 2 } });
    const stream = joined(made, '/v1beta1/opra', MSGPACK);
    stream.say(subscribe({ quotes: [PUT] }));
    stream.say(subscribe(message));
    expect(stream.frames.at(-1)).toEqual(refusal);
    stream.say({ action: 'unsubscribe' });
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', trades: [], quotes: [PUT] }]);
    expect(stream.ends).toEqual([]);
  });
});

describe('the stream of news', () => {
  // The script publishes a headline an hour from midnight of the 18th on, all of F, the first of SPY as well.
  const hour = 60 * MINUTE;
  const midnight = Date.parse('2026-11-18T05:00:00Z');

  it.each([
    ['msgpack', MSGPACK],
    ['JSON text', {}],
  ])('tells each headline once, when it is published, in %s', (_name, headers) => {
    const made = rig();
    made.clock.set(midnight - hour);
    const stream = joined(made, '/v1beta1/news', headers);
    stream.say(subscribe({ news: ['SPY'] }));
    expect(stream.frames.at(-1)).toEqual([{ T: 'subscription', news: ['SPY'] }]);
    for (let at = midnight - hour; at <= midnight + 2 * hour; at += hour) tickAt(made, at);
    const at = headers === MSGPACK ? new Date(midnight) : '2026-11-18T05:00:00Z';
    const text = { headline: 'Headline 0', summary: '', author: '', url: null, content: '', source: 'exchange' };
    expect(told(stream)).toEqual([{ T: 'n', id: 44_120_000, ...text, symbols: ['SPY', 'F'], created_at: at, updated_at: at }]);
    stream.say(subscribe({ news: ['*'] }));
    tickAt(made, midnight + 3 * hour);
    expect(told(stream).map((frame) => frame['id'])).toEqual([44_120_000, 44_120_003]);
  });

  it('has no prices', () => {
    const stream = joined(rig(), '/v1beta1/news');
    stream.say(subscribe({ quotes: ['SPY'] }));
    expect(stream.frames.at(-1)).toEqual(error(410, 'invalid subscribe action for this feed'));
  });
});

describe('what ends a data stream', () => {
  it('is a plan that does not include it', () => {
    const { exchange } = rig({ dataPlan: dataPlans.basic });
    const [sip, iex] = [line(exchange, '/v2/sip'), line(exchange, '/v2/iex')];
    for (const stream of [sip, iex]) stream.say(AUTH);
    expect([sip.frames.at(-1), sip.ends]).toEqual([error(409, 'insufficient subscription'), [1008]]);
    expect(iex.frames.at(-1)).toEqual(AUTHENTICATED);
  });

  it('is a client that does not read', () => {
    const made = rig();
    const stream = joined(made, '/v2/iex');
    stream.backlog.bytes = 8_000_000;
    made.exchange.tick();
    expect(stream.ends).toEqual([]);
    stream.backlog.bytes += 1;
    made.exchange.tick();
    expect([stream.frames.at(-1), stream.ends]).toEqual([error(407, 'slow client'), [1008]]);
  });

  it('is a fault of the exchange, which is reported; other streams go on', () => {
    const market = scriptedMarket();
    const made = rig({
      market: {
        ...market,
        quote(symbol, at) {
          if (symbol === 'F') throw new Error('a torn page');
          return market.quote(symbol, at);
        },
      },
    });
    const [hit, other] = [joined(made, '/v2/iex'), joined(made, '/v2/sip')];
    hit.say(subscribe({ quotes: ['F'] }));
    other.say(subscribe({ quotes: ['SPY'] }));
    made.exchange.tick();
    made.exchange.tick();
    expect([hit.frames.at(-1), hit.ends]).toEqual([error(500, 'internal error'), [1008]]);
    expect([told(other).length, other.ends]).toEqual([1, []]);
    expect(made.faults).toEqual([new Error('a torn page')]);
  });
});

it('takes a token for a key pair', () => {
  const stream = line(rig().exchange, '/v2/iex');
  stream.say({ action: 'auth', key: 'oauth', secret: 'key:secret' });
  expect(stream.frames.at(-1)).toEqual(AUTHENTICATED);
});
