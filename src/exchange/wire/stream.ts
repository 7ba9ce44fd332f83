// One open stream as its two sides see it: the client's socket, and the exchange's end of the conversation.

/** A client's socket, as a transport offers it. */
export interface Peer {
  /** Text goes as a text frame, bytes as a binary one. */
  send(data: string | Uint8Array): void;
  /** Ends the stream in good order. */
  close(code: number, reason: string): void;
  /** Ends it at once, without a word. */
  destroy(): void;
  /** Bytes that were sent and that the client has not yet taken off the line. */
  backlog(): number;
}

export interface StreamSession {
  receive(data: string | Uint8Array): void;
  /** The socket is gone; may be called more than once. */
  closed(): void;
}

export interface UpgradeRequest {
  /** Path, or a whole URL whose host is ignored. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Rings once after `ms` of wall time; returns its cancel. */
export type After = (ms: number, ring: () => void) => () => void;

/** A frame as an object; undefined for anything that is no JSON object. */
export function parseFrame(data: string | Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data)));
  } catch {
    return undefined;
  }
}

export const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
