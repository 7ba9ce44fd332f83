// What goes wrong and when: the seed's faults set going on the run's own clock, until they are told to stop.
import type { Rng } from '../base/rng.ts';
import type { Turn } from '../domain/turn.ts';
import type { MemoryOptions } from '../exchange/wire/memory.ts';
import { troubled } from './network-faults.ts';
import type { CrashPoint, Fault, SwarmOptions } from './swarm.ts';
import { isOrderPost } from './tap.ts';
import type { Life } from './virtual-globals.ts';

/** What chaos can do to a world. */
export interface Victim {
  /** Kills the process; it is started again after `downMs` of wall time. */
  crash(downMs: number): void;
  dropStreams(fits: (url: string) => boolean): void;
  cut(): void;
  /** Told of each request that ends in another way than with its answer. */
  struck(): void;
}

export interface Chaos {
  /** Hooks for the wire of one process. */
  readonly wire: MemoryOptions;
  /** To be called around each commit; true when the process died there. */
  committing(): boolean;
  committed(turn: Turn): boolean;
  /** Sets the faults going, their instants counted from now. */
  start(): void;
  /** Nothing goes wrong any more. */
  stop(): void;
}

const LATENCY_CALM = { least: 1, most: 3 } as const;
const fits: Readonly<Record<'trade' | 'clock' | 'quotes' | 'all', (url: string) => boolean>> = {
  trade: (url) => url.endsWith('/stream'),
  clock: (url) => url.endsWith('/clock'),
  quotes: (url) => url.endsWith('/iex'),
  all: () => true,
};

interface Armed {
  readonly point: CrashPoint;
  readonly downMs: number;
}

const leaves = (turn: Turn): boolean => turn.commands.some((command) => command.kind === 'post' || command.kind === 'send');

export function createChaos(options: SwarmOptions, rng: Rng, life: Life, victim: Victim): Chaos {
  const draws = rng.fork('latency');
  const losses = rng.fork('losses');
  const network = troubled(options.network, rng.fork('network'), () => on, victim.struck);
  let on = false;
  let armed: readonly Armed[] = [];
  let cancels: readonly (() => void)[] = [];

  /** Springs the first trap of a kind; true when there was one. */
  const spring = (point: CrashPoint): boolean => {
    const trap = on ? armed.find((one) => one.point === point) : undefined;
    if (trap === undefined) return false;
    armed = armed.filter((one) => one !== trap);
    victim.crash(trap.downMs);
    return true;
  };
  const strike = (fault: Fault): void => {
    if (fault.kind === 'stream') {
      if (fault.what === 'cut') victim.cut();
      else victim.dropStreams(fits[fault.what]);
    } else if (fault.point === 'instant') victim.crash(fault.downMs);
    else armed = [...armed, fault];
  };
  const latency = (): number => {
    const { least, most, spikesPerMille, spikeMs } = options.latency;
    if (!on) return draws.int(LATENCY_CALM.least, LATENCY_CALM.most);
    return spikesPerMille > 0 && draws.chance(spikesPerMille, 1000) ? spikeMs : draws.int(least, most);
  };
  const lost = (url: string): boolean => on && options.lostPerMille > 0 && fits.trade(url) && losses.chance(options.lostPerMille, 1000);
  return {
    wire: {
      latency,
      before: (request) =>
        isOrderPost(request.url, request.method) && spring('before_accept') ? { kind: 'hang' } : network.before(request),
      afterwards: (request, response) =>
        isOrderPost(request.url, request.method) && spring('after_accept') ? { kind: 'hang' } : network.afterwards(request, response),
      frame: (url) => (lost(url) ? 'drop' : 'pass'),
    },
    committing: () => spring('before_commit'),
    committed: (turn) => (leaves(turn) && spring('before_dispatch')) || spring('after_commit'),
    start: () => {
      on = true;
      cancels = options.faults.map((fault) => life.after(fault.atMs, () => strike(fault)));
    },
    stop: () => {
      on = false;
      armed = [];
      for (const cancel of cancels) cancel();
      cancels = [];
    },
  };
}
