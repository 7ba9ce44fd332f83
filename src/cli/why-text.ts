// What `wsb why` says, as lines for people: decision, gates, verdict, the orders leg by leg, and the trade behind them.

import { type ArmedExit, termText } from '../domain/exit-rule.ts';
import { multiplierOf } from '../domain/legs.ts';
import type { Order } from '../domain/order.ts';
import type { FillRow } from '../domain/position.ts';
import { isOpen } from '../domain/trade.ts';
import type { SeenQuote } from '../domain/turn.ts';
import type { OrderStory, TradeStory, Why } from '../store/why.ts';
import { limitText, money } from './output.ts';

const instant = (at: number): string => new Date(at).toISOString();
const assumedText = (names: readonly string[]): string => (names.length === 0 ? '' : `, assumed: ${names.join(', ')}`);

/** A value inside stored JSON, by its keys; undefined when it is not there. */
function inside(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) here = typeof here === 'object' && here !== null ? (here as Readonly<Record<string, unknown>>)[key] : undefined;
  return here;
}

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '?');

/** What was wanted, of a decision to trade: package, limits from first to last, worst loss. */
function intentLines(intent: unknown): readonly string[] {
  const legs = inside(intent, 'legs');
  const rungs = inside(intent, 'prices', 'rungs');
  if (!Array.isArray(legs) || !Array.isArray(rungs)) return [];
  const package_ = legs.map(
    (leg: unknown) => `${word(inside(leg, 'side'))} ${word(inside(leg, 'ratio'))} ${word(inside(leg, 'instrument', 'symbol'))}`,
  );
  const limits = rungs.filter((rung): rung is number => typeof rung === 'number');
  const [first, last] = [limits[0] ?? null, limits.at(-1) ?? null];
  const range = first === last ? limitText(first, legs.length) : `${limitText(first, legs.length)} to ${limitText(last, legs.length)}`;
  const loss = inside(intent, 'maxLoss');
  const worst = typeof loss === 'number' ? `, worst loss ${money(loss)}` : '';
  return [`  wanted ${word(inside(intent, 'qty'))} x (${package_.join(' + ')}) at ${range}${worst}`];
}

/** What a package cost or brought on average, per share of it; nothing for a simple order, whose fills say it. */
function netText({ legs, cumQty, cumCash }: Order): string {
  if (legs.length === 1 || cumQty === 0) return '';
  return `, net ${money(Math.round(-cumCash / (cumQty * multiplierOf(legs))))}`;
}

const fillText = ({ qty, symbol, price, at, assumed }: FillRow, legs: number): string =>
  `      fill ${String(qty)}${legs === 1 ? '' : ` ${symbol}`} at ${money(price)} on ${instant(at)}${assumedText(assumed)}`;

function orderLines({ order, fills }: OrderStory): readonly string[] {
  const { id, state, legs, qty, type, limit, stop, cumQty, reason } = order;
  const package_ = legs.map((l) => `${l.side} ${String(qty * l.ratio)} ${l.instrument.symbol}`).join(' + ');
  const at = limit ?? stop;
  const price = at === null ? '' : ` ${limitText(at, legs.length)}`;
  return [
    `    order ${id} ${state} ${package_} ${type}${price}, filled ${String(cumQty)}/${String(qty)}${netText(order)}${reason === null ? '' : `: ${reason}`}`,
    ...fills.map((f) => fillText(f, legs.length)),
  ];
}

/** An armed rule with since when it stands, or a disarmed one that fired. */
const exitText = ({ code, when, units, order, armedAt, fired, disarmedAt }: ArmedExit): string => {
  const part = units === null ? '' : ` (${String(units)} of it)`;
  const where = order === null ? '' : `, resting as ${order}`;
  const times = fired === 0 ? '' : `, fired ${String(fired)} times`;
  const state = disarmedAt === null ? `armed since ${instant(armedAt)}` : `disarmed ${instant(disarmedAt)}`;
  return `      exit ${code}${part}: ${when.map(termText).join(', or ')}; ${state}${where}${times}`;
};

function tradeLines({ trade, lots, exits }: TradeStory): readonly string[] {
  const { id, owner, code, openedDay, units, entryCash, maxLoss, realized, held, closedDay, exit } = trade;
  const end = isOpen(trade)
    ? `open: ${held.map((h) => `${String(h.qty)} ${h.instrument.symbol}`).join(', ')}`
    : `closed on ${closedDay ?? '?'} by ${exit ?? 'a reason not on record'}`;
  return [
    `    trade ${id} of ${owner}: ${code} on ${openedDay}, units ${String(units)}, entry cash ${money(entryCash)}, worst loss ${money(maxLoss)}, realized ${money(realized)}, ${end}`,
    ...exits.filter(({ disarmedAt, fired }) => disarmedAt === null || fired > 0).map(exitText),
    ...lots.flatMap(({ lot, closures }) => [
      `      lot ${String(lot.qty)} ${lot.instrument.symbol} by ${lot.origin} on ${lot.openedDay}, left ${String(lot.qtyLeft)}`,
      ...closures.map(
        (c) => `        ${String(c.qty)} ended by ${c.kind} on ${c.day}, ${c.code ?? 'no reason on record'}, ${money(c.realized)}`,
      ),
    ]),
  ];
}

/** The market that the decision saw. */
const quoteText = (seen: SeenQuote): string =>
  seen.kind === 'absent'
    ? `  saw ${seen.symbol}: ${seen.code}`
    : `  saw ${seen.symbol}: bid ${money(seen.bid)}, ask ${money(seen.ask)}, ${String(seen.ageMs)} ms old`;

/** Trades that were told further up are only named. */
function tradesText(trades: readonly TradeStory[], told: Set<string>): readonly string[] {
  return trades.flatMap((story) => {
    const { id } = story.trade;
    if (told.has(id)) return [`    trade ${id}: told above`];
    told.add(id);
    return tradeLines(story);
  });
}

function lines({ decision, orders, trades }: Why, told: Set<string>): readonly string[] {
  const came = [...orders.flatMap(orderLines), ...tradesText(trades, told)];
  if (decision === null) return ['no decision on record', ...came];
  const { firstAt, lastAt, count, strategy, slot, subject, kind, code, why, gates, verdict, denial } = decision;
  const seen = count > 1 ? ` (${String(count)} times, last ${instant(lastAt)})` : '';
  return [
    `${instant(firstAt)} ${strategy} ${slot} ${subject}: ${kind} ${code}${seen}`,
    `  ${why}${assumedText(decision.assumed)}`,
    ...gates.map(
      (g) => `  ${g.pass ? 'pass' : 'FAIL'}  ${g.name}: ${String(g.observed ?? 'unknown')} against ${String(g.threshold ?? '-')}`,
    ),
    ...(decision.quotes ?? []).map(quoteText),
    ...intentLines(decision.intent),
    ...(verdict === null ? [] : [`  risk: ${verdict}${denial === null ? '' : ` by ${denial.code}, ${denial.why}`}`]),
    ...came,
  ];
}

/** Every decision with what came of it, newest first. */
export function whyText(found: readonly Why[]): string {
  const told = new Set<string>();
  return found.map((why) => lines(why, told).join('\n')).join('\n\n');
}
