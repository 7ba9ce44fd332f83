// An engine with nothing around it: time moves by hand, the strategy says what it is told to say, and every turn is folded and checked.

import { expect } from 'vitest';
import type { Decision, Intent } from '../../../src/domain/decision.ts';
import type { Command, EngineEvent, OperatorAction, Phase, SubmitOutcome } from '../../../src/domain/event.ts';
import type { ExitRule } from '../../../src/domain/exit-rule.ts';
import { type ClientOrderId, type StrategyId, type Symbol, strategyId, symbol } from '../../../src/domain/ids.ts';
import { instrumentOf } from '../../../src/domain/instrument.ts';
import { price } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import { addDays, epochMs, monoMs, type Now, tradingDay } from '../../../src/domain/time.ts';
import type { Trade } from '../../../src/domain/trade.ts';
import type { Note, Turn } from '../../../src/domain/turn.ts';
import type { Beliefs, Engine } from '../../../src/engine/contract.ts';
import { createEngine } from '../../../src/engine/engine.ts';
import { createBoard } from '../../../src/market/board.ts';
import { instrumentTick } from '../../../src/market/ticks.ts';
import { defaultViewLimits, viewOf } from '../../../src/market/view.ts';
import type { RiskLimits } from '../../../src/risk/limits.ts';
import type { LossLimits } from '../../../src/risk/limits-losses.ts';
import { type AnyStrategy, type Context, noNeeds } from '../../../src/strategies/strategy.ts';
import { calendar, limits, micros } from '../risk/contexts.ts';
import { type Desk, openDesk } from './desk.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import { auditLots } from './lot-audit.ts';

export type Command_<K extends Command['kind']> = Extract<Command, { kind: K }>;

export interface Given {
  readonly day: string;
  readonly hour: number;
  readonly minute: number;
  readonly cash: number;
  readonly strategies: readonly string[];
  /** Fraction below the last close at which shares of a strategy are protected. */
  readonly stopBelow: number | null;
  readonly limits: Partial<RiskLimits>;
  readonly optionsLevel: 0 | 1 | 2 | 3;
  readonly speed: number;
  /** Its shorts may run into assignment where cash or shares cover them. */
  readonly mayBeAssigned: boolean;
  readonly protectionThrows: boolean;
  /** The volatility index, null where the source has none. */
  readonly vix: number | null;
}

/** What a strategy will say when it is asked next; said once. */
export interface Script {
  evaluate: readonly Decision[];
  manage: readonly Decision[];
  /** What would close a trade; nothing until a test says so. */
  exits: (trade: Trade) => readonly ExitRule[];
  seen: Context<unknown> | null;
  /** Called instead, while it is there. */
  throws: (() => never) | null;
}

export interface EngineWorld {
  readonly desk: Desk;
  readonly ledger: Ledger;
  readonly script: Script;
  readonly scripts: ReadonlyMap<string, Script>;
  readonly turns: readonly Turn[];
  readonly beliefs: Beliefs;
  /** Wall milliseconds that pass between the commit of an order and its second step, or that it never comes to. */
  lag: number | 'never';
  now(): Now;
  quote(of: string, bid: number, ask: number): void;
  bar(of: string, close: number): void;
  /** The dividends of a name are known from here on: amounts a share by ex-day, none when left out. */
  pays(of: string, dividends?: Readonly<Record<string, number>>): void;
  /** One event; its sends are carried out at once, its other commands are kept. The turn of the event itself. */
  push(event: EngineEvent): Turn;
  /** Lets time pass, waking the engine whenever it asked for it. Quotes stay fresh unless `stale`. */
  advance(ms: number, stale?: 'stale'): void;
  /** Commands of a kind since the last time they were taken. */
  take<K extends Command['kind']>(kind: K): readonly Command_<K>[];
  /** The one order posted since the last look. */
  posted(): Order;
  order(id: ClientOrderId): Order;
  notes(event: string): readonly Note[];
  /** Boots, brings the stream up and reads the broker. */
  ready(unclean?: number): void;
  boot(unclean?: number): void;
  link(up: boolean): void;
  /** Reads the broker as it is now and tells the engine. */
  reconcile(): Turn;
  tick(phase: Phase, decisions: readonly Decision[], strategy?: string): Turn;
  open(intent: Intent, strategy?: string): Turn;
  close(intent: Intent, strategy?: string): Turn;
  answer(id: ClientOrderId, outcome: SubmitOutcome): Turn;
  /** Accepts at the desk and answers so. */
  accept(id: ClientOrderId): Turn;
  fill(id: ClientOrderId, units: number, ...prices: readonly number[]): Turn;
  operate(order: OperatorAction): Turn;
  /** The process dies: memory is gone, the disk and the desk are not. `seconds` later a new one starts, unbooted. */
  crash(seconds?: number): void;
}

