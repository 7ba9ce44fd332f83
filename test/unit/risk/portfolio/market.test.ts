import { describe, expect, it } from 'vitest';
import { symbol } from '../../../../src/domain/ids.ts';
import { type Option, parseOcc } from '../../../../src/domain/instrument.ts';
import { price } from '../../../../src/domain/money.ts';
import { addDays, after, epochMs, MINUTE, monoMs, type Now, tradingDay } from '../../../../src/domain/time.ts';
import { createBoard } from '../../../../src/market/board.ts';
import { usCalendar } from '../../../../src/market/calendar.ts';
import { yearsToExpiry } from '../../../../src/market/expiry.ts';
import { defaultViewLimits, viewOf } from '../../../../src/market/view.ts';
import { bsPrice } from '../../../../src/pricing/black-scholes.ts';
import { type LastMark, riskMarketOf } from '../../../../src/risk/portfolio/market.ts';

const calendar = usCalendar({ from: tradingDay('2025-01-01'), to: tradingDay('2027-12-31') });
const noon: Now = { exchange: calendar.instant(tradingDay('2026-03-10'), 12, 0), mono: monoMs(1_000_000), speed: 1 };
const later = (ms: number): Now => ({ exchange: after(noon.exchange, ms), mono: after(noon.mono, ms), speed: 1 });
const abc = symbol('ABC');
const put = parseOcc('ABC260417P00170000') as Option;

/** A board with quotes as of noon, and the market that risk reads off it at some instant. */
function market(
  quotes: Readonly<Record<string, readonly [number, number]>>,
  now: Now = noon,
  last = new Map<ReturnType<typeof symbol>, LastMark>(),
) {
  const board = createBoard();
  for (const [of, [bid, ask]] of Object.entries(quotes))
    board.setQuote({
      symbol: symbol(of),
      bid: price(bid * 1e6),
      ask: price(ask * 1e6),
      bidSize: 1,
      askSize: 1,
      at: noon.exchange,
      seen: noon.mono,
      ageAtSightMs: 0,
      provenance: 'live',
    });
  const view = viewOf(board, {
    now,
    calendar,
    rate: 0.04,
    dividendYields: new Map([['ABC', 0.02]]),
    assumed: new Map(),
    limits: defaultViewLimits,
  });
  return { board, risk: riskMarketOf(view, now, calendar, { last, ageMsMax: 5 * MINUTE }), last };
}

describe('the market as risk reads it', () => {
  it('has mids, and the volatilities that mids mean by the two clocks, the rate and the yield', () => {
    const { risk } = market({ ABC: [179.9, 180.1], [put.symbol]: [4, 4.2] });
    expect(risk.spot(abc)).toEqual({ known: true, value: { value: 180, standIn: null } });
    const found = risk.volatility(put, 180);
    if (!found.known) throw new Error(found.why);
    const years = yearsToExpiry(noon.exchange, put.expiry, calendar);
    expect(risk.years(put)).toBe(years);
    const back = bsPrice({ right: 'put', spot: 180, strike: 170, years, rate: 0.04, dividendYield: 0.02, sigma: found.value.value });
    expect(back).toBeCloseTo(4.1, 10);
  });
  it('keeps a last price and volatility for as long as they are young enough, and says so', () => {
    const first = market({ ABC: [179.9, 180.1], [put.symbol]: [4, 4.2] });
    const sigma = first.risk.volatility(put, 180);
    first.risk.spot(abc);
    const soon = market({}, later(5 * MINUTE), first.last).risk;
    expect(soon.spot(abc)).toEqual({ known: true, value: { value: 180, standIn: 'price:ABC' } });
    expect(soon.volatility(put, 190)).toEqual({
      known: true,
      value: { value: sigma.known ? sigma.value.value : 0, standIn: `volatility:${put.symbol}` },
    });
    const late = market({}, later(5 * MINUTE + 1), first.last).risk;
    expect(late.spot(abc)).toMatchObject({ known: false, code: 'QUOTE_MISSING', why: expect.stringContaining('300001 ms old') as string });
    expect(late.volatility(put, 180).known).toBe(false);
  });
  it('takes the present quote before an old one', () => {
    const last = new Map([[abc, { value: 100, at: noon.mono }]]);
    expect(market({ ABC: [179.9, 180.1] }, noon, last).risk.spot(abc)).toMatchObject({ value: { value: 180, standIn: null } });
    expect(last.get(abc)?.value).toBe(180);
  });
  it('is absent for what was never known', () => {
    const { risk } = market({});
    expect(risk.spot(abc)).toMatchObject({
      known: false,
      code: 'QUOTE_MISSING',
      why: expect.stringContaining('no price of it was known') as string,
    });
    expect(risk.volatility(put, 180)).toMatchObject({ known: false, code: 'QUOTE_MISSING' });
  });
  it('lets an option without time value move with its share, marked, and prefers its last volatility', () => {
    const deep = parseOcc('ABC260417C00100000') as Option;
    const { risk } = market({ [deep.symbol]: [79, 80] });
    expect(risk.volatility(deep, 180)).toEqual({ known: true, value: { value: 0, standIn: `volatility:${deep.symbol}` } });
    const last = new Map([[deep.symbol, { value: 0.4, at: noon.mono }]]);
    expect(market({ [deep.symbol]: [79, 80] }, noon, last).risk.volatility(deep, 180)).toMatchObject({ value: { value: 0.4 } });
  });
  it('is absent for a price that no volatility reaches', () => {
    const { risk } = market({ [put.symbol]: [171, 172] });
    expect(risk.volatility(put, 180)).toMatchObject({ known: false, code: 'IV_ABOVE_BOUND' });
  });
  it('gives as many closes as there are, up to 251', () => {
    const { board, risk } = market({});
    expect(risk.closes(abc)).toEqual([]);
    const bar = (back: number) => {
      const { day, open } = calendar.offset(calendar.lastClosed(noon.exchange).day, -back);
      const at = price(100e6);
      return { at: epochMs(open), day, open: at, high: at, low: at, close: at, volume: 1 };
    };
    const bars = (n: number) => Array.from({ length: n }, (_, i) => bar(n - 1 - i));
    board.setDailyBars(abc, bars(40), noon.mono);
    expect(risk.closes(abc)).toHaveLength(40);
    board.setDailyBars(abc, bars(260), noon.mono);
    expect(risk.closes(abc)).toHaveLength(251);
    expect(risk.closes(abc).at(-1)?.day).toBe(addDays(tradingDay('2026-03-10'), -1));
  });
});
