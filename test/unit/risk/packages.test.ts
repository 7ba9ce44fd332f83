// Packages of options before the gate: what covers what, what is set aside, and what one owner may hold against another.
import { describe, expect, it } from 'vitest';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { type Effect, type Legs, leg } from '../../../src/domain/legs.ts';
import { price, qty, usd } from '../../../src/domain/money.ts';
import { known } from '../../../src/domain/reasons.ts';
import type { DenialCode } from '../../../src/domain/verdict.ts';
import { judge } from '../../../src/risk/gate.ts';
import { heldCollateral } from '../../../src/risk/margin.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { orderOf } from '../domain/orders.ts';
import { buy, closing, contextOf, micros, opening, owner, positionOf, quoteOf, sell } from './contexts.ts';

const c190 = 'ABC260417C00190000';
const c200 = 'ABC260417C00200000';
const c195May = 'ABC260515C00195000';
const c190May = 'ABC260515C00190000';
const p170 = 'ABC260417P00170000';
const p160 = 'ABC260417P00160000';
const wheel = strategyId('wheel');

/** `+C` buys, `-C` sells. */
const package_ = (effect: Effect, ...names: readonly string[]): Legs =>
  names.map((n) => leg(instrumentOf(symbol(n.slice(1))), n.startsWith('+') ? 'buy' : 'sell', effect)) as unknown as Legs;
const open = (rung: number, ...names: readonly string[]) => opening(package_('open', ...names), { rungs: [rung] });
const close = (rung: number, ...names: readonly string[]) => closing(package_('close', ...names), { rungs: [rung] });
/** Every option quoted at 2.00 to 2.10, so that any net near nothing lies inside the collar. */
const flat = { quote: (of: string) => known(quoteOf(of, 2, 2.1)) } as Partial<RuleContext>;
const held = (...rows: readonly (readonly [string, number])[]) => ({ positions: rows.map(([of, n]) => positionOf(of, n)) });
const told = (intent: RuleContext['intent'], given: Partial<RuleContext> = {}): DenialCode | 'cleared' => {
  const verdict = judge(contextOf(intent, { ...flat, ...given }));
  return verdict.kind === 'cleared' ? 'cleared' : verdict.denial.code;
};

