// Time and chance of the whole process made virtual, and every timer known by the life it belongs to.
//
// 1. A timer belongs to the life in whose code it was set: a daemon's, the exchange's, the laboratory's own.
// 2. A life that has ended sets no timer and none of its timers rings, as in a process that was killed.
// 3. Promises settle between two timers, never across them: each step ends with the microtask queue drained.
import { install } from '@sinonjs/fake-timers';
import { assert } from '../base/assert.ts';

/** A process as far as timers can tell. */
export interface Life {
  readonly name: string;
  readonly ended: boolean;
  /** Rings once after `ms` of wall time, in this life; returns its cancel. */
  after(ms: number, ring: () => void): () => void;
  /** Rings again and again; returns its cancel. */
  every(ms: number, ring: () => void): () => void;
  /** None of its timers rings any more, and it can set no further one. */
  end(): void;
}

export interface VirtualGlobals {
  /** Wall milliseconds since the globals were replaced. */
  now(): number;
  life(name: string): Life;
  /** Rings the earliest timer and lets every promise that it settles run on. False when nothing is left to ring. */
  step(): Promise<boolean>;
  /** Timers that have rung so far, for measuring. */
  readonly rung: number;
  /** Gives the process its own globals back. */
  restore(): void;
}

type Timer = ReturnType<typeof setTimeout>;
type Ring = (...args: unknown[]) => void;

interface LifeState {
  readonly name: string;
  readonly timers: Set<Timer>;
  ended: boolean;
}

let installed = false;

/** One at a time, by identity: two worlds in one process would share their clock. */
function claim(): () => void {
  assert(!installed, 'the globals are already virtual: one world at a time');
  installed = true;
  return () => {
    installed = false;
  };
}

const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Date as it is, but for what it says of now. The library's own replacement costs ten times as much for each instance. */
function virtualDate(real: DateConstructor, now: () => number): DateConstructor {
  class VirtualDate extends real {
    constructor(...parts: readonly unknown[]) {
      super(...((parts.length === 0 ? [now()] : parts) as [number]));
    }
    static override now(): number {
      return now();
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  }
  return VirtualDate as unknown as DateConstructor;
}

/**
 * Replaces timers, Date, performance and Math.random. setImmediate stays real: one turn of it drains what promises wait for.
 * @param wall what Date says at the start, UTC milliseconds
 * @param random what Math.random draws from
 */
export function virtualGlobals(wall: number, random: () => number): VirtualGlobals {
  const release = claim();
  const fake = install({
    now: wall,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    loopLimit: Number.MAX_SAFE_INTEGER,
  });
  const real = { Date: globalThis.Date, random: Math.random };
  globalThis.Date = virtualDate(real.Date, () => fake.now);
  Math.random = random;
  const bare = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, clearTimeout: globalThis.clearTimeout };
  const owners = new Map<Timer, LifeState>();
  const own: LifeState = { name: 'lab', timers: new Set(), ended: false };
  let current = own;
  let rung = 0;

  const forget = (timer: Timer | undefined): void => {
    if (timer === undefined) return;
    owners.get(timer)?.timers.delete(timer);
    owners.delete(timer);
    bare.clearTimeout(timer);
  };
  const arm = (owner: LifeState, set: (ring: Ring) => Timer, ring: Ring, once: boolean): Timer => {
    const timer = set((...args) => {
      assert(!owner.ended, `a timer of ${owner.name} rings after its end`);
      if (once) {
        owner.timers.delete(timer);
        owners.delete(timer);
      }
      rung += 1;
      current = owner;
      ring(...args);
    });
    if (owner.ended) bare.clearTimeout(timer);
    else {
      owner.timers.add(timer);
      owners.set(timer, owner);
    }
    return timer;
  };
  const setOnce = (owner: LifeState, ring: Ring, ms?: number, ...args: unknown[]): Timer =>
    arm(owner, (r) => bare.setTimeout(r, ms, ...args), ring, true);
  const setMany = (owner: LifeState, ring: Ring, ms?: number, ...args: unknown[]): Timer =>
    arm(owner, (r) => bare.setInterval(r, ms, ...args), ring, false);
  globalThis.setTimeout = ((ring: Ring, ms?: number, ...args: unknown[]) => setOnce(current, ring, ms, ...args)) as typeof setTimeout;
  globalThis.setInterval = ((ring: Ring, ms?: number, ...args: unknown[]) => setMany(current, ring, ms, ...args)) as typeof setInterval;
  globalThis.clearTimeout = forget as typeof clearTimeout;
  globalThis.clearInterval = forget as typeof clearInterval;

  return {
    now: () => performance.now(),
    life: (name) => lifeOf({ name, timers: new Set(), ended: false }, setOnce, setMany, forget),
    step: async () => {
      const left = fake.countTimers() > 0;
      if (left) fake.next();
      await drained();
      return left;
    },
    get rung() {
      return rung;
    },
    restore: () => {
      fake.uninstall();
      globalThis.Date = real.Date;
      Math.random = real.random;
      release();
    },
  };
}

type Setter = (owner: LifeState, ring: Ring, ms?: number) => Timer;

function lifeOf(state: LifeState, setOnce: Setter, setMany: Setter, forget: (timer: Timer) => void): Life {
  const cancelOf = (timer: Timer) => (): void => forget(timer);
  return {
    name: state.name,
    get ended() {
      return state.ended;
    },
    after: (ms, ring) => cancelOf(setOnce(state, ring, ms)),
    every: (ms, ring) => cancelOf(setMany(state, ring, ms)),
    end: () => {
      state.ended = true;
      for (const timer of [...state.timers]) forget(timer);
    },
  };
}
