// What a bracket, an oco and an oto must be made of, and how their prices must lie.
import { formatMicros } from '../../domain/money.ts';
import type { XIntent, XOrderRequest, XRefusal } from '../types.ts';
import { isClosing } from './book.ts';
import { sharePriceFlaw } from './check-shape.ts';
import { isWhole } from './quantity.ts';
import { invalid, unprocessable } from './refusals.ts';

const CENT = 10_000;

/** The form of a grouped order, before anything is known of the market. */
export function classFlaw(request: XOrderRequest): XRefusal | undefined {
  const { orderClass, takeProfit, stopLoss, type, timeInForce } = request;
  if (orderClass === 'simple' || orderClass === 'mleg') {
    return takeProfit === null && stopLoss === null
      ? undefined
      : invalid('take_profit and stop_loss are only allowed on bracket, oco and oto orders');
  }
  if (request.extendedHours) return invalid(`extended hours are not supported on ${orderClass} orders`);
  if (request.notional !== null || !isWhole(request.qty)) return unprocessable('fractional orders must be simple orders');
  if (timeInForce !== 'day' && timeInForce !== 'gtc') return invalid(`${orderClass} orders must be day or gtc`);
  if (orderClass === 'oco') {
    if (type !== 'limit') return invalid('oco orders must be limit orders');
    return stopLoss === null ? invalid('oco orders require stop_loss.stop_price') : undefined;
  }
  if (type !== 'market' && type !== 'limit') return invalid(`${orderClass} orders must be entered at the market or a limit`);
  if (orderClass === 'oto') {
    return (takeProfit === null) === (stopLoss === null) ? invalid('oto orders require one of take_profit and stop_loss') : undefined;
  }
  if (takeProfit === null) return invalid('bracket orders require take_profit.limit_price');
  return stopLoss === null ? invalid('bracket orders require stop_loss.stop_price') : undefined;
}

function formFlaw({ takeProfit, stopLoss }: XOrderRequest): XRefusal | undefined {
  const gain = takeProfit === null ? undefined : sharePriceFlaw('take_profit.limit_price', takeProfit);
  const stop = stopLoss === null ? undefined : sharePriceFlaw('stop_loss.stop_price', stopLoss.stopPrice);
  const limit =
    stopLoss === null || stopLoss.limitPrice === null ? undefined : sharePriceFlaw('stop_loss.limit_price', stopLoss.limitPrice);
  return gain ?? stop ?? limit;
}

/** `sign` is 1 where the exits sell, -1 where they buy. */
function relationFlaw(sign: 1 | -1, base: number, gain: number | null, stop: number | null): XRefusal | undefined {
  const [above, below] = sign === 1 ? ['>=', '<='] : ['<=', '>='];
  const [plus, minus] = sign === 1 ? ['+', '-'] : ['-', '+'];
  if (gain !== null && sign * (gain - base) < CENT) {
    return unprocessable(`take_profit.limit_price must be ${above} base_price ${plus} 0.01 (base_price: ${formatMicros(base)})`);
  }
  if (stop !== null && sign * (base - stop) < CENT) {
    return unprocessable(`stop_loss.stop_price must be ${below} base_price ${minus} 0.01 (base_price: ${formatMicros(base)})`);
  }
  return undefined;
}

/**
 * How a grouped order stands to the position and to the price it starts from.
 * @param base the limit price, or the last price for a market order; undefined where none is known. Micros.
 */
export function groupFlaw(request: XOrderRequest, intent: XIntent, base: number | undefined): XRefusal | undefined {
  const { orderClass, takeProfit, stopLoss, side } = request;
  if (orderClass === 'simple' || orderClass === 'mleg') return undefined;
  if (orderClass === 'oco' && !isClosing(intent)) return unprocessable('oco orders must be exit orders');
  if (orderClass !== 'oco' && isClosing(intent)) return unprocessable(`${orderClass} orders must be entry orders`);
  const form = formFlaw(request);
  if (form !== undefined) return form;
  if (orderClass === 'oco') {
    const above = side === 'sell';
    if (request.limitPrice === null || stopLoss === null) return undefined;
    const apart = (above ? 1 : -1) * (request.limitPrice - stopLoss.stopPrice);
    return apart >= CENT ? undefined : unprocessable(`take_profit.limit_price must be ${above ? '>' : '<'} stop_loss.stop_price`);
  }
  if (base === undefined) return unprocessable(`no price is known for ${request.symbol ?? ''}: its exits cannot be judged`);
  return relationFlaw(side === 'buy' ? 1 : -1, base, takeProfit, stopLoss?.stopPrice ?? null);
}
