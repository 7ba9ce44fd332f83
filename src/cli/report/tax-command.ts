// `wsb report tax`: a year's sales in the columns of Form 8949.
import type { Command } from 'commander';
import { lastDay } from '../../store/daily-trades.ts';
import { readTaxBook } from '../../store/tax-book.ts';
import { fail } from '../exit.ts';
import type { Globals } from '../globals.ts';
import { csv, money, print, printJson, warn } from '../output.ts';
import { withLedger } from '../reader.ts';
import { type TaxReport, taxReport } from './tax.ts';

interface TaxFlags {
  readonly year?: string;
}

const HEAD = [
  'description',
  'date_acquired',
  'date_sold',
  'proceeds',
  'cost',
  'code',
  'adjustment',
  'gain',
  'term',
  'symbol',
  'strategy',
] as const;

/** The lines, in dollars. */
export const taxCsv = ({ rows }: TaxReport): string =>
  csv(
    HEAD,
    rows.map((r) => [
      r.description,
      r.acquired,
      r.sold,
      money(r.proceeds),
      money(r.cost),
      r.code,
      money(r.adjustment),
      money(r.gain),
      r.term,
      r.symbol,
      r.owner,
    ]),
  );

/** What a person checks: the totals by term, and how they tie to the ledger. */
function summary({ year, totals, tie }: TaxReport): string {
  const line = (term: 'short' | 'long'): string => {
    const { rows, proceeds, cost, adjustment, gain } = totals[term];
    return `${term}-term: ${rows} rows, proceeds ${money(proceeds)}, cost ${money(cost)}, disallowed ${money(adjustment)}, gain ${money(gain)}`;
  };
  const tied = `closures of ${year} realized ${money(tie.realized)}, cash in lieu ${money(tie.inLieu)}, moved by wash sales and option premiums ${money(tie.moved)}`;
  return [line('short'), line('long'), tied].join('\n');
}

function yearFlag(text: string): number {
  if (/^(19|20|21)\d\d$/.test(text)) return Number(text);
  return fail(2, `wsb: ${text} is no year: write it as 2026`);
}

function tax(flags: TaxFlags, globals: Globals): void {
  const year = flags.year === undefined ? undefined : yearFlag(flags.year);
  const report = withLedger(globals, (reader) => {
    const last = lastDay(reader) ?? fail(6, 'wsb: the ledger has no turn yet: run the daemon first');
    return taxReport(readTaxBook(reader), year ?? Number(last.slice(0, 4)));
  });
  if (globals.json === true) printJson(report);
  else {
    print(taxCsv(report));
    warn(summary(report));
  }
  if (!report.tie.ties) fail(22, 'wsb: the rows do not make what the closures realized', 'Run: wsb db check');
}

/** Adds `tax` under `wsb report`. */
export function registerTax(report: Command): void {
  report
    .command('tax')
    .description('a year of sales in the columns of Form 8949, wash sales included: comma-separated, its totals on standard error')
    .option('--year <yyyy>', 'calendar year; that of the last day in the ledger when not given')
    .action((flags: TaxFlags, command: Command) => tax(flags, command.optsWithGlobals<Globals>()));
}
