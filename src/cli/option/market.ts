// One contract's market, read from the mode's broker or from an exchange of ours: quotes, style, dividends, and the time there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import type { Symbol } from '../../domain/ids.ts';
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { EpochMs } from '../../domain/time.ts';
import { usCalendar } from '../../market/calendar.ts';
import type { Quote } from '../../market/quote.ts';
import type { Answer } from '../../ports/broker.ts';
import type { MarketData } from '../../ports/market-data.ts';
import { connect, hostsOf, secretsOf } from '../connect.ts';
import { fail } from '../exit.ts';
import { defaultKey, type Hosted, hostExchange } from '../host-exchange.ts';
import { warn } from '../output.ts';
import type { Style } from '../valuation.ts';
import type { ExDividend } from './assignment.ts';
import { absent, type Figure, value } from './figure.ts';

export interface OptionMarket {
  readonly source: string;
  readonly now: EpochMs;
  /** null when the source does not list the contract. */
  readonly style: Style | null;
  readonly spot: Figure;
  readonly bid: Figure;
  readonly ask: Figure;
  /** The instant of the option's quote. */
  readonly quotedAt: EpochMs | null;
  readonly exDates: readonly ExDividend[];
}

const READY_MS = 5_000;

/** The answer, or the end of the command: 24 when the keys were refused, 5 when nothing usable came. */
function had<T>(answer: Answer<T>, what: string): T {
  if (answer.ok) return answer.value;
  if (answer.auth) return fail(24, 'wsb: the broker refused the API key. Check APCA_API_KEY_ID and APCA_API_SECRET_KEY.');
  return fail(5, `wsb: ${what} could not be read: ${answer.why}`);
}

const side = (quote: Quote | undefined, of: 'bid' | 'ask', name: Symbol): Figure => {
  if (quote === undefined) return absent('no_quote', `no quote of ${name}`);
  if (of === 'ask' && quote.ask === 0) return absent('no_quote', `nobody offers ${name}`);
  return value(dollars(quote[of]));
};

/** The middle of the share's quote. */
function spotOf(quote: Quote | undefined, name: Symbol): Figure {
  if (quote === undefined) return absent('no_spot', `no quote of ${name}`);
  if (quote.bid <= 0 || quote.ask <= 0) return absent('no_spot', `the quote of ${name} has one side only`);
  if (quote.bid > quote.ask) return absent('no_spot', `the quote of ${name} is crossed`);
  return value((dollars(quote.bid) + dollars(quote.ask)) / 2);
}

async function read(data: MarketData, option: Option, source: string, now: () => Promise<EpochMs>): Promise<OptionMarket> {
  const { symbol, underlying, expiry } = option;
  const quotes = had(await data.quotes([underlying, symbol]), 'the quotes');
  const listed = had(await data.contracts(underlying, expiry, expiry, false), 'the contracts');
  const at = await now();
  const today = usCalendar().dayOf(at);
  const dividends = today < expiry ? had(await data.dividends([underlying], today, expiry), 'the dividends') : [];
  const quote = quotes.get(symbol);
  return {
    source,
    now: at,
    style: listed.find((contract) => contract.option.symbol === symbol)?.style ?? null,
    spot: spotOf(quotes.get(underlying), underlying),
    bid: side(quote, 'bid', symbol),
    ask: side(quote, 'ask', symbol),
    quotedAt: quote?.at ?? null,
    exDates: dividends.map(({ exDay, amount }) => ({ day: exDay, amount: dollars(amount) })),
  };
}

/** The synthetic market of the configured seed at its first instant, on loopback for the length of one command. */
async function embedded(config: Config): Promise<{ readonly hosted: Hosted; readonly close: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'wsb-option-'));
  const gone = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const hosted = await hostExchange({
      dir,
      calendar: usCalendar(),
      seed: config.run.seed,
      speed: 1,
      port: 0,
      keys: [defaultKey],
      tape: null,
      from: null,
      startingCash: config.sim.startingCash,
      onFault: (error, where) => warn(`wsb: exchange fault in ${where}: ${error instanceof Error ? error.message : String(error)}`),
    });
    return { hosted, close: () => hosted.close().finally(gone) };
  } catch (error) {
    gone();
    throw error;
  }
}

/** Reads the contract's market; exit 5 or 24 when the source does not answer. */
export async function readMarket(config: Config, option: Option): Promise<OptionMarket> {
  const own = config.run.mode === 'sim' && config.exchange === null ? await embedded(config) : null;
  try {
    const hosts = hostsOf(config, own?.hosted.server.url ?? config.exchange);
    const { data, broker, clock, followed } = connect({ config, secrets: secretsOf(config), hosts, log: () => {} });
    try {
      const source = own === null ? hosts.data : `embedded exchange, synthetic market of seed ${String(config.run.seed)}`;
      return await read(data, option, source, async () => {
        if (followed !== null) await followed.ready(READY_MS).catch((error: Error) => fail(5, `wsb: ${error.message}`));
        return clock.now().exchange;
      });
    } finally {
      await data.close();
      await broker.close();
      followed?.close();
    }
  } finally {
    await own?.close();
  }
}
