// `wsb price` and `wsb option` as a person runs them: files in and out, exit codes, standard streams.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, finish, root, scratch, wsb } from './process.ts';

const MINUTE = 60_000;
const header = 'id,style,type,S,K,T,r,q,sigma,price,dividends';
const good = '1,european,call,100,90,0.5,0.04,0.01,0.2,,';

/** A folder with these cases in it. */
function casesIn(text: string): { readonly dir: string; readonly cases: string; readonly results: string } {
  const dir = scratch('price');
  const cases = join(dir, 'cases.csv');
  writeFileSync(cases, text);
  return { dir, cases, results: join(dir, 'results.csv') };
}

const column = (file: string, at: number): readonly string[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',')[at] ?? '');

describe('wsb price', () => {
  it('answers every row in its place, a bad one by its status, and ends with 0', async () => {
    const rows = [
      header,
      good,
      '2,american,put,100,110,1,0.05,0,0.3,,',
      '3,european,call,100,90,0.5,0.04,0.01,,12.3,',
      '4,american,put,100,110,1,0.05,0,,15,',
      '5,american,call,100,100,0.5,0.03,0,0.25,,60:1.5',
      '6,european,call,100,90,0.5,0.04,0.01,,1,',
      '7,european,call,100,90,0.5,0.04,0.01,,,',
      '8,bermudan,call,100,90,0.5,0.04,0.01,0.2,,',
    ];
    const { cases, results, dir } = casesIn(`${rows.join('\r\n')}\r\n`);
    const { code, stdout, stderr } = await finish(['price', '--in', cases, '--out', results]);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('8 cases: 5 ok, 1 below_intrinsic, 1 missing_sigma_and_price, 1 bad_style');
    expect(column(results, 0)).toEqual(['id', '1', '2', '3', '4', '5', '6', '7', '8']);
    expect(column(results, 1).slice(1)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'below_intrinsic', 'missing_sigma_and_price', 'bad_style']);
    expect(column(results, 2).slice(6)).toEqual(['', '', '']);
    expect(readdirSync(dir).sort()).toEqual(['cases.csv', 'results.csv']);
  });

  it('reads standard input and writes standard output', () => {
    const said = execFileSync(process.execPath, [join(root, 'dist', 'cli', 'main.js'), 'price', '--in', '-'], {
      input: `${header}\n${good}`,
      encoding: 'utf8',
    });
    expect(said.split('\n')).toHaveLength(3);
    expect(said).toMatch(/^id,status,price,delta,gamma,vega,theta,rho,phi,vanna,volga,sigma\n1,ok,\d/);
  });

  it.each([
    ['a missing column', `${header.replace(',q', '')}\n`, 'lacks q'],
    ['a short row', `${header}\n${good}\n2,european,call\n`, 'cases.csv:3: column S'],
    ['a stray quote', `${header}\n2,"european"x,call,100,90,0.5,0.04,0.01,0.2,,\n`, 'cases.csv:2: column style'],
  ])('refuses %s with 2, naming the place, and leaves what stood there', async (_, text, place) => {
    const { cases, results, dir } = casesIn(text);
    writeFileSync(results, 'of yesterday');
    const { code, stderr } = await finish(['price', '--in', cases, '--out', results]);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(results, 'utf8')).toBe('of yesterday');
    expect(readdirSync(dir).sort()).toEqual(['cases.csv', 'results.csv']);
  });

  it('never writes over the cases, by whatever name', { timeout: MINUTE }, async () => {
    const { cases, dir } = casesIn(`${header}\n${good}\n`);
    symlinkSync(cases, join(dir, 'link.csv'));
    for (const out of [`${dir}/./cases.csv`, join(dir, 'link.csv')]) {
      const { code, stderr } = await finish(['price', '--in', cases, '--out', out]);
      expect(code, out).toBe(2);
      expect(stderr).toContain('overwritten');
    }
    expect(readFileSync(cases, 'utf8')).toContain(good);
  });

  it('ends with 6 without a file of cases, and with 2 for no --in or a place that is not there', { timeout: MINUTE }, async () => {
    const { cases, dir } = casesIn(`${header}\n${good}\n`);
    const codes: (number | null)[] = [];
    for (const args of [
      ['--in', join(dir, 'nothing.csv')],
      [],
      ['--in', cases, '--out', dir],
      ['--in', cases, '--out', join(dir, 'nowhere', 'r.csv')],
    ])
      codes.push((await finish(['price', ...args])).code);
    expect(codes).toEqual([6, 2, 2, 2]);
    expect(existsSync(join(dir, 'nowhere'))).toBe(false);
  });

  it('prints one document of what came of the cases with --json', async () => {
    const { cases, results } = casesIn(`${header}\n${good}\n2,x,call,1,1,1,0,0,1,,\n`);
    const { code, stdout } = await finish(['price', '--in', cases, '--out', results, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ cases: 2, statuses: { ok: 1, bad_style: 1 } });
  });
});

const byHand = ['--spot', '600', '--bid', '5.1', '--ask', '5.3', '--rate', '0.04', '--yield', '0.012', '--at', '2026-11-23T15:05'];
const document = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await finish(['option', ...args, '--json']);
  return { code, stderr, said: JSON.parse(stdout === '' ? '{}' : stdout) as Readonly<Record<string, unknown>> };
};

