// What the wheel opens: puts on the best-ranked names, calls on shares it was given. One decision for every name of the universe.
import type { Decision, Gate, Open, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import { figure, need, pass, refuse, settle, type Trial } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { chooseCall, leastCallCredit } from './calls.ts';
import type { WheelContext } from './context.ts';
import { type Holding, holdingOf, namesHeld } from './holding.ts';
import { recall, remember, type WheelMemory } from './memory.ts';
import { choosePut, earliestExpiry, leastPutCredit, type PutCandidate } from './puts.ts';
import { allot, type Room, roomAfter, roomNow } from './room.ts';
import { type Sale, sellToOpen } from './sale.ts';
import { screen } from './screen.ts';

const assumedOf = (ctx: WheelContext, name: Symbol): readonly string[] => ctx.market.assumptions(name);

/** Why nothing at all is opened now, or undefined. */
function closedToAll(ctx: WheelContext, memory: WheelMemory): Parameters<typeof refuse> | undefined {
  const { account, params } = ctx;
  if (account.optionsLevel < 1)
    return [
      'options level',
      'LEVEL_TOO_LOW',
      `the account's options level is ${account.optionsLevel}, cash-secured puts need 1`,
      account.optionsLevel,
      1,
    ];
  if (account.ageMs > params.account_age_ms_max) {
    return [
      'account age',
      'ACCOUNT_STALE',
      `the account was read ${account.ageMs} ms ago, at most ${params.account_age_ms_max} are allowed`,
      account.ageMs,
      params.account_age_ms_max,
    ];
  }
  const blind = Object.entries(memory.blind).find(([, since]) => ctx.now.mono - since >= params.blind_seconds * 1_000);
  if (blind !== undefined)
    return ['held options quoted', 'BLIND', `${blind[0]} has had no quote for ${params.blind_seconds} s`, blind[0], null];
  return undefined;
}

/** What stands against any opening in a name. */
function* free(ctx: WheelContext, holding: Holding, memory: WheelMemory): Trial<void> {
  const shut = closedToAll(ctx, memory);
  if (shut !== undefined) yield* refuse(...shut);
  if (holding.stage === 'RECONCILE')
    yield* refuse(
      'ledger agrees',
      'RECON_PENDING',
      `positions and ledger disagree in ${holding.name}: only what reduces risk is done`,
      holding.stage,
    );
  if (memory.rolls[holding.name] !== undefined)
    yield* refuse('no roll under way', 'ORDER_WORKING', `a roll of ${memory.rolls[holding.name]?.option ?? ''} is half done`);
  if (holding.busy)
    yield* refuse('no order working', 'ORDER_WORKING', `an order of ours is at work in ${holding.name}`, holding.working.length);
}

function decideCall(ctx: WheelContext, holding: Holding, memory: WheelMemory): Open | Pass {
  const { name } = holding;
  function* trial() {
    yield* free(ctx, holding, memory);
    const quote = yield* need('quote', ctx.market.quote(name));
    return { candidate: yield* chooseCall(ctx, holding, memory, quote), spot: mid(quote) };
  }
  const outcome = settle(trial());
  if (!outcome.ok) return pass(name, outcome.code, outcome.why, outcome.gates, assumedOf(ctx, name));
  const { candidate, spot } = outcome.value;
  const { option, delta } = candidate.row;
  const creditMin = leastCallCredit(ctx, candidate, spot);
  const sale: Sale = {
    valued: candidate.row,
    contracts: candidate.contracts,
    creditMin,
    lossBeforeCredit: candidate.basis - dollars(option.strike),
  };
  const why = `covered call at ${dollars(option.strike)} of ${option.expiry}, delta ${figure(delta)}, over a basis of ${figure(candidate.basis)}`;
  return sellToOpen(ctx, name, sale, { key: `call:${name}`, code: 'ENTRY', why, gates: outcome.gates });
}

interface Judged {
  readonly candidate: PutCandidate;
  readonly gates: readonly Gate[];
}

function judgePut(ctx: WheelContext, holding: Holding, memory: WheelMemory): Judged | Pass {
  const { name, stage } = holding;
  function* trial() {
    yield* free(ctx, holding, memory);
    if (stage !== 'CASH') yield* refuse('nothing held', 'ALREADY_HELD', `${name} is in ${stage}`, stage, 'CASH');
    const around = {
      params: ctx.params,
      market: ctx.market,
      day: ctx.day,
      equityDollars: dollars(ctx.account.equity),
      previousDay: ctx.sessionAt(ctx.day, -1).day,
    };
    return yield* choosePut(ctx, name, yield* screen(around, name, earliestExpiry(ctx)));
  }
  const outcome = settle(trial());
  return outcome.ok
    ? { candidate: outcome.value, gates: outcome.gates }
    : pass(name, outcome.code, outcome.why, outcome.gates, assumedOf(ctx, name));
}

/** Names entered anew today: those remembered, those whose cycle began today, and those whose first put is being worked. */
export function openedToday(ctx: Pick<WheelContext, 'cycles' | 'day' | 'working' | 'positions'>, memory: WheelMemory): readonly string[] {
  const begun = ctx.cycles
    .filter((cycle) => cycle.startedDay === ctx.day && memory.carried[cycle.underlying]?.day !== ctx.day)
    .map((cycle) => cycle.underlying);
  const held = new Set(ctx.positions.map((p) => p.instrument.underlying));
  const tried = ctx.working
    .map((order) => order.legs[0])
    .filter((l) => l.effect === 'open' && !held.has(l.instrument.underlying))
    .map((l) => l.instrument.underlying);
  return [...new Set<string>([...memory.opened, ...begun, ...tried])].sort();
}

/** Hands the room out down the ranking: score, then name, so the order of the universe does not matter. */
function handOut(ctx: WheelContext, judged: readonly Judged[], start: Room): readonly (Open | Pass)[] {
  const ranked = [...judged].sort((a, b) => b.candidate.score - a.candidate.score || (a.candidate.name < b.candidate.name ? -1 : 1));
  let room = start;
  return ranked.map(({ candidate, gates }) => {
    const { name, row } = candidate;
    const outcome = settle(allot(ctx, candidate, room));
    const all = [...gates, ...outcome.gates];
    if (!outcome.ok) return pass(name, outcome.code, outcome.why, all, assumedOf(ctx, name));
    room = roomAfter(room, candidate, outcome.value);
    const strike = dollars(row.option.strike);
    const sale: Sale = { valued: row, contracts: outcome.value, creditMin: leastPutCredit(ctx, row), lossBeforeCredit: strike };
    const why = `cash-secured put at ${strike} of ${row.option.expiry}: ${figure(candidate.yield * 100)} % a year, score ${figure(candidate.score)}`;
    return sellToOpen(ctx, name, sale, { key: `put:${name}`, code: 'ENTRY', why, gates: all });
  });
}

/** One decision for every name of the universe, and for every other name in which shares wait for a call. */
export function evaluate(ctx: WheelContext): readonly Decision[] {
  const memory = recall(ctx.memory, ctx.day);
  const held = namesHeld(ctx);
  const names = [...new Set<Symbol>([...ctx.params.universe, ...held])].sort();
  const judged: Judged[] = [];
  const rest: (Open | Pass)[] = [];
  for (const name of names) {
    const holding = holdingOf(name, ctx);
    if (holding.freeShares >= 100) {
      rest.push(decideCall(ctx, holding, memory));
    } else if (ctx.params.universe.includes(name)) {
      const verdict = judgePut(ctx, holding, memory);
      if ('candidate' in verdict) judged.push(verdict);
      else rest.push(verdict);
    }
  }
  const opened = openedToday(ctx, memory);
  const puts = handOut(ctx, judged, roomNow(ctx, new Set(held), opened.length));
  return [...puts, ...rest, ...remember(ctx.memory, { ...memory, opened })];
}
