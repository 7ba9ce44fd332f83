// What one unit of a package can cost us, and what stands behind what is held: the cash to set aside.
import type { Option } from '../domain/instrument.ts';
import type { Legs } from '../domain/legs.ts';
import { type Price, type Usd, usd } from '../domain/money.ts';
import type { Position } from '../domain/position.ts';
import { type Weighted, weightsOf, worstLoss } from '../domain/worth.ts';

/**
 * Cash to set aside for one unit at a net limit, positive micros. Shares bought: their price. Options bought: the premium.
 * Puts sold: the strike (cash-secured). Calls sold: nothing here, since the naked rule demands the shares themselves.
 * Packages: the worst outcome of the legs that open, at each expiry of a short one over all strikes and zero, plus the net paid
 * (universal spread rule): a calendar's debit, a vertical's width less its credit. Closing packages set nothing aside.
 */
export function reservePerUnit(legs: Legs, net: Price): Usd {
  if (legs.every((l) => l.effect === 'close')) return usd(0);
  const [first] = legs;
  if (legs.length === 1) {
    const { instrument, side } = first;
    if (instrument.kind === 'equity') return usd(side === 'buy' ? Math.max(0, net) : 0);
    if (side === 'buy') return usd(Math.max(0, net) * 100);
    return usd(instrument.right === 'put' ? instrument.strike * 100 : 0);
  }
  return usd(Math.max(0, worstLoss(weightsOf(legs, 'open')) + net) * 100);
}

/** Cash that stands behind a lone short put held or working, positive micros. */
export const putCollateral = (option: Option, contracts: number): Usd =>
  usd(option.right === 'put' ? option.strike * 100 * Math.abs(contracts) : 0);

/**
 * Cash that stands behind all options held, positive micros: for each owner and name the worst outcome of its options together, its
 * shares standing behind its short calls. A lone put needs its strike, a vertical its width, what is bought nothing.
 */
export function heldCollateral(positions: Iterable<Position>): Usd {
  const books = new Map<string, { readonly parts: Weighted[]; shares: number }>();
  for (const { owner, instrument, qty } of positions) {
    const key = `${owner}|${instrument.underlying}`;
    const book = books.get(key) ?? { parts: [], shares: 0 };
    books.set(key, book);
    if (instrument.kind === 'option') book.parts.push({ option: instrument, weight: qty });
    else book.shares += qty;
  }
  let total = 0;
  for (const { parts, shares } of books.values()) total += worstLoss(parts, Math.floor(Math.max(0, shares) / 100)) * 100;
  return usd(total);
}
