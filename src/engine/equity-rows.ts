// Rows of equity: one a minute of a session, its first and its last look, and one whenever cash or units moved; and the word that it is not known.
import type { AccountFacts } from '../domain/account.ts';
import type { EquityMark } from '../domain/losses.ts';
import { type Usd, usd } from '../domain/money.ts';
import { MINUTE } from '../domain/time.ts';
import { type Draft, note } from './draft.ts';
import type { Look } from './loss-watch.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

/** Rows of a fast exchange's minutes are not kept more often than this, wall milliseconds. */
const ROW_EVERY_MS = 1_000;

const minuteOf = (draft: Draft): number => Math.floor(draft.at.exchange / MINUTE);

/** True when a minute has begun that has no row yet. */
export function isRowDue({ watch }: State, draft: Draft): boolean {
  return watch.row === null || (minuteOf(draft) !== watch.row.minute && draft.at.mono >= watch.row.at + ROW_EVERY_MS);
}

/** Keeps a row of this look; of a look that is neither the first, the last nor a booking, only when its minute has none yet. */
export function keepEquity(state: State, draft: Draft, look: Look, account: AccountFacts, cash: Usd, mark: EquityMark): void {
  const { losses, watch } = state;
  if (losses === null || (mark === 'minute' && draft.equity === null && !isRowDue(state, draft))) return;
  watch.row = { minute: minuteOf(draft), at: draft.at.mono };
  const { ours } = look;
  const value = ours.known ? ours.value : null;
  const before = draft.equity?.mark;
  draft.equity = {
    // Two looks of one turn are one row, named by the rarer of the two.
    mark: before === undefined || before === 'minute' ? mark : before,
    equity: value?.equity ?? null,
    why: ours.known ? null : ours.code,
    brokerEquity: account.equity,
    cash,
    settledCash: Math.min(cash, account.cash, account.nonMarginableBuyingPower) as Usd,
    longValue: value?.long ?? null,
    shortValue: value?.short ?? null,
    optionValue: value?.options ?? null,
    buyingPower: account.buyingPower,
    optionsBuyingPower: account.optionsBuyingPower,
    dayPnl: look.dayPnl.known ? look.dayPnl.value : null,
    unrealised: value?.unrealised ?? null,
    realisedDay: losses.realised,
    flowsDay: usd(losses.base.day.flows),
    nav: value === null ? null : (value.equity - losses.pending) / losses.units,
    peak: losses.peak,
  };
}

/** Says once that our own equity has not been known for too long, and once that it is again. */
export function sayStale(world: World, state: State, draft: Draft, { ours, at }: Look): void {
  const { watch } = state;
  if (ours.known) {
    watch.knownAt = at;
    if (watch.stale) note(draft, 'equity.known', 'info', {});
    watch.stale = false;
    return;
  }
  watch.knownAt ??= at;
  const ms = at - watch.knownAt;
  if (watch.stale || ms <= world.limits.losses.maxAgeMs) return;
  watch.stale = true;
  note(draft, 'equity.stale', 'major', { ms, why: ours.why });
}
