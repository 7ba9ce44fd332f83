// Ten thousand random sequences of orders of every kind (`WSB_FUZZ_SEQUENCES` asks for more), changed, cancelled, exercised: cash and
// positions always balance, nothing is ever naked, reserved below zero or lost, and no order takes a step that orders do not take.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOcc } from '../../src/domain/instrument.ts';
import { MINUTE, tradingDay } from '../../src/domain/time.ts';
import { publishedFees } from '../../src/exchange/core/fee-rates.ts';
import { fillModels } from '../../src/exchange/core/fill-model.ts';
import type { ExchangeCore, XActivity, XOrder, XOrderPatch, XOrderRequest, XStatus, XTradeEvent } from '../../src/exchange/types.ts';
import {
  at,
  bench,
  CALL105,
  CALL110,
  limit,
  MONDAY,
  market,
  mleg,
  PUT90,
  PUT95,
  type Script,
  stop,
  usd,
} from '../unit/exchange/core/scripted-market.ts';

const CASH = 100_000_000_000;
const end = at('2026-03-09', 12);
const FAR105 = CALL105.replace('260306', '260417');
const options = [PUT90, PUT95, CALL105, CALL110, FAR105];
/** Each model of fills has its quarter, and so has a house that names none. */
const QUARTERS = [
  [1, 'exact'],
  [2, 'paper'],
  [3, 'adverse'],
  [4, 'house'],
] as const;
const RUNS = Math.ceil(Number(process.env['WSB_FUZZ_SEQUENCES'] ?? '10000') / QUARTERS.length);
/** Every contract ends on the day of the split or lives through it. */
const SPLIT_DAY = tradingDay('2026-03-06');
const SPLIT_AT = at(SPLIT_DAY, 0);
type Ratio = readonly [from: number, to: number];
const halved = options.map((name) => name.replace(/\d{8}$/, (strike) => String(Number(strike) / 2).padStart(8, '0')));
const renamed = options.map((name) => name.replace('ACME', 'ACME1'));
/** Shares that a contract delivers after a split. */
const sharesOf = (name: string, [from, to]: Ratio): number => (name.startsWith('ACME1') ? (100 * to) / from : 100);
/** Most sequences begin on the last two days of the contracts and are short; one in a hundred goes through the whole week. */
const SHORT = { open: at('2026-03-05', 13), acts: 5, moves: 27 };
const LONG = { open: at(MONDAY, 9, 30), acts: 40, moves: 45 };

/** ACME, FUND and the options of ACME jump every four hours, and ACME is split on its last day; the touch shows few or many. */
function jumpy(open: number, moves: readonly number[], ratio: Ratio): Script {
  const quotes: Record<string, (readonly [number, number, number])[]> = { ACME: [], FUND: [] };
  const sizes: Record<string, (readonly [number, number, number])[]> = { ACME: [] };
  const closes: Record<string, number> = {};
  let share = 100;
  const splits = ratio[0] !== ratio[1];
  const steps = moves.map((move, i) => [open + i * 3_600_000 * 4, move] as const);
  const all = splits ? [...steps, [SPLIT_AT, 0] as const].sort(([a], [b]) => a - b) : steps;
  all.forEach(([from, move], i) => {
    share = Math.max(60, Math.min(140, share + move));
    const now: Ratio = from >= SPLIT_AT ? ratio : [1, 1];
    const price = (share * now[0]) / now[1];
    quotes['ACME']?.push([from, price - 0.01, price + 0.01]);
    quotes['FUND']?.push([from, share / 2 - 0.01, share / 2 + 0.01]);
    sizes['ACME']?.push([from, 20 + (i % 3) * 100, 30 + (i % 4) * 60]);
    for (const symbol of splits && from >= SPLIT_AT ? [...options, ...halved, ...renamed] : options) {
      const option = parseOcc(symbol);
      if (option === undefined) continue;
      const strike = option.strike / 1_000_000;
      const delivered = (price * sharesOf(symbol, ratio)) / 100;
      const worth = Math.max(0, option.right === 'call' ? delivered - strike : strike - delivered);
      quotes[symbol] ??= [];
      quotes[symbol].push([from, worth + 0.05, worth + 0.2]);
    }
  });
  for (const day of ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', SPLIT_DAY]) {
    closes[`ACME ${day}`] = day === SPLIT_DAY ? (share * ratio[0]) / ratio[1] : share;
  }
  const day = tradingDay('2026-03-04');
  const [from, to] = ratio;
  const split = { symbol: 'ACME', exDay: SPLIT_DAY, from, to };
  return {
    splits: splits ? [split] : [],
    quotes,
    sizes,
    closes,
    dividends: [{ symbol: 'ACME', exDay: day, payDay: day, perShare: 310_000 }],
  };
}

