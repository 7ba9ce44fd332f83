// What is opened for the night: insurance first, then the structures with the best odds. One decision for every name.
import type { Decision, Open } from '../../domain/decision.ts';
import { type StrategyId, type Symbol, strategyId } from '../../domain/ids.ts';
import { figure, holds, type Trial } from '../toolkit/gates.ts';
import { accountReady, opraFeed, untouched } from '../toolkit/name-gates.ts';
import { openPackage } from '../toolkit/opening.ts';
import { enteredOn } from '../toolkit/record.ts';
import { contractsFor, type RiskRoom, roomAfter, roomNow } from '../toolkit/sizing.ts';
import { decideUniverse, type Judged } from '../toolkit/universe.ts';
import { chooseStructure, nightVariance, type Prospect } from './prospect.ts';
import { callsHeld, type Insurance, insurance, namesWithShares, worthProtecting } from './protect.ts';
import { type EarnContext, screen } from './screen.ts';
import { deepEnough } from './structures.ts';
import { type Thesis, thesisIn, thesisJson } from './thesis.ts';

/** Structures of two legs and more need an account of this options level. */
export const OPTIONS_LEVEL = 3;
export const EARN: StrategyId = strategyId('earn');

type Candidate = { readonly kind: 'protect'; readonly found: Insurance } | { readonly kind: 'event'; readonly found: Prospect };

/** What is left: the risk, and the sectors of tonight that are taken. */
interface Room {
  readonly risk: RiskRoom;
  readonly sectors: ReadonlySet<string>;
}

const sectorOf = (ctx: EarnContext, name: Symbol): string => ctx.params.sectors[name] ?? name;

/** Nothing of ours stands in a name, and nothing was opened in it today. */
function* free(ctx: EarnContext, name: Symbol): Trial<void> {
  yield* untouched(ctx, name);
  const entered = enteredOn(ctx, name, ctx.day);
  yield holds(
    'entered today',
    { observed: entered, threshold: 0, pass: entered === 0 },
    'COOLDOWN',
    `${name} was entered today: once a report`,
  );
}

function* judge(ctx: EarnContext, name: Symbol): Trial<Candidate> {
  yield* accountReady(ctx, OPTIONS_LEVEL, ctx.params.account_age_ms_max);
  yield opraFeed(ctx.market);
  yield* free(ctx, name);
  yield* callsHeld(ctx, name);
  if (worthProtecting(ctx, name)) return { kind: 'protect', found: yield* insurance(ctx, name) };
  return { kind: 'event', found: yield* chooseStructure(ctx, yield* screen(ctx, name)) };
}

const exitDayOf = (ctx: EarnContext): Thesis['exitDay'] => ctx.sessionAt(ctx.day, 1).day;

function* allotProtect(ctx: EarnContext, name: Symbol, found: Insurance, room: Room) {
  const { params, market } = ctx;
  const { legs, contracts, limit, unitRisk, frame } = found;
  const ask = { name, unitRisk };
  // Insurance takes no place of those that are for structures, and no more contracts than there are hundreds of shares.
  const units = yield* contractsFor(ask, { ...params, max_contracts: contracts }, { ...room.risk, positions: 1 });
  const { deviation } = frame.volatility.event;
  const open = openPackage(market, {
    name,
    key: `protect:${name}`,
    why: `insures ${units * 100} shares over the report: a put for at most ${limit}, the report may move ${figure(100 * deviation)} %`,
    legs,
    units,
    rule: params,
    unitRisk,
    thesis: thesisJson({ kind: 'protect', exitDay: exitDayOf(ctx), deviation: figure(deviation), edge: 0, variance: 0 }),
  });
  const risk = { ...roomAfter(room.risk, ask, units), positions: room.risk.positions };
  return { open, room: { ...room, risk } };
}

/** One structure a sector and evening: reports of one sector move together. */
function* sectorFree(ctx: EarnContext, name: Symbol, { sectors }: Room): Trial<void> {
  const sector = sectorOf(ctx, name);
  const taken = sectors.has(sector);
  yield holds(
    'sector free tonight',
    { observed: sector, threshold: 'free', pass: !taken },
    'RANKED_OUT',
    `another report of the sector ${sector} is traded tonight`,
  );
}

function* allotEvent(ctx: EarnContext, name: Symbol, found: Prospect, room: Room) {
  const { params, market } = ctx;
  const { structure, frame, limit, edge, unitRisk, forecasts } = found;
  yield* sectorFree(ctx, name, room);
  const ask = { name, unitRisk };
  const units = yield* contractsFor(ask, params, room.risk);
  yield* deepEnough(ctx, structure, frame.chain, units);
  const { event } = frame.volatility;
  const open = openPackage(market, {
    name,
    key: `${structure.kind}:${name}`,
    why: `${structure.kind} over the report: ${limit} a share, mean gain over past moves ${figure(100 * edge)} % of its risk`,
    legs: structure.legs,
    units,
    rule: params,
    unitRisk,
    thesis: thesisJson({
      kind: structure.kind,
      exitDay: exitDayOf(ctx),
      deviation: figure(event.deviation),
      edge: figure(edge),
      variance: figure(nightVariance(structure, frame.volatility)),
    }),
    forecasts,
  });
  return { open, room: { risk: roomAfter(room.risk, ask, units), sectors: new Set([...room.sectors, sectorOf(ctx, name)]) } };
}

function* allot(ctx: EarnContext, { name, candidate }: Judged<Candidate>, room: Room): Trial<{ open: Omit<Open, 'gates'>; room: Room }> {
  return candidate.kind === 'protect'
    ? yield* allotProtect(ctx, name, candidate.found, room)
    : yield* allotEvent(ctx, name, candidate.found, room);
}

/** The room before this evening's decisions; what insures takes no place of a structure. */
function roomTonight(ctx: EarnContext, names: readonly Symbol[]): Room {
  const structures = ctx.trades.filter((t) => thesisIn(t)?.kind !== 'protect');
  const risk = roomNow({ ...ctx, trades: structures }, EARN, ctx.params, names);
  const tonight = structures.filter((t) => t.openedDay === ctx.day).map((t) => t.underlying);
  return { risk, sectors: new Set([...tonight, ...ctx.busy].map((name) => sectorOf(ctx, name))) };
}

/** Exactly one decision for every name of the universe and for every other name of which shares are held. */
export function evaluate(ctx: EarnContext): readonly Decision[] {
  const names = [...new Set([...ctx.params.universe, ...namesWithShares(ctx.book.positions)])].sort();
  return decideUniverse<Candidate, Room>({
    market: ctx.market,
    names,
    judge: (name) => judge(ctx, name),
    score: (candidate) => (candidate.kind === 'protect' ? Number.POSITIVE_INFINITY : candidate.found.edge),
    room: roomTonight(ctx, names),
    allot: (judged, room) => allot(ctx, judged, room),
  });
}
