// Packages under any order of fills, cancels, crashes and silence: nothing is ever bare, nothing is closed twice, and one that throws stops no other.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/domain/decision.ts';
import { sign } from '../../src/domain/legs.ts';
import type { Order } from '../../src/domain/order.ts';
import { isLive } from '../../src/domain/order-machine.ts';
import type { Position } from '../../src/domain/position.ts';
import type { ReasonCode } from '../../src/domain/reasons.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { uncoveredShorts } from '../../src/domain/worth.ts';
import { c105, c105May, c110, closes, opens, optionMarket, p90, p95, pricesOf } from '../unit/engine/structures.ts';
import type { EngineWorld } from '../unit/engine/world.ts';
import { buy } from '../unit/risk/contexts.ts';

const packages: readonly (readonly [readonly string[], number])[] = [
  [[`-${c105}`, `+${c110}`], -0.6],
  [[`-${p95}`, `+${p90}`, `-${c105}`, `+${c110}`], -1.2],
  [[`-${c105}`, `+${c105May}`], 2],
  [[`+${c110}`], 0.45],
];
const wings: readonly (readonly string[])[] = [
  [`+${c105}`, `-${c110}`],
  [`+${p95}`, `-${p90}`],
  [`+${c105}`],
  [`-${c110}`],
  [`-${c105May}`],
  [`+${c105}`, `-${c105May}`],
  [`+${p95}`, `-${p90}`, `+${c105}`, `-${c110}`],
];
const mids: Readonly<Record<string, number>> = { [c105]: 1.05, [c110]: 0.45, [p95]: 1.05, [p90]: 0.45, [c105May]: 3.05 };
const netOf = (names: readonly string[]): number =>
  Math.round(names.reduce((n, name) => n + (name.startsWith('+') ? 1 : -1) * (mids[name.slice(1)] ?? 0), 0) * 100) / 100;
const codes: readonly ReasonCode[] = ['TARGET', 'STOP', 'TIME_STOP', 'SCALE_OUT', 'OPERATOR'];

type Step =
  | { readonly do: 'open'; readonly which: number; readonly qty: number }
  | { readonly do: 'close'; readonly which: number; readonly qty: number; readonly code: number }
  | { readonly do: 'trade'; readonly pick: number; readonly units: number }
  | { readonly do: 'confirm' | 'wait' | 'read' | 'crash' | 'mute' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('open' as const), which: fc.nat(packages.length - 1), qty: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      which: fc.nat(wings.length - 1),
      qty: fc.integer({ min: 1, max: 6 }),
      code: fc.nat(codes.length - 1),
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('trade' as const), pick: fc.nat(5), units: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('confirm' as const, 'wait' as const, 'read' as const, 'crash' as const, 'mute' as const) }),
  },
);

const weights = (positions: readonly Position[]) =>
  positions.flatMap((p) => (p.instrument.kind === 'option' ? [{ option: p.instrument, weight: p.qty }] : []));
const bare = (w: EngineWorld): number =>
  uncoveredShorts(weights(w.beliefs.positions()), 'call') + uncoveredShorts(weights(w.beliefs.positions()), 'put');

/** Takes what the engine asks of the broker and lets the broker take orders in, without a word of what trades. */
function accept(w: EngineWorld): void {
  for (const { id } of w.take('post')) w.accept(id);
  for (const { id } of w.take('find')) {
    w.push({ kind: 'found', id, answer: w.desk.has(id) ? { kind: 'found', report: w.desk.report(id) } : { kind: 'absent' } });
  }
}

const working = (w: EngineWorld): readonly Order[] =>
  [...w.beliefs.orders.values()].filter((o) => isLive(o) && w.desk.has(o.id) && w.desk.report(o.id).status === 'working');

/** What the broker lets trade of an order: a close no more than is held there. */
function tradable(w: EngineWorld, order: Order): number {
  const left = order.qty - w.desk.report(order.id).cumQty;
  const caps = order.legs.flatMap((l) =>
    l.effect === 'close' ? [Math.floor((-sign(l.side) * (w.desk.held.get(l.instrument.symbol) ?? 0)) / l.ratio)] : [],
  );
  return Math.min(left, ...caps);
}

