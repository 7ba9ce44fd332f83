// Has a unit of the account fallen too far from its highest close to open anything?
import { deny, pass, type Rule, skip } from '../rule.ts';

/** The drawdown above its floor; one that is not known denies. */
export const drawdown: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('DRAWDOWN', 'losses do not bind exits');
  const { drawdown: fall, floors } = c.losses;
  const limit = floors.drawdown;
  if (!fall.known) return deny('DRAWDOWN', { observed: fall.code, limit, unit: 'part' }, `the drawdown: ${fall.why}`);
  const figures = { observed: fall.value, limit, unit: 'part' } as const;
  // Written as a negation, since NaN makes every comparison false.
  if (!(fall.value > limit))
    return deny(
      'DRAWDOWN',
      figures,
      `${(-fall.value * 100).toFixed(2)} % below the highest close, nothing is opened at ${(-limit * 100).toFixed(2)} %`,
    );
  return pass('DRAWDOWN', figures);
};
