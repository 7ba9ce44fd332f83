// GET /v2/assets and /v2/assets/{symbol or id}: what shares are listed.
import type { ListedEquity } from '../../market.ts';
import { json, notFound, type WireResponse } from '../message.ts';
import { type Call, firstOf, route } from '../route.ts';

const attributesOf = (equity: ListedEquity): readonly string[] => (equity.optionable ? ['has_options'] : []);

/** An asset as every endpoint shows it. */
export function assetJson(equity: ListedEquity, { core, listing }: Call): Readonly<Record<string, unknown>> {
  const { lends } = core;
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
    shortable: lends,
    easy_to_borrow: lends,
    borrow_status: lends ? 'easy_to_borrow' : 'hard_to_borrow',
    fractionable: true,
    attributes: attributesOf(equity),
    cusip: null,
  };
}

function listAssets(call: Call): WireResponse {
  const { query, listing } = call;
  const venue = query.text('exchange');
  const wanted = query.list('attributes');
  const inactive = query.oneOf('status', ['active', 'inactive'], 'active') === 'inactive';
  const classes = query.oneOf('asset_class', ['us_equity', 'us_option', 'crypto', 'crypto_perp', 'us_index', 'treasury'], 'us_equity');
  const none = inactive || classes !== 'us_equity';
  const rows = none
    ? []
    : listing
        .equities()
        .filter(
          (equity) =>
            (venue === undefined || venue === equity.venue) &&
            (wanted === undefined || attributesOf(equity).some((attribute) => wanted.includes(attribute))),
        );
  return json(rows.map((equity) => assetJson(equity, call)));
}

function getAsset(call: Call): WireResponse {
  const equity = call.listing.equity(call.listing.symbolOf(firstOf(call)));
  return equity === undefined ? notFound(`asset not found for ${firstOf(call)}`) : json(assetJson(equity, call));
}

export const assetRoutes = [route('GET', '/v2/assets', 'trading', listAssets), route('GET', '/v2/assets/*', 'trading', getAsset)];
