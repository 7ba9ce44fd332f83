// What a decision foretold is kept with it, found again from its trade, and never changed.
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { calibrationReport } from '../../../src/cli/report/calibration.ts';
import { calibrationCsv, calibrationText } from '../../../src/cli/report/calibration-print.ts';
import { endsOf } from '../../../src/cli/report/outcome.ts';
import type { Forecast } from '../../../src/domain/forecast.ts';
import { clientOrderId, strategyId } from '../../../src/domain/ids.ts';
import { parseOcc } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { netQty, price, qty, usd } from '../../../src/domain/money.ts';
import { epochMs, tradingDay } from '../../../src/domain/time.ts';
import type { DecisionRow, Turn } from '../../../src/domain/turn.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { foretoldTrades, lastTurnAt, optionEnds } from '../../../src/store/forecasts.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { closure, everyRule, ledgerFile, ledgerRow, lot, noon, order, running, SPY, trade, turn } from './fixture.ts';

const zdte = strategyId('zdte');
const lotto = strategyId('lotto');
const wheel = strategyId('wheel');
const expiry = tradingDay('2026-03-10');
const calendar = usCalendar();

function option(strike: number) {
  const found = parseOcc(`SPY260310P00${strike}000`);
  if (found === undefined) throw new Error(String(strike));
  return found;
}

const foretold = (probability: number, from: number): Forecast => ({
  name: 'gain_at_expiry',
  method: 'quoted_smile',
  probability,
  spot: 600,
  event: { kind: 'ends', day: expiry, within: [{ from, to: null }] },
});
const touch: Forecast = {
  name: 'multiple_in_time',
  method: 'own_quote',
  probability: 0.18,
  spot: 600,
  event: { kind: 'touches', side: 'above', level: 605, by: epochMs(noon + 3_600_000) },
};

interface Sold {
  readonly n: number;
  readonly owner?: typeof zdte;
  readonly strike?: number;
  readonly forecasts?: readonly Forecast[];
  /** How its option left: by expiry or assignment on its last day, or bought back. */
  readonly left?: 'expiry' | 'assignment' | 'fill';
  readonly walk?: string;
}

/** The turns of one short put: decided, filled, and gone. */
function sold({ n, owner = zdte, strike = 594, forecasts, left = 'expiry', walk = `${owner}|entry|${n}` }: Sold): readonly Turn[] {
  const id = clientOrderId(`wsb1-zd-O-260309-${n}`);
  const instrument = option(strike);
  const package_ = legs(leg(instrument, 'sell', 'open'));
  const seq = 2 + 3 * n;
  const row: DecisionRow = {
    strategy: owner,
    slot: `entry@${n}`,
    verdict: 'cleared',
    denial: null,
    orders: [id],
    checks: everyRule,
    quotes: [],
    decision: {
      kind: 'open',
      subject: SPY,
      code: 'ENTRY',
      why: 'a put',
      gates: [],
      key: `put:${n}`,
      legs: package_,
      qty: qty(1),
      prices: { rungs: [price(-560_000)], stepMs: 5_000 },
      maxLoss: usd(888_400_000),
      ...(forecasts === undefined ? {} : { forecasts }),
    },
  };
  const base = order({ id, strategy: owner, ladder: walk, legs: package_, qty: qty(1), limit: price(-560_000), verdictSeq: seq });
  const opened = { id: walk, owner, legs: package_, units: 1, entryCash: usd(56_000_000), maxLoss: usd(888_400_000) } as const;
  const own = lot({ id: `${id}/0/1`, owner, instrument, trade: walk, qty: netQty(-1), cash: usd(56_000_000) });
  const gone = { qtyLeft: netQty(0), cashLeft: usd(0) } as const;
  return [
    turn(seq, { decisions: [row], orders: [base] }),
    turn(seq + 1, {
      lots: [{ ...own, qtyLeft: netQty(-1), cashLeft: usd(56_000_000) }],
      trades: [trade({ ...opened, held: [{ instrument, qty: netQty(-1), cash: usd(56_000_000) }] })],
    }),
    turn(seq + 2, {
      day: expiry,
      at: { ...turn(seq + 2).at, exchange: calendar.instant(expiry, 18, 0) },
      lots: [{ ...own, ...gone }],
      closures: [
        closure({
          lot: own.id,
          by: `${left}:${n}`,
          kind: left,
          at: calendar.instant(expiry, 16, 0),
          day: expiry,
          qty: netQty(-1),
          cash: usd(0),
          realized: usd(56_000_000),
          code: left === 'fill' ? 'TARGET' : left === 'expiry' ? 'EXPIRED' : 'ASSIGNED',
        }),
      ],
      trades: [
        trade({
          ...opened,
          held: [],
          realized: usd(56_000_000),
          closedAt: calendar.instant(expiry, 16, 0),
          closedDay: expiry,
          exit: 'EXPIRED',
        }),
      ],
    }),
  ];
}

function told(...trades: readonly Sold[]): { readonly file: string; readonly reader: Reader } {
  const file = ledgerFile();
  const store = running(file);
  store.stamp('sim', 'PA3SIM0001');
  store.commit(turn(1, { ledger: [ledgerRow()], event: { kind: 'boot', epoch: 1, uncleanBoots: 0, account: 'PA3SIM0001' } }));
  for (const one of trades.flatMap(sold)) store.commit(one);
  store.close();
  const opened = openReader(file);
  if (!opened.ok) throw new Error(opened.fault.message);
  return { file, reader: opened.reader };
}

