// Structures as a daemon sends them: condors, calendars, halves of them, and the way out of each.
import { describe, expect, it } from 'vitest';
import type { XOrderRequest } from '../../../../src/exchange/types.ts';
import { at, bench, CALL105, CALL110, held, limit, MONDAY, mleg, PUT90, PUT95, placed, quiet, usd } from './scripted-market.ts';

const ten = at(MONDAY, 10);
const FAR105 = CALL105.replace('260306', '260417');
const script = { ...quiet, quotes: { ...quiet.quotes, [FAR105]: [[0, 2, 2.1]] as const } };
const condor = [`sto ${PUT95}`, `bto ${PUT90}`, `sto ${CALL105}`, `bto ${CALL110}`];

/** An exchange that took and filled these, one after the other; each pays whatever the market asks. */
function having(...requests: readonly XOrderRequest[]) {
  const { core } = bench(script);
  let now: number = ten;
  for (const request of requests) {
    placed(core, request, now);
    now += 10_000;
    core.advance(now);
  }
  return { core, now };
}

describe('a structure', () => {
  it('of four legs is taken, holds its wider side, and fills whole', () => {
    const { core } = having(mleg(condor, 2, 0));
    expect(held(core)).toEqual({ [PUT95]: -2, [PUT90]: 2, [CALL105]: -2, [CALL110]: 2 });
    const { cash, optionsBuyingPower } = core.account('a', core.at);
    expect(cash - optionsBuyingPower).toBe(usd(2 * 5 * 100));
  });
  it('goes out as it came in, whole or by halves', () => {
    const whole = having(mleg(condor, 2, 0), mleg([`btc ${PUT95}`, `stc ${PUT90}`, `btc ${CALL105}`, `stc ${CALL110}`], 2, 10));
    expect(held(whole.core)).toEqual({});
    const halves = having(
      mleg(condor, 2, 0),
      mleg([`btc ${PUT95}`, `stc ${PUT90}`], 2, 5),
      mleg([`btc ${CALL105}`, `stc ${CALL110}`], 1, 5),
    );
    expect(held(halves.core)).toEqual({ [CALL105]: -1, [CALL110]: 1 });
  });
  it('lets its short leg be bought back alone, and not its long one be sold', () => {
    const { core, now } = having(mleg([`sto ${CALL105}`, `bto ${CALL110}`], 1, 0));
    expect(core.submit('a', limit('sell', CALL110, 1, 0.05), now)).toMatchObject({ ok: false, status: 403 });
    placed(core, limit('buy', CALL105, 1, 5), now);
    core.advance(now + 10_000);
    expect(held(core)).toEqual({ [CALL110]: 1 });
    placed(core, limit('sell', CALL110, 1, 0.05), now + 10_000);
  });
  it('of two expiries is taken where the far leg covers the near one, and closed as one', () => {
    const { core, now } = having(mleg([`sto ${CALL105}`, `bto ${FAR105}`], 1, 5));
    expect(held(core)).toEqual({ [CALL105]: -1, [FAR105]: 1 });
    const { cash, optionsBuyingPower } = core.account('a', core.at);
    expect(cash - optionsBuyingPower).toBe(0);
    placed(core, mleg([`btc ${CALL105}`, `stc ${FAR105}`], 1, 5), now);
    core.advance(now + 10_000);
    expect(held(core)).toEqual({});
    const wrong = bench(script).core.submit('a', mleg([`bto ${CALL105}`, `sto ${FAR105}`], 1, 5), ten);
    expect(wrong).toMatchObject({ ok: false, message: 'account not eligible to trade uncovered option contracts' });
  });
});
