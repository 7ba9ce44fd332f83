// The first and the last thing an operator reads: what runs where on whose money, and how it ended.
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import type { Stopped } from '../daemon/daemon.ts';
import type { AccountFacts } from '../domain/account.ts';
import { formatMicros, minus, type Usd } from '../domain/money.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { MarketReport } from '../exchange/market.ts';
import { warn } from './output.ts';
import { version } from './version.ts';

const mask = (account: string): string => `...${account.slice(-4)}`;

export interface BannerFacts {
  readonly config: Config;
  readonly account: AccountFacts;
  readonly url: string | null;
  readonly exchange: string;
  readonly market: string | null;
  readonly epoch: number;
}

/** Said on standard error when a person watches, and as one log line always. */
export function banner(log: Logger, facts: BannerFacts): void {
  const { config, account } = facts;
  const strategies = config.strategies
    .filter((s) => s.enabled && (s.params as { readonly enabled?: boolean }).enabled !== false)
    .map((s) => s.strategy.id);
  log.info(
    {
      event: 'run.started',
      version: version.version,
      git: version.gitSha.slice(0, 12),
      node: process.version,
      account: mask(account.number),
      equity: formatMicros(account.equity),
      state: config.stateDir,
      broker: facts.exchange,
      market: facts.market,
      http: facts.url,
      strategies,
      config: config.effective.hash,
      epoch: facts.epoch,
    },
    'run started',
  );
  if (!process.stderr.isTTY) return;
  const line = '-'.repeat(72);
  warn(line);
  warn(`wallstreetbots ${version.version}   mode ${config.run.mode}${config.run.mode === 'live' ? '   REAL MONEY' : ''}`);
  warn(`account   ${mask(account.number)}   equity ${formatMicros(account.equity)} USD`);
  warn(
    `market    ${facts.market ?? facts.exchange}${config.run.speed !== 1 && facts.market !== null ? ` at ${config.run.speed} times speed` : ''}`,
  );
  warn(`ledger    ${config.stateDir}/ledger.sqlite`);
  warn(`watch     ${facts.url ?? 'not served'}/readyz and /metrics`);
  warn(`trading   ${strategies.join(', ') || 'nothing is enabled'}`);
  warn('Ctrl-C flattens and stops.');
  warn(line);
}

export interface SummaryFacts {
  readonly stopped: Stopped;
  readonly beliefs: Beliefs;
  readonly startEquity: Usd;
  readonly report: MarketReport | null;
}

export function summary(log: Logger, { stopped, beliefs, startEquity, report }: SummaryFacts): void {
  const orders = [...beliefs.orders.values()];
  const equity = beliefs.account?.equity ?? startEquity;
  const facts = {
    event: 'run.stopped',
    code: stopped.exitCode,
    orders: orders.length,
    filled: orders.filter((o) => o.cumQty > 0).length,
    positions: beliefs.positions().length,
    equity: formatMicros(equity),
    change: formatMicros(minus(equity, startEquity)),
    remainder: stopped.remainder,
    ...(report === null ? {} : { heldQuotes: report.heldQuotes, assumedQuotes: report.assumedQuotes, assumptions: report.assumptions }),
  };
  log.info(facts, 'run stopped');
  if (!process.stderr.isTTY) return;
  warn(
    `stopped with ${stopped.exitCode}: ${facts.orders} orders, ${facts.filled} filled, equity ${facts.equity} (${facts.change}), ${stopped.remainder.length === 0 ? 'flat' : 'not flat:'}`,
  );
  for (const left of stopped.remainder) warn(`  ${left.what} ${left.symbol} ${left.qty} (${left.why}), protection: ${left.protection}`);
}
