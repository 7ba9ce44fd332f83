// What an account's holder sets: kept in the file, and obeyed by the next order.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeCore, XConfigurations, XOrderRequest } from '../../../../src/exchange/types.ts';
import { at, bench, limit, MONDAY, market, mleg, PUT90, PUT95, placed } from './scripted-market.ts';

const ten = at(MONDAY, 10);
const set = (core: ExchangeCore, change: Partial<XConfigurations>, when: number = ten): void => {
  const settings = core.settings('a');
  core.set('a', { ...settings, configurations: { ...settings.configurations, ...change } }, when);
};
const refusedBy = (core: ExchangeCore, request: XOrderRequest, when: number = ten + 60_000): string => {
  const result = core.submit('a', request, when);
  return result.ok ? 'taken' : `${String(result.status)} ${String(result.code)} ${result.message}`;
};

describe('the settings of an account', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are on disk when the call returns', () => {
    const file = join(folder, 'exchange.db');
    const first = bench(undefined, { file }).core;
    const list = { id: 'w', name: 'mine', createdAt: ten, updatedAt: ten, symbols: ['ACME'] };
    first.set('a', { ...first.settings('a'), watchlists: [list] }, ten);
    set(first, { suspendTrade: true, maxOptionsTradingLevel: 2 });
    const before = first.settings('a');
    first.close();
    const again = bench(undefined, { file }).core;
    expect(again.settings('a')).toEqual(before);
    expect(again.account('a', ten).suspendedByUser).toBe(true);
    again.close();
  });

  it('refuse every new order while trading is suspended, and let open ones be cancelled', () => {
    const { core } = bench();
    const resting = placed(core, limit('buy', 'ACME', 1, 50), ten);
    set(core, { suspendTrade: true }, ten + 1_000);
    expect(refusedBy(core, market('buy', 'ACME', 1))).toBe('403 40310000 new orders are rejected by user request');
    expect(core.cancel('a', resting, ten + 61_000)).toEqual({ ok: true, value: null });
    set(core, { suspendTrade: false }, ten + 62_000);
    expect(refusedBy(core, market('buy', 'ACME', 1), ten + 63_000)).toBe('taken');
  });

  const put = limit('sell', PUT90, 1, 5);
  const bought = limit('buy', PUT95, 1, 0.05);
  const spread = mleg([`sto ${PUT95}`, `bto ${PUT90}`], 1, -0.7);
  const no = (level: number): string => `403 40310000 account not eligible for level${String(level)} options trading`;
  it.each([
    [0, [no(1), no(2), no(3)]],
    [1, ['taken', no(2), no(3)]],
    [2, ['taken', 'taken', no(3)]],
    [3, ['taken', 'taken', 'taken']],
    [null, ['taken', 'taken', 'taken']],
  ])('allow what the options level %s allows: selling puts, buying, packages', (level, expected) => {
    const { core } = bench();
    set(core, { maxOptionsTradingLevel: level });
    expect([put, bought, spread].map((request) => refusedBy(core, request))).toEqual(expected);
  });

  it('let a position be closed at any level', () => {
    const { core } = bench();
    placed(core, market('buy', PUT95, 1), ten);
    core.advance(ten + 60_000);
    set(core, { maxOptionsTradingLevel: 0 }, ten + 60_000);
    expect(refusedBy(core, limit('sell', PUT95, 1, 0.05), ten + 61_000)).toBe('taken');
  });

  it('take the margin away when they say so', () => {
    const { core } = bench();
    expect(core.account('a', ten).buyingPower).toBe(200_000_000_000);
    set(core, { maxMarginMultiplier: '1' });
    expect(core.account('a', ten).buyingPower).toBe(100_000_000_000);
    expect(refusedBy(core, limit('buy', 'ACME', 1_100, 95))).toContain('insufficient buying power');
  });
});
