// Books what ends an option without an order, contract by contract: the option leaves, the shares and the strike's cash come with it.
import type { Activity } from '../domain/account.ts';
import type { Symbol } from '../domain/ids.ts';
import { parseOcc } from '../domain/instrument.ts';
import { deliveryKey, lifeKey, lifePrefix } from '../domain/life-key.ts';
import { usd } from '../domain/money.ts';
import type { LifeEvent } from '../execution/reconcile.ts';
import { bookLedger, ledgerRow } from './booking.ts';
import { type Draft, note } from './draft.ts';
import { countKeys, type State } from './state.ts';
import type { World } from './world.ts';

/** Contracts an activity names that no position difference has booked yet are booked now; the others are confirmed. */
export function confirmLife(world: World, state: State, draft: Draft, activity: Activity, kind: LifeEvent['kind']): void {
  const symbol = activity.symbol as Symbol;
  for (let i = 0; i < Math.abs(activity.qty); i++) {
    const confirmed = countKeys(state, `conf:${symbol}:${kind}:`) + 1;
    if (!state.ledgerKeys.has(lifeKey(symbol, kind, confirmed))) {
      const option = parseOcc(symbol);
      const held = [...state.positions.values()].find((p) => p.instrument.symbol === symbol);
      if (option !== undefined && held !== undefined) bookLife(world, state, draft, { kind, option, contracts: 1, shares: 0 }, 'activity');
    }
    bookLedger(
      state,
      draft,
      ledgerRow(draft, {
        key: `conf:${symbol}:${kind}:${confirmed}`,
        kind,
        owner: 'EXTERNAL',
        symbol,
        day: activity.day,
        why: 'confirmed by the broker',
      }),
    );
  }
}

/** Books one event of one or more contracts, each under its own key. */
export function bookLife(world: World, state: State, draft: Draft, event: LifeEvent, source: string): void {
  const { option, kind } = event;
  for (let i = 0; i < event.contracts; i++) {
    const held = [...state.positions.values()].find((p) => p.instrument.symbol === option.symbol);
    if (held === undefined) return;
    const key = lifeKey(option.symbol, kind, countKeys(state, lifePrefix(option.symbol, kind)) + 1);
    const day = world.calendar.session(draft.day) === undefined ? world.calendar.lastClosed(draft.at.exchange).day : draft.day;
    if (kind !== 'expiry') {
      // The shares come before the option leaves: a name that looked flat in between would end its cycle, and the credits with it.
      const shares = (option.right === 'call' ? 1 : -1) * (held.qty > 0 ? 100 : -100);
      const cash = usd(-shares * option.strike);
      bookLedger(
        state,
        draft,
        ledgerRow(draft, {
          key: deliveryKey(key),
          kind,
          owner: held.owner,
          symbol: option.underlying,
          qty: shares,
          cash,
          day,
          why: source,
        }),
      );
    }
    bookLedger(
      state,
      draft,
      ledgerRow(draft, { key, kind, owner: held.owner, symbol: option.symbol, qty: held.qty > 0 ? -1 : 1, day, why: source }),
    );
  }
  note(draft, `position.${kind}`, 'info', { symbol: option.symbol, contracts: event.contracts, source });
}
