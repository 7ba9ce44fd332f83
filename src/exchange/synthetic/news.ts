// Headlines of the invented market: what its reports, dividends and large days would be told with, and some that mean nothing.
import { hash32 } from '../../base/rng.ts';
import { addDays, type EpochMs, type TradingDay } from '../../domain/time.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { MarketNews } from '../market.ts';
import { draw, streamOf, uniform } from './draws.ts';
import { ANNOUNCED_AHEAD } from './events.ts';
import type { NameMarket } from './name-market.ts';
import type { SessionIndex } from './session-index.ts';

export interface NewsDesk {
  /** Headlines published in [from, to], oldest first, of these symbols or, without any, of all. */
  read(symbols: readonly string[] | undefined, from: number, to: number): readonly MarketNews[];
}

/** A session that moves this many of its own deviations from open to close has a cause that is told in the morning. */
const LARGE_MOVE = 2;
/** Part of the sessions of a name on which something is said of it that moves nothing. */
const ROUTINE = 0.03;
/** Each morning's review of the market names more symbols than anything that is about one of them. */
const REVIEWED = ['SPY', 'QQQ', 'IWM', 'DIA'] as const;

const routine = [
  'opens a new office',
  'names a new head of operations',
  'is in the portfolio of the week of a newsletter',
  'presents at an industry conference',
] as const;

interface Told {
  readonly kind: string;
  /** Minutes after New York midnight. */
  readonly minute: number;
  readonly headline: string;
}

/** What is said of one name on a session's day. */
function toldOf({ name, path }: NameMarket, stream: number, index: number, day: TradingDay): readonly Told[] {
  const told: Told[] = [];
  const jitter = (salt: number, span: number): number => draw(stream, index, salt) % span;
  for (const { time } of path.events.reports(day, day)) {
    const minute = (time === 'AMC' ? 16 * 60 + 5 : 6 * 60 + 45) + jitter(1, 20);
    told.push({ kind: 'report', minute, headline: `${name.name} reports its results of the quarter` });
  }
  const ex = addDays(day, ANNOUNCED_AHEAD);
  for (const { perShare } of path.events.payments(ex, ex))
    told.push({
      kind: 'dividend',
      minute: 8 * 60 + 30,
      headline: `${name.name} declares a dividend of ${perShare.toFixed(3)} dollars a share`,
    });
  const { open, close, deviation } = path.step(index);
  if (Math.abs(close - open) > LARGE_MOVE * deviation) {
    const subject = name.earnings === null ? 'The economy' : name.name;
    const what = close > open ? 'fares better than thought' : 'fares worse than thought';
    told.push({ kind: 'outlook', minute: 9 * 60 + 35 + jitter(2, 90), headline: `${subject} ${what}` });
  }
  if (uniform(stream, index, 3) < ROUTINE) {
    const said = routine[jitter(4, routine.length)] ?? routine[0];
    told.push({ kind: 'routine', minute: 8 * 60 + jitter(5, 480), headline: `${name.name} ${said}` });
  }
  return told;
}

/** A number for life: session and subject, whoever else is in the market. */
const idOf = (index: number, subject: string): number => index * 2 ** 32 + hash32(subject);

/** @param seed of the market: with a name and a session the address of every draw */
export function newsDesk(seed: number, markets: ReadonlyMap<string, NameMarket>, sessions: SessionIndex, calendar: Calendar): NewsDesk {
  const at = (day: TradingDay, minute: number): number => calendar.instant(day, Math.floor(minute / 60), minute % 60);
  const ofName = (market: NameMarket, index: number): readonly MarketNews[] => {
    const { day } = sessions.session(index);
    const { symbol } = market.name;
    return toldOf(market, streamOf(seed, `${symbol}/news`), index, day).map(({ kind, minute, headline }) => ({
      id: idOf(index, `${symbol}/${kind}`),
      at: at(day, minute),
      headline,
      symbols: [symbol],
    }));
  };
  const review = (index: number): MarketNews => ({
    id: idOf(index, 'review'),
    at: at(sessions.session(index).day, 8 * 60 + 15),
    headline: 'Before the open: what the market looks at today',
    symbols: REVIEWED,
  });
  return {
    read(symbols, from, to) {
      const wanted = symbols === undefined ? [...markets.values()] : [...markets.values()].filter((m) => symbols.includes(m.name.symbol));
      const first = calendar.dayOf(from as EpochMs);
      const last = calendar.dayOf(to as EpochMs);
      const items: MarketNews[] = [];
      for (let i = sessions.from(first); sessions.session(i).day <= last; i++) {
        if (symbols === undefined || REVIEWED.some((symbol) => symbols.includes(symbol))) items.push(review(i));
        for (const market of wanted) items.push(...ofName(market, i));
      }
      return items.filter((item) => item.at >= from && item.at <= to).sort((a, b) => a.at - b.at || a.id - b.id);
    },
  };
}
