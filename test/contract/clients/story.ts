// One story of an account that every client tells with its own methods: what it reads, trades, hears, and leaves behind.
import { setTimeout as sleep } from 'node:timers/promises';
import { collector } from '../exchange/collector.ts';

export interface OrderFields {
  readonly clientOrderId: string;
  readonly qty: number;
  readonly limitPrice: number;
}

/** An event of the trade stream, in whatever words its client has for it. */
export interface Heard {
  readonly event: string;
  readonly orderId: string;
  readonly side: string;
}

export interface Where {
  /** e.g. `http://127.0.0.1:40123`; the other of the same exchange over TLS. */
  readonly url: string;
  readonly tlsUrl: string;
  readonly key: string;
  readonly secret: string;
}

/** What a client can do; a step it has no method for is absent, and the story goes on without it. */
export interface StoryClient {
  account(): Promise<{ readonly status: string; readonly cash: number }>;
  /** Days with a session in a window. */
  calendar(from: string, to: string): Promise<readonly string[]>;
  asset(symbol: string): Promise<{ readonly symbol: string; readonly tradable: boolean }>;
  /** OCC symbols of the contracts listed on a name. */
  chain?(underlying: string): Promise<readonly string[]>;
  /** Resolves once events are being listened to. */
  listen(hear: (heard: Heard) => void): Promise<void>;
  /** Resolves with the ask of a quote that came by stream. */
  stockQuote(symbol: string): Promise<number>;
  optionQuote?(contract: string): Promise<number>;
  /** Resolves with the symbols that the news stream acknowledges. */
  news?(): Promise<readonly string[]>;
  buy(symbol: string, order: OrderFields): Promise<string>;
  position(symbol: string): Promise<number>;
  /** Gives an order another limit price; the id of the order that takes its place. */
  replace(orderId: string, limitPrice: number): Promise<string>;
  cancel(orderId: string): Promise<void>;
  /** The orders of the account's executions. */
  executions(): Promise<readonly string[]>;
  closeAll(): Promise<void>;
  positions(): Promise<readonly string[]>;
  /** Ends the streams; nothing of the client is left running. */
  end(): void;
}

export const steps = [
  'account',
  'calendar',
  'asset',
  'chain',
  'listen',
  'stockQuote',
  'optionQuote',
  'news',
  'buy',
  'position',
  'replace',
  'cancel',
  'executions',
  'closeAll',
] as const;
type Step = (typeof steps)[number];
export type Table = Readonly<Record<Step, string>>;

const SYMBOL = 'SPY';
const cents = (price: number): number => Math.round(price * 100) / 100;

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Tells the story; the table says for each step that it was done, or that the client has no method for it. */
export async function tell(client: StoryClient, today: string): Promise<Table> {
  const table: Partial<Record<Step, string>> = {};
  const heard = collector<Heard>();
  const step = async <T>(name: Step, work: (() => Promise<T>) | undefined): Promise<T | undefined> => {
    if (work === undefined) {
      table[name] = 'no method';
      return undefined;
    }
    const result = await work().catch((error: unknown) => {
      throw new Error(`step ${name}`, { cause: error });
    });
    table[name] = 'done';
    return result;
  };
  const event = (name: string, orderId: string): Promise<Heard> => heard.find((one) => one.event === name && one.orderId === orderId);

  await read(client, today, step);
  await step('listen', () => client.listen(heard.push));
  const ask = (await step('stockQuote', () => client.stockQuote(SYMBOL))) ?? 0;
  check(ask > 0, `the quote by stream asks ${String(ask)}`);
  await readStreams(client, step);

  const bought = await step('buy', async () => {
    const id = await client.buy(SYMBOL, { clientOrderId: 'story-1', qty: 3, limitPrice: cents(ask * 1.02) });
    await event('new', id);
    await event('fill', id);
    return id;
  });
  await step('position', async () => check((await client.position(SYMBOL)) === 3, 'the position is not 3 shares'));
  const resting = await client.buy(SYMBOL, { clientOrderId: 'story-2', qty: 1, limitPrice: cents(ask / 2) });
  const replacement = await step('replace', async () => {
    await event('new', resting);
    const id = await client.replace(resting, cents(ask / 2) + 1);
    await event('replaced', resting);
    return id;
  });
  await step('cancel', async () => {
    await client.cancel(replacement ?? resting);
    await event('canceled', replacement ?? resting);
  });
  await step('executions', async () =>
    check(String(await client.executions()) === bought, 'the executions are not those of the first order'),
  );
  await step('closeAll', async () => {
    await client.closeAll();
    await heard.find((one) => one.event === 'fill' && one.side === 'sell');
    // The account is served beside the stream and may be a moment behind it.
    while ((await client.positions()).length > 0) await sleep(50);
  });
  return table as Table;
}

type Run = <T>(name: Step, work: (() => Promise<T>) | undefined) => Promise<T | undefined>;

async function read(client: StoryClient, today: string, step: Run): Promise<void> {
  const account = await step('account', () => client.account());
  check(account?.status === 'ACTIVE' && account.cash === 100_000, `the account is ${JSON.stringify(account)}`);
  const days = await step('calendar', () => client.calendar(today, today));
  check(String(days) === today, `the calendar has ${String(days)} where ${today} was asked for`);
  const asset = await step('asset', () => client.asset(SYMBOL));
  check(asset?.symbol === SYMBOL && asset.tradable, `the asset is ${JSON.stringify(asset)}`);
}

async function readStreams(client: StoryClient, step: Run): Promise<void> {
  const { chain, optionQuote, news } = client;
  const contracts = await step('chain', chain === undefined ? undefined : () => chain(SYMBOL));
  check(contracts === undefined || contracts.length > 50, `the chain has ${String(contracts?.length)} contracts`);
  const middle = contracts?.[Math.floor(contracts.length / 2)] ?? '';
  const ask = await step('optionQuote', optionQuote === undefined ? undefined : () => optionQuote(middle));
  check(ask === undefined || ask > 0, `the option's quote by stream asks ${String(ask)}`);
  const listed = await step('news', news === undefined ? undefined : () => news());
  check(listed === undefined || String(listed) === '*', `the news stream acknowledges ${String(listed)}`);
}
