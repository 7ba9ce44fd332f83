// One seed from its first boot to its verdict: first safety (faults on, nothing may break), then liveness (faults off, it must come
// to rest), then an orderly stop that must end flat, and every checker over what is left.

import { MINUTE, SECOND } from '../domain/time.ts';
import { REFERENCE_DAY } from '../exchange/synthetic/session-index.ts';
import { readOrderId } from '../execution/order-id.ts';
import type { Violation } from './checkers.ts';
import { comeToRest, lost, stop, verdict } from './judge.ts';
import type { SwarmOptions } from './swarm.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface SeedReport {
  readonly seed: number;
  readonly swarm: SwarmOptions;
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly crashes: number;
  readonly breaks: number;
  /** Requests that the network or the broker's front spoiled. */
  readonly struck: number;
  readonly turns: number;
  /** Orders the broker filled, wholly or in part, by strategy. */
  readonly filled: Readonly<Record<string, number>>;
  readonly orders: number;
  /** How often each event was noted in the ledger. */
  readonly noted: Readonly<Record<string, number>>;
  readonly exitCode: number | null;
}

/** I21: ready, or halted with a reason, within this much wall time of the last fault. */
const READY_MS = 30 * SECOND;
const MORNING_AFTER_OPEN = 10 * MINUTE;
const AFTERNOON_BEFORE_CLOSE = 8 * MINUTE;

/** Exchange instant at which the faults end. */
function endOf(world: World, { startSession, days, ends }: SwarmOptions): number {
  const last = world.calendar.offset(REFERENCE_DAY, startSession + days - 1);
  return ends === 'morning' ? world.calendar.offset(last.day, 1).open + MORNING_AFTER_OPEN : last.close - AFTERNOON_BEFORE_CLOSE;
}

/** Ready to open, or kept from it by a halt alone. */
function isReady(world: World): boolean {
  const beliefs = world.beliefs();
  if (beliefs === null) return false;
  return beliefs.ready() || (beliefs.modes.size > 0 && [...beliefs.modes].every((mode) => mode === 'HALTED'));
}

async function live(world: World, swarm: SwarmOptions): Promise<readonly Violation[]> {
  const end = endOf(world, swarm);
  const wall = ((end - world.exchange.core.at) / swarm.speed) * 2 + 60 * SECOND;
  world.boot();
  world.torment();
  if (!(await world.until(() => world.exchange.core.at >= end, wall))) return [lost('exchange', 'its clock stands still')];
  world.heal();
  if (!(await world.until(() => isReady(world), READY_MS))) {
    return [lost('ready', `not within ${String(READY_MS)} ms: ${[...(world.beliefs()?.modes ?? ['not booted'])].join(', ')}`)];
  }
  return [...(await comeToRest(world)), ...(await stop(world))];
}

function filledOf(world: World): Readonly<Record<string, number>> {
  const filled: Record<string, number> = {};
  for (const order of world.broker().orders) {
    const strategy = readOrderId(order.clientOrderId)?.strategy;
    if (strategy !== undefined && order.filledQty > 0) filled[strategy] = (filled[strategy] ?? 0) + 1;
  }
  return filled;
}

/** Runs a seed to its end. Never throws for what the daemon does wrong: that is a violation. */
export async function runSeed(options: WorldOptions): Promise<SeedReport> {
  const { swarm } = options;
  const world = createWorld(options);
  try {
    let found: readonly Violation[];
    try {
      found = await live(world, swarm);
    } catch (error) {
      found = [{ rule: 'fault', where: 'run', what: error instanceof Error ? (error.stack ?? error.message) : String(error) }];
    }
    const { crashes, breaks, struck, turns } = world.counts;
    return {
      seed: swarm.seed,
      swarm,
      violations: [...found, ...verdict(world)],
      crashes,
      breaks,
      struck,
      turns,
      filled: filledOf(world),
      orders: world.broker().orders.length,
      noted: Object.fromEntries(world.ledger().notes),
      exitCode: world.stopped()?.exitCode ?? null,
      digest: world.digest.text(),
    };
  } finally {
    world.close();
  }
}
