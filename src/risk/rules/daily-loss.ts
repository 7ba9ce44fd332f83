// Has the account lost too much since yesterday, since last week or since last month to open anything?
import { percent } from '../../base/percent.ts';
import type { Known } from '../../domain/reasons.ts';
import { deny, pass, type Rule, skip } from '../rule.ts';

/** Each loss above its floor; a loss that is not known denies. */
export const dailyLoss: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('DAILY_LOSS', 'losses do not bind exits');
  const { day, week, month, floors } = c.losses;
  const asked: readonly (readonly [string, Known<number>, number])[] = [
    ['day', day, floors.day],
    ['week', week, floors.week],
    ['month', month, floors.month],
  ];
  for (const [what, loss, limit] of asked) {
    if (!loss.known) return deny('DAILY_LOSS', { observed: loss.code, limit, unit: 'part' }, `the result of the ${what}: ${loss.why}`);
    // Written as a negation, since NaN makes every comparison false.
    if (!(loss.value > limit))
      return deny(
        'DAILY_LOSS',
        { observed: loss.value, limit, unit: 'part' },
        `the ${what} is at ${percent(loss.value)}, nothing is opened at ${percent(limit)}`,
      );
  }
  return pass('DAILY_LOSS', { observed: day.known ? day.value : null, limit: floors.day, unit: 'part' });
};