const reportOf = (reader: Reader, filter: Parameters<typeof foretoldTrades>[1] = {}) =>
  calibrationReport(foretoldTrades(reader, filter), {
    calendar,
    ends: endsOf(optionEnds(reader), calendar),
    prices: null,
    asOf: lastTurnAt(reader) ?? epochMs(0),
  });

describe('S-61: forecasts in the ledger', () => {
  it('come back with their trade as they were said: probability, method, event and instant', () => {
    const { reader } = told({ n: 1, forecasts: [foretold(0.8, 593.44), touch] });
    const [found] = foretoldTrades(reader);
    expect(found?.forecasts).toEqual([foretold(0.8, 593.44), touch]);
    expect(found?.saidAt).toBe(noon + 5 * 1_000);
    expect(found?.trade).toMatchObject({ owner: zdte, exit: 'EXPIRED' });
    reader.close();
  });
  it('can be rewritten by nobody', () => {
    const { file, reader } = told({ n: 1, forecasts: [foretold(0.8, 593.44)] });
    reader.close();
    const db = new Database(file);
    expect(() => db.exec(`UPDATE decisions SET intent = json_set(intent, '$.forecasts[0].probability', 1)`)).toThrow(/decision/i);
    db.close();
  });
  it('are looked for by strategy and by the day of the close', () => {
    const { reader } = told({ n: 1, forecasts: [foretold(0.8, 593.44)] }, { n: 2, owner: wheel, forecasts: [foretold(0.7, 590)] });
    expect(foretoldTrades(reader, { strategy: wheel }).map((t) => t.trade.owner)).toEqual([wheel]);
    expect(foretoldTrades(reader, { since: expiry })).toHaveLength(2);
    expect(foretoldTrades(reader, { since: tradingDay('2026-03-11') })).toEqual([]);
    reader.close();
  });
  it('are none where the strategy said none, and the trade is still counted', () => {
    const { reader } = told({ n: 1 });
    expect(reportOf(reader)).toMatchObject({ trades: 1, silent: { zdte: 1 }, answers: [] });
    reader.close();
  });
});

describe('S-61: the report over closed trades', () => {
  it('scores what expiries decided, and counts the rest by its reason', () => {
    const { reader } = told(
      { n: 1, strike: 594, forecasts: [foretold(0.8, 593.44)], left: 'expiry' },
      { n: 2, strike: 598, forecasts: [foretold(0.6, 598.5)], left: 'assignment' },
      { n: 3, strike: 594, forecasts: [foretold(0.9, 596)], left: 'fill' },
      { n: 4, owner: lotto, forecasts: [touch], left: 'fill' },
    );
    const report = reportOf(reader);
    expect(report.answers.map((a) => [a.strategy, a.question, a.foretold, a.byLedger, a.unknown, a.tooFew])).toEqual([
      ['lotto', 'multiple_in_time', 1, 0, { NOT_IN_LEDGER: 1 }, true],
      ['zdte', 'gain_at_expiry', 3, 2, { BETWEEN_STRIKES: 1 }, true],
    ]);
    const [, spreads] = report.answers;
    expect(spreads?.calibration?.brier).toBeCloseTo((0.2 ** 2 + 0.6 ** 2) / 2, 14);
    expect(spreads?.calibration?.baseRate).toBe(0.5);
    reader.close();
  });
  it('is read by people, who are told when it says nothing yet, and by spreadsheets', () => {
    const { reader } = told({ n: 1, forecasts: [foretold(0.8, 593.44)] }, { n: 2, owner: lotto, forecasts: [touch], left: 'fill' });
    const report = reportOf(reader);
    const text = calibrationText(report, 'the ledger alone');
    expect(text).toContain('2 closed trades; outcomes from the ledger alone');
    expect(text).toContain('zdte gain_at_expiry: 1 foretold');
    expect(text).toMatch(/^0\.8 to 0\.9 +1 +0\.8000 +1\.0000 +0\.2065 +1\.0000 +0\.0400$/m);
    expect(text).toContain('too few trades: below 30 judged');
    expect(text).toContain('only trades held to the end have them');
    expect(text).toContain('not judged: 1 NOT_IN_LEDGER');
    expect(calibrationCsv(report).split('\n')).toEqual([
      'strategy,question,from,to,count,mean_foretold,observed,low,high,brier,too_few',
      expect.stringMatching(/^zdte,gain_at_expiry,0\.8,0\.9,1,0\.8,1,0\.2065\d*,1,0\.0(?:399|400)\d*,true$/),
    ]);
    reader.close();
  });
  it('has enough with thirty judged and five of either outcome, not with twenty-nine of one', () => {
    const trades = (wins: number, losses: number): readonly Sold[] => [
      ...Array.from({ length: wins }, (_, n) => ({ n, strike: 590, forecasts: [foretold(0.8, 580)] })),
      ...Array.from({ length: losses }, (_, n) => ({ n: 100 + n, strike: 590, forecasts: [foretold(0.8, 700)], left: 'fill' as const })),
    ];
    const both = told(...trades(26, 4), { n: 200, strike: 699, forecasts: [], left: 'assignment' });
    expect(reportOf(both.reader).answers).toMatchObject([{ foretold: 30, tooFew: true }]);
    both.reader.close();
    const enough = told(...trades(25, 5), { n: 200, strike: 699, forecasts: [], left: 'assignment' });
    expect(reportOf(enough.reader).answers).toMatchObject([{ foretold: 30, tooFew: false, calibration: { count: 30, baseRate: 25 / 30 } }]);
    enough.reader.close();
  });
});