function perform(w: EngineWorld, s: Step): void {
  switch (s.do) {
    case 'open': {
      const [names, net] = packages[s.which] ?? [[], 0];
      w.open(opens(names, { qty: s.qty, rungs: [net, net + 0.05], key: `${s.which} ${w.turns.length}` }));
      break;
    }
    case 'close': {
      const names = wings[s.which] ?? [];
      const net = netOf(names);
      w.close(closes(names, { qty: s.qty, rungs: [net === 0 ? 0.01 : net], code: codes[s.code] ?? 'STOP', key: `exit ${s.which}` }));
      break;
    }
    case 'trade': {
      const open = working(w);
      const order = open[s.pick % Math.max(1, open.length)];
      const units = order === undefined ? 0 : Math.min(s.units, tradable(w, order));
      if (order !== undefined && units > 0) w.fill(order.id, w.desk.report(order.id).cumQty + units, ...pricesOf(order));
      break;
    }
    case 'confirm':
      for (const { id } of w.take('cancel'))
        if (w.desk.report(id).status === 'working') w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
      break;
    case 'wait':
      w.advance(11 * SECOND);
      break;
    case 'mute':
      for (const { id } of w.take('post')) w.answer(id, { kind: 'unknown', because: 'timeout' });
      break;
    case 'read':
      w.advance(MINUTE);
      w.reconcile();
      break;
    case 'crash':
      w.crash();
      w.ready();
      break;
  }
  accept(w);
}

describe('packages', () => {
  it('leave no short option bare and are never closed beyond what is held, whatever fills when', () => {
    let closed = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        const w = optionMarket({ limits: { exitLaddersMax: 1_000, duplicateWindowMs: 0, contractsMax: 3 } });
        for (const s of steps) {
          perform(w, s);
          expect(bare(w)).toBe(0);
          const closing = new Map<string, number>();
          for (const o of w.beliefs.orders.values())
            if (isLive(o) && o.purpose === 'C')
              for (const l of o.legs)
                closing.set(l.instrument.symbol, (closing.get(l.instrument.symbol) ?? 0) + l.ratio * (o.qty - o.cumQty));
          for (const [symbol, n] of closing)
            expect(n).toBeLessThanOrEqual(Math.abs(w.beliefs.positions().find((p) => p.instrument.symbol === symbol)?.qty ?? 0));
        }
        const held = new Map<string, number>();
        for (const { order, symbol, qty } of w.ledger.fills) {
          const before = held.get(symbol) ?? 0;
          held.set(symbol, before + qty);
          if (w.ledger.orders.get(order)?.purpose !== 'C') continue;
          expect(Math.abs(before + qty)).toBe(Math.abs(before) - Math.abs(qty)); // a way out only ever makes it smaller
          closed += 1;
        }
      }),
      { numRuns: 80 },
    );
    expect(closed).toBeGreaterThan(40);
  });

  it('are flat or left worthless after the last hour, when the broker trades what is sent', () => {
    const held = fc.uniqueArray(fc.nat(packages.length - 1), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(held, fc.integer({ min: 1, max: 3 }), fc.boolean(), (which, units, unbid) => {
        const w = optionMarket({ hour: 14, minute: 58 });
        for (const i of which) {
          const [names, net] = packages[i] ?? [[], 0];
          w.open(opens(names, { qty: units, rungs: [net], key: String(i) }));
          for (const { id } of w.take('post')) {
            w.accept(id);
            w.fill(id, units, ...pricesOf(w.order(id)));
          }
          w.advance(SECOND);
          w.reconcile();
        }
        if (unbid) w.quote(c110, 0, 0.02);
        for (let i = 0; i < 24; i++) {
          w.advance(MINUTE);
          accept(w);
          for (const order of working(w)) w.fill(order.id, order.qty, ...pricesOf(order));
          expect(bare(w)).toBe(0);
        }
        const left = w.beliefs.positions().map((p) => p.instrument.symbol as string);
        expect(left.filter((s) => s !== c105May && !(unbid && s === c110))).toEqual([]);
        expect(w.notes('expiry.held')).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a strategy that throws at random', () => {
  it('keeps no other from trading, and its decisions of the call that failed never come to anything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ fails: fc.boolean(), phase: fc.constantFrom('entry' as const, 'manage' as const) }), { maxLength: 30 }),
        (calls) => {
          const w = optionMarket({ strategies: ['dip', 'zdte'] });
          const script = w.scripts.get('dip');
          const said: Decision = { kind: 'remember', memory: { said: true } };
          for (const [i, call] of calls.entries()) {
            if (script !== undefined)
              script.throws = call.fails
                ? () => {
                    throw new Error('at random');
                  }
                : null;
            w.tick(call.phase, [said], 'dip');
            expect(w.turns.at(-1)?.memories.size ?? 0).toBeLessThanOrEqual(call.fails ? 0 : 1);
            w.open({ ...buy(c110, 0.45), key: String(i) }, 'zdte');
            const orders = w.take('post');
            expect(orders).toHaveLength(1);
            for (const { id } of orders) {
              w.accept(id);
              w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
            }
            w.advance(20 * SECOND);
            w.reconcile();
          }
          const rows = calls.filter((c) => c.fails && c.phase === 'manage').length;
          expect(w.notes('strategy.failed').filter((n) => n.detail.call === 'manage')).toHaveLength(rows);
          expect(w.beliefs.modes.has('HALTED')).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});
