// A fault plan: what is to go wrong, when, and how often; written as JSON and checked before anything runs.
import { z } from 'zod';

const span = z.string().regex(/^\+\d+(\.\d+)?(ms|s|m|h|d)$/, 'write +90s, +15m, +2h or +1d, counted from the start of the exchange');
const instant = z.union([z.iso.datetime({ offset: true, error: 'write an RFC 3339 instant such as 2026-11-23T10:00:00-05:00' }), span], {
  error: 'write an RFC 3339 instant such as 2026-11-23T10:00:00-05:00, or a span from the start of the exchange such as +15m',
});
const route = z
  .string()
  .regex(
    /^((GET|POST|PATCH|PUT|DELETE|\*) )?\/\S*$/,
    'write a method and a path such as "POST /v2/orders"; * stands for one part of it, ** for any rest',
  );
const stream = z
  .string()
  .regex(/^\/\S*$/, 'write the path of a stream such as /stream or /v2/iex; * stands for one part of it, ** for any rest');
const symbol = z.string().regex(/^[A-Z][A-Z0-9.]*$/, 'write a symbol such as SPY, or that of a contract');
const milliseconds = z.number().min(0).max(3_600_000);
const seconds = z.number().positive().max(864_000);

const amount = z.string().regex(/^(?!0*(\.0*)?$)\d{1,9}(\.\d{1,2})?$/, 'write dollars and cents as text, such as "2500.00"');

/** When a fault strikes; without any of these, each time that it can. */
const when = {
  /** Not before this exchange time, nor from `until` on. */
  at: instant.optional(),
  until: instant.optional(),
  /** From the nth of the requests or frames that it could strike; once, unless `count` says more. */
  nth: z.int().min(1).optional(),
  count: z.int().min(1).optional(),
  probability: z.number().gt(0).max(1).optional(),
};

const onRoute = { route, ...when };
const onStream = { stream: stream.default('/stream'), ...when };
/** Things that happen at an instant, or with a request. */
const atOrWith = { route: route.optional(), ...when };

const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    ...onRoute,
    /** Wall milliseconds, or the least and the most of them. */
    ms: z.union([milliseconds, z.tuple([milliseconds, milliseconds]).refine(([least, most]) => least <= most, 'the least comes first')]),
    /** Whether the request is late at the exchange, or its answer at the client. */
    late: z.enum(['request', 'answer']).default('answer'),
  }),
  z.strictObject({
    kind: z.literal('status'),
    ...onRoute,
    status: z.int().min(400).max(599),
    code: z.int().min(10_000_000).max(99_999_999).optional(),
    message: z.string().optional(),
    /** Whole seconds, told in `Retry-After`. */
    retryAfter: z.int().min(0).max(3_600).optional(),
    /** Whether the exchange has done what was asked before it says this. */
    committed: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('hang'), ...onRoute, committed: z.boolean().default(true) }),
  z.strictObject({ kind: z.literal('reset'), ...onRoute, committed: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('body'), ...onRoute, form: z.enum(['truncated', 'wrong_type', 'html', 'empty']) }),
  z.strictObject({ kind: z.literal('auth'), route: route.optional(), stream: stream.optional(), ...when }),
  z.strictObject({ kind: z.literal('kill'), ...onStream }),
  z.strictObject({
    kind: z.literal('mute'),
    ...onStream,
    /** Wall seconds; until the line ends when absent. */ seconds: seconds.optional(),
  }),
  z.strictObject({ kind: z.literal('drop'), ...onStream }),
  z.strictObject({ kind: z.literal('duplicate'), ...onStream }),
  z.strictObject({ kind: z.literal('reorder'), ...onStream }),
  z.strictObject({ kind: z.literal('halt'), ...atOrWith, symbol, /** Exchange seconds. */ seconds }),
  z.strictObject({ kind: z.literal('stale'), ...atOrWith, symbol, /** Exchange seconds. */ seconds }),
  z.strictObject({
    kind: z.literal('trade'),
    ...atOrWith,
    account: z.string().min(1),
    /** The body of an order, as a client would send it. */
    order: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ kind: z.literal('cancel'), ...atOrWith, account: z.string().min(1) }),
  z.strictObject({ kind: z.literal('deposit'), ...atOrWith, account: z.string().min(1), amount }),
  z.strictObject({ kind: z.literal('withdraw'), ...atOrWith, account: z.string().min(1), amount }),
  z.strictObject({ kind: z.literal('cut'), ...atOrWith }),
]);

const happenings: ReadonlySet<string> = new Set(['halt', 'stale', 'trade', 'cancel', 'deposit', 'withdraw', 'cut']);

const checked = fault.superRefine((value, context) => {
  const flaw = (path: string, message: string): void => void context.addIssue({ code: 'custom', path: [path], message });
  const hasRoute = 'route' in value && value.route !== undefined;
  if (happenings.has(value.kind) && value.at === undefined && !hasRoute) flaw('at', 'say when: at, or route for the request it comes with');
  if (happenings.has(value.kind) && !hasRoute && (value.nth !== undefined || value.count !== undefined || value.probability !== undefined))
    flaw('route', 'nth, count and probability count requests: say of which route');
  if (value.kind === 'auth' && hasRoute === (value.stream !== undefined)) flaw('route', 'say either route or stream');
  if (value.until !== undefined && value.until === value.at) flaw('until', 'it ends when it begins: nothing can happen');
});

const plan = z.strictObject({
  /** Decides every draw; 1 when absent. */
  seed: z.int().min(0).max(0xffffffff).default(1),
  faults: z.array(checked).max(1_000),
});

export type Fault = z.output<typeof fault>;
export type FaultKind = Fault['kind'];
export const faultKinds: readonly FaultKind[] = fault.options.map((option) => option.shape.kind.value);
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;

export interface FaultPlan {
  readonly seed: number;
  readonly faults: readonly Fault[];
}

export type ParsedPlan = { readonly ok: true; readonly plan: FaultPlan } | { readonly ok: false; readonly problems: readonly string[] };

const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${String(part)}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  );

/** Reads a plan; every problem with its place, none of them twice. */
export function parseFaultPlan(text: string): ParsedPlan {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const result = plan.safeParse(raw);
  if (result.success) return { ok: true, plan: result.data };
  const problems = result.error.issues.map((issue) => {
    const place = placeOf(issue.path);
    return `${place === '' ? 'the plan' : place}: ${issue.message}`;
  });
  return { ok: false, problems: [...new Set(problems)] };
}
