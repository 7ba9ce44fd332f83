// What a data plan lets an account ask for over REST; what it may stream stands with the streams.
import { describe, expect, it } from 'vitest';
import { dataPlans } from '../../../src/exchange/wire/data-plan.ts';
import { ask } from './ask.ts';
import { rig } from './rig.ts';
import { PUT } from './scripted.ts';

const basic = () => rig({ dataPlan: dataPlans.basic });
const refusal = (feed: string) => ({
  status: 403,
  json: { code: 42210000, message: `subscription does not permit querying recent ${feed} data` },
});
// The script stands at 15:05 New York, 20:05 UTC.
const TODAY = 'start=2026-11-20T15:00:00Z';

describe('the basic data plan', () => {
  it.each([
    ['the newest quotes', '/v2/stocks/quotes/latest?symbols=SPY&feed=sip', 'SIP'],
    ['the newest quote of one share', '/v2/stocks/SPY/quotes/latest?feed=sip', 'SIP'],
    ['the newest trades', '/v2/stocks/trades/latest?symbols=SPY&feed=sip', 'SIP'],
    ['the newest bars', '/v2/stocks/bars/latest?symbols=SPY&feed=sip', 'SIP'],
    ['snapshots', '/v2/stocks/snapshots?symbols=SPY&feed=sip', 'SIP'],
    ['bars up to now', `/v2/stocks/bars?symbols=SPY&timeframe=1Min&feed=sip&${TODAY}&end=2026-11-20T20:04:00Z`, 'SIP'],
    ['bars up to now of no feed in particular', `/v2/stocks/SPY/bars?timeframe=1Min&${TODAY}&end=2026-11-20`, 'SIP'],
    ['trades a millisecond too young', `/v2/stocks/trades?symbols=SPY&feed=sip&${TODAY}&end=2026-11-20T19:50:00.001Z`, 'SIP'],
    ['quotes up to now', `/v2/stocks/quotes?symbols=SPY&feed=sip&${TODAY}&end=2026-11-20T20:04:00Z`, 'SIP'],
    ['the night', '/v2/stocks/quotes/latest?symbols=SPY&feed=overnight', 'OVERNIGHT'],
    ['the chain of all venues', '/v1beta1/options/snapshots/F?feed=opra', 'OPRA'],
    ['quotes of contracts of all venues', `/v1beta1/options/quotes/latest?symbols=${PUT}&feed=opra`, 'OPRA'],
  ])('does not include %s', (_what, path, feed) => {
    expect(ask(basic(), 'GET', path)).toMatchObject(refusal(feed));
    expect(ask(rig(), 'GET', path).status).toBe(200);
  });

  it.each([
    ['the newest of one venue', '/v2/stocks/quotes/latest?symbols=SPY&feed=iex'],
    ['the newest of the best feed it has', '/v2/stocks/snapshots?symbols=SPY'],
    ['the delayed tape', '/v2/stocks/quotes/latest?symbols=SPY&feed=delayed_sip'],
    ['history of all venues', `/v2/stocks/trades?symbols=SPY&feed=sip&${TODAY}&end=2026-11-20T19:50:00Z`],
    ['the indicative chain', '/v1beta1/options/snapshots/F?feed=indicative'],
  ])('includes %s', (_what, path) => {
    expect(ask(basic(), 'GET', path).status).toBe(200);
  });

  it('ends history of all venues fifteen minutes ago where the client names no end', () => {
    const times = (made: ReturnType<typeof rig>, query: string): readonly string[] => {
      const { bars } = ask(made, 'GET', `/v2/stocks/bars?symbols=SPY&timeframe=1Min&${TODAY}${query}`).json as {
        bars: Record<string, { t: string }[]>;
      };
      return (bars['SPY'] ?? []).map(({ t }) => t.slice(11, 16));
    };
    const script = ['20:00', '20:01', '20:02', '20:03', '20:04'];
    expect(times(basic(), '&feed=iex')).toEqual(script);
    expect([times(basic(), ''), times(basic(), '&feed=sip')]).toEqual([[], []]);
    const later = basic();
    later.clock.set(later.clock.now() + 13 * 60_000);
    expect(times(later, '')).toEqual(script.slice(0, 4));
  });
});
