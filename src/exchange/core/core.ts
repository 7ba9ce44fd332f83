// The exchange's truth behind its one surface: each call is one instant, one transaction, and only then its events.
import { assert } from '../../base/assert.ts';
import { seededRng } from '../../base/rng.ts';
import type { Calendar } from '../../market/calendar.ts';
import type { ExchangeMarket, ListedEquity } from '../market.ts';
import type { ExchangeCore, XKey, XOrder, XTradeEvent } from '../types.ts';
import { readActivities } from './activities.ts';
import { advanceTo, nextEventAfter } from './advance.ts';
import { cancelNow, requestCancel } from './cancel.ts';
import { check } from './checks.ts';
import { requestExercise, requestLapse } from './exercise.ts';
import type { FeeSchedule } from './fee-rates.ts';
import { accountFigures, positionFigures } from './figures.ts';
import { type FillModel, houseFills } from './fill-model.ts';
import { shownOrder } from './groups.ts';
import { sortedUuidOf, uuidOf } from './ids.ts';
import { listOrders } from './order-list.ts';
import { createQuoteDesk } from './quotes.ts';
import { requestReplace } from './replace.ts';
import type { Image } from './rows.ts';
import { settingsOf } from './settings.ts';
import { openExchangeStore } from './store.ts';
import { take } from './take.ts';
import { transfer } from './transfers.ts';
import { createTruth, type Truth } from './truth.ts';
import type { Rational, Venue } from './venue.ts';

export interface ExchangeCoreOptions {
  /** Path of the database, or `:memory:`. */
  readonly file: string;
  readonly market: ExchangeMarket;
  readonly calendar: Calendar;
  /** One account for each distinct account name. */
  readonly keys: readonly XKey[];
  /** Cash of an account that is opened now, micros; $100,000 when absent. Accounts already in the file keep theirs. */
  readonly startingCash?: number;
  /** Of a new file; an existing file keeps its own. */
  readonly seed: number;
  /** First instant of a new file, UTC milliseconds; an existing file goes on from its own. */
  readonly start: number;
  /** About one order in ten of more than one unit fills in two parts. */
  readonly partialFills?: boolean;
  /**
   * An execution takes no more than the touch shows, where the market states sizes: the rest of the order waits at its limit until more is
   * shown. When absent any size trades at the touch.
   */
  readonly displayedSizes?: boolean;
  /** How orders fill; wins over the two above. Without it, prompt and without a queue. */
  readonly fills?: FillModel;
  /** Accounts, by name, whose orders fill by another model. */
  readonly accountFills?: ReadonlyMap<string, FillModel>;
  /** True while trading in a symbol is halted; when absent nothing ever is. */
  readonly isHalted?: (symbol: string, at: number) => boolean;
  /** Chance that a short put with no time value left is assigned on a night; 1/5 when absent, 0 turns early assignment off. */
  readonly assignment?: { readonly earlyPerNight?: Rational };
  /** What is charged beside the price; nothing when absent. */
  readonly fees?: FeeSchedule;
  /** Shares may be borrowed to be sold short, by accounts with $2,000 or more; when absent nobody lends. */
  readonly lends?: boolean;
  /**
   * The stream is also told what a paper broker keeps to itself: `pending_new` or `accepted` on arrival, `done_for_day` at a close
   * for what lives on, and `order_cancel_rejected` when a fill came before a cancel.
   */
  readonly everyStep?: boolean;
}

const STARTING_CASH = 100_000_000_000;
const EARLY_PER_NIGHT: Rational = { numerator: 1, denominator: 5 };

const emptyImage = (at: number, seed: number): Image => ({
  scalars: { at, ordinal: 0, drawn: 0, seed },
  accounts: [],
  orders: [],
  positions: [],
  activities: [],
  contracts: [],
  marks: [],
});

const keyOf = (id: string, secret: string): string => JSON.stringify([id, secret]);

function openAccounts(truth: Truth, keys: readonly XKey[], cash: number): void {
  const known = new Set([...truth.accounts()].map((account) => account.name));
  const { seed, at } = truth.scalars;
  for (const { account: name } of keys) {
    if (known.has(name)) continue;
    known.add(name);
    truth.putAccount({
      name,
      id: uuidOf(seed, truth.draw()),
      number: `PA3SIM${String(known.size).padStart(4, '0')}`,
      cash,
      lastEquity: cash,
      closingEquity: cash,
      createdAt: at,
    });
  }
}

