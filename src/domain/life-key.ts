// Ledger keys of what ends an option without an order: one for each contract, and one for the shares that came with it.
import { type Symbol, symbol } from './ids.ts';

export type LifeKind = 'assignment' | 'exercise' | 'expiry';

/** The part that all units of one option and kind share; the unit's ordinal, from 1, follows. */
export const lifePrefix = (option: Symbol, kind: LifeKind): string => `life:${option}:${kind}:`;

/** The key of one contract's event. */
export const lifeKey = (option: Symbol, kind: LifeKind, unit: number): string => `${lifePrefix(option, kind)}${unit}`;

/** The key of the shares that came with that contract. */
export const deliveryKey = (life: string): string => `${life}:shares`;

const delivery = /^life:([A-Z0-9]+):(?:assignment|exercise):\d+:shares$/;

/** The option that delivered the shares of a ledger row; undefined for a row of any other kind. */
export function deliveringOption(key: string): Symbol | undefined {
  const option = delivery.exec(key)?.[1];
  return option === undefined ? undefined : symbol(option);
}
