// The other side of the wire: an embedded exchange on virtual time, in a life of its own that no crash of a daemon ends.
import { seededRng } from '../base/rng.ts';
import { type ExchangeCoreOptions, openExchangeCore } from '../exchange/core/core.ts';
import { type Exchange, openExchange } from '../exchange/exchange.ts';
import type { ExchangeMarket } from '../exchange/market.ts';
import { pacedClock } from '../exchange/paced-clock.ts';
import { syntheticMarket } from '../exchange/synthetic/market.ts';
import type { XKey } from '../exchange/types.ts';
import type { Calendar } from '../market/calendar.ts';
import type { SwarmOptions } from './swarm.ts';
import { thinListing } from './thin-listing.ts';
import type { Life } from './virtual-globals.ts';

export interface LabExchangeOptions {
  readonly life: Life;
  readonly calendar: Calendar;
  readonly seed: number;
  /** Exchange milliseconds per wall millisecond. */
  readonly speed: number;
  /** First exchange instant, UTC milliseconds. */
  readonly start: number;
  /** What is traded; the seed's synthetic market when absent. */
  readonly market?: ExchangeMarket;
  readonly listing: SwarmOptions['listing'];
  /** Starting cash, partial fills, assignments and fees, where they differ from a seed's: $100,000, and one order in ten fills in two parts. */
  readonly house?: House;
  /** Told of a fault of the exchange's own. */
  readonly fault: (error: unknown, where: string) => void;
}

/** How the exchange treats an account. */
export type House = Pick<ExchangeCoreOptions, 'startingCash' | 'partialFills' | 'displayedSizes' | 'assignment' | 'fees' | 'lends'>;

export const labKey: XKey = { id: 'lab', secret: 'lab', account: 'lab' };

/** How often quotes and fills are pushed, wall milliseconds. */
const TICK_MS = 250;

function seededMarket({ seed, calendar, start, listing }: LabExchangeOptions): ExchangeMarket {
  const market = syntheticMarket({ seed: seededRng(seed).fork('market').int(0, 0xffffffff), calendar, start });
  return listing === 'round' ? thinListing(market) : market;
}

/** An exchange in memory: it keeps its account for the length of the run, whatever becomes of its clients. */
export function labExchange(options: LabExchangeOptions): Exchange {
  const { life, calendar, seed, speed, start, house, fault } = options;
  const market = options.market ?? seededMarket(options);
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys: [labKey], seed, start, partialFills: true, ...house });
  const clock = pacedClock({ start, speed, wallNow: () => performance.now(), calendar, nextEvent: (after) => core.nextEvent(after) });
  const exchange = openExchange({ core, market, calendar, clock, after: (ms, ring) => life.after(ms, ring), onFault: fault });
  life.every(TICK_MS, () => exchange.tick());
  return exchange;
}
