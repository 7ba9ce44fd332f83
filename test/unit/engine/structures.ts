// Packages of options for tests of the engine: named legs, a market for each, and an answer to every order.
import type { Close, Open } from '../../../src/domain/decision.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { type Effect, type Legs, leg } from '../../../src/domain/legs.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { ReasonCode } from '../../../src/domain/reasons.ts';
import { closing, micros, opening } from '../risk/contexts.ts';
import { type EngineWorld, engineWorld, type Given } from './world.ts';

/** All of one Tuesday in April, but for the calendar's far leg. */
export const c105 = 'ABC260407C00105000';
export const c110 = 'ABC260407C00110000';
export const p95 = 'ABC260407P00095000';
export const p90 = 'ABC260407P00090000';
export const c105May = 'ABC260515C00105000';
/** The last day of all of those. */
export const lastDay = '2026-04-07';

/** `+C` buys, `-C` sells. */
export const legsNamed = (effect: Effect, ...names: readonly string[]): Legs =>
  names.map((n) => leg(instrumentOf(symbol(n.slice(1))), n.startsWith('+') ? 'buy' : 'sell', effect)) as unknown as Legs;

interface Asked {
  readonly qty?: number;
  readonly rungs: readonly number[];
  readonly stepMs?: number;
  readonly code?: ReasonCode;
  readonly key?: string;
}
const dressed = <T extends Open | Close>(intent: T, { stepMs, code, key, rungs }: Asked): T => ({
  ...intent,
  code: code ?? intent.code,
  key: key ?? intent.legs.map((l) => l.instrument.symbol).join('/'),
  prices: { rungs: rungs.map(micros) as never, stepMs: stepMs ?? 10_000 },
});
export const opens = (names: readonly string[], asked: Asked): Open => dressed(opening(legsNamed('open', ...names), asked), asked);
export const closes = (names: readonly string[], asked: Asked): Close => dressed(closing(legsNamed('close', ...names), asked), asked);

/** ABC at 100 and its options, booted and reconciled. Calls at 105 and 110, puts at 95 and 90. */
export function optionMarket(over: Partial<Given> = {}): EngineWorld {
  const w = engineWorld({ day: lastDay, strategies: ['zdte'], optionsLevel: 3, ...over });
  w.quote('ABC', 99.9, 100.1);
  w.quote(c105, 1, 1.1);
  w.quote(c110, 0.4, 0.5);
  w.quote(p95, 1, 1.1);
  w.quote(p90, 0.4, 0.5);
  w.quote(c105May, 3, 3.1);
  w.ready();
  return w;
}

/** What each leg of an order trades at when the broker fills it now. */
export const pricesOf = (order: Order): readonly number[] => order.legs.map((l) => (l.instrument.kind === 'equity' ? 100 : 0.5));

/** Answers as a healthy broker would for a while: posts are accepted and, where `fills` says so, traded; cancels are confirmed. */
export function serve(w: EngineWorld, ms: number, fills: (order: Order) => boolean, step = 1_000): void {
  for (let spent = 0; spent < ms; spent += step) {
    for (const { id } of w.take('post')) {
      w.accept(id);
      const order = w.order(id);
      if (fills(order)) w.fill(id, order.qty, ...pricesOf(order));
    }
    for (const { id } of w.take('cancel'))
      if (w.desk.report(id).status === 'working') w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
    if (w.take('reconcile').length > 0) w.reconcile();
    w.advance(step);
  }
}

/** The market after a package was bought or sold. */
export function having(names: readonly string[], units: number, over: Partial<Given> = {}): EngineWorld {
  const w = optionMarket(over);
  own(w, names, units);
  return w;
}

/** Buys or sells a package, filled at once. */
export function own(w: EngineWorld, names: readonly string[], units: number, strategy?: string, at?: number): void {
  const net = at ?? names.reduce((n, name) => n + (name.startsWith('+') ? 1 : -1) * (mids[name.slice(1)] ?? 0), 0);
  w.open(opens(names, { qty: units, rungs: [Math.round(net * 100) / 100], key: names.join() }), strategy);
  const { id } = w.posted();
  w.accept(id);
  w.fill(id, units, ...pricesOf(w.order(id)));
  w.advance(1_000);
  w.take('reconcile');
  w.reconcile();
}
const mids: Readonly<Record<string, number>> = { [c105]: 1.05, [c110]: 0.45, [p95]: 1.05, [p90]: 0.45, [c105May]: 3.05 };

/** Orders that close, as text. */
export const shown = (order: Order): string =>
  `${order.qty} x ${order.legs.map((l) => `${l.side} ${l.instrument.symbol.replace('ABC2604', '').replace('ABC2605', '5-')}`).join(', ')}`;
