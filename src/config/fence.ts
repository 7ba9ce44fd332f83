// The fence between play money and real money: mode, hosts, keys and the typed account number must tell the same story.
import { type Env, read } from './env.ts';
import type { RunMode, Sections } from './schema.ts';

/** 20: the configuration or a secret is invalid. 25: live and paper are mixed up. */
export type ExitCode = 20 | 25;

export interface Problem {
  readonly exitCode: ExitCode;
  readonly text: string;
}

/** The fence outranks the rest: whoever mixes up live and paper must read that first. */
export const worst = (problems: readonly Problem[]): ExitCode => (problems.some((p) => p.exitCode === 25) ? 25 : 20);
export const sentences = (problems: readonly Problem[]): readonly string[] =>
  [...problems].sort((a, b) => b.exitCode - a.exitCode).map((p) => p.text);

/** The broker's trading hosts, by the money behind them. */
export const LIVE_HOST = 'api.alpaca.markets';
export const PAPER_HOST = 'paper-api.alpaca.markets';
const BROKER_DOMAIN = '.alpaca.markets';

const fence = (text: string): Problem => ({ exitCode: 25, text });
const invalid = (text: string): Problem => ({ exitCode: 20, text });
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** True for a URL that cannot leave this machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** What live demands before anything else is looked at. */
export function liveFence({ mode, env, exchange }: { mode: RunMode; env: Env; exchange: string | undefined }): readonly Problem[] {
  if (mode !== 'live') return [];
  const problems: Problem[] = [];
  if (exchange !== undefined) problems.push(fence('--exchange is refused in live: live orders go to the broker or nowhere'));
  if (read(env, 'WSB_LIVE') === undefined) {
    problems.push(fence('live is not confirmed: set WSB_LIVE to the number of the account that may be traded with real money'));
  }
  return problems;
}

function tradingHost(mode: RunMode, url: string): readonly Problem[] {
  const host = hostOf(url);
  if (mode === 'live' && host !== LIVE_HOST)
    return [fence(`broker.trading_url: live needs the live host https://${LIVE_HOST}; this is ${host}`)];
  if (mode === 'paper' && host === LIVE_HOST)
    return [fence(`broker.trading_url: paper must not reach the live host; use https://${PAPER_HOST}`)];
  if (mode === 'paper' && host !== PAPER_HOST)
    return [invalid(`broker.trading_url: paper needs https://${PAPER_HOST}; for an exchange of your own use --exchange`)];
  if (mode === 'dry-run' && host !== PAPER_HOST && host !== LIVE_HOST) {
    return [
      invalid(
        `broker.trading_url: dry-run reads https://${LIVE_HOST} or https://${PAPER_HOST}; for an exchange of your own use --exchange`,
      ),
    ];
  }
  return [];
}

/** The other hosts must be the broker's, and the trade stream must be of the same account as the orders. */
function otherHosts(broker: Sections['broker']): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [key, url] of Object.entries({
    data_url: broker.dataUrl,
    stream_url: broker.streamUrl,
    stock_stream_url: broker.stockStreamUrl,
  })) {
    if (url === null) continue;
    if (!new URL(url).hostname.endsWith(BROKER_DOMAIN))
      problems.push(invalid(`broker.${key}: not a host of the broker (*${BROKER_DOMAIN})`));
    else if (!/^(https|wss):/.test(url)) problems.push(invalid(`broker.${key}: must be encrypted: https or wss`));
  }
  if (broker.tradingUrl !== null && broker.streamUrl !== null && hostOf(broker.tradingUrl) !== hostOf(broker.streamUrl)) {
    problems.push(fence('broker.stream_url: its host differs from that of broker.trading_url: fills would be heard from another account'));
  }
  if (broker.stockStreamUrl !== null && !broker.stockStreamUrl.endsWith(`/${broker.feed}`)) {
    problems.push(invalid(`broker.stock_stream_url: must end in /${broker.feed}, which is broker.feed`));
  }
  if (broker.tradingUrl !== null && !broker.tradingUrl.startsWith('https:'))
    problems.push(invalid('broker.trading_url: must be encrypted: https'));
  return problems;
}

function urlsOf(broker: Sections['broker']): readonly Problem[] {
  const given = {
    trading_url: broker.tradingUrl,
    data_url: broker.dataUrl,
    stream_url: broker.streamUrl,
    stock_stream_url: broker.stockStreamUrl,
  };
  return Object.entries(given)
    .filter(([, url]) => url === null)
    .map(([key]) => invalid(`broker.${key}: is not set; every mode but sim needs it`));
}

export interface BrokerFence {
  readonly mode: RunMode;
  readonly env: Env;
  readonly exchange: string | undefined;
  readonly broker: Sections['broker'];
  readonly speed: number;
}

/** Do the hosts, the mode and the speed belong together? */
export function brokerFence({ mode, env, exchange, broker, speed }: BrokerFence): readonly Problem[] {
  const problems: Problem[] = [];
  if (exchange !== undefined && !isLoopback(exchange))
    problems.push(fence('--exchange: only an address of this machine (127.0.0.1, ::1, localhost) stands in for the broker'));
  if (mode !== 'sim' && speed !== 1) problems.push(invalid(`run.speed: ${mode} runs at the world's speed: leave it at 1`));
  const real = mode !== 'sim' && exchange === undefined;
  if (real) {
    problems.push(...urlsOf(broker), ...otherHosts(broker));
    if (broker.tradingUrl !== null) problems.push(...tradingHost(mode, broker.tradingUrl));
  }
  const reached = exchange ?? (mode === 'sim' ? null : broker.tradingUrl);
  const base = read(env, 'APCA_API_BASE_URL');
  if (base !== undefined && reached !== null && hostOf(base) !== hostOf(reached)) {
    problems.push(
      invalid(`APCA_API_BASE_URL names another host than ${hostOf(reached)}, which is configured: unset it or make them agree`),
    );
  }
  return problems;
}

/** Key ids tell whose they are by their first two letters. */
export function keyFence(mode: RunMode, keyId: string, exchange: string | undefined, tradingUrl: string | null): readonly Problem[] {
  if (mode === 'sim' || exchange !== undefined) return [];
  const live = mode === 'live' || (mode === 'dry-run' && tradingUrl !== null && hostOf(tradingUrl) === LIVE_HOST);
  if (live && keyId.startsWith('PK'))
    return [fence(`${mode}: the key is a paper key (PK...) but the host is the live one: use the live account's key`)];
  if (!live && keyId.startsWith('AK'))
    return [fence(`${mode}: the key is a live key (AK...) but the host is the paper one: use the paper account's key`)];
  return [];
}
