// What the control API lets be read: the engine's beliefs and the audit, as plain JSON without a secret in it.
import type { Token } from '../../domain/control.ts';
import { type Halt, scopeText } from '../../domain/halt.ts';
import { formatMicros } from '../../domain/money.ts';
import { isLive } from '../../domain/order-machine.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { Enlisted } from '../../engine/world.ts';
import type { AuditRow } from '../../ports/store.ts';

const instant = (at: number): string => new Date(at).toISOString();

export const haltView = ({ scope, level, reason, since }: Halt) => ({ scope: scopeText(scope), level, reason, since: instant(since) });

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
