// Fat fingers and collars: no single order too large, none far from the market.

import { multiplierOf, sign } from '../../domain/legs.ts';
import { notional, type Price, type Usd } from '../../domain/money.ts';
import { reservePerUnit } from '../margin.ts';
import { deny, pass, type Rule, type RuleContext, resize, skip } from '../rule.ts';

const isIndexFund = (c: RuleContext): boolean => c.limits.indexFunds.includes(c.intent.subject);

/** A put sold by itself, secured by its strike in cash. */
const isLonePut = (c: RuleContext): boolean => {
  const [{ instrument, side }] = c.intent.legs;
  return c.intent.legs.length === 1 && instrument.kind === 'option' && instrument.right === 'put' && side === 'sell';
};

/** Cash value of one unit for the size limit: a lone short put counts its strike, a package what it may lose or costs. */
function unitValue(c: RuleContext): Usd {
  const [first] = c.intent.legs;
  if (isLonePut(c) && first.instrument.kind === 'option') return notional(first.instrument.strike, 1, 100);
  const net = notional(Math.abs(c.net ?? 0) as Price, 1, multiplierOf(c.intent.legs));
  return c.intent.legs.length === 1 ? net : (Math.max(net, reservePerUnit(c.intent.legs, c.net ?? (0 as Price))) as Usd);
}

/** Units that a part of usual volume allows, or, of each leg, of its open interest; unbounded where that is not known. */
function byMarket(c: RuleContext): number {
  const { volumePctMax, openInterestPctMax } = c.limits.orders;
  const each = c.intent.legs.map(({ instrument, ratio }) => {
    const [whole, part] =
      instrument.kind === 'option'
        ? [c.conduct.openInterest(instrument.symbol), openInterestPctMax]
        : [c.conduct.averageVolume(instrument.symbol), volumePctMax];
    return whole === null ? Number.POSITIVE_INFINITY : Math.floor((whole * part) / ratio + 1e-9);
  });
  return Math.min(...each);
}

export const fatFinger: Rule = (c) => {
  if (c.intent.kind === 'close') return skip('FAT_FINGER', 'exits are capped by what is held');
  const [first] = c.intent.legs;
  const pct = isIndexFund(c) ? c.limits.indexFundEquityPctMax : c.limits.orderEquityPctMax;
  // A short put's reserve is bounded by a fifth of equity instead of the order cap: it is collateral, not a purchase.
  const cap = isLonePut(c) ? Math.trunc(c.equity * 0.2) : Math.min(c.limits.orderNotionalMax, Math.trunc(c.equity * pct));
  const each = unitValue(c);
  const byValue = each <= 0 ? c.qty : Math.floor(cap / each);
  const byCount = Math.min(first.instrument.kind === 'option' ? c.limits.contractsMax : Infinity, byMarket(c));
  const fits = Math.min(byValue, byCount);
  const figures =
    byCount < byValue
      ? ({ observed: c.qty, limit: byCount, unit: 'count' } as const)
      : ({ observed: each * c.qty, limit: cap, unit: 'usd_micros' } as const);
  if (c.qty <= fits) return pass('FAT_FINGER', figures);
  // Written so that NaN, of which every comparison is false, is denied.
  return fits >= 1
    ? resize('FAT_FINGER', figures, fits, 'sliced to the cap of a single order')
    : deny('FAT_FINGER', figures, 'one unit is over the cap of a single order');
};

/** Width of the collar of one leg, micros: wider (twice) for exits. */
function collarWidth(c: RuleContext, kind: 'equity' | 'option', mid: number, spread: number): number {
  const { limits } = c;
  const width =
    kind === 'option'
      ? Math.max(limits.collarOptionMin, mid * limits.collarOptionPct, spread)
      : Math.max(limits.collarShareMin, mid * (isIndexFund(c) ? limits.collarIndexFundPct : limits.collarSharePct));
  return c.intent.kind === 'close' ? width * 2 : width;
}

/** Every rung of the walk stays inside the collar: buys at most mid + C, sells at least mid - C. */
export const collar: Rule = (c) => {
  if (c.protective) return skip('COLLAR', 'a stop rests far from the market by design');
  let mid = 0;
  let width = 0;
  for (const leg of c.intent.legs) {
    const quote = c.quote(leg.instrument.symbol);
    if (!quote.known)
      return c.intent.kind === 'close'
        ? skip('COLLAR', quote.why)
        : deny('COLLAR', { observed: quote.code, limit: 'quote', unit: 'text' }, quote.why);
    const { bid, ask } = quote.value;
    const legMid = (bid + ask) / 2;
    mid += sign(leg.side) * leg.ratio * legMid;
    width += leg.ratio * collarWidth(c, leg.instrument.kind, legMid, ask - bid);
  }
  const worst = Math.max(...c.intent.prices.rungs);
  const limit = Math.floor(mid + width);
  const figures = { observed: worst, limit, unit: 'price_micros' } as const;
  return worst <= limit ? pass('COLLAR', figures) : deny('COLLAR', figures, 'a limit of the walk lies outside the collar around the mid');
};
