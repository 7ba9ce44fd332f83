import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Loaded } from '../../../src/config/load.ts';
import { configured } from './workspace.ts';

const configOf = (loaded: Loaded) => {
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
};
const problemsOf = (loaded: Loaded): readonly string[] => (loaded.ok ? [] : loaded.problems);

describe('what a good configuration reads as', () => {
  it('needs nothing in sim: no key, no file, no variable', () => {
    const config = configOf(configured().load());
    expect(config.run).toEqual({ mode: 'sim', speed: 60, seed: 1 });
    expect(config.broker.tradingUrl).toBeNull();
  });

  it('parses money to micros, durations to milliseconds', () => {
    const { risk, shutdown } = configOf(configured().load());
    expect(risk.orderNotionalMax).toBe(25_000_000_000);
    expect(risk.orderEquityPctMax).toBe(0.1);
    expect(risk.equityQuoteAgeMsMax).toBe(5_000);
    expect(risk.reconcileAgeMsMax).toBe(1_200_000);
    expect(shutdown).toEqual({ budgetMs: 60_000, policy: 'flatten' });
  });

  it("gives a strategy its own params, with its own defaults, beside the daemon's switch", () => {
    const { load } = configured({ 'mine.toml': '[strategies.base]\ntarget_weight = 0.3\n' });
    const [base] = configOf(load({ paths: ['mine.toml'] })).strategies;
    expect(base?.strategy.id).toBe('base');
    expect(base?.enabled).toBe(true);
    expect(base?.params).toEqual({ target_weight: 0.3, instrument: 'SPY' });
  });

  it('shows the effective settings as TOML that sets up the same', () => {
    const { load, write } = configured({ 'mine.toml': '[log]\nlevel = "debug"\n[run]\nseed = 9\n' });
    const { effective } = configOf(load({ paths: ['mine.toml'] }));
    write('shown.toml', effective.text);
    expect(configOf(load({ paths: ['shown.toml'] })).effective.hash).toBe(effective.hash);
  });

  it('hashes alike what is set up alike, whichever layer says it', () => {
    const { load } = configured({ 'mine.toml': '[log]\nlevel = "debug"\n' });
    const byFile = configOf(load({ paths: ['mine.toml'] })).effective.hash;
    expect(configOf(load({ env: { WSB__LOG__LEVEL: 'debug' } })).effective.hash).toBe(byFile);
    expect(configOf(load()).effective.hash).not.toBe(byFile);
  });
});

describe('the order of the layers', () => {
  const files = { 'one.toml': '[run]\nseed = 11\n', 'two.toml': '[run]\nseed = 12\n' };

  it.each([
    ['the mode over the base', {}, 1, 60],
    ['an operator file over the mode', { paths: ['one.toml'] }, 11, 60],
    ['a later operator file over an earlier one', { paths: ['one.toml', 'two.toml'] }, 12, 60],
    ['a variable over every file', { paths: ['one.toml'], env: { WSB__RUN__SEED: '13' } }, 13, 60],
    ['a flag over a variable', { env: { WSB__RUN__SEED: '13' }, overrides: { run: { seed: 14, speed: 5 } } }, 14, 5],
  ] as const)('puts %s', (_, request, seed, speed) => {
    const { run } = configOf(configured(files).load(request));
    expect(run).toMatchObject({ seed, speed });
  });

  it("puts the tape's own file over the mode, and an operator's over that", () => {
    const cash = (request: Parameters<ReturnType<typeof configured>['load']>[0]): number =>
      configOf(configured({ 'mine.toml': '[sim]\nstarting_cash = "1000.00"\n' }).load(request)).sim.startingCash;
    expect(cash({})).toBe(100_000_000_000);
    expect(cash({ tape: 'tapes/february' })).toBe(300_000_000_000);
    expect(cash({ tape: 'tapes/february', paths: ['mine.toml'] })).toBe(1_000_000_000);
  });

  it('reads .env below the process and leaves the process alone', () => {
    const { load } = configured({ '.env': 'WSB__RUN__SEED=21\nWSB__LOG__LEVEL=debug\n' });
    const env = { WSB__RUN__SEED: '22' };
    const config = configOf(load({ env }));
    expect(config.run.seed).toBe(22);
    expect(config.log.level).toBe('debug');
    expect(env).toEqual({ WSB__RUN__SEED: '22' });
  });

  it('replaces lists whole', () => {
    const { risk } = configOf(configured().load({ env: { WSB__RISK__INDEX_FUNDS: '["SPY"]' } }));
    expect(risk.indexFunds).toEqual(['SPY']);
  });

  it('takes a ticker in a variable as written and a number as a number', () => {
    const { data } = configOf(configured().load({ env: { WSB__DATA__DIVIDEND_YIELD__KO: '0.03' } }));
    expect(data.dividendYields.get('KO')).toBe(0.03);
    expect(data.dividendYields.get('SPY')).toBe(0.011);
  });

  it('takes the mode from the flag, else a variable, else a file', () => {
    const { load } = configured({ 'mine.toml': '[run]\nmode = "paper"\n' });
    expect(configOf(load({ paths: ['mine.toml'] })).broker.tradingUrl).toBe('https://paper-api.alpaca.markets');
    expect(configOf(load({ paths: ['mine.toml'], env: { WSB__RUN__MODE: 'dry-run' } })).run.mode).toBe('dry-run');
    expect(configOf(load({ paths: ['mine.toml'], mode: 'sim' })).run.mode).toBe('sim');
  });
});

