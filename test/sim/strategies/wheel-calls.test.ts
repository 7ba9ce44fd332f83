// S-62, S-64: shares that came early and overnight, and everything that may become of the calls sold on them.
import { expect, it } from 'vitest';
import { openReader } from '../../../src/store/reader.ts';
import { way } from '../script/closes.ts';
import { occ, type Surface, weeklies } from '../script/options.ts';
import { scriptedMarket } from '../scripted-market.ts';
import { type ScenarioOptions, type Story, scenario } from './scenario.ts';

const PUT = occ('F', '2026-03-13', 'put', 49.5);
const NEXT = '2026-03-20';

type Anchors = readonly (readonly [time: string, price: number])[];
type Volatility = readonly (readonly [from: string, surface: Surface])[];

interface Told {
  readonly id: string;
  /** From the fifth of March on. */
  readonly days: Readonly<Record<string, Anchors>>;
  readonly iv: Volatility;
  /** Goes ex on the twelfth, dollars a share. */
  readonly dividend?: number;
}

/** F stands at 50 on Monday and falls on Tuesday until its 49.50 put holds no time value any more. The rest is each story's own. */
const market = ({ id, days, iv, dividend }: Told) =>
  scriptedMarket({
    id: `wheel-${id}`,
    from: '2026-03-02',
    to: '2026-03-20',
    names: [
      {
        symbol: 'F',
        history: way(260, 38, 50, 0.2),
        volume: 40_000_000,
        // biome-ignore format: a story
        days: {
          '2026-03-02': [['09:30', 50]],
          '2026-03-03': [['09:30', 50], ['11:00', 46]],
          '2026-03-04': [['09:30', 47]],
          ...days,
        } as never,
        ...(dividend === undefined
          ? {}
          : { dividends: [{ ex: '2026-03-12', pay: '2026-03-27', amount: dividend, announced: '2026-03-05' }] }),
        options: {
          expiries: weeklies('2026-03-06', 10),
          strikes: { from: 35, to: 65, step: 0.5 },
          // biome-ignore format: a story
          iv: [['2026-03-02', { level: 0.5 }], ['2026-03-03 11:00', { level: 0.1 }], ['2026-03-04', { level: 0.5 }], ...iv] as never,
          past: { low: 0.3, high: 0.6 },
        },
      },
    ],
  });

/** A put of eleven days, calls of fifteen, and prices taken as they are. */
const wheel = {
  universe: ['F'],
  dte_min: 10,
  dte_target: 11,
  dte_max: 12,
  put_delta_target: 0.45,
  put_delta_max: 0.6,
  call_dte_min: 13,
  call_dte_target: 15,
  call_dte_max: 20,
  call_delta_target: 0.45,
  call_delta_max: 0.6,
  entry_cap_part: 1,
  manage_dte: 9,
  new_names_per_day: 1,
};

const options = (told: Told, changed: Readonly<Record<string, unknown>> = {}): ScenarioOptions => ({
  market: market(told),
  strategies: { wheel: { ...wheel, ...changed } },
  start: '2026-03-02 09:50',
  speed: 600,
  earlyAssignment: true,
});

/** After every turn on disk: each short call stands on a hundred shares of its own. */
function neverBare({ world }: Story, turnsAtLeast: number): void {
  const opened = openReader(world.ledgerFile);
  if (!opened.ok) throw new Error(opened.fault.message);
  const { reader } = opened;
  const moves = reader.client
    .prepare<[], { seq: number; symbol: string; qty: number }>(
      `SELECT seq, symbol, qty FROM fills WHERE owner = 'wheel'
       UNION ALL SELECT seq, symbol, qty FROM ledger WHERE owner = 'wheel' AND symbol IS NOT NULL ORDER BY seq`,
    )
    .all();
  reader.close();
  let [shares, calls] = [0, 0];
  const turns = [...new Set(moves.map(({ seq }) => seq))];
  for (const turn of turns) {
    for (const { symbol, qty } of moves.filter(({ seq }) => seq === turn)) {
      if (symbol === 'F') shares += qty;
      else if (/\dC\d/.test(symbol)) calls -= qty;
    }
    expect(shares, `after turn ${turn}, with ${calls} calls sold`).toBeGreaterThanOrEqual(100 * calls);
  }
  expect(turns.length).toBeGreaterThanOrEqual(turnsAtLeast);
}

/** Until the morning after the put lost its time value, its contracts sold on Monday. */
async function throughTheNight({ until, book }: Story, contracts: number): Promise<void> {
  await until('2026-03-02 10:18', 10);
  expect(book.held('wheel')).toEqual({ [PUT]: -contracts });
  await until('2026-03-03 16:30', 600);
  expect(book.held('wheel')).toEqual({ [PUT]: -contracts });
  await until('2026-03-04 09:31', 600);
  await until('2026-03-04 10:10', 60);
}

