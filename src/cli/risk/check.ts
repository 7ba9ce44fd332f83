// `wsb risk check`: what risk would say to an order, by the running daemon or on a stated book.
import { bookSchema } from '../../config/book-file.ts';
import { orderSchema } from '../../config/order-file.ts';
import type { RuleCheck } from '../../domain/verdict.ts';
import { usCalendar } from '../../market/calendar.ts';
import { judge } from '../../risk/gate.ts';
import { contextIn } from '../../risk/supposed-book.ts';
import { type Judged, judgedOf, type SupposedOrder } from '../../risk/supposed-order.ts';
import { clientOf } from '../control/client.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson, table } from '../output.ts';
import { clipped, figureText } from './figure.ts';
import { statedIn } from './stated-file.ts';

export interface CheckFlags {
  readonly order: string;
  readonly book?: string;
}

/** A guard refused. */
const REFUSED = 7;
const [OBSERVED, LIMIT] = [38, 30] as const;

const row = ({ rule, result, observed, limit, unit }: RuleCheck): readonly string[] => [
  rule,
  result,
  clipped(figureText(observed, unit), OBSERVED),
  clipped(figureText(limit, unit), LIMIT),
];

/** The end of the matter in one line. */
export function outcomeText({ outcome, asked, qty, whole, code, why }: Judged): string {
  if (outcome !== 'cleared') return `${outcome} by ${code ?? ''}: ${why ?? ''}`;
  if (qty === asked) return `cleared: all ${String(asked)}`;
  const rest = whole > qty ? `; up to ${String(whole)} in slices, each judged anew` : '';
  return `cleared: ${String(qty)} of ${String(asked)}${rest}`;
}

/** Every rule in order, and the outcome; no line is longer than a hundred characters but for the reason. */
export const judgedText = (judged: Judged): string =>
  `${table(['rule', 'result', 'observed', 'limit'], judged.checks.map(row))}\n\n${outcomeText(judged)}`;

/** The verdict on a stated book, under the limits as they are configured. */
export function onBook(path: string, order: SupposedOrder, globals: Globals): Judged {
  const { risk, sectors, data } = configOf({ ...globals, quiet: true });
  const schema = bookSchema({ sectors, rate: data.riskFreeRate, dividendYields: data.dividendYields });
  const { value: book } = statedIn('--book', path, schema);
  return judgedOf(order.qty, judge(contextIn(book, order, risk, usCalendar())));
}

/** Prints the verdict; exit 7 where risk says no. */
export async function checkOrder({ order: path, book }: CheckFlags, globals: Globals): Promise<void> {
  const { value: order, text } = statedIn('--order', path, orderSchema);
  const judged =
    book === undefined
      ? ((await clientOf(globals).post('/v1/risk/check', JSON.parse(text) as Readonly<Record<string, unknown>>)) as unknown as Judged)
      : onBook(book, order, globals);
  if (globals.json === true) printJson(judged);
  else print(judgedText(judged));
  if (judged.outcome !== 'cleared') process.exitCode = REFUSED;
}
