// Halts: what stands against trading until a person takes it away, how far it goes, and whom it binds.
import { type StrategyId, type Symbol, strategyCodes, strategyId, symbol } from './ids.ts';
import type { LossCause } from './losses.ts';
import type { EpochMs } from './time.ts';

export type HaltScope =
  | { readonly kind: 'account' }
  | { readonly kind: 'strategy'; readonly id: StrategyId }
  | { readonly kind: 'symbol'; readonly symbol: Symbol };

/**
 * `halt`: nothing is opened, exits go on. `flatten`: nothing is opened, and what is held is closed. `freeze`: nothing leaves at all but
 * cancels, and what rests at the broker for protection stays.
 */
export type HaltLevel = 'halt' | 'flatten' | 'freeze';

export interface Halt {
  readonly scope: HaltScope;
  readonly level: HaltLevel;
  readonly reason: string;
  readonly since: EpochMs;
  /** The limit that set it; left out where a person or another guard did. */
  readonly cause?: LossCause;
}

/** `account`, `strategy:wheel`, `symbol:AAPL`. */
export function scopeText(scope: HaltScope): string {
  switch (scope.kind) {
    case 'account':
      return 'account';
    case 'strategy':
      return `strategy:${scope.id}`;
    case 'symbol':
      return `symbol:${scope.symbol}`;
  }
}

const TICKER = /^[A-Z]{1,6}(\.[A-Z])?$/;

/** The scope that a text names; undefined for any other text. A symbol is a share's ticker and covers its options. */
export function parseScope(text: string): HaltScope | undefined {
  if (text === 'account') return { kind: 'account' };
  const [kind, name = '', ...more] = text.split(':');
  if (more.length > 0) return undefined;
  if (kind === 'strategy' && strategyCodes.has(strategyId(name))) return { kind: 'strategy', id: strategyId(name) };
  if (kind === 'symbol' && TICKER.test(name)) return { kind: 'symbol', symbol: symbol(name) };
  return undefined;
}

/** Does a scope bind a strategy in a name? Options are bound by their underlying. */
export const covers = (scope: HaltScope, strategy: StrategyId, underlying: Symbol): boolean =>
  scope.kind === 'account' ||
  (scope.kind === 'strategy' && scope.id === strategy) ||
  (scope.kind === 'symbol' && scope.symbol === underlying);
