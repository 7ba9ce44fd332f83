// `wsb strategies` as a person runs it: all of them rehearsed on the embedded exchange, one that is misconfigured, and the ledger's view.
import { describe, expect, it } from 'vitest';
import { strategies } from '../../src/strategies/registry.ts';
import { event, finish, scratch, wsb } from './process.ts';

const MINUTE = 60_000;

interface Report {
  readonly id: string;
  readonly state: string;
  readonly problems: readonly string[];
  readonly needs: readonly { readonly need: string; readonly state: string }[];
  readonly evaluations: readonly {
    readonly phase: string;
    readonly said: readonly { readonly code: string; readonly why: string }[];
    readonly fault: unknown;
  }[];
}
interface Document {
  readonly exitCode: number;
  readonly strategies: readonly Report[];
}

const verify = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
  const state = scratch('strategies');
  const { code, stdout, stderr } = await finish(['--json', '--state-dir', state, 'strategies', '--verify', ...args], { env });
  const text = stdout.trim();
  return { code, stderr, document: (text === '' ? null : JSON.parse(text)) as Document | null };
};

describe('wsb strategies --verify', () => {
  it('is green for every strategy there is: data there, asked once, each name answered with a code and a sentence', {
    timeout: 6 * MINUTE,
  }, async () => {
    const { code, stderr, document } = await verify();
    expect(
      document?.strategies.map(({ id, state, problems }) => [id, state, problems]),
      stderr,
    ).toEqual(strategies.map(({ id }) => [id, 'ok', []]));
    expect(code).toBe(0);
    expect(document?.exitCode).toBe(0);
    for (const { id, needs, evaluations } of document?.strategies ?? []) {
      expect(
        needs.filter(({ state }) => state === 'absent'),
        id,
      ).toEqual([]);
      const asked = evaluations.filter(({ phase }) => phase !== 'manage');
      expect(
        asked.flatMap(({ said }) => said).filter(({ code: reason, why }) => reason === '' || why === ''),
        id,
      ).toEqual([]);
      expect(
        asked.filter(({ said, fault }) => said.length === 0 || fault !== null),
        id,
      ).toEqual([]);
      expect(
        evaluations.some(({ phase }) => phase === 'manage'),
        id,
      ).toBe(true);
    }
    // Nothing is asked of a stale account, and no strategy is shut out as a whole.
    const codes = document?.strategies.flatMap(({ evaluations }) => evaluations.flatMap(({ said }) => said.map((s) => s.code))) ?? [];
    expect(codes.filter((c) => ['ACCOUNT_STALE', 'RECON_PENDING', 'KILL_SWITCH', 'STRATEGY_FAILED'].includes(c))).toEqual([]);
  });

  it('tells a section that is wrong beside its strategy, rehearses another all the same, and ends with 20', {
    timeout: 2 * MINUTE,
  }, async () => {
    const wrong = { WSB__STRATEGIES__WHEEL__IV_RANK_MIN: '101' };
    const whole = await verify(['--strategy', 'wheel'], wrong);
    expect(whole.code, whole.stderr).toBe(20);
    expect(whole.document?.strategies).toMatchObject([{ id: 'wheel', state: 'invalid', evaluations: [] }]);
    expect(whole.document?.strategies[0]?.problems[0]).toContain('strategies.wheel.iv_rank_min');
    const other = await verify(['--strategy', 'base'], wrong);
    expect(other.code, other.stderr).toBe(0);
    expect(other.document?.strategies).toMatchObject([{ id: 'base', state: 'ok' }]);
  });

  it.each([
    [['--strategy', 'dips'], 2, 'no such strategy: dips'],
    [['--assume', 'x.toml'], 2, '--assume supplies what a tape lacks'],
    [['--tape', '/nowhere', '--exchange', 'http://127.0.0.1:1'], 2, '--tape plays on the embedded exchange'],
  ] as const)('refuses %j', { timeout: MINUTE }, async (args, exit, words) => {
    const { code, stderr } = await verify(args);
    expect(code, stderr).toBe(exit);
    expect(stderr).toContain(words);
  });
});

describe('wsb strategies', () => {
  it('shows how each strategy stands in the ledger, as a table, as values and as a document', { timeout: 3 * MINUTE }, async () => {
    const state = scratch('strategies');
    const none = await finish(['--state-dir', state, 'strategies']);
    expect(none.code).toBe(6);
    const running = wsb(['--state-dir', state, 'run', '--speed', '60', '--strategies', 'base']);
    await running.until(event('order.filled'), 'a fill', 2 * MINUTE);
    running.signal('SIGTERM');
    await running.exited;
    const json = await finish(['--state-dir', state, '--json', 'strategies', '--strategy', 'base']);
    const [base] = JSON.parse(json.stdout) as readonly Readonly<Record<string, unknown>>[];
    expect(base).toMatchObject({ id: 'base', title: 'Index Baseline', enabled: true, optionsLevel: 0 });
    expect(Number(base?.['ordersToday'])).toBeGreaterThan(0);
    expect(Number(base?.['decisionsToday'])).toBeGreaterThan(0);
    expect(base?.['last']).toMatchObject({ subject: expect.any(String) as string, code: expect.any(String) as string });
    const csv = await finish(['--state-dir', state, 'strategies', '--csv']);
    expect(csv.stdout.split('\n')).toHaveLength(strategies.length + 1);
    expect(csv.stdout).toMatch(/^id,title,enabled,version,level,open,decisions,orders,closed,realized,last,at\n/);
  });
});
