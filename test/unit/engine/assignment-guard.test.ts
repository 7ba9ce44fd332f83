// The eve of an assignment: what is short and would be exercised tonight is closed by the engine, whatever its strategy does.
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/domain/time.ts';
import { optionMarket, own, serve, shown } from './structures.ts';
import type { EngineWorld, Given } from './world.ts';

/** A fortnight before the expiry of all of these; the session after it is the ninth. */
const eve = '2026-04-08';
const exDay = '2026-04-09';
const c95 = 'ABC260424C00095000';
const c100 = 'ABC260424C00100000';
const p105 = 'ABC260424P00105000';
const p100 = 'ABC260424P00100000';
const fills = () => true;
const posts = (w: EngineWorld): readonly string[] => w.take('post').map(({ id }) => shown(w.order(id)));

const quotes: Readonly<Record<string, readonly [number, number]>> = {
  [c95]: [5.2, 5.4],
  [c100]: [1.4, 1.5],
  [p105]: [5.35, 5.45],
  [p100]: [1.4, 1.5],
};
const net = (name: string): number => {
  const [bid, ask] = quotes[name.slice(1)] ?? [NaN, NaN];
  return ((name.startsWith('+') ? 1 : -1) * (bid + ask)) / 2;
};

/** ABC at 100 with a package held, some minutes before the last three quarters of an hour. */
function holding(names: readonly string[], over: Partial<Given> = {}): EngineWorld {
  const w = optionMarket({ day: eve, hour: 15, minute: 5, ...over });
  for (const [name, [bid, ask]] of Object.entries(quotes)) w.quote(name, bid, ask);
  own(
    w,
    names,
    1,
    'zdte',
    names.reduce((total, name) => total + net(name), 0),
  );
  return w;
}

describe('a short call before an ex-date', () => {
  it('is closed with its wing in the last three quarters of an hour, and not before', () => {
    const w = holding([`-${c95}`, `+${c100}`]);
    w.pays('ABC', { [exDay]: 0.6 });
    w.advance(9 * MINUTE);
    expect(posts(w)).toEqual([]);
    w.advance(2 * MINUTE);
    expect(posts(w)).toEqual(['1 x buy 24C00095000, sell 24C00100000']);
    expect(w.notes('assignment.danger').map((n) => [n.severity, n.detail.symbol])).toEqual([['major', c95]]);
    const [closing] = [...w.beliefs.orders.values()].filter((o) => o.purpose === 'C');
    expect(closing?.strategy).toBe('zdte');
  });
  it('is flat when somebody trades, said once', () => {
    const w = holding([`-${c95}`, `+${c100}`]);
    w.pays('ABC', { [exDay]: 0.6 });
    w.advance(11 * MINUTE);
    serve(w, 5 * MINUTE, fills, 5_000);
    expect(w.beliefs.positions()).toEqual([]);
    expect(w.notes('assignment.danger')).toHaveLength(1);
  });
  it.each([
    ['the time value is worth more than the dividend', { [exDay]: 0.2 }],
    ['it goes ex a day later', { '2026-04-10': 0.6 }],
    ['nothing is paid', {}],
  ])('stays when %s', (_, dividends) => {
    const w = holding([`-${c95}`, `+${c100}`]);
    w.pays('ABC', dividends);
    w.advance(50 * MINUTE);
    expect(posts(w)).toEqual([]);
  });
  it('stays, and that is said, where nobody knows the dividends', () => {
    const w = holding([`-${c95}`, `+${c100}`]);
    w.advance(50 * MINUTE);
    expect(posts(w)).toEqual([]);
    expect(w.notes('assignment.unjudged').map((n) => [n.severity, n.detail.symbol])).toEqual([['minor', c95]]);
  });
  it('stays, and that is said, while it is not quoted', () => {
    const w = holding([`-${c95}`, `+${c100}`]);
    w.pays('ABC', { [exDay]: 0.6 });
    w.advance(50 * MINUTE, 'stale');
    expect(posts(w)).toEqual([]);
    expect(w.notes('assignment.unjudged')).toHaveLength(1);
  });
});

describe('a short put deep in the money', () => {
  it('is closed with its wing when the interest on its strike is worth more than its time value', () => {
    const w = holding([`-${p105}`, `+${p100}`]);
    w.quote(p105, 5.02, 5.06);
    w.advance(11 * MINUTE);
    expect(posts(w)).toEqual(['1 x buy 24P00105000, sell 24P00100000']);
  });
  it('stays while its time value is worth more', () => {
    const w = holding([`-${p105}`, `+${p100}`]);
    w.advance(50 * MINUTE);
    expect(posts(w)).toEqual([]);
  });
  it('stays where its strategy lets it be assigned and the cash is there', () => {
    const w = holding([`-${p105}`], { mayBeAssigned: true });
    w.quote(p105, 5.02, 5.06);
    w.advance(50 * MINUTE);
    expect(posts(w)).toEqual([]);
  });
});

it('begins anew after a restart in the middle of it', () => {
  const w = holding([`-${c95}`, `+${c100}`]);
  w.pays('ABC', { [exDay]: 0.6 });
  w.advance(5 * MINUTE);
  w.crash();
  w.ready();
  w.advance(10 * MINUTE);
  expect(posts(w)).toEqual(['1 x buy 24C00095000, sell 24C00100000']);
});