const traded = [...options, ...options, ...halved, ...renamed];
const side = fc.constantFrom('buy' as const, 'sell' as const);
const shares = fc.constantFrom('ACME', 'FUND');
const qty = fc.integer({ min: 1, max: 3 });
const lot = fc.integer({ min: 1, max: 300 });
const dollars = (lo: number, hi: number): fc.Arbitrary<number> => fc.integer({ min: lo * 20, max: hi * 20 }).map((n) => n / 20);
const lasting = fc.constantFrom('day' as const, 'gtc' as const);
const anyTime = fc.constantFrom('day', 'gtc', 'ioc', 'fok', 'opg', 'cls') as fc.Arbitrary<XOrderRequest['timeInForce']>;
const price = dollars(70, 130);
const packages = [
  [`sto ${PUT95}`, `bto ${PUT90}`],
  [`sto ${CALL105}`, `bto ${CALL110}`],
  [`sto ${PUT95}`, `bto ${PUT90}`, `sto ${CALL105}`, `bto ${CALL110}`],
  [`sto ${CALL105}`, `bto ${FAR105}`],
  [`btc ${PUT95}`, `stc ${PUT90}`],
  [`btc ${CALL105}`, `stc ${CALL110}`],
  [`btc ${CALL105}`, `sto ${CALL110}`],
  [`btc ${CALL105}`, `sto ${FAR105}`],
  [`bto ${CALL105}`, `sto ${FAR105}`],
];

const plain = fc.oneof(
  fc.tuple(side, shares, lot, anyTime).map(([s, name, n, timeInForce]) => market(s, name, n, { timeInForce })),
  fc
    .tuple(side, shares, lot, price, anyTime, fc.boolean())
    .map(([s, name, n, p, timeInForce, extendedHours]) => limit(s, name, n, p, { timeInForce, extendedHours })),
);
const stops = fc.oneof(
  fc.tuple(side, shares, lot, price, lasting).map(([s, name, n, p, timeInForce]) => stop(s, name, n, p, { timeInForce })),
  fc.tuple(side, shares, lot, price, price).map(([s, name, n, p, l]) => stop(s, name, n, p, { type: 'stop_limit', limitPrice: usd(l) })),
  fc
    .tuple(side, shares, lot, fc.constantFrom('price' as const, 'percent' as const), dollars(1, 9))
    .map(([s, name, n, kind, trail]) =>
      stop(s, name, n, 1, { type: 'trailing_stop', stopPrice: null, trail: { kind, amount: usd(trail) } }),
    ),
);
const fractions = fc.oneof(
  fc.tuple(side, shares, fc.integer({ min: 1, max: 9_999_999_999 })).map(([s, name, n]) => market(s, name, n / 1e9)),
  fc.tuple(side, shares, fc.integer({ min: 50, max: 500_000 })).map(([s, name, n]) => market(s, name, 0, { notional: n * 10_000 })),
  fc
    .tuple(side, shares, price, fc.integer({ min: 50, max: 500_000 }))
    .map(([s, name, p, n]) => limit(s, name, 0, p, { notional: n * 10_000 })),
);
const groups = fc
  .tuple(
    side,
    fc.constantFrom('bracket' as const, 'oco' as const, 'oto' as const),
    lot,
    price,
    dollars(1, 9),
    lasting,
    fc.boolean(),
    fc.option(dollars(1, 5)),
  )
  .map(([s, orderClass, n, p, width, timeInForce, atMarket, worse]): XOrderRequest => {
    const sign = s === 'buy' ? 1 : -1;
    const exits = orderClass === 'oco' ? -sign : sign;
    const limitPrice = worse === null ? null : usd(p - exits * (width + worse));
    const stopLoss = { stopPrice: usd(p - exits * width), limitPrice };
    const takeProfit = orderClass === 'bracket' ? usd(p + exits * width) : null;
    const more = { orderClass, stopLoss, takeProfit, timeInForce };
    return atMarket && orderClass !== 'oco' ? market(s, 'ACME', n, more) : limit(s, 'ACME', n, p, more);
  });
