// How fast columns of European options are priced: from raw inputs, on a tick, and by two threads on shared memory.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type ChainColumns, prepareChain, priceChain, repriceChain } from '../src/pricing/chain.ts';
import type { GreekColumns } from '../src/pricing/european-kernel.ts';
import { bench, benchAsync, errors } from './harness.ts';
import { greekColumns, optionWorkload, ROWS } from './inputs.ts';

const RAW = 'A1 price+5 greeks';
const TICK = 'A1 price+5 greeks (tick reprice)';
const THREADS = 2;

/** A thread begins without the loader that reads TypeScript. */
const BOOT = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(import.meta.url)}); });`;

interface Share {
  readonly contracts: ChainColumns;
  readonly out: GreekColumns;
  readonly from: number;
  readonly to: number;
}

function shared(columns: Float64Array | Uint8Array): Float64Array | Uint8Array {
  const memory = new SharedArrayBuffer(columns.byteLength);
  const copy = columns instanceof Uint8Array ? new Uint8Array(memory) : new Float64Array(memory);
  copy.set(columns);
  return copy;
}

const sharedColumns = <C extends ChainColumns | GreekColumns>(columns: C): C =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, shared(column as Float64Array | Uint8Array)])) as unknown as C;

async function byThreads(): Promise<void> {
  const { contracts, price } = optionWorkload();
  const inputs = sharedColumns(contracts);
  const out = sharedColumns(greekColumns());
  const workers = Array.from({ length: THREADS }, (_, k) => {
    const share: Share = { contracts: inputs, out, from: (k * ROWS) / THREADS, to: ((k + 1) * ROWS) / THREADS };
    return new Worker(BOOT, { eval: true, workerData: share });
  });
  const turn = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.postMessage('go');
    });
  await benchAsync(
    { name: 'ours, 2 threads', work: RAW, n: ROWS, unit: 'contracts' },
    async () => {
      await Promise.all(workers.map(turn));
    },
    () => errors(out.price, price),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
}

export async function run(): Promise<void> {
  const { contracts, price } = optionWorkload();
  const out = greekColumns();
  const label = (n: number): string => (n === ROWS ? 'ours (1M contracts)' : n === 10_000 ? 'ours (10k contracts)' : 'ours');
  for (const n of [100_000, ROWS]) {
    bench(
      { name: label(n), work: RAW, n, unit: 'contracts' },
      () => priceChain(contracts, out, 0, n),
      () => errors(out.price.subarray(0, n), price.subarray(0, n)),
    );
  }
  const prepared = prepareChain(contracts);
  for (const n of [10_000, 100_000, ROWS]) {
    bench(
      { name: label(n), work: TICK, n, unit: 'contracts' },
      () => repriceChain(prepared, contracts.spot, contracts.sigma, out, 0, n),
      () => errors(out.price.subarray(0, n), price.subarray(0, n)),
    );
  }
  await byThreads();
}

if (!isMainThread && workerData !== null) {
  const { contracts, out, from, to } = workerData as Share;
  parentPort?.on('message', () => {
    priceChain(contracts, out, from, to);
    parentPort?.postMessage('done');
  });
}
