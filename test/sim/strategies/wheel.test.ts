import { expect, it } from 'vitest';
import { way } from '../script/closes.ts';
import { occ, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { cycle } from './cycle.ts';
import { type Story, scenario } from './scenario.ts';

const PUT = occ('F', '2026-03-06', 'put', 49.5);
const CALL = occ('F', '2026-03-13', 'call', 49);

type Days = Parameters<typeof scriptedMarket>[0]['names'][number]['days'];

// biome-ignore format: a story
const fallsAndRises: Days = {
  '2026-03-02': [['09:30', 50]],
  '2026-03-06': [['09:30', 50], ['12:00', 48.2], ['16:00', 48]],
  '2026-03-09': [['09:30', 48.5]],
  '2026-03-13': [['09:30', 49], ['16:00', 52]],
};
const risesAtOnce: Days = {
  '2026-03-02': [['09:30', 50]],
  '2026-03-03': [
    ['09:30', 50.2],
    ['11:00', 52],
    ['16:00', 52],
  ],
};

/** F has risen to 50 for a year and its options are dear; what comes then is the story's. */
const market = (days: Days) =>
  scriptedMarket({
    id: 'wheel',
    from: '2026-03-02',
    to: '2026-03-16',
    names: [
      {
        symbol: 'F',
        history: way(260, 38, 50, 0.2),
        volume: 40_000_000,
        days,
        options: {
          expiries: weeklies('2026-03-06', 8),
          strikes: { from: 35, to: 65, step: 0.5 },
          iv: [['2026-03-02', { level: 0.5, slope: -0.1 }]],
          past: { low: 0.3, high: 0.6 },
          // biome-ignore format: a story
          pinned: {
          [PUT]: [
            ['2026-03-02 10:00', 0.8, 0.86],
            ['2026-03-02 10:15:20', 0.82, 0.86, 1, 50], // somebody pays 0.82, for one
            ['2026-03-02 10:15:50', 0.82, 0.86, 4, 50],
            ['2026-03-02 10:17', 'model'],
          ],
        },
        },
      },
    ],
  });

/** Sells what expires this week and keeps it to the end. */
const hasty = {
  universe: ['F'],
  dte_min: 2,
  dte_target: 4,
  dte_max: 9,
  put_delta_target: 0.45,
  put_delta_max: 0.6,
  call_dte_min: 2,
  call_dte_target: 4,
  call_dte_max: 9,
  call_delta_target: 0.45,
  call_delta_max: 0.6,
  entry_cap_part: 1,
  manage_dte: 0,
  profit_take_part: 0.05,
  expiry_buy_back_max_usd: 0,
};

async function sellsPuts({ until, book }: Story): Promise<void> {
  await until('2026-03-02 10:14');
  expect(book.decisions('wheel')).toEqual([]);
  await until('2026-03-02 10:17', 10);
  const [entry] = book.decisions('wheel');
  expect(entry).toMatchObject({ subject: 'F', kind: 'open', code: 'ENTRY', verdict: 'cleared', denial: null });
  expect(entry?.gates).toMatchObject({
    'close above its mean': { observed: 50, pass: true },
    'iv rank': { threshold: 30, pass: true },
    expiry: { observed: '2026-03-06', pass: true },
    delta: { pass: true },
    'contracts in the name ceiling': { observed: 2, pass: true },
  });
  expect(entry?.gates['iv rank']?.observed).toBeCloseTo((100 * (0.5 - 0.3)) / (0.6 - 0.3), -1);
  expect(entry?.checks).toMatchObject({ STALE: 'pass', BUYING_POWER: 'pass', COLLAR: 'pass', NAKED: 'skip' });

  // The walk: two contracts from the mid down; one is taken on the second rung, and the other is all that the later rungs ask for.
  expect(book.orders('wheel').map(({ rung, limit, qty, filled, state }) => [rung, limit, qty, filled, state])).toEqual([
    [0, -0.83, 2, 0, 'canceled'],
    [1, -0.82, 2, 1, 'canceled'],
    [2, -0.81, 1, 0, 'canceled'],
    [3, -0.8, 1, 1, 'filled'],
  ]);
  expect(book.fills('wheel')).toMatchObject([
    { symbol: PUT, qty: -1, price: 0.82, cash: 82 },
    { symbol: PUT, qty: -1, price: 0.8, cash: 80 },
  ]);
  expect(book.trades('wheel')).toMatchObject([
    { underlying: 'F', legs: [`sell open 1 ${PUT}`], code: 'ENTRY', maxLoss: 9_740.2, units: 2, entryCash: 162, held: { [PUT]: -2 } },
  ]);
  expect(book.lots('wheel')).toMatchObject([
    { symbol: PUT, origin: 'fill', qty: -1, left: -1, cash: 82 },
    { symbol: PUT, origin: 'fill', qty: -1, left: -1, cash: 80 },
  ]);
  expect(book.cash()).toBe(100_162);
}

async function isAssigned({ until, book }: Story): Promise<void> {
  await until('2026-03-05 16:30', 5_000);
  await until('2026-03-09 10:14', 2_000);
  expect(book.held('wheel')).toEqual({ F: 200 });
  expect(book.closures('wheel')).toMatchObject([
    { symbol: PUT, kind: 'assignment', code: 'ASSIGNED', qty: -1, cash: 0, realized: 82 },
    { symbol: PUT, kind: 'assignment', code: 'ASSIGNED', qty: -1, cash: 0, realized: 80 },
  ]);
  expect(book.lots('wheel').filter((lot) => lot.symbol === 'F')).toMatchObject([
    { origin: 'assignment', qty: 100, left: 100, cash: -4_950 },
    { origin: 'assignment', qty: 100, left: 100, cash: -4_950 },
  ]);
  expect(book.trades('wheel')).toMatchObject([{ held: { F: 200 }, realized: 162, closed: null, exit: null }]);
  // S-62: it holds shares now; what was paid and what the credits make of it stand apart.
  expect(book.decisions('wheel').findLast((decision) => decision.subject === 'F' && decision.code === 'HOLD')).toMatchObject({
    gates: { stage: { observed: 'SHARES' }, 'price paid': { observed: 49.5 }, 'adjusted basis': { observed: 48.69 } },
  });
  expect(book.cash()).toBe(90_262);
}

async function sellsCalls({ until, book }: Story): Promise<void> {
  await until('2026-03-09 10:17', 10);
  const entry = book.decisions('wheel').findLast((decision) => decision.kind === 'open');
  expect(entry).toMatchObject({ code: 'ENTRY', verdict: 'cleared' });
  // 49.50 a share less the 0.81 that was collected for the puts.
  expect(entry?.gates['adjusted basis']).toMatchObject({ observed: 48.69, pass: true });
  expect(entry?.checks).toMatchObject({ NAKED: 'pass' });
  expect(book.orders('wheel').slice(4)).toMatchObject([
    { legs: [`sell open 1 ${CALL}`], rung: 0, limit: -0.82, qty: 2, filled: 0, state: 'canceled' },
    { legs: [`sell open 1 ${CALL}`], rung: 1, limit: -0.81, qty: 2, filled: 2, state: 'filled' },
  ]);
  expect(book.held('wheel')).toEqual({ F: 200, [CALL]: -2 });
}

async function isCalledAway({ until, book }: Story): Promise<void> {
  await until('2026-03-12 16:30', 5_000);
  await until('2026-03-16 10:00', 2_000);
  expect(book.held('wheel')).toEqual({});
  expect(book.closures('wheel').slice(2)).toMatchObject([
    { symbol: CALL, code: 'ASSIGNED', qty: -1, realized: 81 },
    { symbol: 'F', code: 'CALLED_AWAY', qty: 100, cash: 4_900, realized: -50 },
    { symbol: CALL, code: 'ASSIGNED', qty: -1, realized: 81 },
    { symbol: 'F', code: 'CALLED_AWAY', qty: 100, cash: 4_900, realized: -50 },
  ]);
  expect(book.trades('wheel')).toMatchObject([
    { legs: [`sell open 1 ${PUT}`], held: {}, realized: 62, exit: 'CALLED_AWAY' },
    { legs: [`sell open 1 ${CALL}`], held: {}, realized: 162, exit: 'ASSIGNED' },
  ]);
  // (49.00 - 49.50 + 0.81 + 0.81) x 200
  expect(book.cash()).toBe(100_224);
  expect(book.noted().get('position.assignment')).toBe(2);
}

it('the wheel sells puts, is assigned, sells calls on the shares, and is called away', async () => {
  await scenario({ market: market(fallsAndRises), strategies: { wheel: hasty }, start: '2026-03-02 09:50', speed: 600 }, async (story) => {
    await sellsPuts(story);
    await isAssigned(story);
    await sellsCalls(story);
    await isCalledAway(story);
  });
}, 60_000);

async function buysBackAtHalf({ until, book }: Story): Promise<void> {
  await until('2026-03-03 10:00', 2_000);
  expect(book.held('wheel')).toEqual({ [PUT]: -2 });
  await until('2026-03-03 12:00', 60);
  const exit = book.decisions('wheel').find((d) => d.kind === 'close');
  expect(exit).toMatchObject({ subject: PUT, code: 'TARGET', verdict: 'cleared' });
  expect(exit?.gates['ask']).toMatchObject({ threshold: 0.405, pass: true });
  expect(book.exits('wheel').find((rule) => rule.code === 'TARGET')).toMatchObject({
    kind: 'target',
    when: ['ask at or below 0.405 dollars a share', 'ask on the last day at or below 0 dollars a share'],
    fired: 1,
  });
  expect(book.held('wheel')).toEqual({});
  const [trade] = book.trades('wheel');
  // 162 came in, and no more than half of it went out.
  expect(trade).toMatchObject({ held: {}, exit: 'TARGET', units: 2 });
  expect(trade?.realized).toBeGreaterThanOrEqual(81);
  expect(book.cash()).toBeCloseTo(100_000 + (trade?.realized ?? Number.NaN), 6);
}

it('the wheel sells puts in parts and buys them back at half of their credit', async () => {
  const strategies = { wheel: { ...hasty, profit_take_part: 0.5 } };
  await cycle({ market: market(risesAtOnce), strategies, start: '2026-03-02 09:50', speed: 600 }, async (story) => {
    await sellsPuts(story);
    await buysBackAtHalf(story);
  });
}, 60_000);
