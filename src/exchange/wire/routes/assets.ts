// GET /v2/assets and /v2/assets/{symbol or id}: what shares are listed.
import type { ListedEquity } from '../../market.ts';
import type { Listing } from '../listing.ts';
import { json, notFound, type WireResponse } from '../message.ts';
import { type Call, firstOf, route } from '../route.ts';

const attributesOf = (equity: ListedEquity): readonly string[] => (equity.optionable ? ['has_options'] : []);

function assetJson(equity: ListedEquity, listing: Listing): Readonly<Record<string, unknown>> {
  return {
    id: listing.assetId(equity.symbol),
    class: 'us_equity',
    exchange: equity.venue,
    symbol: equity.symbol,
    name: equity.name,
    status: 'active',
    tradable: true,
    marginable: true,
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    shortable: false,
    easy_to_borrow: false,
    borrow_status: 'hard_to_borrow',
    fractionable: false,
    attributes: attributesOf(equity),
    cusip: null,
  };
}

function listAssets(call: Call): WireResponse {
  const { query, listing } = call;
  const venue = query.text('exchange');
  const wanted = query.list('attributes');
  const none = query.text('status') === 'inactive' || (query.text('asset_class') ?? 'us_equity') !== 'us_equity';
  const rows = none
    ? []
    : listing
        .equities()
        .filter(
          (equity) =>
            (venue === undefined || venue === equity.venue) &&
            (wanted === undefined || attributesOf(equity).some((attribute) => wanted.includes(attribute))),
        );
  return json(rows.map((equity) => assetJson(equity, listing)));
}

function getAsset(call: Call): WireResponse {
  const equity = call.listing.equity(call.listing.symbolOf(firstOf(call)));
  return equity === undefined ? notFound(`asset not found for ${firstOf(call)}`) : json(assetJson(equity, call.listing));
}

export const assetRoutes = [route('GET', '/v2/assets', 'trading', listAssets), route('GET', '/v2/assets/*', 'trading', getAsset)];
