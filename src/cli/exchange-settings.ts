// What `wsb exchange` is told of fills, faults and the market's kind: flags read into values, each refusal with the form that is wanted.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { type FillModelName, fillModelNames } from '../exchange/core/fill-model.ts';
import { type FaultPlan, parseFaultPlan } from '../exchange/faults/plan.ts';
import { adversePlan, planOfSeed } from '../exchange/faults/seeded-plan.ts';
import type { ExchangeMarket } from '../exchange/market.ts';
import { type RegimeName, type RegimeOptions, regimeNames } from '../exchange/synthetic/regime.ts';
import type { WantedSplit } from '../exchange/synthetic/share-basis.ts';
import type { XKey } from '../exchange/types.ts';
import { fail } from './exit.ts';
import { dayFlag } from './flags.ts';

/** How orders fill: of every account, or of the one that is named. */
export interface FillsChoice {
  readonly account: string | null;
  readonly model: FillModelName;
}

/** `MODEL` or `ACCOUNT=MODEL`. */
export function fillsFlag(text: string, before: readonly FillsChoice[] = []): readonly FillsChoice[] {
  const at = text.lastIndexOf('=');
  const model = fillModelNames.find((name) => name === text.slice(at + 1));
  if (model === undefined || at === 0) throw new InvalidArgumentError(`write ${fillModelNames.join(', ')}, or ACCOUNT=MODEL.`);
  return [...before, { account: at < 0 ? null : text.slice(0, at), model }];
}

/** `NAME`, `NAME:SIZE`, either with `@YYYY-MM-DD`. */
export function regimeFlag(text: string): RegimeOptions {
  const match = /^([a-z-]+)(?::(-?[\d.]+))?(?:@(.+))?$/.exec(text);
  const name = regimeNames.find((one): one is RegimeName => one === match?.[1]);
  if (match === null || name === undefined)
    throw new InvalidArgumentError(`write NAME, NAME:SIZE or NAME:SIZE@YYYY-MM-DD, the name one of ${regimeNames.join(', ')}.`);
  const [, , size, day] = match;
  return { name, ...(size === undefined ? {} : { size: Number(size) }), ...(day === undefined ? {} : { day: dayFlag(day) }) };
}

/** `SYMBOL:NEW-FOR-OLD@YYYY-MM-DD`; may be repeated. */
export function splitFlag(text: string, before: readonly WantedSplit[] = []): readonly WantedSplit[] {
  const match = /^([A-Z][A-Z.]*):(\d{1,4})-for-(\d{1,4})@(.+)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('write SYMBOL:NEW-FOR-OLD@YYYY-MM-DD, such as BAC:2-for-1@2026-12-01.');
  const [, symbol = '', to, from, day = ''] = match;
  return [...before, { symbol, day: dayFlag(day), from: Number(from), to: Number(to) }];
}

/** What is to go wrong: a file, or a seed. */
export type FaultsChoice = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'seed'; readonly seed: number };

/** `FILE` or `seed:N`. */
export function faultsFlag(text: string): FaultsChoice {
  if (!text.startsWith('seed:')) return { kind: 'file', path: text };
  const seed = Number(text.slice(5));
  if (!/^seed:\d+$/.test(text) || seed > 0xffffffff)
    throw new InvalidArgumentError('write seed:N with a whole number from 0 to 4294967295.');
  return { kind: 'seed', seed };
}

const MOST_BYTES = 10_000_000;

/** A plan from its file. Exits 20 with every problem and its place. */
function readPlan(path: string): FaultPlan {
  if (!existsSync(path) || !statSync(path).isFile()) return fail(20, `wsb: --faults ${path}: no such file; write a path, or seed:N`);
  if (statSync(path).size > MOST_BYTES) return fail(20, `wsb: --faults ${path}: more than 10 MB, so no fault plan`);
  const parsed = parseFaultPlan(readFileSync(path, 'utf8'));
  if (parsed.ok) return parsed.plan;
  const { problems } = parsed;
  return fail(
    20,
    `wsb: ${problems.length === 1 ? 'a problem' : `${String(problems.length)} problems`} in the fault plan ${path}:`,
    ...problems.map((p) => `  - ${p}`),
  );
}

/** Accounts of a plan that no key opens: nothing could happen at them. */
function unknownAccounts(plan: FaultPlan, keys: readonly XKey[]): readonly string[] {
  const known = new Set(keys.map((key) => key.account));
  return plan.faults.flatMap((fault, i) =>
    'account' in fault && !known.has(fault.account) ? [`faults[${String(i)}].account: no key opens an account ${fault.account}`] : [],
  );
}

/** The plan asked for, and what the adverse model adds to it; null when nothing is to go wrong. A file is read at once. */
export function faultsOf(
  choice: FaultsChoice | null,
  fills: readonly FillsChoice[],
  seed: number,
  keys: readonly XKey[],
): ((market: ExchangeMarket) => FaultPlan) | null {
  const written = choice?.kind === 'file' ? readPlan(choice.path) : null;
  const unknown = written === null ? [] : unknownAccounts(written, keys);
  if (unknown.length > 0) fail(20, 'wsb: problems in the fault plan:', ...unknown.map((p) => `  - ${p}`));
  const adverse = fills.findLast(({ account }) => account === null)?.model === 'adverse' ? adversePlan(seed) : null;
  if (choice === null && adverse === null) return null;
  return (market) => {
    const setting = { account: keys[0]?.account ?? '', symbols: market.equities().map(({ symbol }) => symbol) };
    const asked = written ?? (choice?.kind === 'seed' ? planOfSeed(choice.seed, setting) : null);
    return { seed: asked?.seed ?? seed, faults: [...(asked?.faults ?? []), ...(adverse?.faults ?? [])] };
  };
}