const contracts = fc.oneof(
  fc
    .tuple(side, fc.constantFrom(...traded), qty, dollars(0, 8), lasting)
    .map(([s, symbol, n, p, timeInForce]) => limit(s, symbol, n, Math.max(0.05, p), { timeInForce })),
  fc.tuple(side, fc.constantFrom(...traded), qty).map(([s, symbol, n]) => market(s, symbol, n)),
  fc.tuple(side, fc.constantFrom(...options), qty, dollars(1, 8)).map(([s, symbol, n, p]) => stop(s, symbol, n, p)),
  fc.tuple(fc.constantFrom(...packages), qty, dollars(-6, 9)).map(([legs, n, net]) => mleg(legs, n, net)),
);
const order: fc.Arbitrary<XOrderRequest> = fc.oneof(plain, plain, stops, fractions, groups, groups, contracts, contracts);

const unchanged: XOrderPatch = { clientOrderId: null, qty: null, limitPrice: null, stopPrice: null, trail: null, timeInForce: null };
/** One field as a rule, sometimes two: most orders have but few of them. */
const patch: fc.Arbitrary<XOrderPatch> = fc.oneof(
  fc.integer({ min: 1, max: 300 }).map((n) => ({ ...unchanged, qty: n })),
  price.map((p) => ({ ...unchanged, limitPrice: usd(p) })),
  fc.tuple(price, fc.integer({ min: 1, max: 300 })).map(([p, n]) => ({ ...unchanged, limitPrice: usd(p), qty: n })),
  price.map((p) => ({ ...unchanged, stopPrice: usd(p) })),
  dollars(1, 9).map((p) => ({ ...unchanged, trail: usd(p) })),
  dollars(-6, 9).map((p) => ({ ...unchanged, limitPrice: usd(p) })),
  anyTime.map((timeInForce) => ({ ...unchanged, timeInForce })),
);
/** From no time at all, over the steps of an order, to hours. */
const pause = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 9_000_000 }));
const moment = fc.integer({ min: 0, max: 40 });
const act = fc.record({
  order,
  wait: pause,
  next: fc.oneof(
    fc.constant({ kind: 'nothing' as const }),
    fc.record({ kind: fc.constant('cancel' as const), back: fc.nat(12), wait: moment }),
    fc.record({ kind: fc.constant('replace' as const), back: fc.nat(12), wait: fc.oneof(moment, pause), patch }),
    fc.record({ kind: fc.constant('replace' as const), back: fc.nat(12), wait: fc.oneof(moment, pause), patch }),
    fc.record({ kind: fc.constant('exercise' as const), symbol: fc.constantFrom(...traded) }),
    fc.record({ kind: fc.constant('lapse' as const), symbol: fc.constantFrom(...traded) }),
    fc.record({ kind: fc.constant('transfer' as const), amount: fc.integer({ min: -9_000_000, max: 3_000_000 }).map((n) => n * 10_000) }),
    fc.integer({ min: 0, max: 3 }).map((n) => ({ kind: n === 0 ? ('flatten' as const) : ('nothing' as const) })),
  ),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** Every step an order may take; a step to where it stands is none. */
const steps: Readonly<Record<XStatus, readonly XStatus[]>> = {
  pending_new: ['accepted', 'new', 'rejected', 'canceled', 'partially_filled', 'filled'],
  accepted: ['new', 'pending_new', 'rejected', 'canceled', 'pending_cancel', 'expired', 'partially_filled', 'filled'],
  held: ['new', 'pending_new', 'accepted', 'canceled', 'expired', 'rejected'],
  new: [
    'partially_filled',
    'filled',
    'pending_cancel',
    'pending_replace',
    'canceled',
    'expired',
    'done_for_day',
    'replaced',
    'rejected',
    'suspended',
    'stopped',
  ],
  partially_filled: ['filled', 'pending_cancel', 'pending_replace', 'canceled', 'expired', 'done_for_day', 'replaced'],
  pending_cancel: ['canceled', 'filled', 'partially_filled', 'expired'],
  pending_replace: ['replaced', 'filled', 'partially_filled', 'canceled', 'new'],
  done_for_day: ['new', 'calculated', 'canceled', 'expired'],
  calculated: ['new', 'filled', 'canceled', 'expired'],
  stopped: ['partially_filled', 'filled', 'canceled'],
  suspended: ['new', 'canceled', 'expired', 'rejected'],
  filled: [],
  canceled: [],
  expired: [],
  replaced: [],
  rejected: [],
};

const family = (one: XOrder): readonly XOrder[] => [one, ...one.children];

/** Follows every order from its first answer on; fails at a step that is not in the table, or at an execution that is lost. */
function follower(): { readonly begin: (order: XOrder) => void; readonly hear: (event: XTradeEvent) => void } {
  const known = new Map<string, XOrder>();
  const begin = (order: XOrder): void => {
    for (const one of family(order)) known.set(one.id, one);
  };
  const hear = ({ event, order, execution }: XTradeEvent): void => {
    const before = known.get(order.id);
    if (before === undefined) {
      // Only the broker's own sale on the last afternoon is heard of before it is asked for.
      expect([order.type, order.status, order.parentId]).toEqual(['market', 'new', null]);
      begin(order);
      return;
    }
    if (before.status !== order.status)
      expect(steps[before.status], `${before.status} to ${order.status} by ${event}`).toContain(order.status);
    if (execution !== null) expect(Math.round((before.filledQty + execution.qty) * 1e9)).toBe(Math.round(order.filledQty * 1e9));
    if (order.notional === null) expect(order.filledQty).toBeLessThanOrEqual(order.qty);
    known.set(order.id, { ...order, children: [] });
  };
  return { begin, hear };
}

const rowQty = (row: XActivity): number => (row.fill !== null && row.fill.side !== 'buy' ? -row.qty : row.type === 'DIV' ? 0 : row.qty);

/** Cash and positions are what the statement adds up to. */
function balances(core: ExchangeCore): void {
  const rows = core.statement('a');
  expect(core.account('a', core.at).cash).toBe(CASH + rows.reduce((sum, row) => sum + row.netAmount, 0));
  const counted = new Map<string, number>();
  for (const row of rows) if (row.symbol !== null) counted.set(row.symbol, (counted.get(row.symbol) ?? 0) + Math.round(rowQty(row) * 1e9));
  const held = core.positions('a', core.at).map((p) => [p.symbol, Math.round(p.qty * 1e9)] as const);
  expect(new Map(held)).toEqual(new Map([...counted].filter(([, nano]) => nano !== 0)));
}

/** No call without its cover, no more promised than is held, and nothing set aside below zero. */
function nothingNaked(core: ExchangeCore, ratio: Ratio): void {
  const positions = new Map(core.positions('a', core.at).map((p) => [p.symbol, p]));
  const calls = [...positions.values()].filter((p) => parseOcc(p.symbol)?.right === 'call');
  /** Shares that calls from an expiry on are good for, owed ones negative. */
  const from = (expiry: string): number =>
    calls.reduce((sum, { symbol, qty: n }) => sum + ((parseOcc(symbol)?.expiry ?? '') >= expiry ? n * sharesOf(symbol, ratio) : 0), 0);
  expect(Math.min(from('2026-03-06'), from('2026-04-17')) + Math.max(0, positions.get('ACME')?.qty ?? 0)).toBeGreaterThanOrEqual(0);
  for (const p of positions.values()) {
    expect(p.available).toBeGreaterThanOrEqual(0);
    expect(p.available).toBeLessThanOrEqual(Math.abs(p.qty));
  }
  const { buyingPower, optionsBuyingPower, nonMarginableBuyingPower } = core.account('a', core.at);
  expect(Math.min(buyingPower, optionsBuyingPower, nonMarginableBuyingPower)).toBeGreaterThanOrEqual(0);
  for (const one of everyOrder(core)) expect(one.held).toBeGreaterThanOrEqual(0);
}

const everyOrder = (core: ExchangeCore): readonly XOrder[] =>
  core.orders('a', {
    status: 'all',
    limit: Number.MAX_SAFE_INTEGER,
    after: null,
    until: null,
    direction: 'desc',
    symbols: null,
    side: null,
    afterOrderId: null,
    beforeOrderId: null,
  });

function perform(core: ExchangeCore, { order: request, wait, next }: Act, begin: (order: XOrder) => void): void {
  const answer = core.submit('a', request, core.at + wait);
  if (answer.ok) begin(answer.value);
  if (next.kind === 'cancel' || next.kind === 'replace') {
    const every = everyOrder(core);
    const named = every.filter((one) => one.status === 'new' || one.status === 'partially_filled')[next.back] ?? every[next.back];
    if (named === undefined) return;
    if (next.kind === 'cancel') core.cancel('a', named.id, core.at + next.wait);
    else {
      const answer = core.replace('a', named.id, next.patch, core.at + next.wait);
      if (answer.ok) begin(answer.value);
    }
  } else if (next.kind === 'exercise') core.exercise('a', next.symbol, core.at);
  else if (next.kind === 'transfer') core.transfer('a', next.amount, core.at);
  else if (next.kind === 'lapse') core.doNotExercise('a', next.symbol, core.at);
  else if (next.kind === 'flatten' && answer.ok) core.cancelNow('a', core.at);
}

const house = fc.record({ lends: fc.boolean(), displayedSizes: fc.boolean(), everyStep: fc.boolean() });
const ratios: fc.Arbitrary<Ratio> = fc.constantFrom<Ratio[]>([1, 1], [1, 2], [10, 1], [2, 3]);
/** ACME is halted for half an hour from so many minutes after the beginning. */
const halts = fc.option(fc.integer({ min: 1, max: 300 }));
const sequence = ({ open, acts, moves }: typeof SHORT) =>
  fc.record({
    open: fc.constant(open),
    moves: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: moves, maxLength: moves }),
    acts: fc.array(act, { minLength: 1, maxLength: acts, size: 'max' }),
    seed: fc.integer({ min: 0, max: 1_000 }),
    house,
    ratio: ratios,
    charged: fc.boolean(),
    halt: halts,
  });
