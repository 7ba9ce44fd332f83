// A put spread in a file, leg by leg: opened in two executions, refused once more, and bought back as a package the next day.
import { brokerOrderId, clientOrderId, type Symbol, strategyId } from '../../../src/domain/ids.ts';
import { parseOcc } from '../../../src/domain/instrument.ts';
import { type Legs, leg, legs } from '../../../src/domain/legs.ts';
import { type Closure, fillKey, type Lot } from '../../../src/domain/lot.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { FillRow } from '../../../src/domain/position.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import type { DecisionRow, Turn } from '../../../src/domain/turn.ts';
import { applyToLots } from '../../../src/execution/lots.ts';
import { newTrade, withClosure, withLot } from '../../../src/execution/trades.ts';
import { everyRule, fill, ledgerFile, ledgerRow, noon, order, pass, running, SPY, today, turn } from './fixture.ts';

export const zdte = strategyId('zdte');
export const opening = clientOrderId('wsb1-zd-O-260309-spread');
export const closing = clientOrderId('wsb1-zd-C-260310-spread');
export const nextDay = tradingDay('2026-03-10');
const WALK = 'zdte|entry|put:SPY';

function option(text: string) {
  const found = parseOcc(text);
  if (found === undefined) throw new Error(`not an option: ${text}`);
  return found;
}
export const SHORT = option('SPY260310P00594000');
export const LONG = option('SPY260310P00589000');
const spread: Legs = legs(leg(LONG, 'buy', 'open'), leg(SHORT, 'sell', 'open'));
const unspread: Legs = legs(leg(LONG, 'sell', 'close'), leg(SHORT, 'buy', 'close'));

const opened: DecisionRow = {
  strategy: zdte,
  slot: 'entry@10:00',
  verdict: 'cleared',
  denial: null,
  orders: [opening],
  checks: everyRule,
  quotes: [
    { kind: 'quoted', symbol: SPY, bid: price(600_110_000), ask: price(600_130_000), ageMs: 120 },
    { kind: 'quoted', symbol: LONG.symbol, bid: price(340_000), ask: price(360_000), ageMs: 480 },
    { kind: 'absent', symbol: SHORT.symbol, code: 'QUOTE_STALE' },
  ],
  decision: {
    kind: 'open',
    subject: SPY,
    code: 'ENTRY',
    why: 'puts of 594 and 589',
    gates: [{ name: 'edge', threshold: 1.1, observed: 1.31, pass: true }],
    key: 'put:SPY',
    legs: spread,
    qty: qty(2),
    prices: { rungs: [price(-570_000), price(-560_000)], stepMs: 5000 },
    maxLoss: usd(888_400_000),
  },
};
const closed: DecisionRow = {
  ...opened,
  slot: 'manage@12:00',
  orders: [closing],
  decision: {
    ...opened.decision,
    kind: 'close',
    code: 'TARGET',
    why: 'half of the credit',
    legs: unspread,
    prices: { rungs: [price(280_000)], stepMs: 5000 },
  } as DecisionRow['decision'],
};

const refused: DecisionRow = {
  ...opened,
  slot: 'entry@12:30',
  verdict: 'denied',
  denial: {
    code: 'BUYING_POWER',
    why: 'the account cannot carry it',
    check: { rule: 'BUYING_POWER', result: 'deny', observed: 1, limit: 0, unit: 'usd_micros' },
  },
  orders: [],
};

const said = (code: 'IV_RANK_OUT_OF_BAND' | 'HOLD', subject: Symbol): DecisionRow => ({
  ...pass(),
  strategy: zdte,
  decision: { ...pass().decision, subject, code },
});

