// Are openings sent faster than they should be, by the account, the strategy or in the name?
import type { SentOpening } from '../conduct.ts';
import { defer, type Finding, pass, type Rule, skip } from '../rule.ts';
import { waitFor } from '../token-bucket.ts';

/** Only what was sent takes a token, and a walk takes one, however many orders it becomes. What finds none is asked again later. */
export const rate: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('RATE', 'exits are not kept waiting');
  const { sent } = c.conduct;
  if (c.ladder !== null && sent.some((s) => s.ladder === c.ladder)) return skip('RATE', 'its walk was counted at its first order');
  const { account, strategy, symbol, dayOpeningsMax } = c.limits.orders.rate;
  const day = { observed: sent.length + 1, limit: dayOpeningsMax, unit: 'count' } as const;
  if (!(day.observed <= day.limit)) return defer('RATE', day, `${sent.length} openings were sent today`);
  const { underlying } = c.intent.legs[0].instrument;
  const buckets = [
    ['the account', account, (): boolean => true],
    [c.strategy, strategy, (s: SentOpening): boolean => s.strategy === c.strategy],
    [underlying, symbol, (s: SentOpening): boolean => s.underlying === underlying],
  ] as const;
  const waits = buckets.map(([, bucket, counts]) =>
    waitFor(
      bucket,
      sent.filter(counts).map((s) => s.at),
      c.now.exchange,
    ),
  );
  // What is no number stays one in the greatest of them, and is not zero.
  const wait = Math.max(...waits);
  const whose = buckets[waits.indexOf(wait)]?.[0] ?? 'somebody';
  const figures = { observed: wait, limit: 0, unit: 'ms' } as const;
  return wait === 0
    ? pass('RATE', figures)
    : defer('RATE', figures, `openings of ${whose} are sent too fast: the next in ${Math.ceil(wait / 1_000)} s`);
};
