// Who may trade at all now: halts, the process's own state, and the hours of the session.
import { HOUR, MINUTE } from '../../domain/time.ts';
import { deny, pass, type Rule, type RuleContext, skip } from '../rule.ts';

/** What expires today is closed from here on. */
const LAST_HOUR = HOUR;

const opening = (c: RuleContext): boolean => c.intent.kind === 'open';

/** A halt stops openings, never exits. */
export const halted: Rule = (c) => {
  if (!opening(c)) return skip('HALTED', 'halts do not bind exits');
  const figures = { observed: c.halts.length, limit: 0, unit: 'count' } as const;
  return c.halts.length === 0 ? pass('HALTED', figures) : deny('HALTED', figures, `halted: ${c.halts.join('; ')}`);
};

/** The process must be able to answer for what it sends: modes of degradation that stand against this kind of order. */
export const ready: Rule = (c) => {
  const figures = { observed: c.obstacles.join(','), limit: '', unit: 'text' } as const;
  return c.obstacles.length === 0 ? pass('NOT_READY', figures) : deny('NOT_READY', figures, `not now: ${c.obstacles.join(', ')}`);
};

/** Inside the session, openings clear of its first and last minutes. */
export const session: Rule = (c) => {
  if (c.protective) return skip('SESSION', 'a stop may wait for the next session');
  if (c.session === undefined) return deny('SESSION', { observed: 'closed', limit: 'open', unit: 'text' }, 'the market is closed');
  if (!opening(c)) return skip('SESSION', 'buffers do not bind exits');
  const since = c.now.exchange - c.session.open;
  const left = c.session.close - c.now.exchange;
  const late = !(left >= c.limits.closeBufferMs); // a negation, since NaN makes every comparison false
  const figures = { observed: late ? left : since, limit: late ? c.limits.closeBufferMs : c.limits.openBufferMs, unit: 'ms' } as const;
  if (left <= LAST_HOUR && c.intent.legs.some((l) => l.instrument.kind === 'option' && l.instrument.expiry <= (c.session?.day ?? '')))
    return deny('SESSION', { observed: left, limit: LAST_HOUR, unit: 'ms' }, 'it expires today, and is being closed by now');
  if (since >= c.limits.openBufferMs && !late) return pass('SESSION', figures);
  return deny(
    'SESSION',
    figures,
    late ? `${Math.floor(left / MINUTE)} min before the close` : `${Math.floor(since / MINUTE)} min after the open`,
  );
};
