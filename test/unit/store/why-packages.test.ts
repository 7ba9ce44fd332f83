// Why there is a package: its legs, what each was filled at, and the trade from its first lot to its end.
import { describe, expect, it, onTestFinished } from 'vitest';
import { whyText } from '../../../src/cli/why-text.ts';
import { openReader, type Reader } from '../../../src/store/reader.ts';
import { readStanding } from '../../../src/store/standing.ts';
import { readWhy, subjectOf } from '../../../src/store/why.ts';
import { SPY } from './fixture.ts';
import { closing, LONG, nextDay, opening, SHORT, spreadTold, zdte } from './spread-story.ts';

function reading(): Reader {
  const opened = openReader(spreadTold());
  if (!opened.ok) throw new Error(opened.fault.message);
  onTestFinished(() => opened.reader.close());
  return opened.reader;
}
const told = (word: string) => readWhy(reading(), subjectOf(word));

describe('why a package', () => {
  it.each([
    ['its opening order', opening],
    ['its closing order', closing],
  ])('asked by %s, tells the trade behind it with every lot and its end', (_, id) => {
    const [why, ...more] = told(id);
    expect(more).toEqual([]);
    expect(why?.trades).toHaveLength(1);
    expect(why?.trades[0]?.trade).toMatchObject({
      owner: zdte,
      units: 2,
      entryCash: 112_000_000,
      realized: 56_000_000,
      closedDay: nextDay,
      exit: 'TARGET',
    });
    expect(
      why?.trades[0]?.lots.map(({ lot, closures }) => [
        lot.instrument.symbol,
        lot.qty,
        lot.qtyLeft,
        closures.map((c) => [c.kind, c.code, c.realized]),
      ]),
    ).toEqual([
      [LONG.symbol, 1, 0, [['fill', 'TARGET', -23_000_000]]],
      [SHORT.symbol, -1, 0, [['fill', 'TARGET', 51_000_000]]],
      [LONG.symbol, 1, 0, [['fill', 'TARGET', -23_000_000]]],
      [SHORT.symbol, -1, 0, [['fill', 'TARGET', 51_000_000]]],
    ]);
  });

  it.each([
    ['the strategy', 'zdte', ['TARGET', 'HOLD', 'IV_RANK_OUT_OF_BAND', 'ENTRY', 'ENTRY']],
    ['the underlying, its options included', 'spy', ['TARGET', 'HOLD', 'IV_RANK_OUT_OF_BAND', 'ENTRY', 'ENTRY']],
    ['one of its legs', SHORT.symbol, ['TARGET', 'HOLD', 'ENTRY', 'ENTRY']],
    ['its other leg', LONG.symbol, ['TARGET', 'ENTRY', 'ENTRY']],
  ])('is found by %s', (_, word, codes) => {
    expect(told(word).map((why) => why.decision?.code)).toEqual(codes);
  });

  it('is not found by a name that only begins alike', () => {
    expect(told('SP')).toEqual([]);
    expect(told('SPY260310P00590000')).toEqual([]);
  });

  it('reads leg by leg: what was wanted, the net limit, each fill, the net reached, and the end of it', () => {
    const text = whyText(told(opening));
    for (const line of [
      'zdte entry@10:00 SPY: open ENTRY',
      'pass  edge: 1.31 against 1.1',
      'wanted 2 x (buy 1 SPY260310P00589000 + sell 1 SPY260310P00594000) at -0.57 to -0.56, worst loss 888.40',
      'risk: cleared',
      `order ${opening} filled buy 2 SPY260310P00589000 + sell 2 SPY260310P00594000 limit -0.56, filled 2/2, net -0.56`,
      'fill 1 SPY260310P00589000 at 0.35 on',
      'fill -1 SPY260310P00594000 at 0.91 on',
      'of zdte: ENTRY on 2026-03-09, units 2, entry cash 112.00, worst loss 888.40, realized 56.00, closed on 2026-03-10 by TARGET',
      'lot -1 SPY260310P00594000 by fill on 2026-03-09, left 0',
      '-1 ended by fill on 2026-03-10, TARGET, 51.00',
    ])
      expect(text).toContain(line);
  });

  it('says what a refused package would have been, and by which rule it was refused', () => {
    const text = whyText(told('zdte'));
    expect(text).toContain('risk: denied by BUYING_POWER, the account cannot carry it');
    expect(text.match(/told above/g)).toHaveLength(1);
  });
});

describe('the standing of a strategy', () => {
  it('counts its trades, what they brought, and the last day', () => {
    expect(readStanding(reading(), zdte)).toEqual({
      openTrades: 0,
      closedTrades: 1,
      realized: 56_000_000,
      decisionsToday: 1,
      ordersToday: 1,
      last: { subject: SPY, kind: 'close', code: 'TARGET', at: expect.any(Number) as number },
    });
  });
});