function venueOf(options: ExchangeCoreOptions, truth: Truth, emit: Venue['emit']): Venue {
  const { market, calendar } = options;
  const { seed } = truth.scalars;
  const fills =
    options.fills ?? houseFills({ partialFills: options.partialFills ?? false, displayedSizes: options.displayedSizes ?? false });
  let equities: ReadonlyMap<string, ListedEquity> | undefined;
  return {
    truth,
    market,
    calendar,
    emit,
    desk: createQuoteDesk(market, calendar),
    rng: seededRng(seed),
    fillsOf: (account) => options.accountFills?.get(account) ?? fills,
    isHalted: options.isHalted ?? (() => false),
    earlyPerNight: options.assignment?.earlyPerNight ?? EARLY_PER_NIGHT,
    fees: options.fees ?? null,
    lends: options.lends ?? false,
    everyStep: options.everyStep ?? false,
    uuid: () => uuidOf(seed, truth.draw()),
    sortedUuid: () => sortedUuidOf(seed, truth.draw()),
    listedEquity: (symbol) => {
      equities ??= new Map(market.equities().map((e) => [e.symbol, e]));
      return equities.get(symbol);
    },
  };
}

/**
 * Opens the truth of an exchange over a market, new or as its file left it.
 * @throws ExchangeFileError when the file cannot serve: damaged, in use, or of another market
 */
export function openExchangeCore(options: ExchangeCoreOptions): ExchangeCore {
  const store = openExchangeStore(options.file, options.market.id);
  const truth = createTruth(store.load() ?? emptyImage(options.start, options.seed));
  const listeners = new Set<(event: XTradeEvent) => void>();
  let outbox: XTradeEvent[] = [];
  const venue = venueOf(options, truth, (event) => outbox.push(event));
  const accounts = new Map(options.keys.map((key) => [keyOf(key.id, key.secret), key.account]));

  /** Runs a change at an instant (never an earlier one than before), writes it down, then tells who listens. */
  const commit = <T>(at: number, change: (at: number) => T): T => {
    assert(Number.isSafeInteger(at), `not an instant: ${at}`);
    advanceTo(venue, at);
    const result = change(truth.scalars.at);
    store.write(truth.takeChanges());
    const events = outbox;
    outbox = [];
    for (const event of events) for (const listener of listeners) listener(event);
    return result;
  };
  const own = (account: string, order: XOrder | undefined): XOrder | undefined =>
    order?.account === account ? shownOrder(truth, order) : undefined;

  openAccounts(truth, options.keys, options.startingCash ?? STARTING_CASH);
  store.write(truth.takeChanges());
  return {
    authenticate: (id, secret) => accounts.get(keyOf(id, secret)),
    submit: (account, request, at) =>
      commit(at, (now) => {
        const verdict = check(venue, account, request, now);
        return verdict.ok ? { ok: true, value: shownOrder(truth, take(venue, account, request, verdict, now)) } : verdict;
      }),
    cancel: (account, id, at) => commit(at, (now) => requestCancel(venue, account, id, now)),
    cancelAll: (account, at) =>
      commit(at, (now) => truth.openOf(account).map(({ order: { id } }) => ({ id, result: requestCancel(venue, account, id, now) }))),
    cancelNow: (account, at) => commit(at, () => cancelNow(venue, account)),
    replace: (account, id, patch, at) => commit(at, (now) => requestReplace(venue, account, id, patch, now)),
    exercise: (account, symbol, at) => commit(at, (now) => requestExercise(venue, account, symbol, now)),
    doNotExercise: (account, symbol, at) => commit(at, (now) => requestLapse(venue, account, symbol, now)),
    transfer: (account, amount, at) => commit(at, (now) => transfer(venue, account, amount, now)),
    lends: venue.lends,
    order: (account, id) => own(account, truth.order(id)?.order),
    orderByClientId: (account, clientOrderId) => own(account, truth.orderByClientId(account, clientOrderId)?.order),
    orders: (account, filter) => listOrders(truth, account, filter),
    positions: (account, at) => positionFigures(venue, account, at),
    activities: (account, filter, at) => readActivities(truth.activities(account), filter, at),
    statement: (account) => truth.activities(account),
    account: (account, at) => accountFigures(venue, account, at),
    settings: (account) => settingsOf(truth.account(account)),
    set: (account, settings, at) => commit(at, () => truth.putAccount({ ...truth.account(account), settings })),
    advance: (to) => {
      if (to > truth.scalars.at) commit(to, () => undefined);
    },
    nextEvent: (after) => nextEventAfter(venue, after),
    get at() {
      return truth.scalars.at;
    },
    onTrade: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => store.close(),
  };
}