const base = { strategy: zdte, ladder: WALK, qty: qty(2), type: 'limit' as const, recordedAt: epochMs(noon + 2000) };
const recorded = order({ ...base, id: opening, legs: spread, limit: price(-560_000), verdictSeq: 2, state: 'recorded' });
const sold: Order = {
  ...recorded,
  state: 'filled',
  brokerId: brokerOrderId('b-1'),
  cumQty: 2,
  cumCash: usd(112_000_000),
  fills: [
    { legNo: 0, symbol: LONG.symbol, cumQty: 2, cumCash: usd(-70_000_000) },
    { legNo: 1, symbol: SHORT.symbol, cumQty: 2, cumCash: usd(182_000_000) },
  ],
};
const recordedClose = order({
  ...base,
  id: closing,
  ladder: 'zdte|manage|close:SPY',
  purpose: 'C',
  day: nextDay,
  legs: unspread,
  limit: price(280_000),
  verdictSeq: 5,
  state: 'recorded',
});
const bought: Order = {
  ...recordedClose,
  state: 'filled',
  brokerId: brokerOrderId('b-2'),
  cumQty: 2,
  cumCash: usd(-56_000_000),
  fills: [
    { legNo: 0, symbol: LONG.symbol, cumQty: 2, cumCash: usd(24_000_000) },
    { legNo: 1, symbol: SHORT.symbol, cumQty: 2, cumCash: usd(-80_000_000) },
  ],
};

const execution = (of: Order, legNo: number, cumQty: number, units: number, dollars: number): FillRow => {
  const { instrument, side } = of.legs[legNo] ?? of.legs[0];
  const sign = side === 'buy' ? 1 : -1;
  return fill({
    order: of.id,
    owner: zdte,
    legNo,
    cumQty,
    symbol: instrument.symbol,
    qty: sign * units,
    price: price(Math.round(dollars * 1e6)),
    cash: usd(-sign * Math.round(dollars * 1e8) * units),
    day: of.day,
    brokerId: of.brokerId ?? brokerOrderId('b'),
  });
};

/** A book of lots and the trade they are in, as the engine's own parts keep it. */
function book() {
  let left: readonly Lot[] = [];
  let trade: Trade | null = newTrade(
    sold,
    { code: 'ENTRY', why: 'puts of 594 and 589', maxLoss: usd(888_400_000), thesis: null },
    noon,
    today,
  );
  return (rows: readonly FillRow[], of: Order, code: 'ENTRY' | 'TARGET'): Pick<Turn, 'fills' | 'lots' | 'closures' | 'trades'> => {
    const changed = new Map<string, Lot>();
    const closures: Closure[] = [];
    for (const row of rows) {
      const { instrument } = of.legs[row.legNo] ?? of.legs[0];
      const mine = (lot: Lot): boolean => lot.instrument.symbol === row.symbol;
      const step = applyToLots(left.filter(mine), {
        ...row,
        instrument,
        by: fillKey(row),
        kind: 'fill',
        code,
        trade: code === 'ENTRY' ? WALK : null,
      });
      left = [...left.filter((lot) => !mine(lot)), ...step.open];
      for (const lot of [...step.taken, ...(step.opened === null ? [] : [step.opened])]) changed.set(lot.id, lot);
      closures.push(...step.closures);
      if (trade !== null && step.opened !== null) trade = withLot(trade, step.opened);
      for (const closure of step.closures) if (trade !== null) trade = withClosure(trade, instrument, closure);
    }
    const kept: Trade | null = trade === null ? null : { ...trade, units: 2 };
    return { fills: rows, lots: [...changed.values()], closures, trades: kept === null ? [] : [kept] };
  };
}

/** The path of the written ledger. */
export function spreadTold(): string {
  const file = ledgerFile();
  const store = running(file);
  store.stamp('sim', 'PA3SIM0001');
  const keep = book();
  const turns: readonly Turn[] = [
    turn(1, { ledger: [ledgerRow()], event: { kind: 'boot', epoch: 1, uncleanBoots: 0, account: 'PA3SIM0001' } }),
    turn(2, { decisions: [opened], orders: [recorded] }),
    turn(3, {
      orders: [sold],
      ...keep(
        [execution(sold, 0, 1, 1, 0.35), execution(sold, 1, 1, 1, 0.91), execution(sold, 0, 2, 1, 0.35), execution(sold, 1, 2, 1, 0.91)],
        sold,
        'ENTRY',
      ),
    }),
    turn(4, { decisions: [refused, said('IV_RANK_OUT_OF_BAND', SPY), said('HOLD', SHORT.symbol)] }),
    turn(5, { day: nextDay, decisions: [closed], orders: [recordedClose] }),
    turn(6, {
      day: nextDay,
      orders: [bought],
      ...keep([execution(bought, 0, 2, 2, 0.12), execution(bought, 1, 2, 2, 0.4)], bought, 'TARGET'),
    }),
  ];
  for (const one of turns) store.commit(one);
  store.close();
  return file;
}
