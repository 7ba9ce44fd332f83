// The one way back from the dollars of risk figures to whole micros.
import { MICROS, type Usd, usd } from '../../domain/money.ts';

/** Nearest micro; null for what is no finite amount that micros can hold. */
export function toMicros(dollars: number): Usd | null {
  const micros = Math.round(dollars * MICROS);
  return Number.isSafeInteger(micros) ? usd(micros) : null;
}

/** A record of dollars as micros; undefined as soon as one of them is no amount. */
export function allToMicros<K extends string>(dollars: Readonly<Record<K, number>>): Readonly<Record<K, Usd>> | undefined {
  const rounded = Object.entries<number>(dollars).map(([key, amount]) => [key, toMicros(amount)] as const);
  return rounded.some(([, amount]) => amount === null) ? undefined : (Object.fromEntries(rounded) as Readonly<Record<K, Usd>>);
}