describe('what a bad configuration is told', () => {
  it('lists every problem at once, with source, key and fix', () => {
    const { load } = configured({
      'mine.toml':
        '[risk]\nfat_finger_usdd = "1.00"\nduplicate_window = "60"\ncontracts_max = 0\n[shutdow]\nbudget = "1s"\n[strategies.base]\ntarget_wieght = 0.5\n',
    });
    const loaded = load({ paths: ['mine.toml'], env: { WSB__LOG__LEVLE: 'debug', WSB__HTTP__PORT: '99999' } });
    expect(loaded).toMatchObject({ ok: false, exitCode: 20 });
    const text = problemsOf(loaded).join('\n');
    expect(text).toContain('mine.toml: unknown key "risk.fat_finger_usdd"; did you mean "risk.fat_finger_usd"?');
    expect(text).toContain('mine.toml: risk.duplicate_window: not a duration: write a whole number and ms, s, m or h, e.g. "15s"');
    expect(text).toContain('mine.toml: risk.contracts_max:');
    expect(text).toContain('mine.toml: unknown key "shutdow"; did you mean "shutdown"?');
    expect(text).toContain('mine.toml: unknown key "strategies.base.target_wieght"; did you mean "strategies.base.target_weight"?');
    expect(text).toContain('WSB__LOG__LEVLE: unknown key "log.levle"; did you mean "log.level"?');
    expect(text).toContain('WSB__HTTP__PORT: http.port:');
    expect(problemsOf(loaded)).toHaveLength(7);
  });

  it('names the known keys when nothing is near', () => {
    const { load } = configured({ 'mine.toml': '[http]\nquux = 1\n' });
    expect(problemsOf(load({ paths: ['mine.toml'] }))).toEqual(['mine.toml: unknown key "http.quux"; the keys of [http] are host, port']);
  });

  it('names a strategy that is not there', () => {
    const { load } = configured({ 'mine.toml': '[strategies.bose]\nenabled = true\n' });
    expect(problemsOf(load({ paths: ['mine.toml'] }))).toEqual([
      'mine.toml: unknown key "strategies.bose"; did you mean "strategies.base"?',
    ]);
  });

  it.each([
    ['a file that is not there', 'absent.toml', undefined, 'absent.toml: no such file'],
    ['text that is not TOML', 'bad.toml', '[run]\nseed = = 3\n', 'bad.toml: line 2, column'],
  ])('says where: %s', (_, name, text, expected) => {
    const { load } = configured(text === undefined ? {} : { [name]: text });
    expect(problemsOf(load({ paths: [name] })).join('\n')).toContain(expected);
  });

  it.each([
    ['money as a float', 'fat_finger_usd = 2500.0', 'expected money as decimal text'],
    ['a limit of nothing', 'fat_finger_usd = "0.00"', 'must be above zero'],
    ['a negative limit', 'fat_finger_usd = "-5.00"', 'must be above zero'],
    ['a percentage where a fraction stands', 'fat_finger_pct = 10', 'e.g. 0.05 for 5 %'],
    ['a share of equity above all of it', 'fat_finger_index_fund_pct = 1.5', 'out of range'],
    ['a limit that is not a number', 'fat_finger_pct = nan', 'risk.fat_finger_pct'],
    ['a lower-case ticker', 'index_funds = ["spy"]', 'not a ticker'],
  ])('refuses %s', (_, line, expected) => {
    const { load } = configured({ 'mine.toml': `[risk]\n${line}\n` });
    expect(problemsOf(load({ paths: ['mine.toml'] })).join('\n')).toContain(expected);
  });

  it('says which limit nobody states', () => {
    const place = configured();
    place.write('config/base.toml', readFileSync(`${place.dir}/config/base.toml`, 'utf8').replace(/^cash_buffer_pct.*$/m, ''));
    expect(problemsOf(place.load()).join('\n')).toContain('risk.cash_buffer_pct: is not set');
  });

  it('never repeats a value: a secret in the wrong place stays one', () => {
    const canary = 'canary-5f2c9d';
    const { load } = configured({
      'mine.toml': `[log]\nlevel = "${canary}"\n[run]\nspeed = "${canary}"\n[risk]\nfat_finger_usd = "${canary}"\nopen_buffer = "${canary}"\n[broker]\ndata_url = "${canary}"\n`,
    });
    const loaded = load({ paths: ['mine.toml'], mode: 'sim', env: { WSB__HTTP__PORT: canary, WSB__RUN__MODE: canary } });
    expect(problemsOf(loaded).length).toBeGreaterThanOrEqual(6);
    expect(JSON.stringify(loaded)).not.toContain(canary);
  });

  it('is not misled by a key named as the prototype', () => {
    const { load } = configured({ 'mine.toml': '[__proto__]\nmode = "live"\n' });
    expect(problemsOf(load({ paths: ['mine.toml'] })).join('\n')).toContain('unknown key "__proto__"');
  });
});

describe('where the state stands', () => {
  it.each([
    ['the flag', { stateDir: 'here', env: { WSB_STATE_DIR: '/var/a' } }, '/here'],
    ['the mode', {}, '/var/sim'],
    ['the tape', { tape: 'tapes/february' }, '/var/tape-february'],
  ])('is told by %s', (_, request, expected) => {
    const place = configured();
    expect(configOf(place.load(request)).stateDir).toBe(`${place.dir}${expected}`);
  });

  it.each([
    ['WSB_STATE_DIR', { WSB_STATE_DIR: '/srv/a', STATE_DIRECTORY: '/srv/b' }, '/srv/a'],
    ["systemd's first", { STATE_DIRECTORY: '/srv/b:/srv/c' }, '/srv/b'],
  ])('is told by %s', (_, env, expected) => {
    expect(configOf(configured().load({ env })).stateDir).toBe(expected);
  });
});
