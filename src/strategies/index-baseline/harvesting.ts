// A tax loss taken: the oldest lots of the core that are far enough down are sold, another index is bought for what they brought, and
// what was sold is left alone until its loss can no longer be undone.
import type { Decision, Gate, Pass } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { dollars } from '../../domain/money.ts';
import type { Position } from '../../domain/position.ts';
import { daysBetween } from '../../domain/time.ts';
import { qtyLeft, type Trade } from '../../domain/trade.ts';
import { figure, holds, need, noted, pass, refuse, settle, type Trial, told } from '../toolkit/gates.ts';
import { mid } from '../toolkit/limits.ts';
import { type BaselineContext, fundIntent, inWashWindow, limit, narrow, sharesOf, spendable, standing } from './core.ts';
import { type Acquisition, type HarvestRule, harvestable, harvestRule } from './harvest.ts';
import type { Harvest, Ledger } from './ledger.ts';

/** Sessions in which the replacement may still be bought: two for the sale's cash to settle, and one to spare. */
const BUY_WITHIN_SESSIONS = 3;

const ruleOf = ({ params }: BaselineContext): HarvestRule => ({
  ...harvestRule,
  lossMin: params.harvest_loss_min_pct,
  lossMinDollars: params.harvest_loss_min_usd,
  washDays: params.harvest_wash_days,
});

/** What a trade's opening acquired of a fund, in the sense of the wash-sale rule. */
const acquiredBy = ({ underlying, legs, openedDay: day }: Trade): readonly Acquisition[] =>
  legs.flatMap(({ instrument, side, effect }): readonly Acquisition[] => {
    if (effect !== 'open') return [];
    if (instrument.kind === 'equity') return side === 'buy' ? [{ underlying, what: 'shares bought', day }] : [];
    if (instrument.right === 'call') return side === 'buy' ? [{ underlying, what: 'call bought', day }] : [];
    return side === 'sell' ? [{ underlying, what: 'put sold', day }] : [];
  });

/** What a position says was acquired: shares that an assignment or a person brought in have no trade of their own. */
function acquiredIn({ instrument, qty, openedDay: day }: Position): readonly Acquisition[] {
  const { underlying } = instrument;
  if (instrument.kind === 'equity') return qty > 0 ? [{ underlying, what: 'shares bought', day }] : [];
  if (instrument.right === 'call') return qty > 0 ? [{ underlying, what: 'call bought', day }] : [];
  return qty < 0 ? [{ underlying, what: 'put sold', day }] : [];
}

/** Everything any owner acquired of a fund in the days in sight, the trades that would be sold left out. */
function acquisitions(ctx: BaselineContext, fund: Symbol, sold: readonly Trade[]): readonly Acquisition[] {
  const ids = new Set(sold.map((t) => t.id));
  const trades = ctx.book.trades.filter((t) => t.underlying === fund && !ids.has(t.id)).flatMap(acquiredBy);
  const held = ctx.book.positions.filter((p) => p.owner !== 'base' && p.instrument.underlying === fund).flatMap(acquiredIn);
  return [...trades, ...held];
}

/** One purchase of the core that is still held. */
interface HeldLot {
  readonly trade: Trade;
  readonly shares: number;
  readonly cost: number;
}

/** The core's purchases of a fund, oldest first: in this order a sale closes them. */
const lotsOf = ({ trades }: BaselineContext, fund: Symbol): readonly HeldLot[] =>
  trades.flatMap((trade) => {
    const shares = qtyLeft(trade, fund);
    const cash = trade.held.find((h) => h.instrument.symbol === fund)?.cash;
    return shares > 0 && cash !== undefined ? [{ trade, shares, cost: -dollars(cash) }] : [];
  });

interface Sale {
  readonly shares: number;
  readonly loss: number;
  readonly at: ReturnType<typeof limit>;
}

/** The oldest lots that may be sold for their loss, as far as they follow each other without one that may not. */
function* sale(ctx: BaselineContext, book: Ledger): Trial<Sale> {
  const { params } = ctx;
  const fund = params.instrument;
  yield* standing(ctx, fund);
  if (inWashWindow(ctx, book)) yield* refuse('no window open', 'WASH_SALE_GUARD', `the window of ${String(book.harvest?.day)} is open`);
  const quote = yield* need('quote', ctx.market.quote(fund));
  yield* narrow(ctx.params, quote);
  const lots = lotsOf(ctx, fund);
  const [first] = lots;
  if (first === undefined) return yield* refuse('lots held', 'INSIDE_BAND', `no purchase of ${fund} of its own is held`, 0, 1);
  const rule = ruleOf(ctx);
  const ask = ({ shares, cost }: HeldLot) => ({
    fund,
    replacement: params.harvest_replacement,
    cost,
    value: shares * dollars(quote.bid),
  });
  const shallow = lots.findIndex((lot) => !harvestable(ask(lot), ctx.day, [], rule).known);
  const chosen = shallow === -1 ? lots : lots.slice(0, shallow);
  const against = acquisitions(
    ctx,
    fund,
    chosen.map((lot) => lot.trade),
  );
  yield told('loss of the oldest lot', ask(first).cost - ask(first).value);
  let loss = 0;
  for (const lot of chosen.length > 0 ? chosen : [first])
    loss += yield* need('loss to take', harvestable(ask(lot), ctx.day, against, rule));
  return { shares: chosen.reduce((n, lot) => n + lot.shares, 0), loss, at: limit(ctx, 'sell', quote) };
}

