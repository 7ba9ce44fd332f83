// A broker tells its story late, twice, out of order or not at all: after the next clean read the order row is the broker's row.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/domain/event.ts';
import type { Order } from '../../src/domain/order.ts';
import type { OrderReport } from '../../src/domain/order-report.ts';
import { market, put } from '../unit/engine/scenes.ts';
import { type EngineWorld, engineWorld } from '../unit/engine/world.ts';
import { buy, putSpread } from '../unit/risk/contexts.ts';

interface Story {
  readonly package: boolean;
  readonly parts: readonly number[];
  readonly end: 'open' | 'canceled' | 'expired' | 'rejected';
  /** Traded after the end was said: the broker's own race. */
  readonly late: number;
  readonly outcome: 'accepted' | 'unknown' | 'none';
}
const story: fc.Arbitrary<Story> = fc.record({
  package: fc.boolean(),
  parts: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }),
  end: fc.constantFrom('open', 'canceled', 'expired', 'rejected'),
  late: fc.constantFrom(0, 0, 0, 2),
  outcome: fc.constantFrom('accepted', 'unknown', 'none'),
});
/** For each report how often it is told, and a number that says where in the line it stands. */
const delivery = fc.array(fc.record({ copies: fc.constantFrom(0, 1, 1, 2), place: fc.integer({ min: 0, max: 1_000 }) }), {
  minLength: 12,
  maxLength: 12,
});
const noise = fc.array(fc.constantFrom('absent', 'failed', 'too_late', 'wake', 'down', 'up', 'read'), { maxLength: 6 });

interface Placed {
  readonly place: number;
  readonly event: EngineEvent;
}

const QTY = 12;
const legPrices = (order: Order): readonly number[] => (order.legs.length === 1 ? [10] : [1, 0.45]);

function placed(of: Story): { readonly w: EngineWorld; readonly order: Order } {
  const w = market({ optionsLevel: 3, limits: { orderEquityPctMax: 1, orderNotionalMax: 1e12 as never } });
  w.quote('ABC260417P00045000', 0.4, 0.45);
  const asked = of.package ? putSpread(put, 'ABC260417P00045000', -0.55, QTY) : buy('ABC', 10, QTY);
  w.open({ ...asked, prices: { ...asked.prices, stepMs: 3_600_000 } });
  return { w, order: w.posted() };
}

/** What happens at the broker, and the report of each step. */
function happen(w: EngineWorld, order: Order, of: Story): readonly OrderReport[] {
  const told = [w.desk.accept(order)];
  let cum = 0;
  for (const part of of.end === 'rejected' ? [] : of.parts) {
    if (cum === QTY) break;
    cum = Math.min(QTY, cum + part);
    told.push(w.desk.fill(order.id, cum, ...legPrices(order)));
  }
  if (cum < QTY && of.end !== 'open') told.push(w.desk.end(order.id, of.end));
  if (cum < QTY && of.late > 0 && (of.end === 'canceled' || of.end === 'expired'))
    told.push(w.desk.fill(order.id, Math.min(QTY, cum + of.late), ...legPrices(order)));
  return told;
}

function disturbance(w: EngineWorld, order: Order, what: string): EngineEvent {
  switch (what) {
    case 'absent':
      return { kind: 'found', id: order.id, answer: { kind: 'absent' } };
    case 'failed':
      return { kind: 'found', id: order.id, answer: { kind: 'unknown', because: 'timeout' } };
    case 'too_late':
      return { kind: 'cancel_answered', id: order.id, answer: 'too_late' };
    case 'down':
    case 'up':
      return { kind: 'link', link: 'orders', up: what === 'up', why: 'test' };
    case 'read':
      return { kind: 'snapshot', snapshot: w.desk.snapshot(w.now()) };
    default:
      return { kind: 'wake' };
  }
}

describe('an order of a thousand stories', () => {
  it('ends as the row at the broker: same state, same quantity, executions without a gap', () => {
    fc.assert(
      fc.property(story, delivery, noise, fc.boolean(), (of, line, odd, crash) => {
        const { w, order } = placed(of);
        const told = happen(w, order, of);
        const place = (i: number, copy: number): number => ((line[i]?.place ?? 0) * (copy + 1)) % 997;
        const reports = told.flatMap((report, i) =>
          Array.from({ length: line[i]?.copies ?? 1 }, (_, copy): Placed => ({ place: place(i, copy), event: { kind: 'report', report } })),
        );
        const rest = odd.map((what, i): Placed => ({ place: place(i + 6, 0), event: disturbance(w, order, what) }));
        const events = [...reports, ...rest].sort((a, b) => a.place - b.place);
        if (of.outcome === 'accepted') w.answer(order.id, { kind: 'accepted', report: told[0] as OrderReport });
        for (const { event } of events) w.push(event);
        if (of.outcome === 'unknown') w.answer(order.id, { kind: 'unknown', because: 'timeout' });
        if (crash) {
          w.crash();
          w.boot();
        }
        w.link(true);
        for (let i = 0; i < 3; i++) w.reconcile();

        const truth = w.desk.report(order.id);
        const row = w.order(order.id);
        const canceled = truth.status === 'working' && row.state === 'canceling'; // a restart takes working orders back
        if (!canceled) expect(row.state).toBe(truth.status);
        expect(row.cumQty).toBe(truth.cumQty);
        expect(row.cumCash).toBe(truth.cumCash);
        expect(row.fills).toEqual(truth.fills);
        const sums = order.legs.map(
          (leg, legNo) =>
            w.ledger.fills.filter((f) => f.legNo === legNo).reduce((n, f) => n + f.qty, 0) ===
            (w.desk.held.get(leg.instrument.symbol) ?? 0),
        );
        expect(sums).not.toContain(false);
        expect(w.beliefs.cash).toBe(w.desk.cash);
        expect(w.notes('reconcile.drift')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the engine', () => {
  it('says the same of the same events, turn by turn', () => {
    fc.assert(
      fc.property(story, delivery, (of, line) => {
        const play = (): readonly unknown[] => {
          const { w, order } = placed(of);
          const told = happen(w, order, of);
          for (const [i, report] of told.entries()) if ((line[i]?.copies ?? 1) > 0) w.push({ kind: 'report', report });
          w.advance(30_000);
          w.reconcile();
          return w.turns;
        };
        expect(play()).toEqual(play());
      }),
      { numRuns: 25 },
    );
  });
  it('posts an order once, however often it is told to send', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('send', 'wake', 'boot_again'), { maxLength: 8 }), (events) => {
        const w = engineWorld();
        w.quote('ABC', 9.99, 10.01);
        w.ready();
        w.open(buy('ABC', 10, 5));
        const { id } = w.posted();
        for (const what of events) {
          if (what === 'send') w.push({ kind: 'send', id });
          else if (what === 'wake') w.push({ kind: 'wake' });
          else {
            w.crash();
            w.ready();
          }
        }
        expect(w.take('post')).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
