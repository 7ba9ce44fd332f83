// Where the wheel stands in a name: derived from positions, live orders and the cycle, never from a clock or a price.
import type { Symbol } from '../../domain/ids.ts';
import { instrumentOf, type Option } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Cycle, Position } from '../../domain/position.ts';
import type { Context } from '../strategy.ts';
import type { WheelMemory } from './memory.ts';
import type { WheelParams } from './params.ts';

export type Stage = 'CASH' | 'CSP_WORKING' | 'CSP_OPEN' | 'SHARES' | 'CC_WORKING' | 'CC_OPEN' | 'RECONCILE';

/** A short option: how many contracts, and the credit they were sold for. */
export interface Short {
  readonly position: Position;
  readonly option: Option;
  readonly contracts: number;
  /** Micros a share, at average. */
  readonly credit: number;
}

export interface Holding {
  readonly name: Symbol;
  readonly stage: Stage;
  readonly puts: readonly Short[];
  readonly calls: readonly Short[];
  readonly shares: Position | undefined;
  readonly shareCount: number;
  /** Shares that cover no call, held or working. */
  readonly freeShares: number;
  readonly working: readonly Order[];
  /** A ladder of ours walks in this name, or an order of ours lives there. */
  readonly busy: boolean;
  readonly cycle: Cycle | undefined;
}

type Book = Pick<Context<WheelParams>, 'positions' | 'working' | 'cycles' | 'busy' | 'book'>;

const underlyingOf = (symbol: Symbol): Symbol => instrumentOf(symbol).underlying;

const isIn =
  (name: Symbol) =>
  (position: Position): boolean =>
    position.instrument.underlying === name;

function shorts(positions: readonly Position[], right: Option['right']): readonly Short[] {
  return positions.flatMap((position) => {
    const { instrument, qty } = position;
    if (instrument.kind !== 'option' || instrument.right !== right || qty >= 0) return [];
    const contracts = -qty;
    return [{ position, option: instrument, contracts, credit: position.cost / (contracts * 100) }];
  });
}

/** Contracts of live orders that sell an option of one right to open. */
function selling(working: readonly Order[], right: Option['right']): number {
  let contracts = 0;
  for (const order of working) {
    const { instrument, side, effect } = order.legs[0];
    if (instrument.kind === 'option' && instrument.right === right && side === 'sell' && effect === 'open')
      contracts += order.qty - order.cumQty;
  }
  return contracts;
}

function stageOf(h: Omit<Holding, 'stage' | 'name' | 'busy' | 'cycle'>, disputed: boolean): Stage {
  const called = h.calls.reduce((n, c) => n + c.contracts, 0);
  if (disputed || h.shareCount < 0 || called * 100 > h.shareCount) return 'RECONCILE';
  if (h.puts.length > 0) return 'CSP_OPEN';
  if (selling(h.working, 'put') > 0) return 'CSP_WORKING';
  if (h.shareCount < 100) return 'CASH'; // odd lots stay idle
  if (selling(h.working, 'call') > 0) return 'CC_WORKING';
  return called > 0 && h.freeShares < 100 ? 'CC_OPEN' : 'SHARES';
}

/** All the wheel holds and works in a name. A call that our shares do not cover makes it RECONCILE: only what reduces risk may follow. */
export function holdingOf(name: Symbol, book: Book): Holding {
  const own = book.positions.filter(isIn(name));
  const working = book.working.filter((order) => order.legs[0].instrument.underlying === name);
  const shares = own.find((p) => p.instrument.kind === 'equity');
  const shareCount = shares?.qty ?? 0;
  const puts = shorts(own, 'put');
  const calls = shorts(own, 'call');
  const pledged = (calls.reduce((n, c) => n + c.contracts, 0) + selling(working, 'call')) * 100;
  const facts = { puts, calls, shares, shareCount, freeShares: Math.max(0, shareCount - pledged), working };
  return {
    name,
    ...facts,
    stage: stageOf(facts, book.book.disputed.has(name)),
    busy: working.length > 0 || [...book.busy].some((symbol) => underlyingOf(symbol) === name),
    cycle: book.cycles.find((c) => c.underlying === name),
  };
}

/** Names in which the wheel holds or works anything, sorted. */
export function namesHeld(book: Pick<Book, 'positions' | 'working'>): readonly Symbol[] {
  const names = new Set<Symbol>(book.positions.map((p) => p.instrument.underlying));
  for (const order of book.working) names.add(order.legs[0].instrument.underlying);
  return [...names].sort();
}

/** Net premium of the cycle, micros, with what rolls carried over from cycles that ended in between. */
export function cyclePremium({ cycle, name }: Pick<Holding, 'cycle' | 'name'>, memory: WheelMemory): number {
  if (cycle === undefined) return 0;
  const carried = memory.carried[name];
  return cycle.premium + (carried !== undefined && cycle.startedDay >= carried.day ? carried.amount : 0);
}

/**
 * What the shares cost us after the credits of their cycle, micros a share: average price paid less net premium a share.
 * The credit of a put that is still open belongs to that put. Credits are spread over the most shares the cycle held, so that
 * a part called away does not make the rest look cheaper than it was. Without a cycle the price paid stands alone.
 */
export function adjustedBasis(holding: Holding, memory: WheelMemory): number | undefined {
  const { shares, shareCount, cycle, name } = holding;
  if (shares === undefined || shareCount <= 0) return undefined;
  const paid = -shares.cost / shareCount;
  const openPuts = holding.puts.reduce((total, put) => total + put.position.cost, 0);
  const premium = cycle === undefined ? 0 : cyclePremium(holding, memory) - openPuts;
  return paid - premium / Math.max(shareCount, memory.peakShares[name] ?? 0);
}
