// The page of `wsb risk`: what stands on it, how wide it is, and what it says of what is not known.
import { describe, expect, it } from 'vitest';
import { clipped, figureText } from '../../../src/cli/risk/figure.ts';
import { type RiskAnswer, riskText } from '../../../src/cli/risk/view.ts';
import { riskView } from '../../../src/daemon/control/views.ts';
import { type EngineWorld, engineWorld } from '../engine/world.ts';
import { buy } from '../risk/contexts.ts';
import { wideExposure } from '../risk/portfolio/still-market.ts';

function holding(): EngineWorld {
  const world = engineWorld({ limits: { exposure: { ...wideExposure, grossPct: 0.001, gapPct: 0.002 } } });
  world.quote('ABC', 99.9, 100.1);
  world.ready();
  world.open(buy('ABC', 100, 1));
  const bought = world.posted();
  world.accept(bought.id);
  world.fill(bought.id, 1, 100);
  return world;
}

/** As it comes over the wire. */
const answerOf = (world: EngineWorld): RiskAnswer => JSON.parse(JSON.stringify(riskView(world.beliefs, world.now()))) as RiskAnswer;
const linesOf = (world: EngineWorld, all = false): readonly string[] => riskText(answerOf(world), all).split('\n');

describe('the page of risk', () => {
  it('shows the fullest limit as a bar, the worst scenario and the worst fall', () => {
    const lines = linesOf(holding());
    expect(lines.find((line) => line.includes('gross delta'))).toMatch(
      /^########\s+100\.0 %\s+EXPOSURE\s+gross delta\s+100\.00\s+100\.00$/,
    );
    expect(lines.find((line) => line.startsWith('worst scenario'))).toMatch(/^worst scenario {2}-\d+\.\d\d in 1987-10-19$/);
    expect(lines.find((line) => line.startsWith('worst fall'))).toBe('worst fall      -35.00 if ABC alone falls');
    expect(lines.find((line) => line.startsWith('ladder'))).toBe('ladder          normal; of each opening 100 % is left');
    expect(lines.find((line) => line.startsWith('stand-ins'))).toContain('beta:ABC');
  });
  it('leaves out what is not used, and counts it', () => {
    const [some, all] = [linesOf(holding()), linesOf(holding(), true)];
    expect(some.join('\n')).toMatch(/\d+ more limits are not used at all/);
    expect(all.length).toBeGreaterThan(some.length);
    expect(all.join('\n')).not.toContain('more limits');
  });
  it('says why something is not known', () => {
    const world = holding();
    world.advance(6 * 60_000, 'stale');
    const lines = linesOf(world);
    expect(lines.find((line) => line.startsWith('the book cannot be valued'))).toContain('ABC');
    expect(lines.filter((line) => line.startsWith('unknown')).length).toBeGreaterThan(5);
    expect(lines.find((line) => line.startsWith('  STRESS'))).toContain('ABC');
  });
  it('says that nothing is known before the account was read', () => {
    expect(linesOf(engineWorld()).at(-1)).toBe('not known (ACCOUNT_STALE): the account has not been read yet');
  });
  it('names halts', () => {
    const world = holding();
    world.operate({ action: 'halt', scope: { kind: 'account' }, reason: 'lunch' });
    expect(linesOf(world).slice(1, 4)).toEqual([
      'halts           halt account: lunch',
      expect.any(String),
      'ladder          halted; of each opening 0 % is left',
    ]);
  });
  it('fits a hundred columns, but for reasons', () => {
    const table = linesOf(holding(), true).filter((line) => /^([#.]{8}|unknown|over|\s+used)/.test(line));
    expect(table.length).toBeGreaterThan(40);
    expect(table.filter((line) => line.length > 100)).toEqual([]);
  });
});

describe('a figure', () => {
  it.each([
    [12_345_678, 'usd_micros', '12.35'],
    [2_350_000, 'price_micros', '2.35'],
    [185_401_000, 'price_micros', '185.401'],
    [90_000, 'ms', '1.5 min'],
    [1_500, 'ms', '1.5 s'],
    [-0.0123, 'part', '-1.23 %'],
    [16.5, 'points', '16.50'],
    [3, 'count', '3'],
    ['', 'text', 'none'],
    [null, 'usd_micros', '-'],
    [Number.NaN, 'count', '-'],
    [Number.POSITIVE_INFINITY, 'ms', '-'],
  ] as const)('%s of %s reads %s', (value, unit, text) => {
    expect(figureText(value, unit)).toBe(text);
  });
  it('is cut where it is too long', () => {
    expect([clipped('abcdef', 6), clipped('abcdefg', 6)]).toEqual(['abcdef', 'abc...']);
  });
});
