// The first word with a broker, checked point by point: keys, account, flags, clock, stream.

import type { Config } from '../config/load.ts';
import type { AccountFacts } from '../domain/account.ts';
import { formatMicros } from '../domain/money.ts';
import type { Connected } from './connect.ts';

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix: string | null;
  /** The exit code this finding asks for. */
  readonly code: number;
}

const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, fix: null, code: 0 });
const bad = (name: string, detail: string, fix: string, code: number): Finding => ({ name, state: 'fail', detail, fix, code });

const SKEW_WARN_MS = 1_000;
const SKEW_BAD_MS = 5_000;
const STREAM_MS = 10_000;

function accountFindings(config: Config, account: AccountFacts): readonly Finding[] {
  const flags = [
    account.tradingBlocked && 'trading blocked',
    account.accountBlocked && 'account blocked',
    account.suspendedByUser && 'suspended by user',
  ].filter((f) => f !== false);
  const needs = Math.max(0, ...config.strategies.filter((s) => s.enabled).map((s) => s.strategy.optionsLevel));
  const facts = `account ...${account.number.slice(-4)} (${config.run.mode}), status ${account.status}, transfers ${account.transfersBlocked ? 'blocked' : 'open'}`;
  return [
    ok('account', facts),
    account.status === 'ACTIVE' && flags.length === 0
      ? ok('may trade', 'not blocked')
      : bad(
          'may trade',
          flags.length > 0 ? flags.join(', ') : `status ${account.status}`,
          'Clear this with the broker; nothing can be opened until then.',
          7,
        ),
    account.optionsLevel >= needs
      ? ok('options level', `${account.optionsLevel}, needed ${needs}`)
      : {
          name: 'options level',
          state: 'warn',
          detail: `${account.optionsLevel}, needed ${needs}`,
          fix: 'Ask the broker for the level, or disable the strategies that need it.',
          code: 0,
        },
    ok(
      'buying power',
      `equity ${formatMicros(account.equity)}, cash ${formatMicros(account.cash)}, buying power ${formatMicros(account.buyingPower)}, options ${formatMicros(account.optionsBuyingPower)}`,
    ),
  ];
}

async function clockFinding({ broker, clock }: Connected): Promise<Finding> {
  const before = clock.now();
  const answer = await broker.clock();
  const now = clock.now();
  if (!answer.ok) return bad('clock', answer.why, 'Check the network.', 5);
  const skew = Math.max(0, before.exchange - answer.value.at, answer.value.at - now.exchange) / now.speed;
  const detail = `${Math.round(skew)} ms apart, market ${answer.value.isOpen ? 'open' : 'closed'}, next open ${new Date(answer.value.nextOpen).toISOString()}`;
  if (skew > SKEW_BAD_MS) return bad('clock', detail, "Set this machine's clock (NTP): openings are refused beyond five seconds.", 7);
  return skew > SKEW_WARN_MS
    ? { name: 'clock', state: 'warn', detail, fix: "Set this machine's clock (NTP).", code: 0 }
    : ok('clock', detail);
}

async function streamFinding({ broker, clock }: Connected): Promise<Finding> {
  const began = clock.now().mono;
  const up = await new Promise<boolean>((resolve) => {
    const cancel = clock.after(STREAM_MS, () => resolve(false));
    broker.connect({
      report: () => {},
      breaker: () => {},
      link: (listening) => {
        if (!listening) return;
        cancel();
        resolve(true);
      },
    });
  });
  const ms = Math.round(clock.now().mono - began);
  return up
    ? ok('trade stream', `authorized and listening after ${ms} ms`)
    : bad('trade stream', `no answer within ${STREAM_MS} ms`, 'Check the network and broker.stream_url.', 5);
}

/** Every check in order; stops after the account when that cannot be read. */
export async function verifyBroker(config: Config, connected: Connected): Promise<readonly Finding[]> {
  const answer = await connected.broker.account();
  if (!answer.ok) {
    return [
      answer.auth
        ? bad(
            'keys',
            'the broker refused the API key',
            "Check APCA_API_KEY_ID and APCA_API_SECRET_KEY, and that they belong to this mode's account.",
            24,
          )
        : bad('network', answer.why, 'Check the network and broker.trading_url.', 5),
    ];
  }
  if (connected.followed !== null) await connected.followed.ready(5_000).catch(() => {});
  return [ok('keys', 'accepted'), ...accountFindings(config, answer.value), await clockFinding(connected), await streamFinding(connected)];
}

/** The exit code of a list: the first failing check's. */
export const codeOf = (findings: readonly Finding[]): number => findings.find((f) => f.state === 'fail')?.code ?? 0;
