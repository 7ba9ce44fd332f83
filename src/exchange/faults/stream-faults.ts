// The faults of streams: frames lost, doubled and out of order, lines that go mute or break, keys that are refused.
import { SECOND } from '../../domain/time.ts';
import { urlOf } from '../wire/message.ts';
import type { After, Peer, StreamSession } from '../wire/stream.ts';
import type { Streams } from '../wire/streams.ts';
import { pathPattern } from './pattern.ts';
import type { Fault, FaultOf } from './plan.ts';
import type { Armed, Tell } from './request-faults.ts';

type StreamFault = FaultOf<'kill' | 'mute' | 'drop' | 'duplicate' | 'reorder'>;

/** A frame that waits for the next to overtake it goes anyway after this long. */
const OVERTAKEN_WITHIN_MS = 250;
const TOLD = 64;

/** Frames of the conversation itself (who one is, what one listens to), which no fault touches. */
const control =
  /^(\{"stream":"(authorization|listening)"|\{"action":"error"|\[\{"T":"(success|subscription|error)"|.{1,4}\u00a1T.(success|subscription|error))/s;
const isControl = (data: string | Uint8Array): boolean =>
  control.test(typeof data === 'string' ? data.slice(0, TOLD) : Buffer.from(data.subarray(0, TOLD)).toString('latin1'));

export interface StreamFaults {
  /** The same streams, with faults between them and their clients. */
  over(streams: Streams): Streams;
  /** Breaks lines whose time has come. */
  act(now: number): void;
  /** True while keys are being refused on a stream. */
  readonly refusing: boolean;
}

export interface StreamFaultParts {
  readonly faults: readonly Armed[];
  readonly tell: Tell;
  readonly now: () => number;
  readonly after: After;
}

interface Line {
  readonly path: string;
  readonly peer: Peer;
  held: string | Uint8Array | undefined;
  muteUntil: (() => void) | 'end' | undefined;
  over: boolean;
}

const frameKinds: readonly Fault['kind'][] = ['kill', 'mute', 'drop', 'duplicate', 'reorder'];
const isOfFrames = (armed: Armed): armed is Armed<StreamFault> => frameKinds.includes(armed.fault.kind);
const isOfKeys = (armed: Armed): armed is Armed<FaultOf<'auth'>> => armed.fault.kind === 'auth' && armed.fault.stream !== undefined;
/** A line that breaks at an instant, whatever is said on it. */
const isTimed = ({ fault }: Armed): boolean =>
  fault.kind === 'kill' &&
  fault.at !== undefined &&
  fault.nth === undefined &&
  fault.count === undefined &&
  fault.probability === undefined;

function endLine(line: Line): void {
  line.over = true;
  line.held = undefined;
  if (typeof line.muteUntil === 'function') line.muteUntil();
  line.muteUntil = undefined;
}

function deliver(line: Line, data: string | Uint8Array): void {
  line.peer.send(data);
  const { held } = line;
  line.held = undefined;
  if (held !== undefined) line.peer.send(held);
}

/** Does to a line what a fault says; true when the frame at hand goes no further. */
function suffer(line: Line, fault: StreamFault, data: string | Uint8Array, after: After): boolean {
  switch (fault.kind) {
    case 'kill':
      line.peer.destroy();
      return true;
    case 'drop':
      return true;
    case 'mute':
      line.muteUntil = fault.seconds === undefined ? 'end' : after(fault.seconds * SECOND, () => (line.muteUntil = undefined));
      return true;
    case 'duplicate':
      deliver(line, data);
      return false;
    case 'reorder':
      if (line.held !== undefined) return false;
      line.held = data;
      after(OVERTAKEN_WITHIN_MS, () => {
        if (line.over || line.held !== data) return;
        line.held = undefined;
        line.peer.send(data);
      });
      return true;
  }
}

interface Aimed<F extends Fault> {
  readonly armed: Armed<F>;
  readonly fits: (path: string) => boolean;
}

const arm = <F extends Fault & { readonly stream?: string | undefined }>(armed: Armed<F>): Aimed<F> => ({
  armed,
  fits: pathPattern(armed.fault.stream ?? '/**'),
});

interface KeyGuard {
  readonly refusing: boolean;
  /** Runs what may show keys to the exchange, which refuses them when a fault says so. */
  showing<T>(path: string, shows: boolean, run: () => T): T;
}

function keyGuard(keyed: readonly Aimed<FaultOf<'auth'>>[], tell: Tell, now: () => number): KeyGuard {
  let refusing = false;
  return {
    get refusing() {
      return refusing;
    },
    showing(path, shows, run) {
      const at = now();
      const struck = shows ? keyed.find(({ armed, fits }) => fits(path) && armed.trigger.strikes(at)) : undefined;
      if (struck !== undefined) tell(struck.armed, { at, where: path, detail: 'keys refused' });
      refusing = struck !== undefined;
      try {
        return run();
      } finally {
        refusing = false;
      }
    },
  };
}

const showsKeys = (data: string | Uint8Array): boolean =>
  /auth/.test(typeof data === 'string' ? data : Buffer.from(data).toString('latin1'));

export function streamFaults({ faults, tell, now, after }: StreamFaultParts): StreamFaults {
  const timed = faults.filter(isOfFrames).filter(isTimed).map(arm);
  const framed = faults
    .filter(isOfFrames)
    .filter((armed) => !isTimed(armed))
    .map(arm);
  const lines = new Set<Line>();
  const done = new Set<Armed>();

  const send = (line: Line, data: string | Uint8Array): void => {
    if (line.over || line.muteUntil !== undefined) return;
    if (isControl(data)) return line.peer.send(data);
    const at = now();
    for (const { armed, fits } of framed) {
      if (!fits(line.path) || !armed.trigger.strikes(at)) continue;
      tell(armed, { at, where: line.path, detail: armed.fault.kind === 'mute' ? `for ${String(armed.fault.seconds ?? 'good')}` : 'frame' });
      if (suffer(line, armed.fault, data, after)) return;
    }
    deliver(line, data);
  };
  const keys = keyGuard(faults.filter(isOfKeys).map(arm), tell, now);

  return {
    get refusing() {
      return keys.refusing;
    },
    act(at) {
      for (const { armed, fits } of timed) {
        if (done.has(armed) || at < armed.trigger.from) continue;
        done.add(armed);
        const hit = [...lines].filter((line) => fits(line.path));
        tell(armed, { at, where: armed.fault.stream, detail: `${String(hit.length)} lines` });
        for (const line of hit) line.peer.destroy();
      }
    },
    over: (streams) => ({
      ...streams,
      get count() {
        return streams.count;
      },
      open(request, peer) {
        const path = urlOf(request.url)?.pathname ?? '';
        const line: Line = { path, peer, held: undefined, muteUntil: undefined, over: false };
        const faulty: Peer = {
          send: (data) => send(line, data),
          close: (code, reason) => peer.close(code, reason),
          destroy: () => peer.destroy(),
          backlog: () => peer.backlog(),
        };
        const inHeaders = 'authorization' in request.headers || 'apca-api-key-id' in request.headers;
        const session: StreamSession | undefined = keys.showing(path, inHeaders, () => streams.open(request, faulty));
        if (session === undefined) return undefined;
        lines.add(line);
        return {
          receive: (data) => keys.showing(path, showsKeys(data), () => session.receive(data)),
          closed() {
            endLine(line);
            lines.delete(line);
            session.closed();
          },
        };
      },
    }),
  };
}
