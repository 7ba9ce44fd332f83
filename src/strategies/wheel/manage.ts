// Every open position, on every manage tick: the first rule that speaks decides, and one order a name is at work at a time.
import type { CancelDecision, Decision, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { MICROS } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { urgency } from '../../domain/urgency.ts';
import { noted, pass } from '../toolkit/gates.ts';
import { buyToClose, type Watched, type Wish, watch } from './close.ts';
import type { WheelContext } from './context.ts';
import { openedToday } from './entry.ts';
import { adjustedBasis, type Holding, holdingOf, namesHeld, type Short } from './holding.ts';
import { recall, remember, type WheelMemory, without } from './memory.ts';
import { finishRoll } from './roll.ts';
import { acceptedExDividend, callRules, putRules, stopSeen } from './rules.ts';

interface Step {
  readonly decisions: readonly Decision[];
  readonly memory: WheelMemory;
}

/** The first rule that speaks; when none does, the position is held. */
function wishFor(ctx: WheelContext, w: Watched, holding: Holding, memory: WheelMemory): Wish {
  const rules = w.short.option.right === 'put' ? putRules : callRules;
  for (const rule of rules) {
    const wish = rule(ctx, w, holding, memory);
    if (wish !== undefined) return acceptedExDividend(w, wish, adjustedBasis(holding, memory));
  }
  return { kind: 'hold', code: 'HOLD', why: 'no rule asks for anything', gates: [] };
}

/** Live orders of ours that close an option. */
const closers = (holding: Holding, symbol: Symbol) =>
  holding.working.filter((order) => order.legs.some((l) => l.instrument.symbol === symbol && l.effect === 'close'));

/** A closing order at work gives way to a more urgent reason, and to nothing else. */
function replaceLess(ctx: WheelContext, w: Watched, holding: Holding, wish: Wish, memory: WheelMemory): readonly Decision[] {
  const symbol = w.short.option.symbol;
  const sent = memory.exits[symbol] as ReasonCode | undefined;
  const gates = [...w.gates, ...wish.gates];
  if (wish.kind === 'buy back' && sent !== undefined && urgency(wish.code) < urgency(sent)) {
    const cancels = closers(holding, symbol).map(
      (order): CancelDecision => ({
        kind: 'cancel',
        subject: symbol,
        code: wish.code,
        why: `${wish.code} replaces ${sent}: ${wish.why}`,
        gates,
        order: order.id,
      }),
    );
    if (cancels.length > 0) return cancels;
  }
  return [pass(symbol, 'ORDER_WORKING', `an order is at work in ${holding.name}; ${wish.why}`, gates, ctx.market.assumptions(symbol))];
}

function manageShort(ctx: WheelContext, holding: Holding, short: Short, before: WheelMemory): Step {
  const symbol = short.option.symbol;
  const seen = watch(ctx, holding, short);
  if (!seen.known) {
    const since = Math.min(before.blind[symbol] ?? ctx.now.mono, ctx.now.mono);
    const blind = ctx.now.mono - since >= ctx.params.blind_seconds * 1_000;
    return {
      decisions: [
        pass(symbol, blind ? 'BLIND' : seen.code, `held without a quote: ${seen.why}`, [
          noted('contracts', short.contracts),
          noted('without a quote for, ms', ctx.now.mono - since),
        ]),
      ],
      memory: { ...before, blind: { ...before.blind, [symbol]: since } },
    };
  }
  const w = seen.value;
  const first = short.option.right === 'put' ? stopSeen(ctx, w, before) : undefined;
  const stops = first === undefined ? without(before.stops, symbol) : { ...before.stops, [symbol]: first };
  const memory: WheelMemory = { ...before, blind: without(before.blind, symbol), stops };
  const wish = wishFor(ctx, w, holding, memory);
  if (holding.busy) return { decisions: replaceLess(ctx, w, holding, wish, memory), memory };
  if (wish.kind === 'hold')
    return { decisions: [pass(symbol, wish.code, wish.why, [...w.gates, ...wish.gates], ctx.market.assumptions(symbol))], memory };
  const sent: WheelMemory = { ...memory, exits: { ...memory.exits, [symbol]: wish.code } };
  return {
    decisions: [buyToClose(ctx, w, wish)],
    memory: wish.roll === undefined ? sent : { ...sent, rolls: { ...sent.rolls, [holding.name]: wish.roll } },
  };
}

function holdShares(ctx: WheelContext, holding: Holding, memory: WheelMemory): Pass {
  const basis = adjustedBasis(holding, memory);
  const gates = [
    noted('stage', holding.stage),
    noted('shares', holding.shareCount),
    noted('free shares', holding.freeShares),
    noted('price paid', holding.shares === undefined ? null : -holding.shares.cost / holding.shareCount / MICROS),
    noted('adjusted basis', basis === undefined ? null : basis / MICROS),
    noted('held since', holding.cycle?.sharesSinceDay ?? null),
  ];
  const why =
    holding.freeShares >= 100
      ? 'shares wait for a call to be sold at the next entry slot'
      : holding.shareCount < 100
        ? 'an odd lot stays idle'
        : 'shares cover calls';
  return pass(holding.name, 'HOLD', why, gates, ctx.market.assumptions(holding.name));
}

/** What the book says about a name that memory should keep or may forget. */
function tidy(holding: Holding, memory: WheelMemory): WheelMemory {
  const { name } = holding;
  const shares = Math.max(0, holding.shareCount);
  const peak =
    shares === 0 ? without(memory.peakShares, name) : { ...memory.peakShares, [name]: Math.max(shares, memory.peakShares[name] ?? 0) };
  const flat = holding.stage === 'CASH' && holding.shareCount === 0 && !holding.busy && memory.rolls[name] === undefined;
  return { ...memory, peakShares: peak, carried: flat ? without(memory.carried, name) : memory.carried };
}

function manageName(ctx: WheelContext, name: Symbol, before: WheelMemory): Step {
  const holding = holdingOf(name, ctx);
  let memory = tidy(holding, before);
  const decisions: Decision[] = [];
  const roll = memory.rolls[name];
  if (roll !== undefined && !holding.busy) {
    const step = finishRoll(ctx, holding, memory, roll);
    decisions.push(step.decision);
    memory = step.memory;
  }
  // While the second half of a roll is being decided nothing else is started in the name.
  const started = decisions.some((d) => d.kind === 'open') || memory.rolls[name] !== undefined;
  const current: Holding = started ? { ...holding, busy: true } : holding;
  for (const short of [...holding.puts, ...holding.calls]) {
    const step = manageShort(ctx, decisions.some((d) => d.kind === 'close') ? { ...current, busy: true } : current, short, memory);
    decisions.push(...step.decisions);
    memory = step.memory;
  }
  if (holding.shareCount > 0) decisions.push(holdShares(ctx, holding, memory));
  return { decisions, memory };
}

/** What concerns options no longer held is forgotten. */
function forget(ctx: WheelContext, memory: WheelMemory): WheelMemory {
  const held = new Set<string>(ctx.positions.map((p) => p.instrument.symbol));
  const kept = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([symbol]) => held.has(symbol)));
  return { ...memory, stops: kept(memory.stops), exits: kept(memory.exits), blind: kept(memory.blind) };
}

/** One or more decisions for every position, and the second halves of rolls; runs in halts too. */
export function manage(ctx: WheelContext): readonly Decision[] {
  let memory = recall(ctx.memory, ctx.day);
  memory = { ...memory, opened: openedToday({ ...ctx, working: [] }, memory) };
  const decisions: Decision[] = [];
  const names = new Set<Symbol>([
    ...namesHeld(ctx),
    ...(Object.keys({ ...memory.rolls, ...memory.carried, ...memory.peakShares }) as Symbol[]),
  ]);
  for (const name of [...names].sort()) {
    const step = manageName(ctx, name, memory);
    decisions.push(...step.decisions);
    memory = step.memory;
  }
  return [...decisions, ...remember(ctx.memory, forget(ctx, memory))];
}
