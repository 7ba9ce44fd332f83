// Words for what would close a trade, in the figures that the rules themselves compare.
import type { ExitRule, ExitTerm } from '../../domain/exit-rule.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { EpochMs } from '../../domain/time.ts';
import { newYorkMinute } from '../../market/new-york.ts';
import { figure } from './gates.ts';

/** A reason with its conditions, any of which is enough; nothing where no condition can come true. */
export const exitBy = (code: ReasonCode, when: readonly ExitTerm[], units: number | null = null): readonly ExitRule[] => {
  const [first, ...others] = when;
  return first === undefined ? [] : [{ code, when: [first, ...others], units }];
};

type Side = ExitTerm['side'];

/** A level of a price, dollars a share. */
export const priceTerm = (measure: string, side: Side, level: number): ExitTerm => ({
  measure,
  side,
  level: figure(level),
  unit: 'dollars a share',
});

/** A level of anything that is counted or measured. */
export const countTerm = (measure: string, side: Side, level: number, unit: string): ExitTerm => ({
  measure,
  side,
  level: figure(level),
  unit,
});

/** From an hour of a day on. */
export const clockTerm = (at: EpochMs): ExitTerm => ({ measure: 'clock', side: 'from', level: newYorkMinute(at), unit: 'New York time' });

/** Something that is there, or happens, or does not. */
export const factTerm = (measure: string, level: string): ExitTerm => ({ measure, side: 'is', level, unit: '' });
