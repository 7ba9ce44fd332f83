// Exercise on request, the instruction not to exercise, and the broker's own sale on the last afternoon.
import { describe, expect, it } from 'vitest';
import type { XActivity } from '../../../../src/exchange/types.ts';
import {
  allActivities,
  at,
  type Bench,
  bench,
  CALL105,
  CALL110,
  held,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  placed,
  quiet,
  type Script,
  shown,
  stop,
  usd,
} from './scripted-market.ts';

const FRIDAY = '2026-03-06';
const TUESDAY = '2026-03-03';
const ten = at(MONDAY, 10);
const noon = at(TUESDAY, 12);
const night = at(FRIDAY, 16, 30);

/** ACME steps to a price on Tuesday at 11:00 and stays there; options are worth what they pay and twenty cents. */
function stepped(price: number): Script {
  const from = at(TUESDAY, 11);
  const worth = (strike: number, call: boolean): number => Math.max(0, call ? price - strike : strike - price) + 0.1;
  const quotes = Object.fromEntries(
    (
      [
        [PUT95, 95, false],
        [PUT90, 90, false],
        [CALL105, 105, true],
        [CALL110, 110, true],
      ] as const
    ).map(([symbol, strike, call]) => [
      symbol,
      [...(quiet.quotes[symbol] ?? []), [from, worth(strike, call), worth(strike, call) + 0.1] as const],
    ]),
  );
  return {
    quotes: {
      ...quiet.quotes,
      ...quotes,
      ACME: [
        [0, 99.98, 100],
        [from, price - 0.01, price + 0.01],
      ],
    },
    closes: { [`ACME ${FRIDAY}`]: price },
  };
}
const brief = (row: XActivity): unknown[] => [row.type, row.symbol, row.qty, shown(row.netAmount)];
const nightRows = (b: Bench, instant: number): unknown[] =>
  allActivities(b.core, instant)
    .filter((row) => row.type !== 'FILL')
    .map(brief);

