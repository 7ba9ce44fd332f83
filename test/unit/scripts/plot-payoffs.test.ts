import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type PayoffLine, parsePayoff, payoffOfPage } from '../../../scripts/payoff/line.ts';
import { payoffSvg } from '../../../scripts/payoff/svg.ts';
import { drawings } from '../../../scripts/plot-payoffs.ts';
import { keysOf } from '../../../src/config/shape.ts';
import { dollars } from '../../../src/domain/money.ts';
import { payoffAtExpiry } from '../../../src/pricing/payoff.ts';
import { strategies } from '../../../src/strategies/registry.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const parsed = (text: string): PayoffLine => parsePayoff(text, 'page.md:8');
const figures = (text: string) => {
  const { legs, net } = parsed(text);
  const { worstLoss, bestGain, breakEvens } = payoffAtExpiry(legs, net);
  const plain = (amount: typeof worstLoss) => (amount === 'unbounded' ? amount : dollars(amount));
  return { net: dollars(net), worst: plain(worstLoss), best: plain(bestGain), breakEvens };
};

describe('the drawings of docs/strategies', () => {
  const all = drawings(root);

  it.each(all.map(({ path, svg }) => [path, svg] as const))(
    '%s is what its page says: run npx tsx scripts/plot-payoffs.ts',
    (path, svg) => {
      expect(readFileSync(`${root}${path}`, 'utf8')).toBe(svg);
    },
  );

  it('are named where they are shown', () => {
    for (const { path } of all) {
      const name = path.replace(/^.*\//, '');
      expect(readFileSync(`${root}${path.replace(/\.svg$/, '.md')}`, 'utf8')).toContain(`](${name})`);
    }
    expect(all.length).toBeGreaterThan(1);
  });

  it.each(strategies.map(({ id, params }) => [id as string, params] as const))(
    '%s has its page, with a drawing and every parameter',
    (id, params) => {
      expect(all.map(({ path }) => path)).toContain(`docs/strategies/${id}.svg`);
      const page = readFileSync(`${root}docs/strategies/${id}.md`, 'utf8');
      expect((keysOf(params) ?? []).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
    },
  );
});

describe('a payoff line', () => {
  it.each([
    ['buy call 185 8.31; sell call 195 3.80', { net: 4.51, worst: 451, best: 549, breakEvens: [189.51] }],
    ['sell put 44 0.98', { net: -0.98, worst: 4302, best: 98, breakEvens: [43.02] }],
    ['buy share 540.25 x2', { net: 1080.5, worst: 1080.5, best: 'unbounded', breakEvens: [540.25] }],
    ['buy share 50 x100; sell call 52.5 1.20', { net: 48.8, worst: 4880, best: 370, breakEvens: [48.8] }],
    ['sell call 100 2.00 x2; buy call 90 11', { net: 7, worst: 'unbounded', best: 300, breakEvens: [97, 103] }],
  ] as const)('%s', (text, expected) => {
    expect(figures(text)).toEqual(expected);
  });

  it.each([
    ['buy call 185', 'page.md:8: part 1, "buy call 185", is no leg and no figure'],
    ['buy call 185 8.31; hold call 195 3.80', 'page.md:8: part 2, "hold call 195 3.80"'],
    ['buy call 0 8.31', 'part 1'],
    ['buy call 185 8.31;', 'part 2, "", is no leg'],
    ['spot 186.40', 'there is no leg'],
    ['buy call 185 8.31; sigma 0.31', 'spot, sigma and years together'],
    ['buy call 185 8.31; spot 186; sigma 31; years 0.1', 'between 0 and 10'],
    ['buy call 185 8.31; spot 186; spot 187', 'spot is given twice'],
    ['buy call 185 8.31; spot -1', 'spot lies above 0'],
  ])('"%s" is refused with the place', (text, why) => {
    expect(() => parsed(text)).toThrow(why);
  });

  it('is found on its page by its line, and one is enough', () => {
    const line = '<!-- payoff: sell put 44 0.98 -->';
    expect(payoffOfPage(`# a page\n\n${line}\n`, 'a.md')?.words).toEqual(['sell put 44 0.98']);
    expect(payoffOfPage('# a page\n', 'a.md')).toBeUndefined();
    expect(() => payoffOfPage(`# a page\n\n${line}\n${line}\n`, 'a.md')).toThrow('a.md:4: a second payoff line; the first is line 3');
    expect(() => payoffOfPage('# a page\n<!-- payoff: sell put 44 0.98\n', 'a.md')).toThrow('a.md:2: write the whole of it');
    expect(() => payoffOfPage('# a page\n<!-- payoff sell put 44 0.98 -->\n', 'a.md')).toThrow('a.md:2');
  });
});

describe('a drawing', () => {
  const spread = 'buy call 185 8.31; sell call 195 3.80; spot 186.40; sigma 0.31; years 0.098; rate 0.04';

  it('says the figures an operator looks for', () => {
    const svg = payoffSvg(parsed(spread));
    for (const words of [
      'costs 451.00 a package',
      'worst loss 451.00',
      'best gain 549.00',
      'break-even 189.51',
      '>share 186.40<',
      '>today<',
    ])
      expect(svg).toContain(words);
  });

  it('draws the value before expiry between the two ends only where it is asked for', () => {
    const curves = (text: string) => payoffSvg(parsed(text)).match(/<polyline/g)?.length;
    expect(curves(spread)).toBe(2);
    expect(curves('buy call 185 8.31; sell call 195 3.80')).toBe(1);
  });

  it('keeps every mark inside its frame', () => {
    for (const text of [
      spread,
      'sell put 44 0.98; spot 48.2',
      'buy share 540.25',
      'buy call 115 43.41',
      'sell call 100 2.00 x2; buy call 90 11',
    ]) {
      const svg = payoffSvg(parsed(text));
      const places = [...svg.matchAll(/\b(x|y|x1|x2|cx|y1|y2|cy)="(-?[\d.]+)"/g)].map(
        ([, axis = '', n]) => [axis.replace(/\d/, ''), Number(n)] as const,
      );
      expect(places.filter(([axis, n]) => n < 0 || n > (axis.endsWith('x') ? 720 : 360))).toEqual([]);
      expect(svg).not.toMatch(/NaN|Infinity|currentColor/);
    }
  });
});
