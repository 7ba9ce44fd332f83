// The broker's own record of what moved cash or positions without an order of ours, booked once, to whom it belongs.
import type { Activity } from '../domain/account.ts';
import { parseOcc } from '../domain/instrument.ts';
import { type Usd, usd } from '../domain/money.ts';
import type { LedgerKind } from '../domain/position.ts';
import { DAY, type EpochMs } from '../domain/time.ts';
import type { LifeEvent } from '../execution/reconcile.ts';
import { bookLedger, ledgerRow } from './booking.ts';
import { bookConversions } from './conversions.ts';
import { type Draft, note } from './draft.ts';
import { confirmLife } from './life.ts';
import { attribute } from './owners.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

const lifeKinds: ReadonlyMap<string, LifeEvent['kind']> = new Map([
  ['OPASN', 'assignment'],
  ['OPEXC', 'exercise'],
  ['OPEXP', 'expiry'],
]);

const kindsOf: Readonly<Partial<Record<LedgerKind, readonly string[]>>> = {
  dividend: ['DIV', 'DIVCGL', 'DIVCGS', 'DIVFT', 'DIVNRA', 'DIVROC', 'DIVTXEX', 'CGD'],
  fee: ['FEE', 'CFEE', 'DIVFEE', 'PTC'],
  interest: ['INT', 'INTNRA', 'INTTW'],
  transfer: ['CSD', 'CSW', 'JNLC', 'JNL', 'TRANS'],
  split: ['SPLIT', 'NC', 'OPCA'],
};
const cashKinds: ReadonlyMap<string, LedgerKind> = new Map(
  Object.entries(kindsOf).flatMap(([kind, types]) => types.map((type): [string, LedgerKind] => [type, kind as LedgerKind])),
);

/** Rows of a night that come the morning after what they tell of has been squared; any other type we have no kind for is cash from outside. */
const confirming: ReadonlySet<string> = new Set(['OPTRD', 'OPCSH']);

/** An activity's own row, which keeps it from being booked again; its cash in parts when more than one owner has a share in it. */
function bookCash(state: State, draft: Draft, activity: Activity, kind: LedgerKind, cash: Usd): void {
  const { id, symbol, day, type: why } = activity;
  const parts = attribute(state, kind, symbol, day, cash);
  for (const [i, { owner, cash: part }] of parts.entries()) {
    const key = i === 0 ? `act:${id}` : `act:${id}:${owner}`;
    bookLedger(state, draft, ledgerRow(draft, { key, kind, owner, symbol, day, cash: part, why }));
  }
}

/** Books what is new of the activities, oldest first. */
export function bookActivities(world: World, state: State, draft: Draft, activities: readonly Activity[]): void {
  bookConversions(state, draft, activities);
  for (const activity of activities) {
    if (state.ledgerKeys.has(`act:${activity.id}`)) continue;
    if (activity.at !== null && activity.at - DAY > state.activitiesWatermark) state.activitiesWatermark = (activity.at - DAY) as EpochMs;
    state.activityId = activity.id;
    if (activity.type === 'FILL') continue; // orders' own watermarks carry these
    if (activity.status !== 'executed')
      note(draft, 'activity.amended', 'major', { id: activity.id, type: activity.type, status: activity.status });
    const life = lifeKinds.get(activity.type);
    const option = activity.symbol === null ? undefined : parseOcc(activity.symbol);
    if (life !== undefined && option !== undefined) confirmLife(world, state, draft, activity, life);
    const kind = cashKinds.get(activity.type);
    // Option life-cycle rows have had their effect through unit keys; their share rows (OPTRD) only confirm it.
    const isConfirmed = kind === undefined && (life !== undefined || confirming.has(activity.type));
    bookCash(state, draft, activity, kind ?? life ?? 'external', isConfirmed ? usd(0) : activity.netAmount);
    draft.activityId = activity.id;
  }
}