describe('exercise on request', () => {
  it('of calls brings shares in at the strike at once, rows the next morning, and no word on the stream', () => {
    const b = bench(stepped(112));
    placed(b.core, limit('buy', CALL105, 2, 1.15), ten);
    b.core.advance(noon);
    const streamed = b.events.length;
    expect(b.core.exercise('a', CALL105, noon)).toEqual({ ok: true, value: null });
    expect([held(b.core), b.core.account('a', noon).cash]).toEqual([{ ACME: 200 }, usd(100_000 - 230 - 21_000)]);
    expect([b.events.length, nightRows(b, noon)]).toEqual([streamed, []]);
    b.core.advance(at('2026-03-04', 6));
    expect(nightRows(b, b.core.at)).toEqual([
      ['OPEXC', CALL105, -2, 0],
      ['OPTRD', 'ACME', 200, -21_000],
    ]);
    const [contract, shares] = allActivities(b.core, b.core.at).slice(-2);
    expect([contract?.groupId, contract?.day]).toEqual([shares?.groupId, TUESDAY]);
  });

  it('of puts delivers shares', () => {
    const b = bench(stepped(80));
    placed(b.core, market('buy', 'ACME', 100), ten);
    placed(b.core, limit('buy', PUT95, 1, 1.25), ten + 100);
    b.core.advance(noon);
    b.core.exercise('a', PUT95, noon);
    expect([held(b.core), b.core.account('a', noon).cash]).toEqual([{}, usd(100_000 - 10_000 - 125 + 9_500)]);
  });

  it('leaves a short call of the spread covered by the shares it brought', () => {
    const b = bench(stepped(120));
    placed(b.core, mleg([`bto ${CALL105}`, `sto ${CALL110}`], 1, 0.85), ten);
    b.core.advance(noon);
    expect(b.core.exercise('a', CALL105, noon).ok).toBe(true);
    b.core.advance(at('2026-03-07', 6));
    expect(held(b.core)).toEqual({});
    expect(b.core.account('a', b.core.at).cash).toBe(usd(100_000 - 85 + 500));
  });

  it('is refused where a short call would lose its cover to a short position in the shares', () => {
    const b = bench(stepped(112), { lends: true });
    placed(b.core, market('sell', 'ACME', 50), ten);
    placed(b.core, mleg([`bto ${CALL105}`, `sto ${CALL110}`], 1, 0.85), ten + 1_000);
    b.core.advance(noon);
    expect(b.core.exercise('a', CALL105, noon)).toMatchObject({
      status: 403,
      message: 'account not eligible to trade uncovered option contracts',
    });
  });

  const refusals: readonly (readonly [string, Script, number, (b: Bench) => void, number, object])[] = [
    ['of what is not held', stepped(112), 100_000, () => undefined, noon, { status: 404, message: 'position does not exist' }],
    [
      'of what is out of the money',
      quiet,
      100_000,
      (b) => placed(b.core, limit('buy', CALL105, 1, 1.15), ten),
      noon,
      { status: 403, message: `contract "${CALL105}" is out of the money: its exercise has to be asked for in person` },
    ],
    [
      'without the cash',
      stepped(112),
      10_000,
      (b) => placed(b.core, limit('buy', CALL105, 1, 1.15), ten),
      noon,
      { status: 403, message: 'insufficient buying power', extra: { buying_power: '9885.00', cost_basis: '10500.00' } },
    ],
    [
      'without the shares',
      stepped(80),
      100_000,
      (b) => placed(b.core, limit('buy', PUT95, 1, 1.25), ten),
      noon,
      {
        status: 403,
        message: 'insufficient underlying qty available for exercise (required: 100, available: 0)',
        extra: { required_qty: '100', available_qty: '0', symbol: 'ACME' },
      },
    ],
    [
      'of contracts an order is selling',
      stepped(112),
      100_000,
      (b) => {
        placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
        placed(b.core, limit('sell', CALL105, 1, 9, { timeInForce: 'gtc' }), ten + 1_000);
      },
      noon,
      { status: 403, message: 'insufficient qty available for order (requested: 1, available: 0)' },
    ],
    ...([at(TUESDAY, 16), at(TUESDAY, 23, 59), at('2026-03-07', 12)] as const).map(
      (instant) =>
        [
          `at ${new Date(instant).toISOString()}`,
          stepped(112),
          100_000,
          (b: Bench) => void placed(b.core, limit('buy', CALL105.replace('260306', '260417'), 1, 9), ten),
          instant,
          { status: 403 },
        ] as const,
    ),
  ];
  it.each(refusals)('is refused %s', (_, script, cash, prepare, instant, refusal) => {
    const far = CALL105.replace('260306', '260417');
    const b = bench({ ...script, quotes: { ...script.quotes, [far]: [[0, 8, 8.1]] } }, { startingCash: usd(cash) });
    prepare(b);
    b.core.advance(instant);
    const symbol = held(b.core)[far] === undefined ? (Object.keys(held(b.core)).find((s) => s !== 'ACME') ?? CALL105) : far;
    expect(b.core.exercise('a', symbol, instant)).toMatchObject({ ok: false, ...refusal });
  });

  it('leaves the short put of a spread secured by what the shares brought in', () => {
    const b = bench(stepped(80), { startingCash: usd(10_700) });
    placed(b.core, market('buy', 'ACME', 100), ten);
    placed(b.core, mleg([`bto ${PUT90}`, `sto ${PUT95}`], 1, -0.75), ten + 1_000);
    b.core.advance(noon);
    expect(b.core.exercise('a', PUT90, noon).ok).toBe(true);
    const { cash, optionsBuyingPower } = b.core.account('a', noon);
    expect([held(b.core), cash, optionsBuyingPower]).toEqual([{ [PUT95]: -1 }, usd(9_775), usd(275)]);
  });
});

