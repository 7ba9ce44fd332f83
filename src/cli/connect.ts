// From configuration to a broker that answers: keys, transport, clock, adapter, and the first word with the account.
import { performance } from 'node:perf_hooks';
import { createAlpaca } from '../alpaca/create-alpaca.ts';
import type { Config } from '../config/load.ts';
import { forgetSecrets, loadSecrets, type Secrets } from '../config/secrets.ts';
import type { AccountFacts } from '../domain/account.ts';
import { exchangeClock, type FollowedClock } from '../net/exchange-clock.ts';
import { networkTransport } from '../net/network-transport.ts';
import { systemClock } from '../net/system-clock.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { Transport } from '../ports/transport.ts';
import { fail } from './exit.ts';

export interface Hosts {
  readonly trading: string;
  readonly data: string;
  readonly stream: string;
  readonly stockStream: string;
  /** True when an exchange of ours announces its time there. */
  readonly announcesTime: boolean;
}

export interface Connected {
  readonly broker: Broker;
  readonly data: MarketData;
  readonly clock: Clock;
  readonly followed: FollowedClock | null;
  readonly transport: Transport;
  readonly hosts: Hosts;
  readonly keys: { readonly id: string; readonly secret: string };
}

/** The key pair, or exit 20 or 25 with every problem. */
export function secretsOf(config: Config): Secrets {
  const loaded = loadSecrets({
    mode: config.run.mode,
    env: process.env,
    cwd: process.cwd(),
    exchange: config.exchange ?? undefined,
    tradingUrl: config.broker.tradingUrl,
  });
  if (!loaded.ok) return fail(loaded.exitCode, 'wsb: the keys:', ...loaded.problems.map((p) => `  - ${p}`));
  forgetSecrets(process.env);
  return loaded.secrets;
}

/** Where everything is: an exchange of ours at `url`, or the broker's own hosts. */
export function hostsOf(config: Config, url: string | null): Hosts {
  if (url !== null) {
    const base = url.replace(/\/+$/, '');
    const ws = base.replace(/^http/, 'ws');
    return {
      trading: base,
      data: base,
      stream: `${ws}/stream`,
      stockStream: `${ws}/v2/${config.broker.feed === 'sip' ? 'sip' : 'iex'}`,
      announcesTime: true,
    };
  }
  const { tradingUrl, dataUrl, streamUrl, stockStreamUrl } = config.broker;
  if (tradingUrl === null || dataUrl === null || streamUrl === null || stockStreamUrl === null)
    return fail(20, 'wsb: broker.trading_url, data_url, stream_url and stock_stream_url must all be set in this mode');
  return { trading: tradingUrl, data: dataUrl, stream: streamUrl, stockStream: stockStreamUrl, announcesTime: false };
}

export interface ConnectOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly hosts: Hosts;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Adapter and clock over the real network. Nothing is sent to the broker yet. */
export function connect({ config, secrets, hosts, log }: ConnectOptions): Connected {
  const keys = { id: secrets.keyId.reveal(), secret: secrets.secretKey.reveal() };
  const urls = [hosts.trading, hosts.data, hosts.stream, hosts.stockStream];
  const transport = networkTransport({ allowHosts: [...new Set(urls.map((u) => new URL(u).host))] });
  const own = systemClock();
  const followed = hosts.announcesTime
    ? exchangeClock({
        url: `${hosts.trading.replace(/^http/, 'ws')}/sim/v1/clock`,
        keys,
        socketFactory: transport.socketFactory,
        fallback: own,
        heard: (what) => log('lost' in what ? 'clock.lost' : 'clock.announced', { ...what }),
      })
    : null;
  const clock = followed ?? own;
  const { broker, data } = createAlpaca({
    trading: { basePath: hosts.trading },
    data: { basePath: hosts.data },
    streamUrl: hosts.stream,
    stockStreamUrl: hosts.stockStream,
    keys,
    transport,
    clock,
    feed: config.broker.feed === 'sip' ? 'sip' : 'iex',
    optionFeed: config.broker.optionFeed,
    random: Math.random,
    log: (event, fields) => log(event, fields),
  });
  return { broker, data, clock, followed, transport, hosts, keys };
}

const RETRY_LEAST_MS = 500;
const RETRY_MOST_MS = 15_000;

/** Asks for the account until it answers; refused credentials end the command with 24. `giveUp` ends the wait with 5. */
export async function firstAccount(broker: Broker, clock: Clock, patienceMs: number, told: (why: string) => void): Promise<AccountFacts> {
  const began = performance.now();
  for (let wait = RETRY_LEAST_MS; ; wait = Math.min(wait * 2, RETRY_MOST_MS)) {
    const answer = await broker.account();
    if (answer.ok) return answer.value;
    if (answer.auth)
      return fail(
        24,
        "wsb: the broker refused the API key. Check APCA_API_KEY_ID and APCA_API_SECRET_KEY, and that they belong to this mode's account.",
      );
    if (performance.now() - began > patienceMs) return fail(5, `wsb: the broker did not answer: ${answer.why}`);
    told(answer.why);
    await new Promise<void>((resolve) => {
      clock.after(wait, resolve);
    });
  }
}
