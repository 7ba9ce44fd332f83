// One position closed because a person said so: the whole structure that it is a leg of, and no short option left bare.
import type { ControlOrder, Outcome, RefusalCode } from '../domain/control.ts';
import type { Position } from '../domain/position.ts';
import { packagesOf } from '../execution/group.ts';
import { FLATTEN_SLOT, ORDERED_OUT } from './close-held.ts';
import { closeOut } from './close-out.ts';
import type { Draft } from './draft.ts';
import { frozenBy, obstacles } from './permissions.ts';
import { positionsOf, type State } from './state.ts';
import type { World } from './world.ts';

type Exit = Extract<ControlOrder, { readonly verb: 'exit' }>;

const refused = (code: RefusalCode, why: string): Outcome => ({ result: 'refused', code, why });

/** The position and the legs that it makes a covered structure with. */
function structureOf(held: readonly Position[], position: Position): readonly Position[] {
  const whole = packagesOf(held).find(({ legs }) => legs.some((l) => l.option.symbol === position.instrument.symbol));
  if (whole === undefined) return [position];
  const symbols = new Set(whole.legs.map((l) => l.option.symbol));
  return held.filter((p) => p.instrument.kind === 'option' && symbols.has(p.instrument.symbol));
}

/** Begins a way out of a position; not repeated when it finds no taker. */
export function orderOut(world: World, state: State, draft: Draft, { symbol, owner }: Exit, reason: string): Outcome {
  const holders = [...state.positions.values()].filter(
    (p) => p.instrument.symbol === symbol && p.owner !== 'EXTERNAL' && (owner === null || p.owner === owner),
  );
  const [position] = holders;
  if (position === undefined || position.owner === 'EXTERNAL')
    return refused('NO_POSITION', `no strategy of ours holds ${symbol}${owner === null ? '' : ` as ${owner}`}`);
  const strategy = position.owner;
  if (holders.length > 1)
    return refused('WHOSE_POSITION', `${symbol} is held by ${holders.map((p) => p.owner).join(' and ')}: say which, as OWNER:${symbol}`);
  if (state.shutdown !== null) return refused('STOPPING', 'the daemon is stopping: its own policy says what becomes of positions');
  if (frozenBy(state, strategy, position.instrument.underlying).length > 0)
    return refused('FROZEN', `a freeze covers ${strategy} in ${position.instrument.underlying}: resume it first`);
  if (world.calendar.inSession(draft.at.exchange) === undefined)
    return refused('MARKET_CLOSED', 'the market is closed: nothing is queued for its next open');
  const against = obstacles(state, 'exit');
  if (against.length > 0) return refused('NOT_READY', `not now: ${against.join(', ')}`);
  const held = positionsOf(state, strategy).filter((p) => p.instrument.underlying === position.instrument.underlying);
  if (position.instrument.kind === 'equity' && held.some((p) => p.instrument.kind === 'option' && p.qty < 0))
    return refused('BOUND_SHARES', `short options of ${strategy} stand on these shares: exit those first`);
  const closing = structureOf(held, position);
  const why = `exit: ${reason}`;
  const unpriced = closeOut(world, state, draft, closing, { strategy, slot: FLATTEN_SLOT, code: 'OPERATOR', why, approach: ORDERED_OUT });
  if (unpriced.length > 0) return refused('NO_QUOTE', `nobody quotes ${unpriced.join(', ')} now`);
  return { result: 'done', answer: { strategy, closing: closing.map((p) => `${String(p.qty)} ${p.instrument.symbol}`) } };
}
