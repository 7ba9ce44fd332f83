// When spreads are closed, and which of them: a passed strike, a stop, the hour, next to nothing left to pay, the profit.
import type { Gate } from '../../domain/decision.ts';
import { dollars } from '../../domain/money.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { Quote } from '../../market/quote.ts';
import type { Exit } from '../toolkit/closing.ts';
import { cents, minutesToClose, settingOf } from '../toolkit/context.ts';
import { figure, noted } from '../toolkit/gates.ts';
import { markOf } from '../toolkit/holding.ts';
import { mid } from '../toolkit/limits.ts';
import { valued } from '../toolkit/select.ts';
import type { ZdteContext } from './screen.ts';
import type { Quoted, Spread } from './sides.ts';

/** One short strike as it stands. */
interface Strike {
  readonly spread: Spread;
  readonly quote: Quote;
  /** The share is beyond it; null while the share has no quote. */
  readonly passed: boolean | null;
  /** Without sign; null where no volatility explains its price, or the share has no quote. */
  readonly delta: number | null;
}

export interface Standing {
  readonly quoted: Quoted;
  readonly strikes: readonly Strike[];
  /** What closing all of it is taken to cost, and what it brought, dollars a share. */
  readonly cost: number;
  readonly credit: number;
  /** Levels of that cost, whole cents. */
  readonly target: number;
  readonly stop: number;
  readonly gates: readonly Gate[];
}

function strikeOf(ctx: ZdteContext, spread: Spread, quote: Quote): Strike {
  const share = ctx.market.quote(spread.short.underlying);
  if (!share.known) return { spread, quote, passed: null, delta: null };
  const strike = dollars(spread.short.strike);
  const spot = mid(share.value);
  const value = valued(spread.short, quote, settingOf(ctx, spread.short.underlying, share.value, ctx.day));
  return {
    spread,
    quote,
    passed: spread.right === 'put' ? spot < strike : spot > strike,
    delta: value.known ? Math.abs(value.value.delta) : null,
  };
}

/** A level as whole cents, never reached sooner than the exact one. */
const wholeCents = {
  below: (amount: number): number => Math.floor(amount * 100 + 1e-6),
  above: (amount: number): number => Math.ceil(amount * 100 - 1e-6),
};

/** What spreads brought, dollars a share, and the levels of the cost at which they are closed, whole cents. */
export function levelsOf(
  params: Pick<ZdteContext['params'], 'profit_take_part' | 'stop_credits'>,
  spreads: readonly Spread[],
): Pick<Standing, 'credit' | 'target' | 'stop'> {
  const credit = spreads.reduce((sum, spread) => sum + spread.credit, 0);
  return { credit, target: wholeCents.below(params.profit_take_part * credit), stop: wholeCents.above(params.stop_credits * credit) };
}

/** Where spreads stand now, with every number that the rules read. */
export function standingOf(ctx: ZdteContext, quoted: Quoted): Standing {
  const { params } = ctx;
  const strikes = quoted.spreads.map((spread, i) => strikeOf(ctx, spread, quoted.shorts[i] as Quote));
  const cost = markOf(quoted.close);
  const { credit, target, stop } = levelsOf(params, quoted.spreads);
  const gates = [
    noted('credit', credit),
    noted('cost to close', cost),
    noted('cost to close at once', quoted.close.natural),
    noted('target', target / 100),
    noted('stop', stop / 100),
    ...strikes.map(({ spread, delta }) => noted(`${spread.right} delta`, delta)),
    ...strikes.map(({ spread, passed }) => noted(`${spread.right} strike passed`, passed === null ? null : String(passed))),
  ];
  return { quoted, strikes, cost, credit, target, stop, gates };
}

/** A wish to close some of the spreads, or one short option alone. */
export interface Wish {
  readonly code: ReasonCode;
  readonly why: string;
  readonly pace: Exit['pace'];
  readonly spreads: readonly Spread[];
  /** Only the short leg, because next to nothing is left to pay for it. */
  readonly alone?: true;
}

const name = ({ right, short }: Spread): string => `${dollars(short.strike)} ${right}`;

/** The share is beyond a short strike: no second look is needed, and there is no time for a better price. */
function passed({ strikes }: Standing): Wish | undefined {
  const strike = strikes.find((s) => s.passed === true);
  if (strike === undefined) return undefined;
  return { code: 'STOP', why: `the share is beyond the short ${name(strike.spread)}`, pace: 'forced', spreads: [strike.spread] };
}

/** The stop by quotes alone: a short strike nearly at the money, or a cost of so many credits. */
export function stopInSight(ctx: ZdteContext, standing: Standing): Wish | undefined {
  const { params } = ctx;
  const { strikes, cost, stop, quoted } = standing;
  if (wholeCents.below(cost) >= stop) {
    const why = `closing costs ${figure(cost)}, the stop of ${params.stop_credits} credits is ${stop / 100}`;
    return { code: 'STOP', why, pace: 'urgent', spreads: quoted.spreads };
  }
  const near = strikes.find(({ delta }) => delta !== null && delta >= params.delta_stop);
  if (near === undefined) return undefined;
  const why = `the short ${name(near.spread)} has a delta of ${figure(near.delta ?? 0)}, the stop is ${params.delta_stop}`;
  return { code: 'STOP', why, pace: 'urgent', spreads: [near.spread] };
}

function flatTime(ctx: ZdteContext, { quoted }: Standing): Wish | undefined {
  const left = minutesToClose(ctx);
  const { flat_minutes_before_close } = ctx.params;
  if (left > flat_minutes_before_close) return undefined;
  return {
    code: 'FLAT_TIME',
    why: `${figure(left)} min to the close, flat from ${flat_minutes_before_close} on`,
    pace: 'patient',
    spreads: quoted.spreads,
  };
}

/** Next to nothing is left to pay: the short option is bought back alone, and its wing stays for nothing. */
function residual(ctx: ZdteContext, { strikes }: Standing): Wish | undefined {
  const most = cents(ctx.params.residual_max_usd);
  const cheap = strikes.find(({ quote }) => cents(dollars(quote.ask)) <= most);
  if (cheap === undefined) return undefined;
  const why = `the short ${name(cheap.spread)} is offered at ${dollars(cheap.quote.ask)}: it is bought back alone`;
  return { code: 'TARGET', why, pace: 'patient', spreads: [cheap.spread], alone: true };
}

function profit({ cost, target, quoted }: Standing): Wish | undefined {
  if (wholeCents.above(cost) > target) return undefined;
  return { code: 'TARGET', why: `closing costs ${figure(cost)}, the target is ${target / 100}`, pace: 'patient', spreads: quoted.spreads };
}

/** The first rule that speaks, in the order of exits. */
export function wishOf(ctx: ZdteContext, standing: Standing, stopConfirmed: boolean): Wish | undefined {
  return (
    passed(standing) ??
    (stopConfirmed ? stopInSight(ctx, standing) : undefined) ??
    flatTime(ctx, standing) ??
    residual(ctx, standing) ??
    profit(standing)
  );
}
