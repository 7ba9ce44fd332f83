// Figures of risk as a person reads them: dollars, times, parts and counts, each with its unit.
import { percent } from '../../base/percent.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { RuleCheck } from '../../domain/verdict.ts';

const dollars = (micros: number, digits: number): string => (micros / 1e6).toFixed(digits);

function time(ms: number): string {
  if (Math.abs(ms) >= MINUTE) return `${(ms / MINUTE).toFixed(1)} min`;
  return `${(ms / SECOND).toFixed(1)} s`;
}

/** A figure in words; `-` for one that is not there or not known. */
export function figureText(value: number | string | null, unit: RuleCheck['unit']): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value === '' ? 'none' : value;
  if (!Number.isFinite(value)) return '-';
  switch (unit) {
    case 'usd_micros':
      return dollars(value, 2);
    case 'price_micros':
      return dollars(value, 4).replace(/0{1,2}$/, '');
    case 'ms':
      return time(value);
    case 'part':
      return percent(value);
    case 'points':
      return value.toFixed(2);
    case 'count':
    case 'text':
      return String(value);
  }
}

export const usdText = (micros: number): string => dollars(micros, 2);

/** At most so many characters; what is cut ends in three dots. */
export const clipped = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 3)}...`);
