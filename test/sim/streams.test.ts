import { afterEach, describe, expect, it } from 'vitest';
import { checkFills, checkHoldings } from '../../src/lab/checkers.ts';
import { createWorld, type World } from '../../src/lab/world.ts';
import { afternoon } from './scenario.ts';

let world: World | null = null;
afterEach(() => {
  world?.close();
  world = null;
});

const isTrade = (url: string): boolean => url.endsWith('/stream');
const began = async (parts: Parameters<typeof afternoon>[0] = {}): Promise<World> => {
  const made = createWorld({ swarm: afternoon(parts) });
  world = made;
  made.boot();
  expect(await made.until(() => made.beliefs()?.ready() === true, 30_000)).toBe(true);
  return made;
};

describe('a trade stream that breaks', () => {
  it('keeps entries off until the account was read again, and no fill is lost', async () => {
    const w = await began();
    expect(await w.until(() => w.broker().orders.length > 0, 60_000)).toBe(true);
    w.dropStreams(isTrade);
    expect(await w.until(() => w.beliefs()?.modes.has('STREAM_DOWN') === true, 1_000)).toBe(true);
    expect(w.beliefs()?.ready()).toBe(false);
    expect(await w.until(() => w.beliefs()?.ready() === true, 30_000)).toBe(true);
    await w.run(15_000);
    const [broker, ledger] = [w.broker(), w.ledger()];
    expect(broker.fills.length).toBeGreaterThan(0);
    expect([...checkFills(broker, ledger), ...checkHoldings(broker, ledger), ...w.faults]).toEqual([]);
  }, 60_000);

  it('that is mute with its line up is made good by reading', async () => {
    const w = await began({ lostPerMille: 1000 });
    w.torment();
    expect(await w.until(() => w.broker().fills.length > 0, 60_000)).toBe(true);
    await w.run(15_000);
    const [broker, ledger] = [w.broker(), w.ledger()];
    expect(ledger.fills.length).toBeGreaterThan(0);
    expect([...checkFills(broker, ledger), ...w.faults]).toEqual([]);
  }, 60_000);

  it('and every other line with it, requests under way included, is only a pause', async () => {
    const w = await began();
    for (let i = 0; i < 4; i++) {
      w.cut();
      await w.run(4_000);
    }
    expect(await w.until(() => w.beliefs()?.ready() === true, 30_000)).toBe(true);
    await w.run(5_000);
    expect([...checkHoldings(w.broker(), w.ledger()), ...w.faults]).toEqual([]);
  }, 60_000);
});
