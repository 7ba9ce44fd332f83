// One rule asked of one intent, and the two parts of its context that order-level rules look at.
import type { Conduct } from '../../../src/risk/conduct.ts';
import type { OrderLimits } from '../../../src/risk/limits-orders.ts';
import type { Finding, Rule, RuleContext } from '../../../src/risk/rule.ts';
import { conduct, contextOf, limits, wideOrders } from './contexts.ts';

export type Given = Partial<RuleContext>;

export const told = (rule: Rule, intent: RuleContext['intent'], given: Given = {}): Finding => rule(contextOf(intent, given));
export const kind = (...asked: Parameters<typeof told>): Finding['kind'] => told(...asked).kind;
export const knowing = (over: Partial<Conduct>): Given => ({ conduct: { ...conduct, ...over } });
export const bound = (over: Partial<OrderLimits>): Given => ({ limits: { ...limits, orders: { ...wideOrders, ...over } } });
