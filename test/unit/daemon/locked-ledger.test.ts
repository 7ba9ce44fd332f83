// S-91: a ledger that cannot be written lets nothing leave: the turn that would open something is not committed, and so not carried out.
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createInbox } from '../../../src/daemon/inbox.ts';
import type { StrategyId } from '../../../src/domain/ids.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { market } from '../engine/scenes.ts';
import { buy } from '../risk/contexts.ts';
import { ledgerFile, running } from '../store/fixture.ts';
import { handClock } from './parts.ts';

/** An engine that is about to buy, a ledger on disk, and what came of the tick. */
function tick(locked: boolean) {
  const file = ledgerFile();
  const store = running(file);
  const w = market();
  w.lag = 'never';
  w.script.evaluate = [buy('ABC', 10, 5)];
  const acted: Turn[] = [];
  const failures: unknown[] = [];
  const inbox = createInbox({
    engine: { turn: (event) => w.push(event), beliefs: w.beliefs } as Pick<Engine, 'turn' | 'beliefs'> as Engine,
    clock: handClock(),
    commit: (turn) => store.commit(turn),
    observers: [],
    act: (turn) => acted.push(turn),
    failed: (error) => failures.push(error),
  });
  const other = new Database(file);
  if (locked) other.exec('BEGIN IMMEDIATE');
  inbox.push({ kind: 'tick', strategy: 'base' as StrategyId, phase: 'entry', slot: 'entry', slotAt: w.now().exchange });
  if (locked) other.exec('ROLLBACK');
  const orders = other.prepare('SELECT count(*) AS n FROM orders').get();
  other.close();
  store.close();
  return { acted, failures, orders };
}

describe('a ledger that another process has locked', () => {
  it('opens nothing: the commit fails, nothing is carried out, and no more events are taken', () => {
    const { acted, failures, orders } = tick(true);
    expect(acted).toEqual([]);
    expect(failures.map(String)).toEqual([expect.stringMatching(/locked/)]);
    expect(orders).toEqual({ n: 0 });
  });
  it('would have opened it had it been free', () => {
    const { acted, failures, orders } = tick(false);
    expect(failures).toEqual([]);
    expect(acted.flatMap((turn) => turn.commands.map((c) => c.kind))).toContain('send');
    expect(orders).toEqual({ n: 1 });
  });
});