const one = (told: Told, changed: Readonly<Record<string, unknown>> = {}): ScenarioOptions => ({ ...options(told, changed), cash: 60_000 });
const lastOf = ({ book }: Story, subject: string, kind = 'pass') =>
  book.decisions('wheel').findLast((d) => d.subject === subject && d.kind === kind);

/** On the first session after the one in which the shares came; the call that is then held. */
async function sellsItsCall(story: Story, call: string): Promise<void> {
  const { until, book } = story;
  await until('2026-03-05 10:14', 600);
  await until('2026-03-05 10:30', 10);
  if (book.held('wheel')[call] === undefined) await until('2026-03-05 13:20', 60);
  expect(book.held('wheel')).toEqual({ F: 100, [call]: -1 });
  expect(lastOf(story, 'F', 'open')?.checks).toMatchObject({ NAKED: 'pass' });
}

it('S-62: one of two puts is assigned early: it is closed at nothing, its shares stand at the strike, and a call is considered', async () => {
  // The other put has nine days left: it is not to be rolled while this is watched.
  await scenario(options({ id: 'early', days: {}, iv: [] }, { manage_dte: 5 }), async (story) => {
    const { book } = story;
    await throughTheNight(story, 2);
    expect(book.held('wheel')).toEqual({ F: 100, [PUT]: -1 });
    expect(book.closures('wheel')).toMatchObject([{ symbol: PUT, kind: 'assignment', code: 'ASSIGNED', qty: -1, cash: 0, realized: 145 }]);
    expect(book.lots('wheel')).toMatchObject([
      { symbol: PUT, origin: 'fill', qty: -2, left: -1, cash: 290 },
      { symbol: 'F', origin: 'assignment', qty: 100, left: 100, cash: -4_950 },
    ]);
    // The price paid and what the credits make of it stand apart.
    expect(lastOf(story, 'F')).toMatchObject({
      code: 'HOLD',
      gates: { shares: { observed: 100 }, 'price paid': { observed: 49.5 }, 'adjusted basis': { observed: 48.05 } },
    });
    expect(book.rows().filter(({ owner, qty }) => owner === 'wheel' && qty !== 0)).toMatchObject([
      { kind: 'assignment', symbol: PUT, qty: 1, cash: 0 },
      { kind: 'assignment', symbol: 'F', qty: 100, cash: -4_950 },
    ]);
    await story.until('2026-03-04 10:30', 60);
    expect(book.held('wheel')).toEqual({ F: 100, [PUT]: -1 });
    expect(book.decisions('wheel').some((d) => d.subject === 'F' && d.code === 'COOLDOWN')).toBe(true);
  });
}, 90_000);

it('S-64: a call is bought back at half of its credit, and the next one is sold on the same shares', async () => {
  const days = { '2026-03-05': [['09:30', 48.5]], '2026-03-06': [['09:30', 48.5], ['11:00', 46.8]] } as const; // biome-ignore format: a story
  const told: Told = { id: 'target', days, iv: [['2026-03-06 11:00', { level: 0.3 }], ['2026-03-09', { level: 0.5 }]] }; // biome-ignore format: a story
  await scenario(one(told), async (story) => {
    const { book, until } = story;
    await throughTheNight(story, 1);
    expect(lastOf(story, 'F')).toMatchObject({ gates: { stage: { observed: 'SHARES' }, 'free shares': { observed: 100 } } });
    const first = occ('F', NEXT, 'call', 49.5);
    await sellsItsCall(story, first);
    const credit = book.fills('wheel').find((fill) => fill.symbol === first)?.cash ?? 0;
    await until('2026-03-06 12:00', 120);
    expect(book.held('wheel')).toEqual({ F: 100 });
    const closed = book.closures('wheel').find((closure) => closure.symbol === first);
    expect(closed).toMatchObject({ kind: 'fill', code: 'TARGET', qty: -1 });
    expect(-(closed?.cash ?? 0)).toBeLessThanOrEqual(credit / 2);
    expect(closed?.realized).toBe(credit + (closed?.cash ?? 0));
    await until('2026-03-09 10:14', 600);
    await until('2026-03-09 10:30', 10);
    const calls = Object.entries(book.held('wheel')).filter(([symbol]) => symbol !== 'F');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.[1]).toBe(-1);
    neverBare(story, 4);
  });
}, 90_000);

