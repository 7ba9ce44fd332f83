// The last day of an option: the engine closes it, whatever its strategy does.
import { describe, expect, it } from 'vitest';
import { addDays, HOUR, MINUTE, SECOND, tradingDay } from '../../../src/domain/time.ts';
import { calendar, write } from '../risk/contexts.ts';
import { c105, c105May, c110, closes, having, lastDay, opens, optionMarket, own, p90, p95, serve, shown } from './structures.ts';
import type { EngineWorld } from './world.ts';

const vertical = [`-${c105}`, `+${c110}`] as const;
const condor = [`-${p95}`, `+${p90}`, ...vertical] as const;
const all = () => true;
const none = () => false;
const heldBy = (w: EngineWorld) => Object.fromEntries(w.beliefs.positions().map((p) => [p.instrument.symbol, p.qty as number]));

/** Lets the world come to a New York time of the last day, served as `fills` says. */
function comeTo(w: EngineWorld, hour: number, minute: number, fills: Parameters<typeof serve>[2] = none): void {
  const at = calendar.instant(tradingDay(lastDay), hour, minute);
  serve(w, at - w.now().exchange, fills, 5 * SECOND);
}
/** Brings the world there in one step, nothing being answered. */
function jumpTo(w: EngineWorld, hour: number, minute: number): void {
  w.advance(calendar.instant(tradingDay(lastDay), hour, minute) - w.now().exchange);
}
const posts = (w: EngineWorld): readonly string[] => w.take('post').map(({ id }) => shown(w.order(id)));

describe('what expires today', () => {
  it('is listed an hour and a quarter before the close, and closed from an hour before it, as one order', () => {
    const w = having(condor, 2, { hour: 14, minute: 40 });
    comeTo(w, 14, 44);
    expect(w.notes('expiry.listed')).toEqual([]);
    jumpTo(w, 14, 46);
    expect(w.notes('expiry.listed')).toHaveLength(1);
    jumpTo(w, 14, 59);
    expect(posts(w)).toEqual([]);
    jumpTo(w, 15, 0);
    expect(posts(w)).toEqual(['2 x buy 07P00095000, sell 07P00090000, buy 07C00105000, sell 07C00110000']);
  });
  it('is asked for patiently first, and at the natural price and through it in the last minutes', () => {
    const w = having(vertical, 2, { hour: 14, minute: 55 });
    comeTo(w, 15, 4);
    const early = [...w.beliefs.orders.values()].filter((o) => o.purpose === 'C').map((o) => o.limit as number);
    expect(Math.max(...early)).toBe(700_000);
    comeTo(w, 15, 9);
    const late = [...w.beliefs.orders.values()].filter((o) => o.purpose === 'C').map((o) => o.limit as number);
    expect(Math.max(...late)).toBe(750_000);
  });
  it('is flat in time when somebody trades, and nothing is then said of it', () => {
    const w = having(condor, 2, { hour: 14, minute: 55 });
    comeTo(w, 15, 30, all);
    expect(heldBy(w)).toEqual({});
    expect(w.notes('expiry.held')).toEqual([]);
  });
  it('calls for a person when it is still held, leg by leg, once', () => {
    const w = having(vertical, 2, { hour: 14, minute: 55 });
    comeTo(w, 15, 19);
    expect(w.notes('expiry.held')).toEqual([]);
    comeTo(w, 15, 40);
    expect(w.notes('expiry.held').map((n) => [n.severity, n.detail.symbol])).toEqual([
      ['critical', c105],
      ['critical', c110],
    ]);
  });
  it('moves with the close of a half day', () => {
    const w = optionMarket({ day: '2026-11-27', hour: 11, minute: 50 });
    w.quote('ABC261127C00105000', 1, 1.1);
    w.quote('ABC261127C00110000', 0.4, 0.5);
    own(w, ['-ABC261127C00105000', '+ABC261127C00110000'], 1, 'zdte', -0.6);
    w.advance(9 * MINUTE);
    expect(posts(w)).toEqual([]);
    w.advance(2 * MINUTE);
    expect(w.take('post')).toHaveLength(1);
  });
  it('takes the place of an exit of its strategy, and its strategy cannot take it back', () => {
    const w = having(vertical, 2, { hour: 14, minute: 59 });
    w.close(closes([`+${c105}`, `-${c110}`], { qty: 2, rungs: [0.55], stepMs: HOUR, code: 'TARGET' }));
    const own_ = w.posted();
    w.accept(own_.id);
    jumpTo(w, 15, 0);
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id: own_.id }]);
    w.push({ kind: 'report', report: w.desk.end(own_.id, 'canceled') });
    const ours = w.posted();
    w.accept(ours.id);
    w.close(closes([`+${c105}`, `-${c110}`], { qty: 2, rungs: [0.55], code: 'STOP' }));
    expect(w.take('cancel')).toEqual([]);
  });
  it('is closed although its strategy is gone, entries are halted, and earlier exits used up their tries', () => {
    const w = having(vertical, 2, { hour: 14, minute: 50, limits: { exitLaddersMax: 1 } });
    w.close(closes([`+${c105}`, `-${c110}`], { qty: 2, rungs: [0.55], code: 'TARGET', stepMs: SECOND }));
    serve(w, 10 * SECOND, none);
    w.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'stop' });
    comeTo(w, 15, 10, all);
    expect(heldBy(w)).toEqual({});
  });
  it('is not opened any more, held or not', () => {
    const w = optionMarket({ hour: 14, minute: 59 });
    w.open(opens([`-${p95}`, `+${p90}`], { rungs: [-0.6], stepMs: HOUR }));
    const opening = w.posted();
    w.accept(opening.id);
    jumpTo(w, 15, 0);
    w.push({ kind: 'wake' });
    expect(w.order(opening.id).state).toBe('canceling');
    w.push({ kind: 'report', report: w.desk.end(opening.id, 'canceled') });
    w.advance(SECOND);
    w.reconcile();
    expect(w.open(opens([`-${p95}`, `+${p90}`], { rungs: [-0.6], key: 'again' })).decisions).toMatchObject([
      { denial: { code: 'SESSION' } },
    ]);
    w.open(opens([`+${c105May}`], { rungs: [3.05], key: 'of May' }));
    expect(w.take('post')).toHaveLength(1);
  });
  it('of a calendar is the near leg alone', () => {
    const w = having([`-${c105}`, `+${c105May}`], 2, { hour: 14, minute: 55 });
    comeTo(w, 15, 30, all);
    expect(heldBy(w)).toEqual({ [c105May]: 2 });
  });
  it('is nobody’s of ours: it is left alone', () => {
    const w = having(vertical, 1, { hour: 14, minute: 30 });
    w.desk.move(p90, 3);
    w.reconcile();
    w.reconcile();
    comeTo(w, 15, 45, all);
    expect(heldBy(w)).toEqual({ [p90]: 3 });
  });
});

