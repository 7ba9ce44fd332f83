// Daily steps of each name: log price and volatility level, driven by one market factor, sector factors and noise of its own.
import { normal, streamOf } from './draws.ts';
import { type NameEvents, nameEvents } from './events.ts';
import type { SyntheticName } from './names.ts';
import { NO_TILT, type Tilt } from './regime.ts';
import type { SessionIndex } from './session-index.ts';

/** One session of one name, in logs of dollars. */
export interface DailyStep {
  readonly open: number;
  readonly close: number;
  /** Log of the volatility level over the name's typical one, at the close. */
  readonly tone: number;
  /** Standard deviation of the session's own log move, open to close. */
  readonly deviation: number;
  /** Shares traded in the whole session. */
  readonly volume: number;
}

export interface DailyPath {
  readonly name: SyntheticName;
  readonly events: NameEvents;
  /** A session's step, by its number from the first; computed once, in order, and kept. */
  step(index: number): DailyStep;
}

/** What is left of yesterday's distance from the name's level: a half-life of about 34 sessions keeps prices from running away. */
const PRICE_MEMORY = 0.98;
/** The volatility level forgets faster: about 17 sessions; so a year holds many swings and an IV rank means something. */
const TONE_MEMORY = 0.96;
/** Long-run standard deviation of the log volatility level. */
const TONE_SPREAD = 0.2;
/** Fear feeds on itself less the higher it is: bends high tones down, so that one spike does not rule a year's range. */
const CALMING = 1;
/** Options price somewhat more movement than comes: the premium that sellers live on. */
const REALISED = 0.85;
/** Part of a day's variance that falls between the close and the next open. */
const OVERNIGHT = 0.25;
/** Growth far from the reference day, and the years over which the name's own rate fades into it. */
const LONG_GROWTH = 0.06;
const GROWTH_FADE = 3;

/** Standard deviation of the log move at a report, a fraction; wilder names move more. */
export const reportMove = (name: SyntheticName): number => 0.01 + 0.065 * name.vol;

/** Log of the level the price hovers about, relative to the reference day. */
function drift(name: SyntheticName, years: number): number {
  const faded = Math.sign(years) * GROWTH_FADE * (1 - Math.exp(-Math.abs(years) / GROWTH_FADE));
  return LONG_GROWTH * years + (name.growth - LONG_GROWTH) * faded;
}

interface Streams {
  readonly market: number;
  readonly marketTone: number;
  readonly sector: number;
  readonly own: number;
  readonly tone: number;
  readonly night: number;
  readonly report: number;
  readonly volume: number;
}

const streamsOf = (seed: number, name: SyntheticName): Streams => ({
  market: streamOf(seed, 'market'),
  marketTone: streamOf(seed, 'market/tone'),
  sector: streamOf(seed, `sector/${name.sector}`),
  own: streamOf(seed, `${name.symbol}/own`),
  tone: streamOf(seed, `${name.symbol}/tone`),
  night: streamOf(seed, `${name.symbol}/night`),
  report: streamOf(seed, `${name.symbol}/report`),
  volume: streamOf(seed, `${name.symbol}/volume`),
});

/** The session's log volatility level: falling markets raise it. */
function nextTone(streams: Streams, name: SyntheticName, before: number, index: number): number {
  const shared = name.marketShare > 0.5 ? 0.85 : 0.45;
  const own = Math.sqrt(1 - 0.45 ** 2 - shared ** 2);
  const shock = -0.45 * normal(streams.market, index) + shared * normal(streams.marketTone, index) + own * normal(streams.tone, index);
  return TONE_MEMORY * before + TONE_SPREAD * Math.sqrt(1 - TONE_MEMORY ** 2) * shock;
}

/** The session's unit shock: market, sector and own parts with the name's shares of variance. */
function shockOf(streams: Streams, name: SyntheticName, index: number): number {
  const rest = 1 - name.marketShare - name.sectorShare;
  const common = Math.sqrt(name.marketShare) * normal(streams.market, index) + Math.sqrt(name.sectorShare) * normal(streams.sector, index);
  return common + Math.sqrt(rest) * normal(streams.own, index);
}

/** @param tilt what a regime does to each session, by its number */
export function dailyPath(
  seed: number,
  name: SyntheticName,
  sessions: SessionIndex,
  tilt: (index: number) => Tilt = () => NO_TILT,
): DailyPath {
  const streams = streamsOf(seed, name);
  const events = nameEvents(seed, name, sessions);
  const steps: DailyStep[] = [];
  /** Log distance of the close from the name's level, and the raw volatility tone, after the last step. */
  let distance = 0;
  let raw = 0;

  function next(): void {
    const index = steps.length;
    const before = steps[index - 1];
    const level = Math.log(name.price) + drift(name, sessions.years(index));
    if (before === undefined) {
      steps.push({ open: level, close: level, tone: 0, deviation: (REALISED * name.vol) / Math.sqrt(252), volume: name.thousands * 1000 });
      return;
    }
    const { gap, move, vol, wiggle, tone } = tilt(index);
    const full = (REALISED * name.vol * Math.exp(before.tone)) / Math.sqrt(252);
    const day = full * vol;
    const shock = shockOf(streams, name, index);
    const report = events.gapBefore(index) ? reportMove(name) * normal(streams.report, index) : 0;
    const jump = report + Math.log(1 - events.goesEx(index) / Math.exp(before.close)) + gap;
    distance = PRICE_MEMORY * distance + day * shock + jump + move;
    const close = level + distance;
    const steady = close - before.close - jump - move;
    const night = OVERNIGHT * steady + Math.sqrt(OVERNIGHT * (1 - OVERNIGHT)) * day * normal(streams.night, index);
    raw = nextTone(streams, name, raw, index) + tone;
    const bustle = 0.22 * normal(streams.volume, index) + 0.35 * (Math.abs(shock) - 0.8) + (report === 0 ? 0 : 0.6);
    steps.push({
      open: before.close + jump + night,
      close,
      tone: raw / (1 + CALMING * Math.max(0, raw)),
      deviation: full * wiggle * Math.sqrt(1 - OVERNIGHT),
      volume: Math.round(name.thousands * 1000 * Math.exp(bustle)),
    });
  }
  return {
    name,
    events,
    step(index) {
      while (steps.length <= index) next();
      return steps[index] as DailyStep;
    },
  };
}
