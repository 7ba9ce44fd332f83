// What the network and the broker's front do to requests: a share of them ends in some other way than with the answer there was.
import type { Rng } from '../base/rng.ts';
import { refusalOf, spoiled } from '../exchange/faults/fate.ts';
import type { MemoryOptions, RequestFault } from '../exchange/wire/memory.ts';
import type { WireRequest, WireResponse } from '../exchange/wire/message.ts';

/**
 * How a request ends. `lost` and `broken` never reach the exchange; with `unheard`, `cut_off`, `failed_late`, `truncated`, `wrong_types`
 * and `html` it has done what was asked, and the client cannot tell; `throttled` and `failed` are refusals before anything was done.
 */
export const networkFaults = [
  'lost',
  'broken',
  'unheard',
  'cut_off',
  'throttled',
  'failed',
  'failed_late',
  'truncated',
  'wrong_types',
  'html',
] as const;
export type NetworkFault = (typeof networkFaults)[number];

export interface NetworkTrouble {
  /** Requests in a thousand that end so. */
  readonly perMille: number;
  /** Which ways there are in this seed; none when the network is sound. */
  readonly ways: readonly NetworkFault[];
}

/** Nothing is spoiled. */
export const soundNetwork: NetworkTrouble = { perMille: 0, ways: [] };

type Hooks = Required<Pick<MemoryOptions, 'before' | 'afterwards'>>;

const refused = (fault: Parameters<typeof refusalOf>[0]): RequestFault => ({ kind: 'answer', response: refusalOf(fault, 'lab') });
const unreadable =
  (form: Parameters<typeof spoiled>[1]) =>
  (response: WireResponse): RequestFault => ({ kind: 'answer', response: spoiled(response, form) });

const before: Partial<Record<NetworkFault, () => RequestFault>> = {
  lost: () => ({ kind: 'hang' }),
  broken: () => ({ kind: 'reset' }),
  throttled: () => refused({ status: 429, retryAfter: 1 }),
  failed: () => refused({ status: 500 }),
};

const afterwards: Partial<Record<NetworkFault, (response: WireResponse) => RequestFault>> = {
  unheard: () => ({ kind: 'hang' }),
  cut_off: () => ({ kind: 'reset' }),
  failed_late: () => refused({ status: 503 }),
  truncated: unreadable('truncated'),
  wrong_types: unreadable('wrong_type'),
  html: unreadable('html'),
};

/** What the exchange's owner reads of it stands for an operator's own files: those come over no network. */
const isOwners = ({ url }: WireRequest): boolean => new URL(url, 'http://exchange').pathname.startsWith('/sim/');

/** Hooks for the wire of a process: each request draws its fate once, as it arrives. */
export function troubled({ perMille, ways }: NetworkTrouble, rng: Rng, on: () => boolean, struck: () => void): Hooks {
  const late = new WeakMap<WireRequest, NetworkFault>();
  return {
    before: (request) => {
      if (!on() || ways.length === 0 || isOwners(request) || !rng.chance(perMille, 1000)) return undefined;
      const way = ways[rng.int(0, ways.length - 1)] as NetworkFault;
      struck();
      const early = before[way];
      if (early === undefined) late.set(request, way);
      return early?.();
    },
    afterwards: (request, response) => {
      const way = late.get(request);
      return way === undefined ? undefined : afterwards[way]?.(response);
    },
  };
}
