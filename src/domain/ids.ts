// Branded names.
import type { Brand } from '../base/brand.ts';

/** A ticker (`SPY`) or an OCC option symbol without padding (`SPY261218P00594000`). */
export type Symbol = Brand<string, 'Symbol'>;
/** One of the ten: dip, mwk, dcs, leaps, wheel, swing, zdte, earn, lotto, base. */
export type StrategyId = Brand<string, 'StrategyId'>;
/** Ours, derived from the decision, never random. */
export type ClientOrderId = Brand<string, 'ClientOrderId'>;
/** The broker's. */
export type BrokerOrderId = Brand<string, 'BrokerOrderId'>;

/** Who a position belongs to: a strategy, or nobody of ours. */
export type Owner = StrategyId | 'EXTERNAL';

export const symbol = (text: string): Symbol => text as Symbol;
export const strategyId = (text: string): StrategyId => text as StrategyId;
export const clientOrderId = (text: string): ClientOrderId => text as ClientOrderId;
export const brokerOrderId = (text: string): BrokerOrderId => text as BrokerOrderId;

/** The two letters of a strategy inside a client order id (product decision, never renumbered). */
export const strategyCodes: ReadonlyMap<StrategyId, string> = new Map(
  Object.entries({
    dip: 'dp',
    mwk: 'mw',
    dcs: 'dc',
    leaps: 'lp',
    wheel: 'wh',
    swing: 'sw',
    zdte: 'zd',
    earn: 'en',
    lotto: 'lo',
    base: 'ba',
  }).map(([id, code]) => [id as StrategyId, code]),
);
