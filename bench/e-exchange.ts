// E: the exchange under load on loopback. 50 clients with two streams each, 500 symbols with a new quote every 20 ms (25,000 quotes a
// second when no tick is late), each client five orders a second; every update of every order is counted at both ends. Ea: each quote to one client; Eb: to three.
import { emit } from './harness.ts';
import { type LoadOptions, runLoad } from './load-run.ts';

const base: LoadOptions = { clients: 50, symbols: 500, listeners: 1, stepMs: 20, orders: 50, everyMs: 200 };

const WARM_ORDERS = 10;

export async function run(): Promise<void> {
  await runLoad({ ...base, orders: WARM_ORDERS }); // the compiler is done with it then
  for (const [name, listeners] of [
    ['Ea', 1],
    ['Eb', 3],
  ] as const) {
    const { seconds, cpuSeconds, quotes, orders, updates, lost, astray, answerMs } = await runLoad({ ...base, listeners });
    emit({
      name,
      work: `${String(base.clients)} clients, ${String(base.symbols)} symbols, ${String(listeners)} listening to each`,
      seconds,
      cpu_seconds: cpuSeconds,
      quotes,
      quotes_per_second: quotes / seconds,
      orders,
      trade_updates: updates,
      lost,
      astray,
      answer_ms_med: answerMs[0],
      answer_ms_p99: answerMs[1],
      answer_ms_max: answerMs[2],
    });
  }
}
