import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { impliedForward } from '../../../../src/pricing/volatility/forward.ts';
import { flagQuotes } from '../../../../src/pricing/volatility/quote-flags.ts';
import type { OptionQuote, QuoteFault } from '../../../../src/pricing/volatility/quote-terms.ts';

const shared = process.env['WSB_SHARED'];

interface Row extends OptionQuote {
  readonly at: string;
  readonly occ: string;
  readonly expiry: string;
  readonly style: 'european' | 'american';
  readonly spot: number;
}

function rowsOf(path: string): readonly Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(join(shared ?? '', 'options', path)))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const text = (name: string): string => cells[names.indexOf(name)] ?? '';
    const number = (name: string): number => (text(name) === '' ? Number.NaN : Number(text(name)));
    return {
      at: text('ts'),
      occ: text('occ'),
      expiry: text('expiry'),
      style: text('style') === 'european' ? 'european' : 'american',
      right: text('right') === 'C' ? 'call' : 'put',
      strike: number('strike'),
      bid: number('bid'),
      ask: number('ask'),
      spot: number('underlying_price'),
    };
  });
}

/** Mids of the strikes whose call and put are both quoted. */
function pairsOf(rows: readonly Row[]) {
  const sound = rows.filter(({ bid, ask }) => bid > 0 && ask > bid);
  const puts = new Map(sound.filter((r) => r.right === 'put').map((r) => [r.strike, (r.bid + r.ask) / 2]));
  return sound.flatMap((r) => {
    const put = puts.get(r.strike);
    return r.right === 'call' && put !== undefined ? [{ strike: r.strike, call: (r.bid + r.ask) / 2, put }] : [];
  });
}

const RATE = 0.037;

/** What is found wrong with each unexpired row, by moment and contract. */
function judge(rows: readonly Row[], rate: number, spotIs?: number, slackShare = 0.0005): ReadonlyMap<string, QuoteFault | undefined> {
  const found = new Map<string, QuoteFault | undefined>();
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.at} ${row.expiry}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  for (const group of groups.values()) {
    const { at, expiry, style, spot: given } = group[0] as Row;
    const years = (Date.parse(`${expiry}T16:00${at.slice(16)}`) - Date.parse(at)) / (365 * 86_400_000);
    if (years <= 0) continue;
    const spot = spotIs ?? given;
    const implied = impliedForward(pairsOf(group), spot, rate, years);
    const dividendYield = implied.kind === 'forward' ? rate - Math.log(implied.forward / spot) / years : 0;
    const judged = flagQuotes(group, {
      style,
      spot,
      years,
      rate,
      dividendYield,
      slack: Math.max(0.01, slackShare * spot),
      rateSlack: 0.005,
    });
    if (judged.kind !== 'judged') throw new Error(judged.reason);
    for (const [i, { at: moment, occ }] of group.entries()) found.set(`${moment} ${occ}`, judged.verdicts[i]?.fault);
  }
  return found;
}

const shareFlagged = (found: ReadonlyMap<string, QuoteFault | undefined>): number =>
  [...found.values()].filter((fault) => fault !== undefined).length / found.size;

describe.skipIf(!shared)('bad quotes in recorded chains (WSB_SHARED)', { timeout: 120_000 }, () => {
  const clean = shared ? rowsOf('chains/NVDA_2025-11_2025-12.csv.gz') : [];
  const dirty = shared ? rowsOf('dirty/NVDA_2025-12-04.csv.gz') : [];

  it.each([
    ['SPXW_2018-01', 0.014, 0.001],
    ['AMZN_2025-11_2025-12', RATE, 0.005],
  ])('hardly any in %s', (name, rate, most) => {
    expect(shareFlagged(judge(rowsOf(`chains/${name}.csv.gz`), rate))).toBeLessThan(most);
  });

  it('hardly any in a chain that was cleaned', () => {
    expect(shareFlagged(judge(clean, RATE))).toBeLessThan(0.02);
  });

  it('all those that cleaning took out of a chain, and under 1.5 % of the rest', () => {
    const kept = new Set(clean.map(({ at, occ }) => `${at} ${occ}`));
    const found = [...judge(dirty, RATE)];
    const faulty = found.filter(([key]) => !kept.has(key));
    expect(faulty.length).toBeGreaterThan(1200);
    expect(faulty.filter(([, fault]) => fault === undefined)).toEqual([]);
    const rest = found.filter(([key]) => kept.has(key));
    expect(rest.filter(([, fault]) => fault !== undefined).length / rest.length).toBeLessThan(0.015);
  });

  it('a third of a chain full of ghosts, and most of it when judged against their spot', () => {
    const ghostly = rowsOf('dirty/NVDA_2025-11-28.csv.gz');
    const close = shareFlagged(judge(ghostly, RATE, 177));
    expect(close).toBeGreaterThan(0.3);
    expect(close).toBeLessThan(0.4);
    expect(shareFlagged(judge(ghostly, RATE))).toBeGreaterThan(0.5);
  });

  it('a quote moved by a fifth of its price and six times its spread, in nine of ten out-of-the-money strikes', () => {
    const rows = rowsOf('chains/SPXW_2018-01.csv.gz').filter(({ at }) => at.startsWith('2018-01-10'));
    const { spot } = rows[0] as Row;
    const tried = rows.filter((r) => r.bid > 2 && (r.right === 'put' ? r.strike < spot : r.strike > spot));
    expect(tried.length).toBeGreaterThan(30);
    expect(shareFlagged(judge(rows, 0.014, spot, 0.00002))).toBeLessThan(0.01);
    const caught = tried.filter((target) => {
      const shift = Math.max(0.2 * target.bid, 6 * (target.ask - target.bid));
      const moved = rows.map((r) => (r === target ? { ...r, bid: r.bid + shift, ask: r.ask + shift } : r));
      return judge(moved, 0.014, spot, 0.00002).get(`${target.at} ${target.occ}`) !== undefined;
    });
    expect(caught.length / tried.length).toBeGreaterThan(0.9);
  });
});
