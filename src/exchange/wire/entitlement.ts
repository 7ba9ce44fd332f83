// What an account may ask for of market data over REST: the checks of its plan on feeds and windows.
import { MINUTE } from '../../domain/time.ts';
import { badRequest } from './message.ts';
import type { Call } from './route.ts';
import { type TimeWindow, timeWindow } from './series.ts';

/** What is older than this is history, which every plan includes. */
const RECENT = 15 * MINUTE;

const lacks = ({ plan }: Call, feed: string): boolean => plan.withheld.some((one) => one === feed);
const refused = (feed: string): Error =>
  badRequest(403, 42210000, `subscription does not permit querying recent ${feed.toUpperCase()} data`);

const shareFeed = (call: Call): string | undefined => call.query.choice('feed', ['iex', 'sip', 'delayed_sip', 'boats', 'overnight', 'otc']);

/** Of a request for the newest of shares: one market answers for all feeds; a refusal for one that there is not, or that the plan lacks. */
export function checkShareFeed(call: Call): void {
  const feed = shareFeed(call);
  if (feed !== undefined && lacks(call, feed)) throw refused(feed);
}

/** The same of options. */
export function checkOptionFeed(call: Call): void {
  const feed = call.query.choice('feed', ['opra', 'indicative']);
  if (feed !== undefined && lacks(call, feed)) throw refused(feed);
}

/**
 * The window of a request for the history of shares, which is that of `sip` when no feed is named. On a plan without the feed it ends
 * fifteen minutes ago; a refusal when the client named a later end.
 */
export function shareWindow(call: Call): TimeWindow {
  const feed = shareFeed(call) ?? 'sip';
  const window = timeWindow(call);
  const newest = call.now - RECENT;
  if (!lacks(call, feed) || window.end <= newest) return window;
  if (call.query.text('end') !== undefined) throw refused(feed);
  return { ...window, end: newest };
}
