// What the control API lets be read: the engine's beliefs and the audit, as plain JSON without a secret in it.
import type { Token } from '../../domain/control.ts';
import { type Halt, scopeText } from '../../domain/halt.ts';
import { formatMicros } from '../../domain/money.ts';
import { isLive } from '../../domain/order-machine.ts';
import type { Known } from '../../domain/reasons.ts';
import type { Now } from '../../domain/time.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { LossView } from '../../engine/loss-view.ts';
import type { Enlisted } from '../../engine/world.ts';
import type { AuditRow } from '../../ports/store.ts';
import { limitKeys } from '../../risk/limit-keys.ts';

const instant = (at: number): string => new Date(at).toISOString();

export const haltView = ({ scope, level, reason, since }: Halt) => ({ scope: scopeText(scope), level, reason, since: instant(since) });

const amount = (micros: number | null): string | null => (micros === null ? null : formatMicros(micros));

/** Equity by our own marks, the day's result, and the halt ladder; null for what is not known. */
const lossesView = ({ equity, dayPnl, drawdown, step, factor }: LossView) => ({
  equity: amount(equity),
  dayPnl: amount(dayPnl),
  drawdown: drawdown === null ? null : -drawdown,
  step,
  sizeFactor: factor,
});

/** How the daemon stands. */
export const statusView = (beliefs: Beliefs, mode: string, account: string) => ({
  mode,
  account: `...${account.slice(-4)}`,
  ready: beliefs.ready(),
  modes: [...beliefs.modes],
  stopping: beliefs.shutdownPhase(),
  halts: beliefs.halts.map(haltView),
  off: Object.fromEntries(beliefs.off),
  equity: beliefs.account === null ? null : formatMicros(beliefs.account.equity),
  cash: beliefs.cash === null ? null : formatMicros(beliefs.cash),
  losses: lossesView(beliefs.losses()),
  positions: beliefs.positions().map((p) => ({ owner: p.owner, symbol: p.instrument.symbol, qty: p.qty })),
  orders: [...beliefs.orders.values()].filter(isLive).length,
});

/** Each strategy, and what keeps it from opening anything. */
export const strategiesView = (beliefs: Beliefs, strategies: readonly Enlisted[]) =>
  strategies.map(({ strategy: { id, title } }) => ({
    id,
    title,
    on: !beliefs.off.has(id),
    why: beliefs.off.get(id) ?? null,
    switch: beliefs.switches.get(id)?.on ?? null,
    halts: beliefs.halts.filter((h) => h.scope.kind === 'account' || (h.scope.kind === 'strategy' && h.scope.id === id)).map(haltView),
  }));

/** Every limit that can be set: its figure in the unit that the program counts in, which way it allows more, and what a person set. */
export const limitsView = (beliefs: Beliefs) =>
  [...limitKeys].map(([key, { loosens, figure }]) => ({
    limit: key,
    figure: figure(beliefs.limits),
    loosens,
    set: beliefs.limitsSet.get(key) ?? null,
  }));

export const auditView = ({ at, wall, ...row }: AuditRow) => ({ ...row, at: instant(at), wall: instant(wall) });

/** Tokens without their hashes. */
export const tokenView = ({ id, role, name, createdWall, expiresWall, revokedWall }: Token, wall: number) => ({
  id,
  role,
  name,
  created: instant(createdWall),
  expires: instant(expiresWall),
  state: revokedWall !== null ? 'revoked' : expiresWall <= wall ? 'expired' : 'good',
});

const figure = (found: Known<number>) => (found.known ? { value: found.value } : { value: null, code: found.code, why: found.why });

/** How every limit stands, and what the book may cost. Amounts in micros; null with a reason for what is not known. */
export function riskView(beliefs: Beliefs, now: Now) {
  const halts = beliefs.halts.map(haltView);
  const seen = beliefs.risk(now);
  if (!seen.known) return { at: instant(now.exchange), equity: null, code: seen.code, why: seen.why, limits: [], book: null, halts };
  const { at, equity, uses, reading, losses, sizeFactor, varDays, varTest } = seen.value;
  const { day, week, month, drawdown, floors, step, volatility, volatilityRise } = losses;
  return {
    at: instant(at),
    equity,
    step,
    sizeFactor,
    varDays,
    varTest,
    losses: { day: figure(day), week: figure(week), month: figure(month), drawdown: figure(drawdown), floors },
    volatility: { level: figure(volatility), rise: figure(volatilityRise) },
    halts,
    book: reading.kind === 'figures' ? { ...reading.figures, at: instant(reading.figures.at) } : { code: reading.code, why: reading.why },
    limits: uses,
  };
}
