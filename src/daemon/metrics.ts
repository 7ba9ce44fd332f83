// Figures for Prometheus, counted from committed turns and read from beliefs: nothing here can disagree with the ledger.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { ladderSteps } from '../domain/losses.ts';
import { dollars } from '../domain/money.ts';
import { isAmbiguous } from '../domain/order.ts';
import { isLive } from '../domain/order-machine.ts';
import { modes, type Turn } from '../domain/turn.ts';
import type { Beliefs } from '../engine/contract.ts';
import type { LossView } from '../engine/loss-view.ts';
import type { Broker } from '../ports/broker.ts';

export interface Metrics {
  readonly registry: Registry;
  observe(turn: Turn): void;
  /** Brings the gauges up to date; called before each scrape. */
  refresh(): void;
}

const breakerValue = { none: 0, closed: 0, half_open: 1, open: 2 } as const;

/** Equity by our marks, losses and the ladder. A figure that is not known now has no value, rather than the one before. */
function lossGauges(gauge: (name: string, help: string, labelNames?: readonly string[]) => Gauge): (view: LossView) => void {
  const marked = gauge('wsb_equity_marked_usd', 'Account equity by our own marks');
  const pnl = gauge('wsb_day_pnl_usd', 'Profit and loss since the previous close, flows taken out');
  const drawdown = gauge('wsb_drawdown', 'Fall of a unit from its highest close, a fraction');
  const factor = gauge('wsb_size_factor', 'Part of each opening that losses and the market leave');
  const step = gauge('wsb_ladder_step', '1 for the step of the halt ladder', ['step']);
  const put = (into: Gauge, value: number | null): void => (value === null ? into.set(Number.NaN) : into.set(value));
  return (view) => {
    put(marked, view.equity === null ? null : dollars(view.equity));
    put(pnl, view.dayPnl === null ? null : dollars(view.dayPnl));
    put(drawdown, view.drawdown === null ? null : -view.drawdown);
    put(factor, view.factor);
    for (const name of ladderSteps) step.set({ step: name }, view.step === name ? 1 : 0);
  };
}

export function createMetrics(beliefs: Beliefs, broker: Broker, processMetrics: boolean): Metrics {
  const registry = new Registry();
  // Event-loop delay is among the default figures (nodejs_eventloop_lag_*).
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const turns = new Counter({ name: 'wsb_turns_total', help: 'Committed turns by event', labelNames: ['event'], registers });
  const orders = new Counter({ name: 'wsb_orders_total', help: 'Order state changes', labelNames: ['strategy', 'state'], registers });
  const fills = new Counter({ name: 'wsb_fills_total', help: 'Executions', labelNames: ['strategy'], registers });
  const decisions = new Counter({
    name: 'wsb_decisions_total',
    help: 'Decisions by code',
    labelNames: ['strategy', 'kind', 'code'],
    registers,
  });
  const denials = new Counter({ name: 'wsb_denials_total', help: 'Intents denied by rule', labelNames: ['strategy', 'rule'], registers });
  const notes = new Counter({ name: 'wsb_notes_total', help: 'Notes by event and severity', labelNames: ['event', 'severity'], registers });
  const failures = new Counter({
    name: 'wsb_strategy_failures_total',
    help: 'Times a strategy threw, by what it was asked for',
    labelNames: ['strategy', 'call'],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const ready = gauge('wsb_ready', '1 when entries may leave');
  const mode = gauge('wsb_mode', '1 for each active mode of degradation', ['mode']);
  const equity = gauge('wsb_equity_usd', 'Account equity as the broker last said');
  const cash = gauge('wsb_cash_usd', 'Cash by our ledger');
  const losses = lossGauges(gauge);
  const live = gauge('wsb_orders_live', 'Orders that may still trade');
  const unknown = gauge('wsb_orders_unresolved', 'Orders whose fate is not certain');
  const positions = gauge('wsb_positions', 'Positions by owner', ['owner']);
  const breaker = gauge('wsb_breaker_state', '0 closed, 1 half open, 2 open', ['lane']);
  const stream = gauge('wsb_stream_up', '1 while the trade stream is listening');
  const reconnects = gauge('wsb_stream_reconnects', 'Times the trade stream was rebuilt');
  return {
    registry,
    observe: (turn) => {
      turns.inc({ event: turn.event.kind });
      for (const o of turn.orders) orders.inc({ strategy: o.strategy, state: o.state });
      for (const f of turn.fills) fills.inc({ strategy: f.owner });
      for (const d of turn.decisions) {
        decisions.inc({ strategy: d.strategy, kind: d.decision.kind, code: d.decision.code });
        if (d.denial !== null) denials.inc({ strategy: d.strategy, rule: d.denial.code });
      }
      for (const n of turn.notes) {
        notes.inc({ event: n.event, severity: n.severity });
        const { strategy, call } = n.detail;
        if (n.event === 'strategy.failed' && typeof strategy === 'string' && typeof call === 'string') failures.inc({ strategy, call });
      }
    },
    refresh: () => {
      const health = broker.health();
      ready.set(beliefs.ready() ? 1 : 0);
      for (const name of modes) mode.set({ mode: name }, beliefs.modes.has(name) ? 1 : 0);
      if (beliefs.account !== null) equity.set(dollars(beliefs.account.equity));
      if (beliefs.cash !== null) cash.set(dollars(beliefs.cash));
      losses(beliefs.losses());
      const all = [...beliefs.orders.values()];
      live.set(all.filter(isLive).length);
      unknown.set(all.filter((o) => isAmbiguous(o.state)).length);
      positions.reset();
      for (const p of beliefs.positions()) positions.inc({ owner: p.owner });
      for (const lane of health.lanes) breaker.set({ lane: lane.lane }, breakerValue[lane.breaker]);
      stream.set(health.stream.up ? 1 : 0);
      reconnects.set(health.stream.reconnects);
    },
  };
}