it('S-64: a call in the money near its expiry is rolled up and out for a credit, both halves inside the hours of a roll', async () => {
  const days = { '2026-03-05': [['09:30', 48.5]], '2026-03-09': [['09:30', 48.5], ['12:00', 52]] } as const; // biome-ignore format: a story
  await scenario(one({ id: 'roll', days, iv: [] }), async (story) => {
    const { book, until } = story;
    await throughTheNight(story, 1);
    const [old, next] = [occ('F', NEXT, 'call', 49.5), occ('F', '2026-05-01', 'call', 53)];
    await sellsItsCall(story, old);
    await until('2026-03-11 09:31', 600);
    await until('2026-03-11 09:44', 60);
    // Nine days are left, but what was bought back now could not be sold again at once.
    expect(lastOf(story, old)).toMatchObject({ code: 'HOLD', why: expect.stringContaining('a roll waits') });
    expect(book.held('wheel')).toEqual({ F: 100, [old]: -1 });
    await until('2026-03-11 09:50', 10);
    expect(book.held('wheel')).toEqual({ F: 100, [next]: -1 });
    const [paid, got] = [old, next].map((symbol) => book.fills('wheel').findLast((fill) => fill.symbol === symbol)?.price ?? 0);
    expect((got ?? 0) - (paid ?? 0)).toBeGreaterThanOrEqual(0.1 - 1e-9);
    expect(book.closures('wheel').find((closure) => closure.symbol === old)).toMatchObject({ code: 'ROLL', qty: -1 });
    expect(book.trades('wheel').at(-1)).toMatchObject({ code: 'ROLL', legs: [`sell open 1 ${next}`] });
    neverBare(story, 5);
  });
}, 90_000);

const jump = { '2026-03-11': [['09:30', 50], ['10:00', 53]] } as const; // biome-ignore format: a story
const spent: Volatility = [['2026-03-11 10:00', { level: 0.1 }]];

it('S-64: on the eve of an ex-date a call over the basis is left to be exercised: called away early, the dividend forgone', async () => {
  const told: Told = { id: 'accepted', days: { '2026-03-05': [['09:30', 48.5]], ...jump }, iv: spent, dividend: 0.4 };
  await scenario(one(told, { manage_dte: 0 }), async (story) => {
    const { book, until } = story;
    await throughTheNight(story, 1);
    const call = occ('F', NEXT, 'call', 49);
    await sellsItsCall(story, call);
    await until('2026-03-11 16:30', 600);
    expect(book.decisions('wheel').findLast((d) => d.code === 'EARLY_ASSIGNMENT_RISK')).toMatchObject({
      subject: call,
      kind: 'pass',
      gates: { 'time value at the bid': { threshold: 0.4, pass: false }, 'strike over basis': { observed: 49, pass: true } },
    });
    expect(book.held('wheel')).toEqual({ F: 100, [call]: -1 });
    await until('2026-03-12 09:31', 600);
    await until('2026-03-12 10:10', 60);
    expect(book.held('wheel')).toEqual({});
    expect(book.closures('wheel').slice(1)).toMatchObject([
      { symbol: call, kind: 'assignment', code: 'ASSIGNED', qty: -1, cash: 0 },
      { symbol: 'F', code: 'CALLED_AWAY', qty: 100, cash: 4_900, realized: -50 },
    ]);
    // Eight days before its expiry; the dividend of the day is the assignee's.
    await until('2026-03-12 11:00', 60);
    expect(book.rows().filter(({ kind }) => kind === 'dividend')).toEqual([]);
    neverBare(story, 4);
  });
}, 90_000);

it('S-64: on the eve of an ex-date a call under the basis is bought back, before it is exercised at a loss', async () => {
  const repair = { manage_dte: 0, repair_after_sessions: 1, repair_basis_part: 0.9, repair_delta_max: 0.55, call_delta_min: 0.45 };
  const told: Told = { id: 'saved', days: { '2026-03-05': [['09:30', 45.5]], ...jump }, iv: spent, dividend: 0.4 };
  await scenario(one(told, repair), async (story) => {
    const { book, until } = story;
    await throughTheNight(story, 1);
    const call = occ('F', NEXT, 'call', 45);
    await sellsItsCall(story, call);
    await until('2026-03-11 09:40', 600);
    await until('2026-03-11 10:13', 60);
    expect(book.held('wheel')).toEqual({ F: 100 });
    expect(book.closures('wheel').at(-1)).toMatchObject({ symbol: call, kind: 'fill', code: 'EXDIV_RISK', qty: -1 });
    expect(lastOf(story, call, 'close')).toMatchObject({
      code: 'EXDIV_RISK',
      gates: { 'time value at the bid': { threshold: 0.4, pass: false } },
    });
    neverBare(story, 4);
  });
}, 90_000);
