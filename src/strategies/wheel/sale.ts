// A short option to open: legs, quantity, the ladder that collects, and the worst that can come of it.
import type { Gate, Open } from '../../domain/decision.ts';
import type { Symbol } from '../../domain/ids.ts';
import { leg, legs } from '../../domain/legs.ts';
import { dollars, qty, usd } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { micros, tickOf } from '../toolkit/context.ts';
import { worstOf } from '../toolkit/exits.ts';
import { inTheMoneyForecast } from '../toolkit/forecasts.ts';
import { ladder, mid } from '../toolkit/limits.ts';
import type { Valued } from '../toolkit/select.ts';
import { assumedFor, type WheelContext } from './context.ts';

export interface Sale {
  readonly valued: Valued;
  readonly contracts: number;
  /** Least credit, dollars a share. */
  readonly creditMin: number;
  /** Strike less credit for a put; for a call what its strike gives up against the basis. Dollars a share. */
  readonly lossBeforeCredit: number;
}

export interface Words {
  readonly key: string;
  readonly code: ReasonCode;
  readonly why: string;
  readonly gates: readonly Gate[];
}

/** A short option to open: the ladder collects, so every rung is negative, and none collects less than its least credit. */
export function sellToOpen(ctx: WheelContext, subject: Symbol, sale: Sale, words: Words): Open {
  const { params } = ctx;
  const { option, quote } = sale.valued;
  const prices = ladder({
    side: 'sell',
    market: quote,
    tickAt: tickOf(ctx.market, option),
    from: 0,
    to: params.entry_cap_part,
    steps: 4,
    bound: -sale.creditMin,
    stepSeconds: params.ladder_step_seconds,
  });
  const credit = -dollars(worstOf(prices));
  const fees = 2 * params.fee_per_contract_usd;
  const maxLoss = (Math.max(0, sale.lossBeforeCredit - credit) * 100 + fees) * sale.contracts;
  const assumed = assumedFor(ctx, option);
  const share = ctx.market.quote(subject);
  return {
    kind: 'open',
    subject,
    ...words,
    legs: legs(leg(option, 'sell', 'open')),
    qty: qty(sale.contracts),
    prices,
    maxLoss: usd(micros(maxLoss)),
    ...(share.known ? { forecasts: [inTheMoneyForecast(sale.valued, { spot: mid(share.value), calendar: ctx.calendar })] } : {}),
    ...(assumed.length > 0 ? { assumed } : {}),
  };
}
