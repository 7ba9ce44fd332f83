// The market a decision was made in: both sides of its subject's quote and of every leg's, kept with it.
import type { Symbol } from '../domain/ids.ts';
import type { Now } from '../domain/time.ts';
import type { DecisionRow, SeenQuote } from '../domain/turn.ts';
import type { MarketView } from '../market/view.ts';

/** The subject that stands for a whole universe; it has no market. */
const EVERYTHING = '*';

function symbolsOf(decision: DecisionRow['decision']): readonly Symbol[] {
  const subject = decision.subject === EVERYTHING ? [] : [decision.subject];
  const legs = decision.kind === 'open' || decision.kind === 'close' ? decision.legs.map((l) => l.instrument.symbol) : [];
  return [...new Set([...subject, ...legs])];
}

/** What was seen of each symbol a decision is about, the subject first: two sides and their age in wall milliseconds, or the reason for their absence. */
export const quotesSeen = (market: MarketView, now: Now, decision: DecisionRow['decision']): readonly SeenQuote[] =>
  symbolsOf(decision).map((symbol) => {
    const quote = market.quote(symbol);
    if (!quote.known) return { kind: 'absent', symbol, code: quote.code };
    const { bid, ask, seen, ageAtSightMs } = quote.value;
    return { kind: 'quoted', symbol, bid, ask, ageMs: Math.max(0, Math.round(now.mono - seen + ageAtSightMs)) };
  });