describe('wsb option, with figures given by hand', () => {
  it('says everything of a put, its break-even below the strike', async () => {
    const { code, said, stderr } = await document('SPY   261218P00594000', ...byHand);
    expect(code, stderr).toBe(0);
    expect(said).toMatchObject({
      contract: { symbol: 'SPY261218P00594000', right: 'put', strike: 594, style: 'american', expired: false },
      daysToExpiry: 25,
      breakEven: 588.8,
      intrinsic: 0,
      source: 'figures given by hand',
    });
    expect(said['extrinsic']).toBeCloseTo(5.2, 12);
    const volatility = said['impliedVolatility'] as Readonly<Record<string, number>>;
    expect(volatility['bid']).toBeLessThan(Number(volatility['mid']));
    expect(volatility['mid']).toBeLessThan(Number(volatility['ask']));
    const { price, delta, theta } = said['american'] as Readonly<Record<string, number>>;
    expect(price).toBeCloseTo(5.2, 6);
    expect(delta).toBeLessThan(-0.3);
    expect(theta).toBeLessThan(0);
    expect((said['european'] as Readonly<Record<string, number>>)['price']).toBeLessThan(Number(price));
    expect(Number(said['probabilityOfProfit'])).toBeLessThan(Number(said['probabilityItm']));
  });

  it('prints the same for people, with named units', async () => {
    const { code, stdout } = await finish(['option', 'SPY261218C00594000', ...byHand.with(3, '14.1').with(5, '14.3')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/break-even +608\.2000/);
    expect(stdout).toMatch(/theta, a calendar day +-0\.\d{4}/);
    expect(stdout).toMatch(/vega, a volatility point +0\.\d{4}/);
    expect(stdout).toMatch(/expires_today +no/);
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('names the reason for what a crossed quote cannot say, and keeps the rest', { timeout: MINUTE }, async () => {
    const args = ['SPY261218P00594000', '--spot', '590', '--bid', '9.3', '--ask', '9.1', '--at', '2026-11-23T15:05'];
    const { code, said } = await document(...args);
    expect(code).toBe(0);
    expect(said).toMatchObject({
      impliedVolatility: { mid: { absent: 'crossed_quote' } },
      american: { delta: { absent: 'crossed_quote' } },
      inputs: { bid: 9.3, ask: 9.1 },
      intrinsic: 4,
      daysToExpiry: 25,
    });
    const people = await finish(['option', ...args]);
    expect(people.code).toBe(0);
    expect(people.stdout).toContain('absent: crossed_quote: bid 9.3 is above ask 9.1');
  });

  it('warns a seller of the call that goes ex tomorrow', async () => {
    const args = ['KO261218C00060000', '--spot', '70', '--bid', '9.95', '--ask', '10.15', '--at', '2026-11-23T15:05'];
    const { said } = await document(...args, '--dividend', '2026-11-24:0.51');
    expect(said['assignment']).toContainEqual(expect.objectContaining({ name: 'dividend_call', state: 'yes' }));
  });

  it('ends with 6 for an expired contract, saying what is left to say', async () => {
    const { code, said, stderr } = await document('SPY261120P00594000', ...byHand);
    expect(code).toBe(6);
    expect(stderr).toContain('expired on 2026-11-20');
    expect(said).toMatchObject({ daysToExpiry: -3, yearsToExpiry: 0, contract: { expired: true }, intrinsic: { absent: 'expired' } });
  });

  it.each([
    ['no OCC symbol', ['SPY'], 'OCC symbol'],
    ['a price beside a quote', ['SPY261218P00594000', '--spot', '600', '--bid', '1', '--price', '1'], 'in place of a quote'],
    ['a dividend that is none', ['SPY261218P00594000', '--dividend', 'soon'], 'DAY:AMOUNT'],
  ])('ends with 2 for %s', async (_, args, why) => {
    const { code, stdout, stderr } = await finish(['option', ...args]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(why);
  });
});

describe('wsb option, with the market of an exchange', () => {
  it('reads quote, style and time there, and ends with 6 for what is not listed', { timeout: MINUTE }, async () => {
    const exchange = wsb(['exchange', '--state-dir', scratch('x'), '--port', '0', '--json']);
    const { url } = await exchange.until(event('exchange.started'), 'the exchange');
    const headers = { 'APCA-API-KEY-ID': 'sim', 'APCA-API-SECRET-KEY': 'sim' };
    const listed = (await (await fetch(`${String(url)}/v2/options/contracts?underlying_symbols=KO&limit=40`, { headers })).json()) as {
      readonly option_contracts: readonly { readonly symbol: string }[];
    };
    const symbol = String(listed.option_contracts.at(-1)?.symbol);
    const { code, said, stderr } = await document(symbol, '--exchange', String(url), '--state-dir', scratch('s'));
    expect(code, stderr).toBe(0);
    expect(said['source']).toBe(url);
    expect(String(said['at']).slice(0, 4)).toBe(symbol.slice(-15, -13).padStart(4, '20'));
    const { bid, ask, spot } = said['inputs'] as Readonly<Record<string, number>>;
    expect(Number(ask)).toBeGreaterThanOrEqual(Number(bid));
    expect(spot).toBeGreaterThan(0);

    const none = await document('KO261218C00060370', '--exchange', String(url), '--state-dir', scratch('s'));
    expect(none.code).toBe(6);
    expect(none.stderr).toContain('not listed');
    exchange.signal('SIGTERM');
    await exchange.exited;
    const gone = await document(symbol, '--exchange', String(url), '--state-dir', scratch('s'));
    expect(gone.code).toBe(5);
  });

  it('brings its own exchange in sim', { timeout: MINUTE }, async () => {
    const none = await document('KO261218C00060370', '--state-dir', scratch('s'));
    expect(none.code).toBe(6);
    expect(none.stderr).toContain('embedded exchange');
  });
});
