// What `wsb broker verify` makes of a broker's answers: one exit code for each kind of trouble.
import { describe, expect, it } from 'vitest';
import type { Connected } from '../../../src/cli/connect.ts';
import { codeOf, verifyBroker } from '../../../src/cli/verify-broker.ts';
import { type Config, loadConfig } from '../../../src/config/load.ts';
import type { AccountFacts } from '../../../src/domain/account.ts';
import { usd } from '../../../src/domain/money.ts';
import { epochMs, monoMs } from '../../../src/domain/time.ts';
import type { Answer, Broker, BrokerClock } from '../../../src/ports/broker.ts';

const loaded = loadConfig({ env: {}, cwd: '/nowhere', exchange: 'http://127.0.0.1:1' });
if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
const config: Config = loaded.config;
const now = epochMs(Date.UTC(2026, 10, 23, 20));

const account: AccountFacts = {
  number: 'PA3SIM0001',
  status: 'ACTIVE',
  cash: usd(1),
  equity: usd(1),
  lastEquity: usd(1),
  buyingPower: usd(2),
  optionsBuyingPower: usd(1),
  nonMarginableBuyingPower: usd(1),
  optionsLevel: 3,
  tradingBlocked: false,
  accountBlocked: false,
  transfersBlocked: false,
  suspendedByUser: false,
};

interface Script {
  readonly account?: Answer<AccountFacts>;
  readonly at?: number;
  readonly listens?: boolean;
}

/** A broker that answers as it is told. Its alarms ring at once, so that silence is found without waiting. */
function told({ account: said = { ok: true, value: account }, at = now, listens = true }: Script): Connected {
  const clock: BrokerClock = { at: epochMs(at), isOpen: true, nextOpen: now, nextClose: now };
  const broker: Partial<Broker> = {
    account: () => Promise.resolve(said),
    clock: () => Promise.resolve({ ok: true, value: clock }),
    connect: (on) => {
      if (listens) on.link(true, 'listening');
    },
  };
  const time = {
    now: () => ({ exchange: now, mono: monoMs(0), speed: 1 }),
    after: (_: number, ring: () => void) => {
      if (!listens) queueMicrotask(ring);
      return () => {};
    },
    wallUntil: () => 0,
  };
  return { broker: broker as Broker, clock: time, followed: null } as unknown as Connected;
}

const fault = (auth: boolean): Answer<AccountFacts> => ({ ok: false, fault: 'ALPACA_X', auth, why: 'as told' });

describe('broker verify', () => {
  it.each<[string, Script, number, string | null]>([
    ['all is well', {}, 0, null],
    ['the key is refused', { account: fault(true) }, 24, 'keys'],
    ['nobody answers', { account: fault(false) }, 5, 'network'],
    ['trading is blocked', { account: { ok: true, value: { ...account, tradingBlocked: true } } }, 7, 'may trade'],
    ['the account is blocked', { account: { ok: true, value: { ...account, accountBlocked: true } } }, 7, 'may trade'],
    ['its owner suspended trading', { account: { ok: true, value: { ...account, suspendedByUser: true } } }, 7, 'may trade'],
    ['the account is not active', { account: { ok: true, value: { ...account, status: 'ACCOUNT_CLOSED' } } }, 7, 'may trade'],
    ['the clocks are six seconds apart', { at: now - 6_000 }, 7, 'clock'],
    ['the broker is six seconds ahead', { at: now + 6_000 }, 7, 'clock'],
    ['the stream stays silent', { listens: false }, 5, 'trade stream'],
  ])('when %s', async (_, script, code, name) => {
    const findings = await verifyBroker(config, told(script));
    expect(codeOf(findings)).toBe(code);
    expect(findings.find((f) => f.state === 'fail')?.name ?? null).toBe(name);
    for (const finding of findings) if (finding.state !== 'ok') expect(finding.fix).not.toBeNull();
  });

  it('warns of two seconds and of an options level too low, and lets both pass', async () => {
    const low: Answer<AccountFacts> = { ok: true, value: { ...account, optionsLevel: 0 } };
    const findings = await verifyBroker(config, told({ account: low, at: now - 2_000 }));
    expect(findings.filter((f) => f.state === 'warn').map((f) => f.name)).toEqual(['options level', 'clock']);
    expect(codeOf(findings)).toBe(0);
  });

  it('masks the account to its last four characters', async () => {
    const text = JSON.stringify(await verifyBroker(config, told({})));
    expect(text).toContain('...0001');
    expect(text).not.toContain('PA3SIM0001');
  });
});
