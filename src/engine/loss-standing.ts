// The ladder's step and the size of openings that follow from it, and what the gate is told of losses.
import type { LadderStep } from '../domain/losses.ts';
import { absent, type Known, known } from '../domain/reasons.ts';
import { MINUTE, type Now } from '../domain/time.ts';
import { stepLadder, stepUnder } from '../risk/ladder.ts';
import { floorsOf, type LossFigures, type LossStanding, sizeFactor } from '../risk/losses.ts';
import { type Draft, note } from './draft.ts';
import { keepRecord, navNow, noFigures } from './loss-record.ts';
import { volatilityLevel } from './loss-sessions.ts';
import type { State } from './state.ts';
import type { World } from './world.ts';

/** A stream of quotes that is gone for less is a blink: quotes are read before each tick anyway. */
const SOURCE_DOWN_MS = MINUTE;

/** The step as the halts of the moment and the footing beneath them make it. */
export const ladderStep = (state: State): LadderStep => stepUnder(state.losses?.ladder ?? null, state.halts);

/** Why to be cautious now: a drawdown past its first step, a nervous market, quotes that have not been streamed for a minute. */
export function cautions(world: World, state: State, draft: Pick<Draft, 'at'>, { drawdown }: LossFigures): readonly string[] {
  const { losses, volatility } = world.limits;
  const level = volatilityLevel(world, draft);
  const down = state.watch.quotesDownSince;
  return [
    ...(drawdown.known && drawdown.value <= -losses.drawdownHalfPct ? ['drawdown'] : []),
    ...(level.known && level.value >= volatility.cautiousFrom ? ['volatility'] : []),
    ...(down !== null && draft.at.mono - down >= SOURCE_DOWN_MS ? ['quotes'] : []),
  ];
}

/** Puts the ladder to the cautions of the moment. */
export function followCautions(world: World, state: State, draft: Draft, figures: LossFigures): void {
  const { losses } = state;
  if (losses === null) return;
  const on = cautions(world, state, draft, figures).length > 0;
  const event = { kind: 'caution', on, day: losses.day, nav: navNow(state, losses) } as const;
  const ladder = stepLadder(losses.ladder, event, world.limits.losses.restrictedSessions);
  if (ladder !== losses.ladder) keepRecord(state, draft, { ...losses, ladder });
}

/** Says that the step has changed since it was last said. */
export function sayStep(state: State, draft: Draft): void {
  const { watch } = state;
  const step = ladderStep(state);
  const before = watch.step;
  watch.step = step;
  // A start says where it stands only if that is not where everybody begins.
  if (step === (before ?? 'normal')) return;
  note(draft, 'ladder.step', step === 'halted' || step === 'flatten' ? 'major' : 'info', { from: before, to: step });
}

/** The rise of the index since the session before this one ended; absent where that end was not marked. */
function riseOf(world: World, state: State, now: Now, level: Known<number>): Known<number> {
  const last = state.losses?.volatility ?? null;
  if (!level.known) return level;
  const session = world.calendar.currentOrNext(now.exchange);
  if (last === null || last.day !== world.calendar.offset(session.day, -1).day || !(last.level > 0))
    return absent('VIX_UNKNOWN', 'its last level of the session before is not on record');
  return known(level.value / last.level - 1);
}

/** What the gate is told. A look that is too old is none. */
export function standingAt(world: World, state: State, now: Now): LossStanding {
  const { look } = state.watch;
  const { losses } = world.limits;
  const fresh = look !== null && now.mono - look.at <= losses.maxAgeMs;
  const level = volatilityLevel(world, { at: now });
  return {
    ...(fresh ? look.figures : noFigures),
    step: ladderStep(state),
    floors: floorsOf(losses, state.losses?.waivers ?? []),
    volatility: level,
    volatilityRise: riseOf(world, state, now, level),
  };
}

/** The part of an opening that is left now. */
export const factorAt = (world: World, state: State, now: Now): number =>
  sizeFactor(standingAt(world, state, now), world.limits.losses, world.limits.volatility);
