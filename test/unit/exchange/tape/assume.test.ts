import { describe, expect, it } from 'vitest';
import { parseAssume } from '../../../../src/exchange/tape/assume.ts';

const text = `
[iv_rank]
AAPL = 45
[iv_history.NVDA]
"2026-02-10" = 0.41
"2026-02-09" = 0.39
[sizes]
options = 10
[equity]
half_spread_usd = 0.01
[index_values]
VIX = 17.7
`;

describe('an assumptions file', () => {
  it('is read from TOML, histories by day', () => {
    const file = parseAssume(text, 'assume.toml');
    expect(file.ivRank.get('AAPL')).toBe(45);
    expect(file.ivHistory.get('NVDA')).toEqual([
      { day: '2026-02-09', iv30: 0.39 },
      { day: '2026-02-10', iv30: 0.41 },
    ]);
    expect(file.sizes).toEqual({ options: 10, shares: null });
    expect(file.equity.halfSpreadUsd).toBe(0.01);
    expect(file.indexValues.get('VIX')).toBe(17.7);
  });

  it('names days of events; an empty list says that there are none', () => {
    const file = parseAssume('[macro]\nCPI = ["2026-02-13", "2026-01-13"]\nNFP = []\n', 'a.toml');
    expect([...file.macro]).toEqual([
      ['CPI', ['2026-01-13', '2026-02-13']],
      ['NFP', []],
    ]);
  });

  it('is read from JSON when its name says so', () => {
    expect(parseAssume('{"iv_rank":{"F":50},"daily_volume":{"SPY":70000000}}', 'a.json')).toMatchObject({ path: 'a.json' });
    expect(parseAssume('{"daily_volume":{"SPY":70000000}}', 'a.json').dailyVolume.get('SPY')).toBe(70_000_000);
  });

  it.each([
    ['[iv_rank]\nAAPL = 145', /a\.toml: iv_rank\.AAPL: must be a number from 0 to 100, not 145/],
    ['[iv_rank]\nAAPL = "45"', /iv_rank\.AAPL: must be a number from 0 to 100, not "45"/],
    ['[iv_history.F]\nyesterday = 0.3', /iv_history\.F\.yesterday: the key must be a day/],
    ['[iv_history.F]\n"2026-02-10" = 30', /a volatility above 0 and at most 5/],
    ['[sizes]\noptions = 0', /sizes\.options: must be a whole number, 1 or more, not 0/],
    ['[sizes]\nstocks = 3', /sizes\.stocks: unknown key; known here: options, shares/],
    ['[vix]\nlevel = 3', /a\.toml: vix: unknown key; known here: iv_rank/],
    ['[macro]\nCPI = "2026-02-13"', /macro\.CPI: must be a list of days like \["2026-02-13"\], not "2026-02-13"/],
    ['[macro]\nCPI = ["soon"]', /macro\.CPI: must be a list of days/],
    ['iv_rank = 4', /iv_rank: must be a table/],
    ['[iv_rank', /a\.toml: not readable as TOML/],
  ])('refuses %j', (bad, message) => {
    expect(() => parseAssume(bad, 'a.toml')).toThrow(message);
  });
});