describe('a package', () => {
  it.each([
    ['a calendar: the far one covers the near one', open(0.1, `-${c190}`, `+${c190May}`), {}, 'cleared'],
    [
      'a calendar the wrong way round is naked once the near one is gone',
      open(-0.1, `+${c190}`, `-${c190May}`),
      { equity: usd(micros(1e6)) },
      'NAKED',
    ],
    ['a diagonal', open(0.1, `-${c190}`, `+${c195May}`), {}, 'cleared'],
    ['a condor', open(-0.1, `-${p170}`, `+${p160}`, `-${c190}`, `+${c200}`), {}, 'cleared'],
    ['a condor that would pay for what can only cost', open(0.1, `-${p170}`, `+${p160}`, `-${c190}`, `+${c200}`), {}, 'SHAPE'],
    ['a vertical that would pay more than its width', open(10.01, `+${c190}`, `-${c200}`), {}, 'SHAPE'],
    [
      'ratios that can be reduced',
      opening([leg(instrumentOf(symbol(c190)), 'buy', 'open', 2), leg(instrumentOf(symbol(c200)), 'sell', 'open', 2)], { rungs: [0.1] }),
      {},
      'SHAPE',
    ],
    ['one leg with a ratio', opening([leg(instrumentOf(symbol(c190)), 'buy', 'open', 2)], { rungs: [2.1] }), {}, 'SHAPE'],
    [
      'an option that would end at the market',
      { ...sell(c190, 2), prices: { rungs: [price(-2_000_000)], stepMs: 1, last: 'market' } },
      held([c190, 1]),
      'SHAPE',
    ],
    ['its closing as one', close(0.1, `+${c190}`, `-${c200}`), held([c190, -1], [c200, 1]), 'cleared'],
    ['half of a condor', close(0.1, `+${p170}`, `-${p160}`), held([c190, -1], [c200, 1], [p170, -1], [p160, 1]), 'cleared'],
    ['a short leg back while the long one stays', close(2.1, `+${c190}`), held([c190, -1], [c200, 1]), 'cleared'],
    ['a far long one sold from under a near short one', close(-2, `-${c190May}`), held([c190, -1], [c190May, 1]), 'NAKED'],
    ['a near long one, where a far one covers', close(-2, `-${c200}`), held([c190, -1], [c200, 1], [c190May, 1]), 'cleared'],
    ['the far one, where only a near one is left', close(-2, `-${c190May}`), held([c195May, -1], [c190May, 1], [c200, 1]), 'NAKED'],
    ['a call sold on a long one that expires first', open(-2, `-${c190May}`), held([c190, 1]), 'NAKED'],
    ['a call sold on a long one that lives as long', open(-2, `-${c190}`), held([c190May, 1]), 'cleared'],
    [
      'a roll to another expiry',
      {
        ...opening(
          [...package_('close', `+${c190}`, `-${c200}`), ...package_('open', `-${c195May}`, `+${'ABC260515C00205000'}`)] as unknown as Legs,
          { rungs: [0.1] },
        ),
      },
      held([c190, -1], [c200, 1]),
      'cleared',
    ],
    ['the other side of what another strategy holds', buy(p160, 2.1), { positions: [positionOf(p160, -1, wheel)] }, 'CONTRACT_CONFLICT'],
    [
      'the other side of what is nobody’s',
      open(-0.1, `-${p170}`, `+${p160}`),
      { positions: [positionOf(p160, -1, 'EXTERNAL')] },
      'CONTRACT_CONFLICT',
    ],
    ['the same side as another strategy', buy(p160, 2.1), { positions: [positionOf(p160, 1, wheel)] }, 'cleared'],
    [
      'the legs of a working one in another order',
      open(-0.1, `+${p160}`, `-${p170}`),
      { recent: [orderOf({ state: 'working', strategy: owner, legs: package_('open', `-${p170}`, `+${p160}`) })] },
      'DUPLICATE',
    ],
    [
      'across a working package of another strategy',
      buy(p170, 2.1),
      { live: [orderOf({ state: 'working', strategy: wheel, legs: package_('open', `-${p170}`, `+${p160}`), reserve: usd(0) })] },
      'SELF_CROSS',
    ],
  ] as const)('%s', (_name, intent, given, expected) => {
    expect(told(intent, given)).toBe(expected);
  });

  it('that works counts as filled where that leaves less cover', () => {
    const selling = orderOf({
      state: 'working',
      strategy: owner,
      purpose: 'C',
      legs: package_('close', `-${c200}`),
      qty: qty(1),
      reserve: usd(0),
    });
    const both = held([c190, -1], [c200, 1], [c190May, 1]);
    expect(told(close(-2, `-${c190May}`), both)).toBe('cleared');
    expect(told(close(-2, `-${c190May}`), { ...both, live: [selling] })).toBe('NAKED');
  });
  it('closes no more than is left of it', () => {
    const intent = { ...close(0.1, `+${c190}`, `-${c200}`), qty: qty(5) };
    expect(judge(contextOf(intent, { ...flat, ...held([c190, -3], [c200, 3]) }))).toMatchObject({ kind: 'cleared', cleared: { qty: 3 } });
    expect(told(intent, held([c200, 3]))).toBe('OVER_CLOSE');
  });
});

describe('cash behind options', () => {
  const reserve = (intent: RuleContext['intent']) => judge(contextOf(intent, flat));
  it.each([
    ['a calendar: its debit', open(0.1, `-${c190}`, `+${c190May}`), 10],
    ['a diagonal: the strikes between and its debit', open(0.1, `-${c190}`, `+${c195May}`), 510],
    ['a condor: its wider side less its credit', open(-0.1, `-${p170}`, `+${p160}`, `-${c190}`, `+${c200}`), 990],
  ])('to be opened: %s', (_name, intent, dollars) => {
    expect(reserve(intent)).toMatchObject({ kind: 'cleared', cleared: { reservePerUnit: micros(dollars) } });
  });
  it.each([
    ['a lone put: its strike', [positionOf(p170, -2)], 34_000],
    ['a put vertical: its width', [positionOf(p170, -2), positionOf(p160, 2)], 2_000],
    ['a bought vertical: nothing', [positionOf(c190, 1), positionOf(c200, -1)], 0],
    ['a calendar: nothing', [positionOf(c190, -1), positionOf(c190May, 1)], 0],
    ['a condor: one side', [positionOf(p170, -1), positionOf(p160, 1), positionOf(c190, -1), positionOf(c200, 1)], 1_000],
    ['a covered call: nothing', [positionOf(c190, -1), positionOf('ABC', 100)], 0],
    ['a put beside it: its strike', [positionOf(c190, -1), positionOf('ABC', 100), positionOf(p170, -1)], 17_000],
    ['nobody’s put covers nobody else’s', [positionOf(p170, -1), positionOf(p160, 1, wheel)], 17_000],
  ])('held: %s', (_name, positions, dollars) => {
    expect(heldCollateral(positions)).toBe(micros(dollars));
  });
});
