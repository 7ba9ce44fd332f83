// Order reports as they happen: the SDK keeps the protocol, we read the orders off the same bytes.
import { streaming } from '@alpacahq/alpaca-trade-api';
import type { Symbol } from '../domain/ids.ts';
import type { OrderReport } from '../domain/order-report.ts';
import type { Clock } from '../ports/clock.ts';
import type { SocketFactory } from '../ports/transport.ts';
import { AlpacaFault } from './faults.ts';
import { isKnownStatus, reportOf } from './order-codec.ts';
import type { Keys } from './sdk.ts';
import { type Log, type Supervisor, supervise } from './supervisor.ts';
import { issueText, tradeFrameWire, tradeUpdateWire } from './wire.ts';

const CHANNEL = 'trade_updates';
/** A frame beyond this is not an order. */
const MOST_BYTES = 1_000_000;

/** The events we know; any other is counted, and its order is read all the same. */
const knownEvents: ReadonlySet<string> = new Set([
  'new',
  'accepted',
  'pending_new',
  'fill',
  'partial_fill',
  'canceled',
  'expired',
  'replaced',
  'rejected',
  'done_for_day',
  'stopped',
  'suspended',
  'calculated',
  'pending_cancel',
  'pending_replace',
  'order_replace_rejected',
  'order_cancel_rejected',
  'held',
  'restated',
  'trade_bust',
  'trade_correct',
]);

export interface TradeStreamOptions {
  readonly url: string;
  readonly keys: Keys;
  readonly socketFactory: SocketFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly legOrder: (id: string) => readonly Symbol[] | undefined;
  readonly report: (report: OrderReport) => void;
  readonly link: (up: boolean, why: string) => void;
}

/** The text of a frame; null for what is no text, or is too long to be an order. */
export function frameText(data: unknown): string | null {
  if (typeof data === 'string') return data.length > MOST_BYTES ? null : data;
  if (Array.isArray(data) && data.every((part) => part instanceof Uint8Array)) return frameText(Buffer.concat(data));
  const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
  if (!(bytes instanceof Uint8Array) || bytes.byteLength > MOST_BYTES) return null;
  return new TextDecoder().decode(bytes);
}

function jsonOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads one frame. The SDK's model of an order drops what its legs need, so frames are read raw; what cannot be read is
 * logged and left to the next look-up.
 */
export function readFrame(data: unknown, options: Pick<TradeStreamOptions, 'log' | 'legOrder' | 'report'>): void {
  const frame = tradeFrameWire.safeParse(jsonOf(frameText(data)));
  if (!frame.success) return options.log('alpaca.frame_ignored', { why: 'not a frame' });
  if (frame.data.stream !== CHANNEL) return;
  const update = tradeUpdateWire.safeParse(frame.data.data);
  if (!update.success) return options.log('alpaca.frame_ignored', { why: issueText(update.error) });
  const { event, order, reason } = update.data;
  if (!knownEvents.has(event)) options.log('alpaca.unknown_event', { update: event, order: order.client_order_id });
  if (!isKnownStatus(order.status)) options.log('alpaca.unknown_status', { status: order.status, order: order.client_order_id });
  let report: OrderReport;
  try {
    report = reportOf(order, options.legOrder(order.client_order_id), event === 'rejected' ? reason : undefined);
  } catch (error) {
    if (!(error instanceof AlpacaFault)) throw error;
    return options.log('alpaca.frame_ignored', { why: error.message, order: order.client_order_id });
  }
  options.report(report);
}

const listens = (acknowledged: unknown): boolean => Array.isArray(acknowledged) && acknowledged.includes(CHANNEL);

export function createTradeStream(options: TradeStreamOptions): Supervisor<streaming.TradingStream> {
  const { url, keys } = options;
  return supervise({
    name: 'trade',
    socketFactory: options.socketFactory,
    clock: options.clock,
    random: options.random,
    log: options.log,
    build: (wsFactory) => {
      const stream = new streaming.TradingStream({
        credentials: { keyId: keys.id, secret: keys.secret },
        url,
        wsFactory,
        reconnect: false,
        maxReconnectAttempts: 0,
        pingIntervalMs: 10_000,
        pongWaitMs: 5_000,
      });
      stream.subscribeTradeUpdates();
      return stream;
    },
    listens,
    frame: (data) => readFrame(data, options),
    link: options.link,
  });
}
