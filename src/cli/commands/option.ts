// `wsb option`: everything one contract's quote says, from the mode's market or from figures given by hand.
import { type Command, Option } from 'commander';
import type { Config } from '../../config/load.ts';
import type { Option as Contract } from '../../domain/instrument.ts';
import { type EpochMs, epochMs, type TradingDay, tradingDay } from '../../domain/time.ts';
import { type Calendar, usCalendar } from '../../market/calendar.ts';
import { fail } from '../exit.ts';
import { numeric, type Until, untilFlag } from '../flags.ts';
import { configOf, type Globals } from '../globals.ts';
import type { ExDividend } from '../option/assignment.ts';
import { namedContract } from '../option/contract.ts';
import { absent, type Figure, value } from '../option/figure.ts';
import { dividendFlag, type GivenDividend, instantOf, notNegative, onDays, positive } from '../option/flags.ts';
import { type OptionMarket, readMarket } from '../option/market.ts';
import { type Basis, optionDocument, optionText } from '../option/print.ts';
import { optionReport } from '../option/report.ts';
import { print, printJson, warn } from '../output.ts';
import type { Style } from '../valuation.ts';

interface OptionFlags {
  readonly mode?: string;
  readonly exchange?: string;
  readonly style?: Style;
  readonly spot?: number;
  readonly bid?: number;
  readonly ask?: number;
  readonly price?: number;
  readonly rate?: number;
  readonly yield?: number;
  readonly dividend?: readonly GivenDividend[];
  readonly at?: Until;
}

/** Rules are asked for no further than the contract needs; OCC years end with 2099. */
function calendarFor({ expiry }: Contract): Calendar {
  const last = tradingDay(`${expiry.slice(0, 4)}-12-31`);
  return usCalendar(last > '2035-12-31' ? { to: last } : {});
}

/** A figure given by hand, else the market's, else why there is none. */
const given = (flag: number | undefined, quoted: Figure | undefined, missing: Figure): Figure =>
  flag === undefined ? (quoted ?? missing) : value(flag);

interface Dividends {
  readonly dividendYield: number;
  readonly cash: readonly ExDividend[];
  readonly exDates: readonly ExDividend[] | null;
}

/**
 * What the name pays: dividends given by hand, else the yield given or configured (index funds pay often, and the announced part is
 * in the yield), else what the source has announced.
 */
function dividendsOf(flags: OptionFlags, config: Config, contract: Contract, market: OptionMarket | null, today: TradingDay): Dividends {
  if (flags.dividend !== undefined) {
    const cash = onDays(flags.dividend, today).filter(({ day }) => day >= today && day <= contract.expiry);
    return { dividendYield: flags.yield ?? 0, cash, exDates: cash };
  }
  const exDates = market?.exDates ?? null;
  const dividendYield = flags.yield ?? config.data.dividendYields.get(contract.underlying);
  return dividendYield === undefined ? { dividendYield: 0, cash: exDates ?? [], exDates } : { dividendYield, cash: [], exDates };
}

function basisOf(contract: Contract, flags: OptionFlags, config: Config, market: OptionMarket | null, calendar: Calendar) {
  const wall: EpochMs = market?.now ?? epochMs(Date.now());
  const at = flags.at === undefined ? wall : instantOf(flags.at, calendar, wall);
  const priced = flags.price !== undefined;
  const side = (flag: number | undefined, quoted: Figure | undefined, name: string): Figure =>
    given(flag, priced ? undefined : quoted, absent('no_quote', priced ? 'a price was given in place of a quote' : `no ${name} was given`));
  const { dividendYield, cash, exDates } = dividendsOf(flags, config, contract, market, calendar.dayOf(at));
  const basis: Basis = {
    option: contract,
    style: flags.style ?? market?.style ?? 'american',
    at,
    source: market?.source ?? 'figures given by hand',
    quotedAt: flags.bid === undefined && flags.ask === undefined && !priced ? (market?.quotedAt ?? null) : null,
    spot: given(flags.spot, market?.spot, absent('no_spot', 'no spot was given')),
    bid: side(flags.bid, market?.bid, 'bid'),
    ask: side(flags.ask, market?.ask, 'ask'),
    rate: flags.rate ?? config.data.riskFreeRate,
    dividendYield,
    cash,
  };
  return { basis, exDates };
}

async function option(word: string, flags: OptionFlags, globals: Globals): Promise<void> {
  const named = namedContract(word);
  if (named.kind === 'malformed') return fail(2, `wsb: ${named.why}`);
  const contract = named.option;
  const quoted = flags.bid !== undefined || flags.ask !== undefined;
  if (quoted && flags.price !== undefined) fail(2, 'wsb: --price stands in place of a quote: give it, or --bid and --ask');
  const config = configOf(globals, { mode: flags.mode, exchange: flags.exchange });
  const complete = flags.spot !== undefined && (quoted || flags.price !== undefined);
  const market = complete ? null : await readMarket(config, contract);
  const calendar = calendarFor(contract);
  const { basis, exDates } = basisOf(contract, flags, config, market, calendar);
  const report = optionReport({
    ...basis,
    now: basis.at,
    calendar,
    price: flags.price ?? null,
    exDates,
  });
  if (market !== null && market.style === null && !report.expired)
    fail(6, `wsb: ${contract.symbol} is not listed at ${market.source}. Give --spot and --bid and --ask, or --price, to value it by hand.`);
  if (globals.json === true) printJson(optionDocument(basis, report));
  else print(optionText(basis, report));
  if (!report.expired) return;
  warn(`wsb: ${contract.symbol} expired on ${contract.expiry}`);
  process.exitCode = 6;
}

export function registerOption(root: Command): void {
  root
    .command('option')
    .description('one contract: values, greeks, volatility, break-even, chances, and what a short position must expect (docs/pricing.md)')
    .argument('<contract>', 'an OCC symbol, e.g. SPY261218P00594000')
    .option('--mode <mode>', 'sim, dry-run, paper or live: whose market is asked')
    .option('--exchange <url>', 'an exchange started by `wsb exchange`')
    .addOption(new Option('--style <style>', 'by default what the market says, else american').choices(['american', 'european']))
    .option('--spot <usd>', 'the share; with a quote or a price nothing is asked of any market', positive)
    .option('--bid <usd>', 'the option', notNegative)
    .option('--ask <usd>', 'the option', positive)
    .option('--price <usd>', 'in place of bid and ask', numeric)
    .option('--rate <r>', 'continuous, a year, as a fraction', numeric)
    .option('--yield <q>', 'continuous, a year, as a fraction', numeric)
    .option('--dividend <day:usd>', 'ex-date or days from today, and dollars a share; may be repeated', dividendFlag)
    .option('--at <time>', 'HH:MM or YYYY-MM-DDTHH:MM, New York time; now when not given', untilFlag)
    .action(async (word: string, flags: OptionFlags, command: Command) => option(word, flags, command.optsWithGlobals<Globals>()));
}
