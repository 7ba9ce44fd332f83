// How fast and how exactly American options are priced one by one, on the contracts that the peers' bench prices.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { americanPrice, type SchemeName } from '../src/pricing/american/american.ts';
import { continuousPrice } from '../src/pricing/american/continuous.ts';
import { makeScheme } from '../src/pricing/american/schemes.ts';
import type { BsInput } from '../src/pricing/black-scholes.ts';
import { bench, emit, errors } from './harness.ts';
import { optionWorkload, type Workload } from './inputs.ts';

const ROWS = 4000;
const CONTRACTS = 400;
const LEAST_DAYS = 7;

/** Beyond every scheme on offer: the yardstick of their errors. */
const REFERENCE = makeScheme({ coarse: 8, smooth: 28, layered: 36, settled: 1e-7, mostSweeps: 30, premiumPoints: 96 });

/** The workload's first contracts of a week or more, puts where the row is odd. */
function contractsOf({ contracts: all }: Workload): readonly BsInput[] {
  return Array.from({ length: ROWS }, (_, row) => row)
    .filter((row) => (all.years[row] as number) >= LEAST_DAYS / 365)
    .slice(0, CONTRACTS)
    .map((row) => ({
      right: row % 2 === 1 ? 'put' : 'call',
      spot: all.spot[row] as number,
      strike: all.strike[row] as number,
      years: Math.round((all.years[row] as number) * 365) / 365,
      rate: all.rate[row] as number,
      dividendYield: all.dividendYield[row] as number,
      sigma: all.sigma[row] as number,
    }));
}

const priceOf = (input: BsInput, scheme: SchemeName): number => {
  const priced = americanPrice(input, scheme);
  return priced.kind === 'priced' ? priced.price : Number.NaN;
};

/** The golden table's contracts and prices; none without WSB_SHARED. */
function goldenRows(): readonly { readonly input: BsInput; readonly price: number }[] {
  const shared = process.env['WSB_SHARED'];
  if (!shared) return [];
  const [header, ...lines] = readFileSync(join(shared, 'golden', 'american.csv'), 'utf8')
    .trim()
    .split('\n');
  const names = (header as string).split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] as string;
    const number = (name: string): number => Number(cell(name));
    const input: BsInput = {
      right: cell('type') === 'call' ? 'call' : 'put',
      spot: number('S'),
      strike: number('K'),
      years: number('T'),
      rate: number('r'),
      dividendYield: number('q'),
      sigma: number('sigma'),
    };
    return { input, price: number('price') };
  });
}

/** The errors on the golden table, in units of the strike. */
function reportGolden(name: string, scheme: SchemeName): void {
  const rows = goldenRows();
  if (rows.length === 0) return;
  const got = rows.map(({ input }) => priceOf(input, scheme) / input.strike);
  const want = rows.map(({ input, price }) => price / input.strike);
  emit({ name, work: 'American price, error over strike on the golden table', n: rows.length, unit: 'contracts', ...errors(got, want) });
}

/** One JSON line a result. */
export function run(): void {
  const contracts = contractsOf(optionWorkload());
  const n = contracts.length;
  const reference = Float64Array.from(contracts, (input) => continuousPrice(input, REFERENCE));
  const out = new Float64Array(n);
  const schemes = [
    ['ours: American, Barone-Adesi-Whaley', 'A3a American price, approximations', 'screen'],
    ['ours: American, fast', 'A3b American price, converging methods', 'fast'],
    ['ours: American, accurate', 'A3b American price, converging methods', 'accurate'],
  ] as const;
  for (const [name, work, scheme] of schemes) {
    const pass = (): void => {
      for (let i = 0; i < n; i++) out[i] = priceOf(contracts[i] as BsInput, scheme);
    };
    bench({ name, work, n, unit: 'contracts' }, pass, () => errors(out, reference));
    reportGolden(name, scheme);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) run();
