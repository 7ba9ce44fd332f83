// The record at the edges of sessions: where it begins, what a new session is measured against, and what the end of one leaves.
import type { AccountFacts } from '../domain/account.ts';
import { symbol } from '../domain/ids.ts';
import type { LossBase, LossRecord } from '../domain/losses.ts';
import { minus, type Usd, usd } from '../domain/money.ts';
import { monthOf, type TradingDay, weekOf } from '../domain/time.ts';
import type { Session } from '../market/calendar.ts';
import { firstFooting, stepLadder } from '../risk/ladder.ts';
import type { Equities } from '../risk/losses.ts';
import type { Draft } from './draft.ts';
import { liftCauses } from './halts.ts';
import { keepRecord, navNow } from './loss-record.ts';
import type { Look } from './loss-watch.ts';
import type { State } from './state.ts';
import { promiseKept, sayBackTest } from './var-record.ts';
import type { World } from './world.ts';

/** The index that openings are sized by. */
export const VOLATILITY_INDEX = symbol('VIX');

/** The first look of a ledger: it divides the account into units of value 1, and measures against what is there. */
export function beginRecord(state: State, draft: Draft, session: Session, equities: Equities, equity: Usd, account: AccountFacts): void {
  if (!(equity > 0)) return;
  const { day } = session;
  const base: LossBase = { day, ours: equities.ours.known ? equities.ours.value : null, broker: account.equity, flows: usd(0) };
  keepRecord(state, draft, {
    day,
    closed: false,
    base: { day: base, week: base, month: base },
    close: null,
    units: equity,
    peak: 1,
    pending: usd(0),
    realised: usd(0),
    volatility: null,
    ladder: firstFooting(day, 1),
    factor: 1,
    waivers: [],
    promised: null,
    varDays: [],
  });
}

/** What a session is measured against: the close before it, and the last close of the week and of the month before. */
function basesOf(record: LossRecord, session: Session, previous: TradingDay): LossRecord['base'] {
  const { close, base } = record;
  const unmarked: LossBase = { day: previous, ours: null, broker: null, flows: usd(0) };
  const since = (periodOf: (day: TradingDay) => string, before: LossBase): LossBase =>
    close !== null && periodOf(session.day) !== periodOf(record.day) ? close : before;
  return {
    day: close?.day === previous ? close : unmarked,
    week: since(weekOf, base.week),
    month: since(monthOf, base.month),
  };
}

/** A new session: new bases, the halts that ended with the old one lifted, and the ladder told of it. */
export function beginSession(world: World, state: State, draft: Draft, session: Session): void {
  const record = state.losses;
  if (record === null) return;
  const previous = world.calendar.offset(session.day, -1).day;
  const base = basesOf(record, session, previous);
  keepRecord(state, draft, { ...record, day: session.day, closed: false, base, realised: usd(0) });
  if (monthOf(session.day) !== monthOf(record.day)) sayBackTest(draft, record.varDays);
  releaseDay(state, draft, session);
  const { losses } = state;
  if (losses === null) return;
  const ladder = stepLadder(losses.ladder, { kind: 'opened', day: session.day }, world.limits.losses.restrictedSessions);
  keepRecord(state, draft, { ...losses, ladder });
}

/** Halts of an earlier session's loss go with the next session; one that closes what is held stays until that is done. */
export function releaseDay(state: State, draft: Draft, session: Session): void {
  liftCauses(state, draft, 'the session it was set in is over', ({ cause, scope, since }) => {
    if (since >= session.open) return false;
    if (cause === 'DAY_HALT') return true;
    if (cause !== 'DAY_FLATTEN' || scope.kind !== 'strategy') return false;
    return ![...state.positions.values()].some((p) => p.owner === scope.id);
  });
}

/** Where the market is nervous, as far as is known. */
export const volatilityLevel = (world: World, draft: Pick<Draft, 'at'>) => world.market(draft.at).indexValue(VOLATILITY_INDEX);

/** The end of a session, marked in its own day: both figures for the days to come, a new peak if it is one, and a session more on the ladder. */
export function endSession(world: World, state: State, draft: Draft, look: Look, account: AccountFacts, caution: boolean): void {
  const record = state.losses;
  if (record === null) return;
  const { day, pending } = record;
  const nav = navNow(state, record);
  // What came in after the last look is not in these figures' past, but it is in them.
  const ours = look.ours.known ? minus(look.ours.value.equity, pending) : null;
  const close: LossBase = { day, ours, broker: minus(account.equity, pending), flows: pending };
  const level = volatilityLevel(world, draft);
  keepRecord(state, draft, {
    ...record,
    closed: true,
    close,
    ...promiseKept(record, look, state.watch.var99),
    peak: Number.isFinite(nav) ? Math.max(record.peak, nav) : record.peak,
    volatility: level.known ? { day, level: level.value } : record.volatility,
    ladder: stepLadder(record.ladder, { kind: 'closed', day, nav, caution }, world.limits.losses.restrictedSessions),
  });
}
