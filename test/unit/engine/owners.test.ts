// Whose cash it is, in proportion and to the micro.
import { describe, expect, it } from 'vitest';
import { type Owner, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { netQty, usd } from '../../../src/domain/money.ts';
import type { Movement } from '../../../src/domain/position.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { attribute } from '../../../src/engine/owners.ts';
import type { State } from '../../../src/engine/state.ts';

const ABC = symbol('ABC');
const [base, wheel] = [strategyId('base'), strategyId('wheel')];
const EX = tradingDay('2026-03-10');
type Held = Readonly<Record<string, number>>;

function state(held: Held, moved: readonly (readonly [Owner, string, number, Movement['kind']?])[] = []): State {
  const positions = Object.entries(held).map(([owner, qty]) => {
    const position = { owner: owner as Owner, instrument: instrumentOf(ABC), qty: netQty(qty), cost: usd(0), openedDay: EX };
    return [owner, position] as const;
  });
  const movements = moved.map(
    ([owner, day, qty, kind = 'fill']): Movement => ({ owner, kind, symbol: ABC, qty, cash: usd(0), day: tradingDay(day) }),
  );
  return { positions: new Map(positions), movements } as unknown as State;
}
const parts = (of: State, kind: Movement['kind'], cash: number) =>
  attribute(of, kind as 'dividend', ABC, EX, usd(cash)).map((p) => [p.owner, p.cash]);

describe('a dividend', () => {
  it.each<readonly [string, State, number, readonly (readonly [string, number])[]]>([
    ['goes to the one holder', state({ base: 100 }), 370, [['base', 370]]],
    [
      'is shared by what each held, the last one taking what rounding leaves',
      state({ base: 100, wheel: 200 }),
      100,
      [
        ['base', 33],
        ['wheel', 67],
      ],
    ],
    [
      'goes to who sold on the ex-day, not to who bought on it',
      state({ wheel: 100 }, [
        [base, '2026-03-10', -100],
        [wheel, '2026-03-10', 100],
      ]),
      50,
      [['base', 50]],
    ],
    [
      'goes to who held as the ex-day began, weeks before it is paid',
      state({}, [
        [base, '2026-03-05', 100],
        [base, '2026-03-20', -100],
      ]),
      50,
      [['base', 50]],
    ],
    [
      'that a short position owes lessens what comes in',
      state({ base: 150, wheel: -50 }),
      100,
      [
        ['base', 150],
        ['wheel', -50],
      ],
    ],
    ['of shares that nobody holds is nobody’s of ours', state({}), 50, [['EXTERNAL', 50]]],
  ])('%s', (_name, of, cash, expected) => {
    expect(parts(of, 'dividend', cash)).toEqual(expected);
  });
});

describe('a fee', () => {
  it('goes by what was traded that day, either way', () => {
    const of = state({ EXTERNAL: 900 }, [
      [base, '2026-03-10', 30],
      [wheel, '2026-03-10', -10],
      [wheel, '2026-03-09', 500],
    ]);
    expect(parts(of, 'fee', -40)).toEqual([
      ['base', -30],
      ['wheel', -10],
    ]);
  });
  it('on what nobody traded that day goes by what is held', () => {
    expect(parts(state({ base: 10 }), 'fee', -40)).toEqual([['base', -40]]);
  });
});

it('cash that names no symbol is nobody’s of ours', () => {
  expect(attribute(state({ base: 10 }), 'interest', null, EX, usd(7))).toEqual([{ owner: 'EXTERNAL', cash: 7 }]);
});
