// Every transition of the halt ladder.
import { describe, expect, it } from 'vitest';
import type { LadderState } from '../../../src/domain/losses.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { firstFooting, type LadderEvent, stepLadder, stepOf } from '../../../src/risk/ladder.ts';

const monday = tradingDay('2026-03-09');
const days = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'].map(tradingDay);
const [tuesday = monday, wednesday = monday] = days;
const go = (state: LadderState, ...events: readonly LadderEvent[]): LadderState => events.reduce((s, e) => stepLadder(s, e, 2), state);
const normal = firstFooting(monday, 1);
const caution = (on: boolean, day = monday): LadderEvent => ({ kind: 'caution', on, day, nav: 1 });
const reset = (day = monday, nav = 1): LadderEvent => ({ kind: 'reset', day, nav });
const opened = (day = tuesday): LadderEvent => ({ kind: 'opened', day });
const closed = (day = tuesday, nav = 1, on = false): LadderEvent => ({ kind: 'closed', day, nav, caution: on });
const session = (day = tuesday, nav = 1): readonly LadderEvent[] => [opened(day), closed(day, nav)];

const cautious = go(normal, caution(true));
const restricted = go(normal, reset());

describe('the footing', () => {
  it.each<[string, LadderState, readonly LadderEvent[], LadderState['footing']]>([
    ['normal stays without a cause', normal, [caution(false), ...session()], 'normal'],
    ['normal becomes cautious', normal, [caution(true)], 'cautious'],
    ['normal becomes restricted after a loss', normal, [reset()], 'restricted'],
    ['cautious stays for the rest of its session', cautious, [caution(false), closed(monday)], 'cautious'],
    ['cautious is left after a whole session without a cause', cautious, session(), 'normal'],
    ['cautious is not left after a session with one', cautious, [opened(), caution(true, tuesday), closed()], 'cautious'],
    ['cautious is not left while the cause is there at the close', cautious, [opened(), closed(tuesday, 1, true)], 'cautious'],
    ['cautious begins to count anew', cautious, [opened(), caution(true, tuesday), closed(), ...session(wednesday)], 'normal'],
    ['cautious becomes restricted after a loss', cautious, [reset()], 'restricted'],
    ['restricted stays after one session', restricted, session(), 'restricted'],
    ['restricted is left after two', restricted, [...session(), ...session(wednesday)], 'normal'],
    ['restricted is not left with a loss', restricted, [...session(), ...session(wednesday, 0.999)], 'restricted'],
    [
      'restricted is left later, once the loss is made good',
      restricted,
      [...session(), ...session(wednesday, 0.99), ...session(days[2], 1)],
      'normal',
    ],
    ['restricted does not count the session it began in', restricted, [closed(monday), ...session()], 'restricted'],
    ['restricted is not left for a cause of caution', restricted, [caution(true)], 'restricted'],
    [
      'restricted leads to cautious where there is one',
      restricted,
      [...session(), opened(wednesday), closed(wednesday, 1, true)],
      'cautious',
    ],
    ['restricted begins anew with another loss', restricted, [...session(), reset(wednesday), ...session(wednesday)], 'restricted'],
    ['a value that is no number does not leave it', restricted, [...session(), ...session(wednesday, Number.NaN)], 'restricted'],
  ])('%s', (_name, from, events, footing) => expect(go(from, ...events).footing).toBe(footing));

  it('is one return where several halts go in one session', () => {
    const back = go(normal, reset(tuesday, 0.98), opened(tuesday), reset(tuesday, 0.97));
    expect(back).toMatchObject({ footing: 'restricted', counting: true, nav: 0.98 });
  });
  it('does not change for news that is none', () => {
    expect(stepLadder(normal, caution(false), 2)).toBe(normal);
    expect(stepLadder(cautious, caution(true), 2)).toBe(cautious);
  });
});

describe('the step', () => {
  it.each<[LadderState | null, boolean, boolean, string]>([
    [null, false, false, 'normal'],
    [normal, false, false, 'normal'],
    [cautious, false, false, 'cautious'],
    [restricted, false, false, 'restricted'],
    [normal, false, true, 'halted'],
    [restricted, false, true, 'halted'],
    [normal, true, false, 'flatten'],
    [cautious, true, true, 'flatten'],
  ])('%#', (state, flattening, halted, step) => expect(stepOf(state, { flattening, halted })).toBe(step));
});
