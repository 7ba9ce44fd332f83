// Log lines: one JSON object each, money as exact text, secrets masked, and an order's story found by one filter.
import { describe, expect, it } from 'vitest';
import { createLog, messageOf, turnLogger } from '../../../src/daemon/log.ts';
import { epochMs, monoMs, tradingDay } from '../../../src/domain/time.ts';
import type { Note, Turn } from '../../../src/domain/turn.ts';

const now = { exchange: epochMs(Date.UTC(2026, 10, 23, 20, 15)), mono: monoMs(1), speed: 60 } as const;
const clock = { now: () => now, after: () => () => {}, wallUntil: () => 0 };

function written(write: (log: ReturnType<typeof createLog>) => void): readonly Readonly<Record<string, unknown>>[] {
  const lines: string[] = [];
  write(createLog({ level: 'debug', clock, runId: 'r1', mode: 'sim', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

const turn = (seq: number, notes: readonly Note[]): Turn => ({
  seq,
  at: now,
  day: tradingDay('2026-11-23'),
  event: { kind: 'wake' },
  decisions: [],
  orders: [],
  fills: [],
  ledger: [],
  positions: [],
  cycles: [],
  trades: [],
  lots: [],
  closures: [],
  exits: [],
  names: [],
  memories: new Map(),
  iv: [],
  halts: null,
  equity: null,
  losses: null,
  risk: null,
  modes: null,
  activityWatermark: null,
  control: null,
  commands: [],
  notes,
  wakeAt: null,
});

describe('a log line', () => {
  it('carries exchange time, level as a word, run and mode, a constant message and a dotted event', () => {
    const [line] = written((log) => log.info({ event: 'run.ready' }, messageOf('run.ready')));
    expect(line).toMatchObject({
      time: '2026-11-23T20:15:00.000Z',
      level: 'info',
      run: 'r1',
      mode: 'sim',
      event: 'run.ready',
      msg: 'run ready',
    });
  });

  it.each(['secret', 'headers', 'keyId'])('never shows %s, at the top or one level down', (name) => {
    const [line] = written((log) => log.info({ event: 'x', [name]: 'canary-1', inner: { [name]: 'canary-2' } }, 'x'));
    expect(JSON.stringify(line)).not.toContain('canary');
    expect(line?.[name]).toBe('[secret]');
  });

  it('tells the story of one order through one field, in the order of the turns, with its prices as exact decimals', () => {
    const coid = 'wsb1-wh-O-261123-aaaaaaaaaaaaaaaa';
    const notes: readonly Note[] = [
      { event: 'order.recorded', severity: 'info', detail: { coid, strategy: 'wheel', limit: -930_000 } },
      { event: 'order.accepted', severity: 'info', detail: { coid, boid: 'b' } },
      { event: 'order.filled', severity: 'info', detail: { coid, price: 930_000, qty: -3 } },
      { event: 'order.filled', severity: 'info', detail: { coid: 'another', price: 1_000_000, qty: 1 } },
    ];
    const lines = written((log) => {
      for (const [i, note] of notes.entries()) turnLogger(log)(turn(i + 1, [note]));
    });
    const story = lines.filter((line) => line['coid'] === coid);
    expect(story.map((line) => [line['seq'], line['event'], line['limit'] ?? line['price'] ?? null])).toEqual([
      [1, 'order.recorded', '-0.93'],
      [2, 'order.accepted', null],
      [3, 'order.filled', '0.93'],
    ]);
  });

  it.each([
    ['info', 'info'],
    ['minor', 'warn'],
    ['major', 'error'],
    ['critical', 'error'],
  ] as const)('writes a %s note at level %s', (severity, level) => {
    const [line] = written((log) => turnLogger(log)(turn(1, [{ event: 'a.b', severity, detail: {} }])));
    expect(line?.['level']).toBe(level);
  });
});
