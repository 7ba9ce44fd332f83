// Log lines for programs are JSON; on a terminal they are made readable.
import type { DestinationStream } from 'pino';
import pino from 'pino';
import pretty from 'pino-pretty';

/** A synchronous destination: after a crash the last line matters. */
export function destinationFor(out: NodeJS.WriteStream): DestinationStream {
  if (!out.isTTY) return pino.destination({ dest: 1, sync: true });
  return pretty({
    sync: true,
    colorize: process.env['NO_COLOR'] === undefined,
    ignore: 'run,mode,event,seq',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
}
