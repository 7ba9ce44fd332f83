// Committed turns to log lines: a line cannot describe what did not happen. Constant message, everything variable a field.
import pino, { type DestinationStream, type Logger } from 'pino';
import { formatMicros } from '../domain/money.ts';
import type { Note, Severity, Turn } from '../domain/turn.ts';
import type { Clock } from '../ports/clock.ts';

export interface LogOptions {
  readonly level: string;
  readonly clock: Clock;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
  readonly runId: string;
  readonly mode: string;
}

/** Fields that hold micros: printed as exact decimal text. */
const moneyFields: ReadonlySet<string> = new Set(['price', 'limit', 'stop', 'cash', 'premium', 'stock', 'realized', 'equity', 'reserve']);
const cashNotes: ReadonlySet<string> = new Set(['reconcile.cash']);

const level: Readonly<Record<Severity, 'info' | 'warn' | 'error'>> = { info: 'info', minor: 'warn', major: 'error', critical: 'error' };

/** A JSON line logger: time is the exchange's, levels are words, secrets are never fields. */
export function createLog(options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { run: options.runId, mode: options.mode },
      timestamp: () => `,"time":"${new Date(options.clock.now().exchange).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: ['secret', '*.secret', 'headers', '*.headers', 'keyId', '*.keyId'], censor: '[secret]' },
      serializers: { err: pino.stdSerializers.err },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function fieldsOf(note: Note): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  const cash = cashNotes.has(note.event);
  for (const [key, value] of Object.entries(note.detail)) {
    const isMoney = typeof value === 'number' && (moneyFields.has(key) || (cash && (key === 'ours' || key === 'theirs')));
    fields[key] = isMoney ? formatMicros(value) : value;
  }
  return fields;
}

/** `order.cancel_sent` reads `order cancel sent`: a constant phrase for each event. */
export const messageOf = (event: string): string => event.replaceAll(/[._]/g, ' ');

/** An observer of committed turns that writes their notes. */
export function turnLogger(log: Logger): (turn: Turn) => void {
  return (turn) => {
    for (const note of turn.notes)
      log[level[note.severity]]({ event: note.event, seq: turn.seq, ...fieldsOf(note) }, messageOf(note.event));
    for (const row of turn.decisions) {
      const { decision } = row;
      const fields = {
        event: 'decision',
        seq: turn.seq,
        strategy: row.strategy,
        slot: row.slot,
        symbol: decision.subject,
        decision: decision.kind,
        code: decision.code,
        why: decision.why,
        verdict: row.verdict,
        denial: row.denial?.code,
      };
      log.debug(fields, 'decision');
    }
    if (turn.modes !== null) log.info({ event: 'modes', seq: turn.seq, modes: turn.modes }, 'modes');
  };
}
