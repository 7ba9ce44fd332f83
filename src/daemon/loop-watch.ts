// The event loop's own health: a stalled loop trades late, and must say so.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

const EVERY_MS = 10_000;
/** A pause of this length is longer than any turn may take; half the watchdog's patience is far beyond it. */
const LAG_MS_MAX = 250;

/** Logs `loop.lag` for each ten seconds in which the loop once stood still for longer than it may. Returns its end. */
export function watchLoop(log: Logger): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const timer = setInterval(() => {
    const maxMs = Math.round(delay.max / 1e6);
    const p99Ms = Math.round(delay.percentile(99) / 1e6);
    delay.reset();
    if (maxMs > LAG_MS_MAX) log.warn({ event: 'loop.lag', maxMs, p99Ms, limitMs: LAG_MS_MAX }, 'loop lag');
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
