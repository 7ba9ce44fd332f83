// Whose cash it is: dividends of who held the shares as the ex-day began, fees of who traded, in proportion.
import type { Owner, Symbol } from '../domain/ids.ts';
import { minus, type Usd, usd } from '../domain/money.ts';
import type { LedgerKind } from '../domain/position.ts';
import type { TradingDay } from '../domain/time.ts';
import { share } from '../execution/fills.ts';
import type { State } from './state.ts';

type Weights = ReadonlyMap<Owner, number>;

export interface Part {
  readonly owner: Owner;
  readonly cash: Usd;
}

/** Signed units of a symbol by owner as a day began: what is held now, less what has moved since. */
function heldBefore(state: State, symbol: Symbol, day: TradingDay): Weights {
  const units = new Map<Owner, number>();
  const add = (owner: Owner, qty: number): void => void units.set(owner, (units.get(owner) ?? 0) + qty);
  for (const p of state.positions.values()) if (p.instrument.symbol === symbol) add(p.owner, p.qty);
  for (const m of state.movements) if (m.symbol === symbol && m.day >= day) add(m.owner, -m.qty);
  return units;
}

/** Units of a symbol that each owner's orders traded on a day, either way. */
function tradedOn(state: State, symbol: Symbol, day: TradingDay): Weights {
  const units = new Map<Owner, number>();
  for (const { kind, symbol: of, day: on, owner, qty } of state.movements)
    if (kind === 'fill' && of === symbol && on === day) units.set(owner, (units.get(owner) ?? 0) + Math.abs(qty));
  return units;
}

/** An amount in proportion to weights that may be of either sign; undefined when they cancel out. */
function split(cash: Usd, weights: Weights): readonly Part[] | undefined {
  const owners = [...weights].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = owners.reduce((n, [, weight]) => n + weight, 0);
  if (whole === 0) return undefined;
  let left = cash;
  return owners.map(([owner, weight], i): Part => {
    const part = i === owners.length - 1 ? left : usd(share(cash, weight, whole));
    left = minus(left, part);
    return { owner, cash: part };
  });
}

const holders = (state: State, symbol: Symbol): Weights => {
  const units = new Map<Owner, number>();
  for (const p of state.positions.values()) if (p.instrument.symbol === symbol) units.set(p.owner, (units.get(p.owner) ?? 0) + p.qty);
  return units;
};

/**
 * The shares that owners have in an amount, to the micro: at least one part. A dividend, interest on shares and cash in lieu of a fraction
 * go by what was held as `day` began; a fee by what was traded on `day`, else by what is held; what names no symbol is nobody's of ours.
 */
export function attribute(state: State, kind: LedgerKind, symbol: Symbol | null, day: TradingDay, cash: Usd): readonly Part[] {
  const nobody: readonly Part[] = [{ owner: 'EXTERNAL', cash }];
  if (symbol === null) return nobody;
  const first = kind === 'fee' ? tradedOn(state, symbol, day) : heldBefore(state, symbol, day);
  return split(cash, first) ?? split(cash, holders(state, symbol)) ?? nobody;
}
