// A small book in a file: an index buy that filled in two parts after a cancelled first rung, a short put, and a day of abstentions.
import { brokerOrderId, clientOrderId, symbol } from '../../../src/domain/ids.ts';
import { equity, instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { type Closure, closingCode, fillKey, type Lot } from '../../../src/domain/lot.ts';
import { netQty, price, qty, usd } from '../../../src/domain/money.ts';
import type { Order, OrderState } from '../../../src/domain/order.ts';
import type { Cycle, FillRow, LedgerRow } from '../../../src/domain/position.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { DecisionRow, Turn } from '../../../src/domain/turn.ts';
import { applyToLots } from '../../../src/execution/lots.ts';
import type { Store } from '../../../src/ports/store.ts';
import { base, everyRule, fill, ledgerFile, ledgerRow, noon, order, pass, running, SPY, today, turn, wheel } from './fixture.ts';

export const first = clientOrderId('wsb1-ba-O-260309-first');
export const second = clientOrderId('wsb1-ba-O-260309-second');
export const shortPut = clientOrderId('wsb1-wh-O-260309-put');
export const PUT = symbol('AAPL260417P00220000');
export const tomorrow = tradingDay('2026-03-10');

const rungOne = (state: OrderState, parts: Partial<Order> = {}): Order => order({ id: first, verdictSeq: 2, state, ...parts });
const rungTwo = (state: OrderState, parts: Partial<Order> = {}): Order =>
  order({ id: second, rung: 1, verdictSeq: 2, recordedAt: epochMs(noon + 5000), state, ...parts });
const wheelPut = (state: OrderState, parts: Partial<Order> = {}): Order =>
  order({
    id: shortPut,
    strategy: wheel,
    ladder: 'wheel:AAPL',
    qty: qty(1),
    limit: price(-3_100_000),
    verdictSeq: 7,
    recordedAt: epochMs(noon + 9000),
    state,
    day: tomorrow,
    legs: legs(leg(instrumentOf(PUT), 'sell', 'open')),
    ...parts,
  });

const bought: DecisionRow = {
  strategy: base,
  slot: '11:00',
  verdict: 'cleared',
  denial: null,
  orders: [first],
  quotes: [{ kind: 'quoted', symbol: SPY, bid: price(499_990_000), ask: price(500_010_000), ageMs: 35 }],
  checks: everyRule.map((check) =>
    check.rule === 'BUYING_POWER' ? { ...check, observed: 5_001_200_000, limit: 99_000_000_000, unit: 'usd_micros' } : check,
  ),
  decision: {
    kind: 'open',
    subject: SPY,
    code: 'ENTRY',
    why: 'index share is 0 of 0.30',
    gates: [{ name: 'drift', threshold: 0.02, observed: 0.3, pass: true }],
    key: 'base:SPY:1',
    legs: order().legs,
    qty: qty(10),
    prices: { rungs: [price(500_120_000), price(500_200_000)], stepMs: 1000 },
    maxLoss: usd(5_001_200_000),
  },
};
const b = (n: number) => brokerOrderId(`b-${n}`);
const done = { legNo: 0, symbol: SPY, cumQty: 10, cumCash: usd(-5_000_000_000) };
const sold = { legNo: 0, symbol: PUT, cumQty: 1, cumCash: usd(310_000_000) };

/** The lots of what filled; its orders have no decision on record, so that they belong to no trade. */
const lotsOf = (...rows: readonly FillRow[]): readonly Lot[] =>
  rows.flatMap((row) => {
    const { opened } = applyToLots([], {
      ...row,
      instrument: instrumentOf(row.symbol),
      by: fillKey(row),
      kind: 'fill',
      code: null,
      trade: null,
    });
    return opened === null ? [] : [opened];
  });
/** What ledger rows do to open lots. */
export function lotsAfter(open: readonly Lot[], rows: readonly LedgerRow[]): Pick<Turn, 'lots' | 'closures'> {
  const changed = new Map<string, Lot>();
  const closures: Closure[] = [];
  let left = open;
  for (const row of rows) {
    if (row.symbol === null || row.qty === 0) continue;
    const { symbol, owner } = row;
    const instrument = instrumentOf(symbol);
    const mine = (lot: Lot): boolean => lot.owner === owner && lot.instrument.symbol === symbol;
    const code = closingCode(row.kind, instrument, row.qty);
    const step = applyToLots(left.filter(mine), { ...row, instrument, by: row.key, code, trade: null });
    left = [...left.filter((lot) => !mine(lot)), ...step.open];
    for (const lot of [...step.taken, ...(step.opened === null ? [] : [step.opened])]) changed.set(lot.id, lot);
    closures.push(...step.closures);
  }
  return { lots: [...changed.values()], closures };
}
const flat: Omit<Cycle, 'owner' | 'underlying' | 'startedDay'> = {
  premium: usd(0),
  stock: usd(0),
  contractsTraded: 0,
  sharesSinceDay: null,
};
const sharesBought: Cycle = { ...flat, owner: base, underlying: SPY, startedDay: today, stock: usd(-5_000_000_000), sharesSinceDay: today };
const AAPL = instrumentOf(PUT).underlying;
const putWritten: Cycle = { ...flat, owner: wheel, underlying: AAPL, startedDay: tomorrow, premium: usd(310_000_000), contractsTraded: 1 };
const boughtFirst = fill({ order: second, brokerId: b(2) });
const boughtThen = fill({ order: second, brokerId: b(2), cumQty: 10, qty: 6, cash: usd(-3_000_000_000) });
const soldPut = fill({
  order: shortPut,
  owner: wheel,
  symbol: PUT,
  qty: -1,
  cumQty: 1,
  price: price(3_100_000),
  cash: usd(310_000_000),
  brokerId: b(3),
  day: tomorrow,
});

const turns: readonly Turn[] = [
  turn(1, { ledger: [ledgerRow()], modes: ['RECOVERING'], event: { kind: 'boot', epoch: 1, uncleanBoots: 0, account: 'PA3SIM0001' } }),
  turn(2, { orders: [rungOne('recorded')], decisions: [bought], commands: [{ kind: 'send', id: first }], modes: [] }),
  turn(3, {
    orders: [rungOne('submitting', { attempts: 1 })],
    event: { kind: 'send', id: first },
    commands: [{ kind: 'post', id: first, attempt: 1 }],
  }),
  turn(4, {
    event: { kind: 'submitted', id: first, attempt: 1, outcome: { kind: 'unknown', because: 'the answer was cut off' } },
    orders: [rungOne('unknown', { attempts: 1 })],
    commands: [{ kind: 'find', id: first }],
    notes: [{ event: 'order.unknown', severity: 'major', detail: { id: first } }],
  }),
  turn(5, { orders: [rungOne('canceled', { attempts: 1, brokerId: b(1) }), rungTwo('submitting', { attempts: 1 })] }),
  turn(6, {
    orders: [rungTwo('filled', { attempts: 1, brokerId: b(2), cumQty: 10, cumCash: usd(-5_000_000_000), fills: [done] })],
    fills: [boughtFirst, boughtThen],
    lots: lotsOf(boughtFirst, boughtThen),
    positions: [
      {
        owner: base,
        symbol: SPY,
        now: { owner: base, instrument: equity(SPY), qty: netQty(10), cost: usd(-5_000_000_000), openedDay: today },
      },
    ],
    cycles: [{ owner: base, underlying: SPY, now: sharesBought }],
  }),
  turn(7, { decisions: [pass(), { ...pass(), decision: { ...pass().decision, subject: symbol('MSFT') } }] }),
  turn(8, { decisions: [pass({}, 13)] }),
  turn(9, {
    day: tomorrow,
    orders: [wheelPut('filled', { brokerId: b(3), cumQty: 1, cumCash: usd(310_000_000), fills: [sold] })],
    fills: [soldPut],
    lots: lotsOf(soldPut),
    positions: [
      {
        owner: wheel,
        symbol: PUT,
        now: { owner: wheel, instrument: instrumentOf(PUT), qty: netQty(-1), cost: usd(310_000_000), openedDay: tomorrow },
      },
    ],
    cycles: [{ owner: wheel, underlying: AAPL, now: putWritten }],
    halts: [{ scope: { kind: 'strategy', id: wheel }, level: 'halt', reason: 'operator', since: noon }],
    modes: ['HALTED'],
  }),
];

/** Writes the story; the store stays open. */
export function told(): { readonly file: string; readonly store: Store } {
  const file = ledgerFile();
  const store = running(file);
  store.stamp('sim', 'PA3SIM0001');
  for (const one of turns) store.commit(one);
  return { file, store };
}