const standard: Given = {
  day: '2026-03-10',
  hour: 12,
  minute: 0,
  cash: 100_000,
  strategies: ['base'],
  stopBelow: null,
  limits: {},
  optionsLevel: 0,
  speed: 1,
  mayBeAssigned: false,
  protectionThrows: false,
  vix: 16,
};

/** Prices of these stories are no market's: what an account may lose is for those that are about it. */
const unfelt: LossLimits = {
  ...limits.losses,
  dayHaltPct: 0.9,
  dayFlattenPct: 0.9,
  weekHaltPct: 0.9,
  monthHaltPct: 0.9,
  drawdownHalfPct: 0.9,
  drawdownHaltPct: 0.95,
  drawdownFlattenPct: 0.99,
};

function scripted(id: string, given: Given): { readonly strategy: AnyStrategy; readonly script: Script } {
  const script: Script = { evaluate: [], manage: [], exits: () => [], seen: null, throws: null };
  const say =
    (which: 'evaluate' | 'manage') =>
    (context: Context<unknown>): readonly Decision[] => {
      script.throws?.();
      const said = script[which];
      script[which] = [];
      script.seen = context;
      return said;
    };
  const strategy: AnyStrategy = {
    id: strategyId(id),
    title: id,
    version: 1,
    optionsLevel: given.optionsLevel,
    mayBeAssigned: given.mayBeAssigned,
    params: undefined as never,
    schedule: () => [],
    watches: () => noNeeds,
    chains: () => [],
    evaluate: say('evaluate'),
    manage: say('manage'),
    exits: (_context, trade) => script.exits(trade),
    protection: () => {
      if (given.protectionThrows) throw new Error('no plan');
      return given.stopBelow === null ? { kind: 'waiver', why: 'none in this test' } : { kind: 'stop', belowClosePct: given.stopBelow };
    },
  };
  return { strategy, script };
}

/** The laws that hold after every turn, whatever happened: rows rebuild positions and cash, and fills have no gap. */
function audit(engine: Engine, ledger: Ledger): void {
  const believed = new Map(engine.beliefs.positions().map((p) => [`${p.owner}|${p.instrument.symbol}`, p]));
  expect(believed).toEqual(ledger.positions);
  expect(ledger.rebuilt()).toEqual(ledger.positions);
  expect(engine.beliefs.cash).toBe(ledger.cash());
  auditLots(engine, ledger);
  const seen = new Map<string, number>();
  for (const row of ledger.fills) {
    const key = `${row.order} ${row.legNo}`;
    const cum = (seen.get(key) ?? 0) + Math.abs(row.qty);
    expect(row.cumQty).toBe(cum);
    seen.set(key, cum);
  }
  for (const order of ledger.orders.values()) {
    for (const fill of order.fills) expect(seen.get(`${order.id} ${fill.legNo}`)).toBe(fill.cumQty);
  }
}