/** At the check: the sale of what may be harvested, or the gates that stood against it. */
export function harvestNow(
  ctx: BaselineContext,
  book: Ledger,
): { readonly decision: Decision; readonly book: Ledger } | { readonly gate: Gate } {
  const outcome = settle(sale(ctx, book));
  if (!outcome.ok) return { gate: noted('tax loss', `${outcome.code}: ${outcome.why}`) };
  const { instrument: fund, harvest_replacement: replacement } = ctx.params;
  const { shares, loss, at } = outcome.value;
  const harvest: Harvest = {
    day: ctx.day,
    fund,
    replacement,
    held: sharesOf(ctx, fund),
    replacementHeld: sharesOf(ctx, replacement),
    price: dollars(at),
    done: false,
  };
  const why = `a loss of ${figure(loss)} is taken: ${shares} ${fund} are sold, and ${replacement} is bought for what they bring`;
  const decision = fundIntent(ctx, { fund, side: 'sell', shares, at, key: `harvest:${fund}`, code: 'HARVEST', why }, outcome.gates);
  return { decision, book: { ...book, harvest } };
}

interface Replacing {
  readonly decision?: Decision;
  readonly harvest: Harvest | null;
}

/** The purchase for what the sale brought, once its cash is there. */
function* purchase(
  ctx: BaselineContext,
  harvest: Harvest,
  sold: number,
): Trial<{ readonly shares: number; readonly at: ReturnType<typeof limit> }> {
  const replacement = harvest.replacement as Symbol;
  yield* standing(ctx, replacement);
  const quote = yield* need('quote', ctx.market.quote(replacement));
  yield* narrow(ctx.params, quote);
  const at = limit(ctx, 'buy', quote);
  const shares = Math.floor((sold * harvest.price) / mid(quote));
  yield told('shares sold for their loss', sold);
  const affordable = Math.max(0, Math.floor(spendable(ctx) / at));
  yield holds(
    'shares the free cash buys',
    { observed: affordable, threshold: shares, pass: shares >= 1 && affordable >= shares },
    'BUYING_POWER',
    `${shares} ${replacement} wait for the cash of the sale`,
  );
  return { shares, at };
}

function replace(ctx: BaselineContext, harvest: Harvest): Replacing {
  const fund = harvest.fund as Symbol;
  const replacement = harvest.replacement as Symbol;
  const sold = harvest.held - sharesOf(ctx, fund);
  const atWork = ctx.busy.has(fund) || ctx.busy.has(replacement);
  if (atWork) return { harvest };
  // Nobody took it: nothing was realized, so nothing has to be left alone.
  if (sold <= 0) return { harvest: null };
  const waited = ctx.calendar.between(harvest.day as typeof ctx.day, ctx.day).length - 1;
  if (sharesOf(ctx, replacement) > harvest.replacementHeld || waited > BUY_WITHIN_SESSIONS) return { harvest: { ...harvest, done: true } };
  const outcome = settle(purchase(ctx, harvest, sold));
  if (!outcome.ok) return { decision: pass(replacement, outcome.code, outcome.why, outcome.gates), harvest };
  const why = `in place of ${sold} ${fund}, sold for their loss on ${harvest.day}`;
  const order = { fund: replacement, side: 'buy', ...outcome.value, key: `replace:${fund}:${harvest.day}`, code: 'HARVEST', why } as const;
  return { decision: fundIntent(ctx, order, outcome.gates), harvest };
}

/** On every manage slot: the second half of a harvest. Nothing while there is none to do. */
export function finishHarvest(ctx: BaselineContext, book: Ledger): { readonly decisions: readonly Decision[]; readonly book: Ledger } {
  if (book.harvest === null || book.harvest.done) return { decisions: [], book };
  const { decision, harvest } = replace(ctx, book.harvest);
  return { decisions: decision === undefined ? [] : [decision], book: { ...book, harvest } };
}

/** At the mark, while a window is open: what others acquired of the fund since it was sold. Their purchase undoes a part of the loss. */
export function washRows(ctx: BaselineContext, book: Ledger): readonly Pass[] {
  const { harvest } = book;
  if (harvest === null || !inWashWindow(ctx, book)) return [];
  const since = acquisitions(ctx, harvest.fund as Symbol, []).filter((a) => daysBetween(harvest.day as typeof ctx.day, a.day) >= 0);
  const [first] = since;
  if (first === undefined) return [];
  const why = `${first.what} in ${harvest.fund} on ${first.day}, after the sale of ${harvest.day}: as many shares of that loss are a wash sale`;
  return [pass(harvest.fund as Symbol, 'WASH_SALE_GUARD', why, [noted('acquisitions inside the window', since.length)])];
}
