// HTTP over a bare socket: for requests that Node's own server hands over unanswered.
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WireResponse } from './message.ts';

/** Writes an answer and ends the connection. A socket that is already gone is left alone. */
export function writeAnswer(socket: Duplex, answer: WireResponse): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = answer.body ?? '';
  const headers = { ...answer.headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${String(answer.status)} ${STATUS_CODES[answer.status] ?? ''}`, ...lines, '', body].join('\r\n'));
}

/** The first `length` bytes of a socket, of which `head` has been read already. Rejects when the client goes away before that. */
export async function readBytes(socket: Duplex, head: Buffer, length: number): Promise<Buffer> {
  const chunks = [head];
  let size = head.length;
  while (size < length) {
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) {
      chunks.push(chunk);
      size += chunk.length;
      continue;
    }
    await new Promise<void>((resolve, reject) => {
      const settle = (end: () => void) => (): void => {
        for (const [event, listener] of listeners) socket.off(event, listener);
        end();
      };
      const gone = settle(() => reject(new Error('the client went away')));
      const listeners = [
        ['readable', settle(resolve)],
        ['end', gone],
        ['close', gone],
        ['error', gone],
      ] as const;
      for (const [event, listener] of listeners) socket.on(event, listener);
    });
  }
  return Buffer.concat(chunks).subarray(0, length);
}
