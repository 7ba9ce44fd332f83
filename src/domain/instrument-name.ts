// What the broker's own id of an instrument is called, and since when: symbols are reused and changed, ids are not.
import type { Symbol } from './ids.ts';
import type { TradingDay } from './time.ts';

export interface InstrumentName {
  /** The broker's id of the asset. */
  readonly asset: string;
  readonly symbol: Symbol;
  /** The first day on which it was seen under this symbol; it bears it until the day of its next one. */
  readonly validFrom: TradingDay;
}
