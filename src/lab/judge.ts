// What a run of the whole system is held to at its end, whatever happened on the way: at rest, stopped flat, and every checker over the
// record of the exchange, the ledger's file and what left on the wire.
import { SECOND } from '../domain/time.ts';
import { ledgerLaws } from '../execution/laws.ts';
import { checkDatabase } from '../store/check.ts';
import {
  checkAlarms,
  checkExit,
  checkFills,
  checkHoldings,
  checkLots,
  checkOrders,
  checkPosts,
  checkReserves,
  type Violation,
} from './checkers.ts';
import type { World } from './world.ts';

/** I21: at rest, and stopped, each within this much wall time. */
const REST_MS = 30 * SECOND;
const STOP_MS = 61 * SECOND;
const LOOK_MS = 100;

/** It did not come back, or not in its time. */
export const lost = (where: string, what: string): Violation => ({ rule: 'I21', where, what });

/** Looks until ledger and broker agree; what still differs at the end is returned. */
export async function comeToRest(world: World): Promise<readonly Violation[]> {
  let found = checkHoldings(world.broker(), world.ledger());
  for (let ms = 0; found.length > 0 && ms < REST_MS; ms += LOOK_MS) {
    await world.run(LOOK_MS);
    found = checkHoldings(world.broker(), world.ledger());
  }
  return found;
}

/** Stops it as SIGTERM would: it must end flat, in its time, with the code for that. */
export async function stop(world: World): Promise<readonly Violation[]> {
  world.shutdown();
  if (!(await world.until(() => world.stopped() !== null, STOP_MS))) return [lost('shutdown', `no exit within ${String(STOP_MS)} ms`)];
  const how = world.stopped();
  return checkExit(how?.exitCode ?? -1, world.broker(), world.ledger(), how?.remainder ?? []);
}

/** What holds at the end, whatever happened on the way. */
export function verdict(world: World): readonly Violation[] {
  const [broker, ledger] = [world.broker(), world.ledger()];
  const file = checkDatabase(world.ledgerFile, ledgerLaws);
  const inside: readonly Violation[] = file.ok
    ? file.violations.map((v) => ({ rule: 'ledger', where: v.where, what: `${v.rule}: ${v.what}` }))
    : [{ rule: 'ledger', where: 'file', what: file.fault.message }];
  return [
    ...world.faults,
    ...checkOrders(broker, ledger),
    ...checkFills(broker, ledger),
    ...checkPosts(world.sent),
    ...checkLots(ledger.holdings),
    ...checkReserves(ledger),
    ...checkAlarms(ledger),
    ...inside,
  ];
}
