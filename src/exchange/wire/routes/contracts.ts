// GET /v2/options/contracts and /v2/options/contracts/{symbol or id}: the static facts of listed options.
import { addDays, type EpochMs, type TradingDay, weekday } from '../../../domain/time.ts';
import type { ListedContract } from '../../market.ts';
import { delivered } from '../../splits.ts';
import { decimal } from '../encode.ts';
import type { Listing } from '../listing.ts';
import { json, notFound, type WireResponse } from '../message.ts';
import { pageOf } from '../page.ts';
import { type Call, firstOf, route } from '../route.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const rootOf = (symbol: string): string => symbol.slice(0, -15);

function nameOf(contract: ListedContract): string {
  const [year = '', month = '', day = ''] = contract.expiry.split('-');
  const right = contract.right === 'call' ? 'Call' : 'Put';
  return `${contract.underlying} ${months[Number(month) - 1] ?? month} ${day} ${year} ${decimal(contract.strike)} ${right}`;
}

/** Trading in a contract ends with the session of its expiry. */
function expiryTest({ calendar, now }: Call): (contract: ListedContract) => boolean {
  const today = calendar.dayOf(now as EpochMs);
  const close = calendar.session(today)?.close;
  const isOver = close !== undefined && now >= close;
  return ({ expiry }) => expiry < today || (expiry === today && isOver);
}

const inCash = {
  type: 'cash',
  symbol: 'USD',
  allocation_percentage: '100',
  settlement_type: 'T+1',
  settlement_method: 'CADF',
  delayed_settlement: false,
} as const;

function deliverables(contract: ListedContract, listing: Listing): readonly Readonly<Record<string, unknown>>[] {
  if (contract.settlement === 'cash') {
    return [{ ...inCash, amount: null }];
  }
  const { shares, cash } = delivered(contract);
  return [
    {
      type: 'equity',
      symbol: contract.underlying,
      asset_id: listing.assetId(contract.underlying),
      amount: String(shares),
      allocation_percentage: '100',
      settlement_type: 'T+1',
      settlement_method: 'CCC',
      delayed_settlement: false,
    },
    ...(cash === 0 ? [] : [{ ...inCash, amount: decimal(cash) }]),
  ];
}

function contractJson(
  contract: ListedContract,
  expired: boolean,
  listing: Listing,
  withDeliverables: boolean,
): Readonly<Record<string, unknown>> {
  return {
    id: listing.assetId(contract.symbol),
    symbol: contract.symbol,
    name: nameOf(contract),
    status: expired ? 'inactive' : 'active',
    tradable: !expired,
    expiration_date: contract.expiry,
    root_symbol: rootOf(contract.symbol),
    underlying_symbol: contract.underlying,
    underlying_asset_id: listing.assetId(contract.underlying),
    type: contract.right,
    style: contract.style,
    strike_price: decimal(contract.strike),
    multiplier: '100',
    size: String(delivered(contract).shares),
    ppind: contract.pennyProgram,
    open_interest: contract.openInterest === null ? null : String(contract.openInterest),
    open_interest_date: contract.openInterestDay,
    close_price: null,
    close_price_date: null,
    ...(withDeliverables ? { deliverables: deliverables(contract, listing) } : {}),
  };
}

/** The expiry window asked for. Without an upper bound it ends with the coming weekend, as the broker's does. */
function expiryWindow(call: Call, inactive: boolean): readonly [TradingDay, TradingDay] {
  const { query } = call;
  const exact = query.day('expiration_date');
  if (exact !== undefined) return [exact, exact];
  const today = call.calendar.dayOf(call.now as EpochMs);
  const weekend = addDays(today, (7 - weekday(today)) % 7);
  const first = inactive ? addDays(today, -365) : today;
  const last = inactive ? today : weekend;
  return [query.day('expiration_date_gte') ?? first, query.day('expiration_date_lte') ?? last];
}

function listContracts(call: Call): WireResponse {
  const { query, market, listing } = call;
  const isExpired = expiryTest(call);
  const inactive = query.oneOf('status', ['active', 'inactive'], 'active') === 'inactive';
  const [from, to] = expiryWindow(call, inactive);
  const limit = query.int('limit', 100, 1, 10_000);
  const type = query.choice('type', ['call', 'put']);
  const style = query.choice('style', ['american', 'european']);
  const root = query.text('root_symbol');
  const least = query.micros('strike_price_gte') ?? 0;
  const most = query.micros('strike_price_lte') ?? Infinity;
  const penny = query.text('ppind');
  const optionable = (): readonly string[] =>
    listing
      .equities()
      .filter((equity) => equity.optionable)
      .map((equity) => equity.symbol);
  const underlyings = query.list('underlying_symbols') ?? optionable();
  const found = underlyings.flatMap((underlying) =>
    market
      .contracts(underlying, from, to, call.now, inactive)
      .filter(
        (contract) =>
          contract.strike >= least &&
          contract.strike <= most &&
          (type === undefined || contract.right === type) &&
          (style === undefined || contract.style === style) &&
          (root === undefined || rootOf(contract.symbol) === root) &&
          (penny === undefined || contract.pennyProgram === (penny === 'true')) &&
          isExpired(contract) === inactive,
      ),
  );
  const page = pageOf(found, limit, query.text('page_token'));
  const withDeliverables = query.flag('show_deliverables');
  const rows = page.items.map((contract) => contractJson(contract, inactive, listing, withDeliverables));
  return json({ option_contracts: rows, next_page_token: page.next });
}

function getContract(call: Call): WireResponse {
  const contract = call.market.contract(call.listing.symbolOf(firstOf(call)), call.now);
  if (contract === undefined) return notFound(`option contract not found for ${firstOf(call)}`);
  return json(contractJson(contract, expiryTest(call)(contract), call.listing, true));
}

export const contractRoutes = [
  route('GET', '/v2/options/contracts', 'trading', listContracts),
  route('GET', '/v2/options/contracts/*', 'trading', getContract),
];
