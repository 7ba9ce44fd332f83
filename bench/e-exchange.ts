// E: the exchange under load on loopback. 50 clients with two streams each, 500 symbols with a new quote every 20 ms (25,000 distinct quotes
// a second when no tick is late), each client five orders a second; every update of every order is counted at both ends. Ea: each quote
// goes to one client, which listens to ten symbols of its own; Eb: to three, each of which listens to thirty. Every client listens to the
// updates of its own orders. The clients are one process, the exchange another, whose processor time the line says.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { emit } from './harness.ts';
import { type LoadOptions, runLoad } from './load-run.ts';

const base: LoadOptions = { clients: 50, symbols: 500, listeners: 1, stepMs: 20, orders: 50, everyMs: 200 };

const WARM_ORDERS = 10;

/** What the figures were measured on, and how busy it was with other things before. */
const machine = `${String(availableParallelism())} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, node ${process.version}`;

export async function run(): Promise<void> {
  const [loaded = Number.NaN] = loadavg();
  await runLoad({ ...base, orders: WARM_ORDERS }); // the compiler is done with it then
  for (const [name, listeners] of [
    ['Ea', 1],
    ['Eb', 3],
  ] as const) {
    const {
      seconds,
      cpuSeconds,

      quotes,
      orders,
      updates,
      lost,
      astray,
      answerMs,
    } = await runLoad({ ...base, listeners });
    const each = (base.symbols * listeners) / base.clients;
    emit({
      name,
      work: `${String(base.clients)} clients, each to the quotes of ${String(each)} of ${String(base.symbols)} symbols and to its own trade_updates`,
      seconds,
      exchange_cpu_seconds: cpuSeconds,
      distinct_quotes_per_second: quotes / listeners / seconds,
      quotes,
      quotes_per_second: quotes / seconds,
      orders,
      trade_updates: updates,
      lost,
      astray,
      answer_ms_med: answerMs[0],
      answer_ms_p99: answerMs[1],
      answer_ms_max: answerMs[2],
      machine,
      load_before: loaded,
    });
  }
}
