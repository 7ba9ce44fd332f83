// Bars of minutes for strategies that read shapes: usual sessions first, then the bars a case tells, running back over the night.
import { symbol } from '../../../src/domain/ids.ts';
import { price } from '../../../src/domain/money.ts';
import { after, MINUTE } from '../../../src/domain/time.ts';
import type { BarMinutes } from '../../../src/market/intraday.ts';
import type { Bar } from '../../../src/market/quote.ts';
import { calendar, micros, nowOf, type World } from './world.ts';
import type { Shape } from './world-more.ts';

export interface Told {
  readonly minutes: BarMinutes;
  /** Every bar that is not told; flat at its close where no range is given. */
  readonly usual: { readonly close: number; readonly high?: number; readonly low?: number; volume(slot: number): number };
  /** The last bars, the newest ending now. */
  readonly last: readonly Shape[];
  /** Sessions before today; 20 when left out. */
  readonly sessions?: number;
  /** Today's first bar, when it is not among the last. */
  readonly opening?: Shape;
}

/** Puts the bars on the board. Opens, highs and lows that are not told follow the closes. */
export function barsUpToNow(w: World, name: string, told: Told): void {
  const length = told.minutes * MINUTE;
  const slots = calendar.between(calendar.offset(w.day, -(told.sessions ?? 20)).day, w.day).flatMap((session) => {
    const until = Math.min(session.close, w.at);
    return Array.from({ length: Math.floor((until - session.open) / length) }, (_, slot) => ({ session, slot }));
  });
  let before = told.usual.close;
  const bars = slots.map(({ session, slot }, i): Bar => {
    const own = told.last[i - (slots.length - told.last.length)];
    const opening = session.day === w.day && slot === 0 ? told.opening : undefined;
    const shape = own ?? opening ?? { ...told.usual, open: told.usual.close, volume: told.usual.volume(slot) };
    const open = shape.open ?? before;
    before = shape.close;
    return {
      at: after(session.open, slot * length),
      day: session.day,
      open: price(micros(open)),
      high: price(micros(shape.high ?? Math.max(open, shape.close))),
      low: price(micros(shape.low ?? Math.min(open, shape.close))),
      close: price(micros(shape.close)),
      volume: shape.volume,
    };
  });
  w.board.setIntradayBars(symbol(name), told.minutes, { bars, from: bars[0]?.at ?? w.at, seen: nowOf(w).mono });
}
