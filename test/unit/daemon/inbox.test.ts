import { describe, expect, it } from 'vitest';
import { createInbox, type Inbox } from '../../../src/daemon/inbox.ts';
import type { EngineEvent } from '../../../src/domain/event.ts';
import { monoMs } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { handClock, turnOf } from './parts.ts';

const link = (why: string): EngineEvent => ({ kind: 'link', link: 'quotes', up: true, why });
const word = (event: EngineEvent): string => (event.kind === 'link' ? event.why : event.kind);
const told: Partial<Turn> = { notes: [{ event: 'quotes.up', severity: 'info', detail: {} }] };

interface Script {
  readonly turn?: (event: EngineEvent) => Partial<Turn>;
  readonly commit?: () => void;
  readonly observe?: () => void;
  readonly act?: (turn: Turn, inbox: Inbox) => void;
}

function setUp(script: Script = {}) {
  const clock = handClock();
  const log: string[] = [];
  const failures: unknown[] = [];
  const engine = {
    turn: (event: EngineEvent) => {
      log.push(`turn ${word(event)}`);
      return turnOf(event, script.turn?.(event) ?? told);
    },
  } as unknown as Engine;
  const inbox: Inbox = createInbox({
    engine,
    clock,
    commit: (turn) => {
      script.commit?.();
      log.push(`commit ${word(turn.event)}`);
    },
    observers: [
      (turn) => {
        script.observe?.();
        log.push(`observe ${word(turn.event)}`);
      },
    ],
    act: (turn) => {
      script.act?.(turn, inbox);
      log.push(`act ${word(turn.event)}`);
    },
    failed: (error) => {
      failures.push(error);
      inbox.close(); // as the daemon does
    },
  });
  return { inbox, clock, log, failures };
}

describe('the inbox', () => {
  it('commits a turn before anything sees it or acts on it', () => {
    const { inbox, log } = setUp();
    inbox.push(link('a'));
    expect(log).toEqual(['turn a', 'commit a', 'observe a', 'act a']);
  });
  it('commits nothing for a turn that left nothing behind', () => {
    const { inbox, log } = setUp({ turn: () => ({}) });
    inbox.push(link('a'));
    expect(log).toEqual(['turn a', 'observe a', 'act a']);
  });
  it('takes one event at a time: what a turn brings about waits for its end', () => {
    const { inbox, log } = setUp({
      act: (turn, box) => {
        if (word(turn.event) !== 'a') return;
        box.push(link('b'));
        box.push(link('c'));
      },
    });
    inbox.push(link('a'));
    expect(log.filter((l) => l.startsWith('turn') || l.startsWith('act'))).toEqual([
      'turn a',
      'act a',
      'turn b',
      'act b',
      'turn c',
      'act c',
    ]);
  });
  it.each([
    [
      'the commit',
      {
        commit: () => {
          throw new Error('disk full');
        },
      },
      ['turn a'],
    ],
    [
      'the engine',
      {
        turn: () => {
          throw new Error('disk full');
        },
      },
      ['turn a'],
    ],
    [
      'an observer',
      {
        observe: () => {
          throw new Error('disk full');
        },
      },
      ['turn a', 'commit a'],
    ],
    [
      'the act',
      {
        act: () => {
          throw new Error('disk full');
        },
      },
      ['turn a', 'commit a', 'observe a'],
    ],
  ] as const)('is over when %s throws: nothing more is done, and nothing more is taken', (_what, script, done) => {
    const { inbox, log, failures } = setUp(script);
    inbox.push(link('a'));
    inbox.push(link('b'));
    expect(log).toEqual(done);
    expect(failures).toEqual([new Error('disk full')]);
    expect(inbox.dropped).toBe(1);
  });
  it('stops in the middle of its queue when it is closed', () => {
    const { inbox, log } = setUp({
      act: (turn, box) => {
        if (word(turn.event) !== 'a') return;
        box.push(link('b'));
        box.close();
        box.push(link('c'));
      },
    });
    inbox.push(link('a'));
    expect(log.filter((l) => l.startsWith('turn'))).toEqual(['turn a']);
    inbox.push(link('d'));
    expect(inbox.dropped).toBe(2);
  });
  it('fails rather than fall behind a flood for ever', () => {
    const { inbox, failures } = setUp({
      turn: () => ({}),
      act: (turn, box) => {
        if (word(turn.event) === 'a') for (let i = 0; i <= 100_000; i++) box.push(link('flood'));
      },
    });
    inbox.push(link('a'));
    expect(failures.map(String)).toEqual(['Error: inbox over 100000 events']);
  });
});

describe('the alarm of the inbox', () => {
  it('wakes the engine when it asked for it, and once', () => {
    const { inbox, clock, log } = setUp({ turn: (event) => (event.kind === 'wake' ? {} : { wakeAt: monoMs(250) }) });
    inbox.push(link('a'));
    clock.advance(249);
    expect(log.filter((l) => l.startsWith('turn'))).toEqual(['turn a']);
    clock.advance(10_000);
    expect(log.filter((l) => l.startsWith('turn'))).toEqual(['turn a', 'turn wake']);
  });
  it('is replaced by what the newest turn asks for', () => {
    const asks = [250, 900, null];
    const { inbox, clock, log } = setUp({
      turn: () => {
        const at = asks.shift();
        return { wakeAt: at === null || at === undefined ? null : monoMs(at) };
      },
    });
    inbox.push(link('a'));
    inbox.push(link('b'));
    expect(clock.alarms).toBe(1);
    clock.advance(899);
    expect(log).not.toContain('turn wake');
    inbox.push(link('c'));
    expect(clock.alarms).toBe(0);
  });
  it('in the past rings a millisecond later, never at once', () => {
    const { inbox, clock, log } = setUp({ turn: (event) => (event.kind === 'wake' ? {} : { wakeAt: monoMs(0) }) });
    clock.advance(500);
    inbox.push(link('a'));
    expect(log).not.toContain('turn wake');
    clock.advance(1);
    expect(log).toContain('turn wake');
  });
  it.each([
    ['is closed', (box: Inbox) => box.close()],
    ['failed', (box: Inbox) => box.push({ kind: 'wake' })],
  ])('is off when the inbox %s', (_what, stop) => {
    const { inbox, clock } = setUp({
      turn: (event) => {
        if (event.kind === 'wake') throw new Error('bug');
        return { wakeAt: monoMs(250) };
      },
    });
    inbox.push(link('a'));
    expect(clock.alarms).toBe(1);
    stop(inbox);
    expect(clock.alarms).toBe(0);
  });
});
