// Halts and quotes that stand still, as the board tells of them and as a market shows them.
import { describe, expect, it } from 'vitest';
import { haltBoard, marketOnBoard, seededHalts } from '../../../src/exchange/halts.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { usCalendar } from '../../../src/market/calendar.ts';

const calendar = usCalendar();
const market = syntheticMarket({ seed: 7, calendar });
const NOW = market.firstInstant;
const span = { from: NOW + 60_000, to: NOW + 360_000 };

describe('the halt board', () => {
  it('halts a symbol and its options from its instant up to its end, and nothing else', () => {
    const board = haltBoard();
    board.halt('SPY', span);
    const states = [-1, 0, 1].map((late) => [
      board.isHalted('SPY', span.from + late),
      board.isHalted('SPY261218P00500000', span.to - 1 + late),
    ]);
    expect(states).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
    expect(board.isHalted('F', span.from)).toBe(false);
  });

  it('lets the quotes of a halted or frozen symbol stand still, and prints no minutes of a halt', () => {
    const board = haltBoard();
    board.halt('SPY', span);
    board.freeze('F', span);
    const shown = marketOnBoard(market, board);
    for (const symbol of ['SPY', 'F']) {
      const later = span.to - 1_000;
      expect(market.quote(symbol, later)).not.toEqual(market.quote(symbol, span.from));
      expect(shown.quote(symbol, later)).toEqual(market.quote(symbol, span.from));
      expect(shown.quote(symbol, span.to)).toEqual(market.quote(symbol, span.to));
    }
    expect(board.isHalted('F', span.from)).toBe(false);
    const minutes = (from: typeof market, symbol: string) => from.minuteBars(symbol, NOW - 60_000, NOW + 600_000, NOW + 700_000).length;
    expect(minutes(market, 'SPY') - minutes(shown, 'SPY')).toBe(5);
    expect(minutes(market, 'F')).toBe(minutes(shown, 'F'));
  });

  it('adds the pauses of a seed: five minutes, on about one day in ten, in the session', () => {
    const pauses = seededHalts(3, calendar);
    let paused = 0;
    for (const session of calendar.between(calendar.dayOf(NOW as never), calendar.offset(calendar.dayOf(NOW as never), 199).day)) {
      let minutes = 0;
      for (let now: number = session.open; now < session.close; now += 60_000) if (pauses('SPY', now) !== undefined) minutes++;
      expect([0, 5]).toContain(minutes);
      if (minutes === 5) paused++;
      expect(pauses('SPY', session.close + 1)).toBeUndefined();
    }
    expect(paused).toBeGreaterThan(8);
    expect(paused).toBeLessThan(40);
  });
});
