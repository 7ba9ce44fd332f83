// The class of strategies that expect to lose what they put in: what one trade, one session and one week may put at stake.
import type { Price } from '../../domain/money.ts';
import { type TradingDay, weekOf } from '../../domain/time.ts';
import { reservePerUnit } from '../margin.ts';
import { deny, pass, type Rule, type RuleContext, skip } from '../rule.ts';
import { reservedBy, stakeOf } from '../usage.ts';

const sum = (amounts: readonly number[]): number => amounts.reduce((total, n) => total + n, 0);

export interface Stakes {
  /** Of the walk that is judged: what it has filled so far. */
  readonly own: number;
  /** Of all else of the class: opened today, opened this week, and still able to fill whenever it was sent. */
  readonly day: number;
  readonly week: number;
  readonly working: number;
  /** Trades of the week other than this one, walks that may become one included. */
  readonly trades: number;
}

/** Orders of uncertain fate count like those that work: each may turn out to have filled. */
export function stakesOf(c: Pick<RuleContext, 'limits' | 'trades' | 'live' | 'ladder'>, today: TradingDay): Stakes {
  const { strategies } = c.limits.lottery;
  const trades = c.trades.filter((t) => strategies.includes(t.owner));
  const others = trades.filter((t) => t.id !== c.ladder);
  const week = others.filter((t) => weekOf(t.openedDay) === weekOf(today));
  const live = c.live.filter((o) => o.purpose === 'O' && strategies.includes(o.strategy));
  return {
    own: sum(trades.filter((t) => t.id === c.ladder).map(stakeOf)),
    day: sum(others.filter((t) => t.openedDay === today).map(stakeOf)),
    week: sum(week.map(stakeOf)),
    working: reservedBy(live),
    trades: new Set([...week.map((t) => t.id), ...live.map((o) => o.ladder)]).size,
  };
}

/**
 * Whatever such a strategy asks for, no more than a small part of equity is at stake in one trade, in one session and in one week, and no
 * more than a few trades are opened in a week. The worst loss of the order counts, at the limit it is judged at, fees aside.
 */
export const lotteryCap: Rule = (c) => {
  const { lottery } = c.limits;
  if (c.intent.kind === 'close') return skip('LOTTERY_CAP', 'exits put nothing at stake');
  if (!lottery.strategies.includes(c.strategy)) return skip('LOTTERY_CAP', 'not of the class');
  if (c.session === undefined)
    return deny('LOTTERY_CAP', { observed: 'closed', limit: 'a session', unit: 'text' }, 'no session to count in');
  const stakes = stakesOf(c, c.session.day);
  const worst = Math.max(...c.intent.prices.rungs) as Price;
  const trade = stakes.own + reservePerUnit(c.intent.legs, worst) * c.qty;
  const caps = [
    ['one trade', trade, lottery.tradePct],
    ['a session', stakes.day + stakes.working + trade, lottery.dayPct],
    ['a week', stakes.week + stakes.working + trade, lottery.weekPct],
  ] as const;
  for (const [what, observed, part] of caps) {
    const limit = Math.trunc(c.equity * part);
    // Written as a negation, since NaN makes every comparison false.
    if (!(observed <= limit))
      return deny('LOTTERY_CAP', { observed, limit, unit: 'usd_micros' }, `more at stake in ${what} than ${part} of equity`);
  }
  const count = { observed: stakes.trades + 1, limit: lottery.weekTradesMax, unit: 'count' } as const;
  if (!(count.observed <= count.limit)) return deny('LOTTERY_CAP', count, `${stakes.trades} trades of this week are open, done or at work`);
  return pass('LOTTERY_CAP', { observed: trade, limit: Math.trunc(c.equity * lottery.tradePct), unit: 'usd_micros' });
};
