// What the operator assumes: volatility put where the daemon looks for ranks and histories, and stamped by name.
import type { IvReading } from '../domain/event.ts';
import { symbol } from '../domain/ids.ts';
import { tradingDay } from '../domain/time.ts';
import type { AssumeFile } from '../exchange/tape/assume.ts';

export interface Assumed {
  readonly readings: readonly IvReading[];
  readonly ivRanks: ReadonlyMap<string, number>;
  /** Names of assumed inputs by symbol, stamped on every decision that rests on them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const reading = (name: string, day: string, iv30: number): IvReading => ({
  symbol: symbol(name),
  day: tradingDay(day),
  iv30,
  quality: 'assumed',
  flags: [],
});

/** The volatility figures of an assumptions file; nothing without one. */
export function assumedFor(file: AssumeFile | null): Assumed {
  if (file === null) return { readings: [], ivRanks: new Map(), names: new Map() };
  const names = new Map<string, string[]>();
  const stamp = (name: string, what: string): void => void names.set(name, [...(names.get(name) ?? []), what]);
  for (const [name, rank] of file.ivRank) stamp(name, `iv_rank:${name}=${rank}`);
  for (const name of file.ivHistory.keys()) stamp(name, `iv_history:${name}`);
  for (const name of new Set([...file.ivRank.keys(), ...file.ivHistory.keys()])) {
    if (file.sizes.options !== null) stamp(name, `sizes.options=${file.sizes.options}`);
    if (file.dailyVolume.has(name)) stamp(name, `daily_volume:${name}`);
  }
  for (const [name, level] of file.indexValues) stamp(name, `index_values.${name}=${level}`);
  for (const [event, days] of file.macro) stamp('MACRO', `macro.${event}=${days.length === 0 ? 'none' : days.join(' ')}`);
  return {
    readings: [...file.ivHistory].flatMap(([name, days]) => days.map((d) => reading(name, d.day, d.iv30))),
    ivRanks: file.ivRank,
    names,
  };
}