const scenario = fc.oneof({ arbitrary: sequence(SHORT), weight: 99 }, { arbitrary: sequence(LONG), weight: 1 });

/** Rows and events that come about in every quarter, and on bad days. */
const moved = ['SPLIT', 'OPCA', 'FEE', 'CSD', 'CSW', 'DIV', 'OPASN', 'OPEXC'];
const rare = ['stopped', 'suspended', 'calculated'];

describe('the exchange, under ten thousand sequences of orders', () => {
  it.each(QUARTERS)(
    'balances, keeps its cover and takes no forbidden step: quarter %d, %s',
    { timeout: 60_000 + RUNS * 100 },
    (quarter, model) => {
      const outcomes = new Map<string, number>();
      const count = (key: string): void => void outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      fc.assert(
        fc.property(scenario, ({ open, moves, acts, seed, house: terms, ratio, charged, halt }) => {
          const { begin, hear } = follower();
          const { core } = bench(jumpy(open, moves, ratio), {
            seed,
            partialFills: true,
            start: open,
            assignment: { earlyPerNight: { numerator: 1, denominator: 2 } },
            ...terms,
            ...(model === 'house' ? {} : { fills: fillModels[model] }),
            ...(charged ? { fees: publishedFees } : {}),
            isHalted: (symbol, now) =>
              halt !== null && symbol.startsWith('ACME') && now >= open + halt * MINUTE && now < open + (halt + 30) * MINUTE,
          });
          core.onTrade((event) => {
            count(event.event);
            if (event.event === 'pending_new' || event.event === 'accepted') begin(event.order);
            hear(event);
          });
          for (const one of acts) {
            perform(core, one, begin);
            nothingNaked(core, ratio);
          }
          core.advance(Math.max(core.at, end));
          balances(core);
          for (const one of everyOrder(core)) {
            count(`${one.orderClass} ${one.status}`);
          }
          for (const row of core.statement('a')) count(row.type);
          core.close();
        }),
        { numRuns: RUNS, seed: quarter },
      );
      // A share of each kind, or these orders are no test of anything.
      for (const kind of [
        'simple filled',
        'simple replaced',
        'simple expired',
        'bracket filled',
        'oco canceled',
        'mleg filled',
        ...moved,
        ...(model === 'adverse' ? rare : []),
      ]) {
        expect(outcomes.get(kind) ?? 0, kind).toBeGreaterThan(0);
      }
    },
  );
});
