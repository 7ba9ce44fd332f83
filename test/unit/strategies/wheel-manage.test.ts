// How the wheel ends what it holds: expiry day, thesis stop, time, profit, rolls of calls, blindness, and orders that give way.
import { describe, expect, it } from 'vitest';
import type { Decision, Json } from '../../../src/domain/decision.ts';
import { clientOrderId, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { leg, legs } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { MINUTE, monoMs, after as plusMs, tradingDay } from '../../../src/domain/time.ts';
import { evaluate } from '../../../src/strategies/wheel/entry.ts';
import { manage } from '../../../src/strategies/wheel/manage.ts';
import { type WheelParams, wheelParams } from '../../../src/strategies/wheel/params.ts';
import {
  calendar,
  contextOf,
  grid,
  list,
  nowOf,
  optionPosition,
  sharePosition,
  stock,
  type World,
  world,
} from '../../golden/strategies/world.ts';

const XYZ = symbol('XYZ');
/** These worlds stand at the close of a session: rolls are not kept from it. */
const params = (over: Record<string, unknown> = {}): WheelParams =>
  wheelParams.parse({ universe: ['XYZ'], roll_end_minutes_before_close: 0, ...over });
const memoryOf = (decisions: readonly Decision[]): Json => decisions.find((d) => d.kind === 'remember')?.memory ?? null;
/** Kind and code of what was said about the held option. */
const said = (decisions: readonly Decision[]): string | undefined => {
  const d = decisions.find((x) => x.kind !== 'remember' && x.subject !== XYZ);
  return d === undefined || d.kind === 'remember' ? undefined : `${d.kind} ${d.code}`;
};

interface Held {
  readonly day?: string;
  readonly hour?: number;
  readonly minute?: number;
  readonly spot: number;
  readonly strike?: number;
  readonly right?: 'put' | 'call';
  readonly expiry: string;
  readonly quote: readonly [number, number];
  readonly credit?: number;
  readonly from?: number;
}

/** Two contracts of a short option on XYZ at a quote; calls are covered. */
function holding(h: Held): World {
  const w = world(h.day ?? '2026-03-17', h.hour ?? 12, h.minute ?? 0);
  stock(w, 'XYZ', { spot: h.spot, from: h.from ?? h.spot * 0.8 });
  const right = h.right ?? 'put';
  const strike = h.strike ?? 44;
  list(w, 'XYZ', h.spot, h.expiry, [{ strike, sigma: 0.3, [right]: h.quote }]);
  const short = optionPosition('XYZ', h.expiry, right, strike, 2, h.credit ?? 1, '2026-03-02');
  return { ...w, positions: right === 'call' ? [short, sharePosition('XYZ', 200, 43, '2026-03-02')] : [short] };
}

describe('the last day of a put', () => {
  const last = (over: Partial<Held>): World => holding({ day: '2026-03-20', spot: 46, expiry: '2026-03-20', quote: [0.02, 0.05], ...over });
  it.each([
    ['out of the money at five cents: bought back', {}, 'close TARGET'],
    ['out of the money at six cents: waits', { quote: [0.03, 0.06] }, 'pass HOLD'],
    ['out of the money from 15:00: let expire', { hour: 15 }, 'pass HOLD'],
    ['inside the pin band at noon: waits', { spot: 44.1, quote: [0.2, 0.3] }, 'pass HOLD'],
    ['inside the pin band at 14:30: bought back', { hour: 14, minute: 30, spot: 44.1, quote: [0.2, 0.3] }, 'close EXPIRY_DEADLINE'],
    ['just outside the pin band at 14:30: waits', { hour: 14, minute: 30, spot: 44.23, quote: [0.2, 0.3] }, 'pass HOLD'],
    ['in the money: assignment is accepted', { hour: 15, spot: 43, quote: [1, 1.1] }, 'pass HOLD'],
  ] as const)('%s', (_name, over, expected) => {
    expect(said(manage(contextOf(last(over), params())))).toBe(expected);
  });
  it('accepts the pin where told to', () => {
    const w = last({ hour: 14, minute: 30, spot: 44.1, quote: [0.2, 0.3] });
    expect(said(manage(contextOf(w, params({ accept_pin: true }))))).toBe('pass HOLD');
  });
  it('moves with an early close', () => {
    const w = holding({ day: '2026-11-27', hour: 11, minute: 30, spot: 44.1, expiry: '2026-11-27', quote: [0.2, 0.3] });
    expect(calendar.session(w.day)?.early).toBe(true);
    expect(said(manage(contextOf(w, params())))).toBe('close EXPIRY_DEADLINE');
  });
});

describe('time and profit', () => {
  it.each([
    ['half of the credit earned: bought back', { expiry: '2026-04-24', quote: [0.48, 0.5] }, 'close TARGET'],
    ['not quite half: held', { expiry: '2026-04-24', quote: [0.49, 0.51] }, 'pass HOLD'],
    ['21 days left and in profit: bought back', { expiry: '2026-04-07', quote: [0.8, 0.9] }, 'close TIME_STOP'],
    ['22 days left and in profit: held', { expiry: '2026-04-08', quote: [0.8, 0.9] }, 'pass HOLD'],
    ['21 days left, at a loss, out of the money: held', { expiry: '2026-04-07', quote: [1.0, 1.05] }, 'pass HOLD'],
  ] as const)('%s', (_name, over, expected) => {
    expect(said(manage(contextOf(holding({ spot: 46, ...over }), params())))).toBe(expected);
  });
  it('never turns a profit into a loss on the way out', () => {
    const [close] = manage(contextOf(holding({ spot: 46, expiry: '2026-04-07', quote: [0.94, 0.97] }), params()));
    const rungs = close?.kind === 'close' ? close.prices.rungs : [];
    expect(rungs.length).toBeGreaterThan(0);
    for (const rung of rungs) expect(rung).toBeLessThan(1_000_000);
  });
});

describe('the thesis stop of a put', () => {
  const broken: Held = { spot: 40, from: 60, expiry: '2026-04-24', quote: [3.9, 4.1] };
  it('needs two sights apart, and both the price and the trend', () => {
    const w = holding(broken);
    const first = manage(contextOf(w, params()));
    expect(said(first)).toBe('pass HOLD');
    const soon = { ...w, at: plusMs(w.at, 4_000), memory: memoryOf(first) };
    expect(said(manage(contextOf(soon, params())))).toBe('pass HOLD');
    const later = { ...w, at: plusMs(w.at, MINUTE), memory: memoryOf(first) };
    expect(said(manage(contextOf(later, params())))).toBe('close THESIS_STOP');
  });
  it('forgets the first sight when the price recovers', () => {
    const first = manage(contextOf(holding(broken), params()));
    const recovered = { ...holding({ ...broken, quote: [2.4, 2.6] }), memory: memoryOf(first) };
    expect(memoryOf(manage(contextOf(recovered, params())))).toMatchObject({ stops: {} });
  });
  it('is no stop while the closes hold', () => {
    const w = holding({ ...broken, from: 30 });
    expect(memoryOf(manage(contextOf(w, params()))) ?? { stops: {} }).toMatchObject({ stops: {} });
  });
});

describe('a covered call near its expiry and in the money', () => {
  const threatened = (from: number): World => {
    const w = holding({ spot: 46, from, strike: 44, right: 'call', expiry: '2026-04-06', quote: [2.5, 2.6] });
    list(w, 'XYZ', 46, '2026-05-04', grid(46, 0.3), { half: 0.02 });
    return w;
  };
  it('is rolled up and out while the trend holds, for a net credit', () => {
    const decisions = manage(contextOf(threatened(30), params()));
    expect(said(decisions)).toBe('close ROLL');
    const memory = memoryOf(decisions) as { rolls: { XYZ: { paidAtMost: number } } };
    const done = { ...threatened(30), memory: memory as unknown as Json, positions: [sharePosition('XYZ', 200, 43, '2026-03-02')] };
    const open = manage(contextOf(done, params())).find((d) => d.kind === 'open');
    expect(open?.code).toBe('ROLL');
    const option = open?.legs[0].instrument;
    expect(option?.kind === 'option' && option.strike >= price(44_000_000)).toBe(true);
    for (const rung of open?.prices.rungs ?? []) expect(-rung).toBeGreaterThanOrEqual(memory.rolls.XYZ.paidAtMost + 100_000);
  });
  it('may be called away when the trend is gone', () => {
    expect(said(manage(contextOf(threatened(60), params())))).toBe('pass HOLD');
  });
});

const workingClose = (w: World): Order => {
  const instrument = instrumentOf(w.positions[0]?.instrument.symbol ?? XYZ);
  return {
    id: clientOrderId('wsb1-wh-C-260317-aaaaaaaaaaaaaaaa'),
    strategy: strategyId('wheel'),
    purpose: 'C',
    day: w.day,
    legs: legs(leg(instrument, 'buy', 'close')),
    qty: qty(2),
    type: 'limit',
    tif: 'day',
    limit: price(500_000),
    stop: null,
    ladder: 'x',
    rung: 0,
    verdictSeq: 1,
    payloadHash: '',
    state: 'working',
    brokerId: null,
    reserve: usd(0),
    attempts: 1,
    recordedAt: w.at,
    closedAt: null,
    reason: null,
    cumQty: 0,
    cumCash: usd(0),
    fills: [],
    assumed: [],
  };
};

describe('an order at work', () => {
  it('gives way to a more urgent reason', () => {
    const target = holding({ spot: 46, expiry: '2026-04-24', quote: [0.48, 0.5] });
    const memory = memoryOf(manage(contextOf(target, params())));
    const urgent = holding({ spot: 46, expiry: '2026-04-07', quote: [0.8, 0.9] });
    const sent = JSON.parse(JSON.stringify(memory).replaceAll('260424', '260407')) as Json;
    const decisions = manage(contextOf({ ...urgent, memory: sent, working: [workingClose(urgent)] }, params()));
    expect(said(decisions)).toBe('cancel TIME_STOP');
  });
  it('and to nothing else', () => {
    const w = holding({ spot: 46, expiry: '2026-04-24', quote: [0.48, 0.5] });
    const memory = memoryOf(manage(contextOf(w, params())));
    expect(said(manage(contextOf({ ...w, memory, working: [workingClose(w)] }, params())))).toBe('pass ORDER_WORKING');
    expect(said(manage(contextOf({ ...w, memory, busy: [symbol('XYZ260424P00044000')] }, params())))).toBe('pass ORDER_WORKING');
  });
});

describe('a held option without a quote', () => {
  const unquoted = (): World => {
    const w = world('2026-03-17', 12);
    stock(w, 'XYZ', { spot: 46 });
    return { ...w, positions: [optionPosition('XYZ', '2026-04-24', 'put', 44, 2, 1, '2026-03-02')] };
  };
  it('is not sold blind; after a minute it says so, and entries stop', () => {
    const w = unquoted();
    const first = manage(contextOf(w, params()));
    expect(said(first)).toBe('pass QUOTE_MISSING');
    const ctx = contextOf({ ...w, memory: memoryOf(first) }, params({ universe: ['XYZ', 'ABC'] }));
    const later = { ...ctx, now: { ...nowOf(w), mono: monoMs(nowOf(w).mono + 60_000) } };
    expect(said(manage(later))).toBe('pass BLIND');
    const codes = evaluate(later).flatMap((d) => (d.kind === 'pass' ? [d.code] : []));
    expect(codes).toEqual(['BLIND', 'BLIND']);
  });
});

describe('names and shares', () => {
  it('an odd lot stays idle, and does not stand against a put', () => {
    const w = world('2026-03-10');
    stock(w, 'XYZ', { spot: 48.2 });
    list(w, 'XYZ', 48.2, '2026-04-02', grid(48.2, 0.42));
    list(w, 'XYZ', 48.2, '2026-04-17', grid(48.2, 0.42));
    const odd = { ...w, positions: [sharePosition('XYZ', 40, 44, '2026-02-02')] };
    expect(evaluate(contextOf(odd, params())).some((d) => d.kind === 'open' && d.code === 'ENTRY')).toBe(true);
    expect(manage(contextOf(odd, params())).find((d) => d.kind === 'pass')).toMatchObject({ code: 'HOLD', why: 'an odd lot stays idle' });
  });
  it('a call that no shares cover asks for nothing but less risk', () => {
    const w = holding({ spot: 40, strike: 44, right: 'call', expiry: '2026-04-24', quote: [0.2, 0.3] });
    const naked = { ...w, positions: w.positions.slice(0, 1) };
    expect(said(manage(contextOf(naked, params())))).toBe('close TARGET');
    expect(evaluate(contextOf(naked, params()))[0]).toMatchObject({ kind: 'pass', code: 'RECON_PENDING' });
  });
  it('two new names a day, the third is ranked out, and the count survives a buy-back', () => {
    const w = world('2026-03-10');
    const names = ['AAA', 'BBB', 'CCC'];
    for (const name of names) {
      stock(w, name, { spot: 48.2 });
      list(w, name, 48.2, '2026-04-02', grid(48.2, 0.42));
      list(w, name, 48.2, '2026-04-17', grid(48.2, 0.42));
    }
    const decisions = evaluate(contextOf(w, params({ universe: names })));
    expect(decisions.map((d) => (d.kind === 'remember' ? 'remember' : `${d.subject} ${d.code}`))).toEqual([
      'AAA ENTRY',
      'BBB ENTRY',
      'CCC RANKED_OUT',
      'remember',
    ]);
    const begun = {
      owner: strategyId('wheel'),
      underlying: symbol('AAA'),
      startedDay: tradingDay('2026-03-10'),
      premium: usd(1),
      stock: usd(0),
      contractsTraded: 1,
      sharesSinceDay: null,
    };
    const held = { ...w, positions: [optionPosition('AAA', '2026-04-17', 'put', 44, 2, 0.98, '2026-03-10')], cycles: [begun] };
    const memory = memoryOf(manage(contextOf(held, params({ universe: names }))));
    const opens = evaluate(contextOf({ ...w, memory }, params({ universe: names }))).filter((d) => d.kind === 'open');
    expect(opens).toHaveLength(1);
  });
});
