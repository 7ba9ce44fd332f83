// What a tape knows of macro events: recorded rate decisions, and what the operator assumes beside them.
import type { TradingDay } from '../../domain/time.ts';
import type { MacroDate, MacroDates } from '../market.ts';
import type { AssumeFile } from './assume.ts';
import { readDecisions } from './events.ts';
import type { Block } from './manifest.ts';
import type { Notes } from './notes.ts';

/** Statements come out at these times; decisions are announced in the afternoon. */
const TIMES: ReadonlyMap<string, string> = new Map([
  ['FOMC', '14:00'],
  ['CPI', '08:30'],
  ['NFP', '08:30'],
]);
/** With all of these nothing is missing. */
const ALL = ['FOMC', 'CPI', 'NFP'] as const;

/** Complete over the block when decisions are recorded or assumed, and so are consumer prices and payrolls. */
export function tapeMacro(dir: string, block: Block, assume: AssumeFile | undefined, notes: Notes): MacroDates {
  const lists = new Map<string, readonly TradingDay[]>();
  const recorded = readDecisions(dir);
  if (recorded !== undefined) lists.set('FOMC', recorded);
  for (const [event, days] of assume?.macro ?? []) {
    lists.set(event, days as readonly TradingDay[]);
    notes.assume(`macro.${event} = ${days.length === 0 ? 'none' : days.join(', ')}`);
  }
  const dates = [...lists].flatMap(([event, days]) => days.map((day): MacroDate => ({ day, event, time: TIMES.get(event) ?? null })));
  const complete = ALL.every((event) => lists.has(event)) ? { from: block.first, to: block.last } : null;
  return { dates, complete };
}