/** A world at noon of a Tuesday with 100,000 in cash, one strategy and no position, but for what is given. Nothing is booted. */
export function engineWorld(over: Partial<Given> = {}): EngineWorld {
  const given: Given = { ...standard, ...over };
  const start = calendar.instant(tradingDay(given.day), given.hour, given.minute);
  const clock = { exchange: start as number, mono: 1_000_000 };
  const now = (): Now => ({ exchange: epochMs(Math.round(clock.exchange)), mono: monoMs(clock.mono), speed: given.speed });
  const board = createBoard();
  const quotes = new Map<Symbol, readonly [number, number]>();
  const desk = openDesk(given.cash, () => calendar.dayOf(now().exchange));
  const ledger = emptyLedger();
  const cast = given.strategies.map((id) => scripted(id, given));
  const scripts = new Map(cast.map(({ strategy, script }) => [strategy.id as string, script]));
  const world: Parameters<typeof createEngine>[0] = {
    strategies: cast.map(({ strategy }) => ({ strategy, params: {}, enabled: true })),
    calendar,
    limits: { ...limits, losses: unfelt, ...given.limits },
    market: (at) =>
      viewOf(board, { now: at, calendar, rate: 0.04, dividendYields: new Map(), assumed: new Map(), limits: defaultViewLimits }),
    tick: (of, at) => instrumentTick(instrumentOf(of), true, price(Math.abs(at))),
  };
  let engine = createEngine(world, ledger.loaded());
  let epoch = 0;
  let wakeAt: number | null = null;
  let commands: Command[] = [];
  const turns: Turn[] = [];

  const setQuote = (of: Symbol, [bid, ask]: readonly [number, number]): void => {
    const at = now();
    board.setQuote({
      symbol: of,
      bid: price(micros(bid)),
      ask: price(micros(ask)),
      bidSize: 10,
      askSize: 10,
      at: at.exchange,
      seen: at.mono,
      ageAtSightMs: 0,
      provenance: 'live',
    });
  };
  const freshen = (): void => {
    for (const [of, sides] of quotes) setQuote(of, sides);
    const at = now();
    if (given.vix !== null) board.setIndexLevel(symbol('VIX'), { value: given.vix, at: at.exchange, seen: at.mono, ageAtSightMs: 0 });
  };
  freshen();
  const push = (event: EngineEvent): Turn => {
    const turn = engine.turn(event, now());
    ledger.commit(turn);
    audit(engine, ledger);
    turns.push(turn);
    wakeAt = turn.wakeAt;
    for (const command of turn.commands) {
      if (command.kind !== 'send' || self.lag === 'never') commands.push(command);
      else {
        moveTo(clock.mono + self.lag);
        push({ kind: 'send', id: command.id });
      }
    }
    return turn;
  };
  const moveTo = (mono: number): void => {
    clock.exchange += (mono - clock.mono) * given.speed;
    clock.mono = mono;
  };
  const take = <K extends Command['kind']>(kind: K): readonly Command_<K>[] => {
    const taken = commands.filter((c): c is Command_<K> => c.kind === kind);
    commands = commands.filter((c) => c.kind !== kind);
    return taken;
  };
  const order = (id: ClientOrderId): Order => {
    const found = engine.beliefs.orders.get(id);
    if (found === undefined) throw new Error(`the engine has no order ${id}`);
    return found;
  };

  const self: EngineWorld = {
    desk,
    ledger,
    scripts,
    turns,
    now,
    push,
    take,
    order,
    lag: 0,
    script: scripts.get(given.strategies[0] ?? '') as Script,
    get beliefs() {
      return engine.beliefs;
    },
    quote(of, bid, ask) {
      quotes.set(symbol(of), [bid, ask]);
      freshen();
    },
    bar(of, close) {
      const { day, open } = calendar.lastClosed(now().exchange);
      const at = price(micros(close));
      board.setDailyBars(symbol(of), [{ at: open, day, open: at, high: at, low: at, close: at, volume: 1_000_000 }], now().mono);
    },
    pays(of, dividends = {}) {
      const today = calendar.dayOf(now().exchange);
      board.setDividends(symbol(of), {
        from: addDays(today, -5),
        to: addDays(today, 120),
        dividends: Object.entries(dividends).map(([day, amount]) => ({
          symbol: symbol(of),
          exDay: tradingDay(day),
          amount: price(micros(amount)),
        })),
        seen: now(),
      });
    },
    advance(ms, stale) {
      const target = clock.mono + ms;
      for (let i = 0; wakeAt !== null && wakeAt <= target; i++) {
        if (i > 2_000) throw new Error('the engine wakes without end');
        moveTo(Math.max(clock.mono, wakeAt));
        if (stale === undefined) freshen();
        push({ kind: 'wake' });
        if (wakeAt !== null && wakeAt <= clock.mono) moveTo(clock.mono + 1); // an alarm is at least a millisecond away
      }
      moveTo(Math.max(clock.mono, target));
      if (stale === undefined) freshen();
    },
    posted() {
      const posts = take('post');
      expect(posts).toHaveLength(1);
      return order((posts[0] as Command_<'post'>).id);
    },
    notes: (event) => turns.flatMap((t) => t.notes).filter((n) => n.event === event),
    boot(unclean = 0) {
      epoch += 1;
      push({ kind: 'boot', epoch, uncleanBoots: unclean, account: 'PA3SIM0001' });
    },
    link: (up) => void push({ kind: 'link', link: 'orders', up, why: 'test' }),
    reconcile: () => push({ kind: 'snapshot', snapshot: desk.snapshot(now()) }),
    ready(unclean = 0) {
      self.boot(unclean);
      self.link(true);
      while (take('reconcile').length > 0) self.reconcile();
    },
    tick(phase, decisions, strategy = given.strategies[0]) {
      const script = scripts.get(strategy ?? '') as Script;
      if (phase === 'manage') script.manage = decisions;
      else script.evaluate = decisions;
      return push({ kind: 'tick', strategy: strategy as StrategyId, phase, slot: phase, slotAt: now().exchange });
    },
    open: (intent, strategy) => self.tick('entry', [intent], strategy),
    close: (intent, strategy) => self.tick('manage', [intent], strategy),
    answer: (id, outcome) => push({ kind: 'submitted', id, attempt: order(id).attempts, outcome }),
    accept: (id) => self.answer(id, { kind: 'accepted', report: desk.accept(order(id)) }),
    fill: (id, units, ...prices) => push({ kind: 'report', report: desk.fill(id, units, ...prices) }),
    operate: (asked) => push({ kind: 'operator', order: asked }),
    crash(seconds = 1) {
      engine = createEngine(world, ledger.loaded());
      commands = [];
      wakeAt = null;
      moveTo(clock.mono + seconds * 1_000);
      freshen();
    },
  };
  return self;
}