describe('what may be left to expire', () => {
  it('is a long option out of the money that nobody bids for: said once, never a call', () => {
    const w = having([`+${c110}`], 3, { hour: 14, minute: 55 });
    w.quote(c110, 0, 0.05);
    comeTo(w, 15, 40, all);
    expect(heldBy(w)).toEqual({ [c110]: 3 });
    expect(w.notes('expiry.left')).toHaveLength(1);
    expect(w.notes('expiry.held')).toEqual([]);
  });
  it('is not one in the money, bid for or not: it asks for its intrinsic value less five cents', () => {
    const w = having([`+${c105}`], 1, { hour: 14, minute: 55 });
    w.quote('ABC', 111.9, 112.1);
    w.quote(c105, 0, 8);
    jumpTo(w, 15, 0);
    expect(w.posted()).toMatchObject({ limit: -6_950_000, legs: [{ side: 'sell' }] });
  });
  it('is the long leg of a vertical without a bid, once the short one is bought back', () => {
    const w = having(vertical, 1, { hour: 14, minute: 55 });
    w.quote(c110, 0, 0.02);
    comeTo(w, 15, 30, all);
    expect(heldBy(w)).toEqual({ [c110]: 1 });
    expect(w.notes('expiry.left')).toHaveLength(1);
  });
  it('is a put that its strategy lets be assigned, with the cash for it there', () => {
    const given = { hour: 14, minute: 30, strategies: ['wheel'], mayBeAssigned: true } as const;
    const sold = (cash: number): EngineWorld => {
      const w = having([`+${c105May}`], 1, { ...given, cash: 100_000 });
      w.open(write(p95, 1.05));
      const { id } = w.posted();
      w.accept(id);
      w.fill(id, 1, 1.05);
      w.desk.cash -= (100_000 - cash) * 1e6;
      w.reconcile();
      w.reconcile();
      return w;
    };
    const secured = sold(20_000);
    comeTo(secured, 15, 30, all);
    expect(heldBy(secured)).toEqual({ [p95]: -1, [c105May]: 1 });
    expect(secured.notes('expiry.held')).toEqual([]);
    const bare = sold(5_000);
    comeTo(bare, 15, 30, all);
    expect(heldBy(bare)).toEqual({ [c105May]: 1 });
  });
});

describe('without quotes on the last day', () => {
  const stale = (w: EngineWorld, ms: number): void => {
    for (let spent = 0; spent < ms; spent += 10 * SECOND) {
      w.push({ kind: 'wake' });
      w.advance(10 * SECOND, 'stale');
    }
  };
  it('a sold vertical waits for a minute, then pays up to its width', () => {
    const w = having(vertical, 1, { hour: 14, minute: 58 });
    stale(w, 120 * SECOND);
    expect(w.now().exchange).toBeGreaterThanOrEqual(calendar.instant(tradingDay(lastDay), 15, 0));
    w.advance(5 * SECOND, 'stale');
    const order = w.posted();
    expect(shown(order)).toBe('1 x buy 07C00105000, sell 07C00110000');
    expect(order.limit).toBe(5_000_000);
  });
  it('before the last hour nothing is closed blind', () => {
    const w = having(vertical, 1, { hour: 14, minute: 20 });
    stale(w, 10 * MINUTE);
    expect(w.take('post')).toEqual([]);
  });
});

it('the engine asks to be woken for what it holds, days ahead', () => {
  const w = having(vertical, 1, { day: addDays(tradingDay(lastDay), -1), hour: 12, minute: 0 });
  const wake = w.turns.at(-1)?.wakeAt ?? null;
  expect(wake).not.toBeNull();
  expect((wake as number) - w.now().mono).toBeLessThanOrEqual(6 * HOUR);
});