describe('an instruction not to exercise', () => {
  it('lets a contract in the money lapse', () => {
    const b = bench(stepped(112));
    placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
    b.core.advance(at(FRIDAY, 16, 10));
    expect(b.core.doNotExercise('a', CALL105, b.core.at)).toEqual({ ok: true, value: null });
    b.core.advance(at('2026-03-07', 6));
    expect([held(b.core), nightRows(b, b.core.at)]).toEqual([{}, [['OPEXP', CALL105, -1, 0]]]);
  });

  it.each([
    ['before the last day', CALL105, at('2026-03-05', 15), 403],
    ['after the cut-off', CALL105, night, 404],
    ['for what is not held', CALL110, at(FRIDAY, 15), 404],
  ] as const)('is not taken %s', (_, symbol, instant, status) => {
    const b = bench(stepped(112));
    placed(b.core, limit('buy', CALL105, 1, 1.15), ten);
    b.core.advance(instant);
    expect(b.core.doNotExercise('a', symbol, instant)).toMatchObject({ ok: false, status });
  });
});

describe('on the last afternoon the broker', () => {
  const last = at(FRIDAY, 15, 15);

  it('sells the calls that cannot be paid for, on the stream, and exercises the rest', () => {
    const b = bench(stepped(112), { startingCash: usd(12_000) });
    placed(b.core, limit('buy', CALL105, 3, 1.15), ten);
    b.core.advance(last - 1);
    expect(b.events).toHaveLength(2);
    expect(b.core.nextEvent(last - 1)).toBe(last);
    b.core.advance(last + 100);
    expect(b.events.slice(2).map((e) => [e.event, e.order.symbol, e.order.side, e.order.intent, e.order.qty])).toEqual([
      ['new', CALL105, 'sell', 'sell_to_close', 2],
      ['fill', CALL105, 'sell', 'sell_to_close', 2],
    ]);
    b.core.advance(at('2026-03-07', 6));
    expect([held(b.core), nightRows(b, b.core.at).slice(0, 2)]).toEqual([
      { ACME: 100 },
      [
        ['OPEXC', CALL105, -1, 0],
        ['OPTRD', 'ACME', 100, -10_500],
      ],
    ]);
  });

  it('sells puts without shares to deliver, and cancels the order that locked them', () => {
    const b = bench(stepped(80));
    placed(b.core, limit('buy', PUT95, 1, 1.25), ten);
    const id = placed(b.core, limit('sell', PUT95, 1, 20, { timeInForce: 'gtc' }), ten + 1_000);
    b.core.advance(last + 100);
    expect([b.core.order('a', id)?.status, held(b.core)]).toEqual(['canceled', {}]);
  });

  it('closes a spread whose short leg alone is in the money and cannot be taken on, the short leg first', () => {
    const b = bench(stepped(92), { startingCash: usd(1_000) });
    placed(b.core, mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7), ten);
    b.core.advance(last + 100);
    expect(held(b.core)).toEqual({ [PUT90]: 1 });
    expect(b.events.at(-1)?.order).toMatchObject({ symbol: PUT95, intent: 'buy_to_close', status: 'filled' });
  });

  it.each([
    ['a spread wholly in the money', 80, 1_000, [mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7)]],
    ['a put that is secured', 92, 100_000, [limit('sell', PUT95, 1, 1.1)]],
    ['a call that is covered', 112, 100_000, [market('buy', 'ACME', 100), limit('sell', CALL105, 1, 1)]],
    ['a call out of the money', 100, 1_000, [limit('buy', CALL105, 1, 1.15)]],
    ['a call that is to lapse', 112, 1_000, [limit('buy', CALL105, 1, 1.15)]],
  ] as const)('leaves alone %s', (name, price, cash, orders) => {
    const b = bench(stepped(price), { startingCash: usd(cash) });
    orders.forEach((order, i) => void placed(b.core, order, ten + i * 1_000));
    b.core.advance(last - 60_000);
    if (name.endsWith('lapse')) b.core.doNotExercise('a', CALL105, last - 60_000);
    const [before, streamed] = [held(b.core), b.events.length];
    b.core.advance(last + 1_000);
    expect([held(b.core), b.events.length]).toEqual([before, streamed]);
  });

  it('does not look at accounts without an expiring contract', () => {
    const b = bench();
    placed(b.core, stop('buy', 'ACME', 1, 120), ten);
    b.core.advance(at(FRIDAY, 12));
    expect(b.core.nextEvent(at(FRIDAY, 12))).toBe(at(FRIDAY, 16));
  });
});
