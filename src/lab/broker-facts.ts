// What the exchange's own record says of an account: the truth that the ledger is held against.
import type { ExchangeMarket } from '../exchange/market.ts';
import type { ExchangeCore, XActivity, XOrder } from '../exchange/types.ts';

export interface BrokerFacts {
  /** Every order ever taken, in the order of submission. */
  readonly orders: readonly XOrder[];
  readonly fills: readonly XActivity[];
  /** Signed net quantity by symbol. */
  readonly positions: ReadonlyMap<string, number>;
  /** Of these, what is held long and cannot be sold: nobody bids for it. */
  readonly unbid: ReadonlySet<string>;
  /** Micros. */
  readonly cash: number;
}

const PAGE = 100;
const everything = { after: null, until: null, symbols: null, side: null, afterOrderId: null, beforeOrderId: null } as const;

function fillsOf(core: ExchangeCore, account: string, at: number): readonly XActivity[] {
  const all: XActivity[] = [];
  for (let token: string | null = null; ; ) {
    const page = core.activities(
      account,
      { types: ['FILL'], after: null, until: null, day: null, direction: 'asc', pageSize: PAGE, pageToken: token },
      at,
    );
    all.push(...page);
    const last = page.at(-1)?.id;
    if (page.length < PAGE || last === undefined) return all;
    token = last;
  }
}

/** The account as of the last instant the exchange was advanced to. */
export function brokerFacts(core: ExchangeCore, market: Pick<ExchangeMarket, 'quote'>, account: string): BrokerFacts {
  const { at } = core;
  const held = core.positions(account, at);
  return {
    orders: core.orders(account, { ...everything, status: 'all', direction: 'asc', limit: Number.MAX_SAFE_INTEGER }),
    fills: fillsOf(core, account, at),
    positions: new Map(held.map((p) => [p.symbol, p.qty])),
    unbid: new Set(held.filter((p) => p.qty > 0 && market.quote(p.symbol, at)?.bid === 0).map((p) => p.symbol)),
    cash: core.account(account, at).cash,
  };
}

const closed: ReadonlySet<XOrder['status']> = new Set(['filled', 'canceled', 'expired', 'replaced', 'rejected']);
export const isOpenThere = (order: XOrder): boolean => !closed.has(order.status);
