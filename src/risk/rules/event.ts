// Does something known lie inside the time the position would be held: a report, an ex-dividend day, a macro figure?
import { MINUTE, type TradingDay } from '../../domain/time.ts';
import { movesWithin } from '../../market/report-gap.ts';
import { deny, type Finding, pass, type Rule, type RuleContext, skip } from '../rule.ts';

const text = (observed: string, limit: string) => ({ observed, limit, unit: 'text' }) as const;

/** The day until whose close no report may move the price; null where the strategy does not ask. */
function quietUntil(c: RuleContext, today: TradingDay): TradingDay | null {
  const { earningsSessions, earningsUntilExpiry } = c.limits.orders.events;
  if (earningsUntilExpiry.includes(c.strategy)) {
    const expiries = c.intent.legs.flatMap((l) => (l.instrument.kind === 'option' ? [l.instrument.expiry] : []));
    return expiries.sort().at(-1) ?? null;
  }
  const sessions = earningsSessions.get(c.strategy);
  return sessions === undefined ? null : c.conduct.calendar.offset(today, sessions).day;
}

/** A report between now and the last close it would be held over. Funds report nothing. */
function report(c: RuleContext, today: TradingDay): Finding | undefined {
  const { underlying } = c.intent.legs[0].instrument;
  if (c.limits.indexFunds.includes(underlying)) return undefined;
  const until = quietUntil(c, today);
  if (until === null) return undefined;
  const { calendar, market } = c.conduct;
  const reports = market.earnings(underlying, calendar.offset(today, -1).day, until);
  if (!reports.known) return deny('EVENT', text(reports.code, `no report until ${until}`), reports.why);
  const { close } = calendar.session(until) ?? calendar.offset(until, -1);
  const inside = reports.value.find((r) => movesWithin(r, c.now.exchange, close, calendar));
  return inside && deny('EVENT', text(inside.day, `no report until ${until}`), `${underlying} reports on ${inside.day} (${inside.time})`);
}

/** A call sold right before its share goes ex-dividend is exercised for the dividend. What nobody knows of is let pass. */
function dividend(c: RuleContext, today: TradingDay): Finding | undefined {
  const { exDividendSessions } = c.limits.orders.events;
  const sellsCall = c.intent.legs.some(
    (l) => l.instrument.kind === 'option' && l.instrument.right === 'call' && l.side === 'sell' && l.effect === 'open',
  );
  if (!sellsCall || exDividendSessions === 0) return undefined;
  const { underlying } = c.intent.legs[0].instrument;
  const until = c.conduct.calendar.offset(today, exDividendSessions).day;
  const found = c.conduct.market.dividends(underlying, c.conduct.calendar.offset(today, 1).day, until);
  const next = found.known ? found.value[0] : undefined;
  return next && deny('EVENT', text(next.exDay, `no ex-dividend day until ${until}`), `${underlying} goes ex-dividend on ${next.exDay}`);
}

/** A macro figure whose minute is known comes out about now. What nobody knows of is let pass. */
function macro(c: RuleContext, today: TradingDay): Finding | undefined {
  const { macroBeforeMs, macroAfterMs, macroExempt } = c.limits.orders.events;
  if (macroExempt.includes(c.strategy)) return undefined;
  const events = c.conduct.market.macro(today, today);
  if (!events.known) return undefined;
  for (const { event, time } of events.value) {
    const [hour, minute] = (time ?? '').split(':').map(Number);
    if (hour === undefined || minute === undefined) continue;
    const until = c.conduct.calendar.instant(today, hour, minute) - c.now.exchange;
    if (until <= macroBeforeMs && -until <= macroAfterMs) {
      const minutes = `${macroBeforeMs / MINUTE} min before to ${macroAfterMs / MINUTE} min after`;
      return deny('EVENT', text(`${event} ${time ?? ''}`, minutes), `${event} comes out at ${time ?? ''}`);
    }
  }
  return undefined;
}

/** What strategies ask of themselves is not asked again but for this: it stands behind them, whatever their settings say. */
export const event: Rule = (c): Finding => {
  if (c.intent.kind === 'close') return skip('EVENT', 'exits wait for nothing');
  if (c.session === undefined) return deny('EVENT', text('closed', 'a session'), 'no session to count from');
  const { day } = c.session;
  return report(c, day) ?? dividend(c, day) ?? macro(c, day) ?? pass('EVENT', text('none', 'none'));
};
