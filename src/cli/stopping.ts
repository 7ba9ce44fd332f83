// What a stop of `wsb run` begins with, whoever asks for it: the supervisor is told, and an exchange of our own comes to wall pace.
import { epochMs } from '../domain/time.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosted } from './host-exchange.ts';
import { warn } from './output.ts';

export interface StoppingOptions {
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly hosted: Hosted | null;
  readonly budgetMs: number;
  /** Tells the supervisor that a stop has begun. */
  readonly tell: () => void;
}

/** An embedded exchange stops with us: wall pace, and an open market, so that the stop can end flat. */
function calmExchange(hosted: Hosted, calendar: Calendar): void {
  const now = epochMs(hosted.clock.now());
  hosted.clock.setSpeed(1);
  if (calendar.inSession(now) !== undefined) return;
  const next = calendar.currentOrNext(now).open;
  if (hosted.market.lastInstant !== null && next > hosted.market.lastInstant) {
    warn('wsb: the tape is over and its market does not open again; what is held stays');
    return;
  }
  hosted.clock.jumpTo(next + 60_000);
}

/** To be asked once, as a stop begins. */
export const stoppingOf =
  ({ clock, calendar, hosted, budgetMs, tell }: StoppingOptions) =>
  (): { readonly marketOpen: boolean; readonly budgetMs: number } => {
    tell();
    if (hosted !== null) calmExchange(hosted, calendar);
    return { marketOpen: hosted !== null || calendar.inSession(clock.now().exchange) !== undefined, budgetMs };
  };
