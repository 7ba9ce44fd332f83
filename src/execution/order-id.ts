// Order ids are a pure function of the decision: a crash, a re-run tick or a restored backup yields the same id,
// and the broker's own uniqueness check becomes our lock.
import { assert, ensure } from '../base/assert.ts';
import { sha256Base32 } from '../base/sha256.ts';
import { type ClientOrderId, type StrategyId, strategyCodes } from '../domain/ids.ts';
import { type Legs, legPlan } from '../domain/legs.ts';
import type { Purpose } from '../domain/order.ts';
import type { TradingDay } from '../domain/time.ts';

export interface IdParts {
  readonly account: string;
  readonly strategy: StrategyId;
  readonly purpose: Purpose;
  readonly day: TradingDay;
  /** Entries: slot and signal; exits: position and exit ordinal; both end in slice and rung. Never a price. */
  readonly decisionKey: string;
  readonly legs: Legs;
}

/** `wsb1-<code>-<O|C|P|R>-<yymmdd>-<16 base32>`, 33 characters. No clock, host, process or chance is in it. */
export function orderId(parts: IdParts): ClientOrderId {
  const code = ensure(strategyCodes.get(parts.strategy), `code of strategy ${parts.strategy}`);
  const date = parts.day.slice(2).replaceAll('-', '');
  const hash = sha256Base32([parts.account, parts.strategy, parts.decisionKey, legPlan(parts.legs)].join('\n'), 16);
  const id = `wsb1-${code}-${parts.purpose}-${date}-${hash}`;
  assert(id.length === 33, `order id of ${id.length} characters`);
  return id as ClientOrderId;
}

const ours = /^wsb1-([a-z]{2})-([OCPR])-\d{6}-[a-z2-7]{16}$/;
const owners = new Map([...strategyCodes].map(([id, code]) => [code, id]));

/** Strategy and purpose inside one of our ids; undefined for anybody else's. */
export function readOrderId(id: string): { readonly strategy: StrategyId; readonly purpose: Purpose } | undefined {
  const match = ours.exec(id);
  const strategy = match === null ? undefined : owners.get(match[1] ?? '');
  return match === null || strategy === undefined ? undefined : { strategy, purpose: match[2] as Purpose };
}
