// What the letters of market data stand for: venues and conditions, of shares and of options.
import { badRequest, json, notFound, type WireResponse } from '../message.ts';
import { type Call, firstOf, route } from '../route.ts';

type Names = Readonly<Record<string, string>>;

const stockVenues: Names = { A: 'NYSE American', N: 'New York Stock Exchange', P: 'NYSE Arca', Q: 'NASDAQ', V: 'IEX', Z: 'Cboe BZ' };
const optionVenues: Names = { A: 'NYSE American Options', C: 'Cboe Options Exchange', N: 'NYSE Arca Options', O: 'OPRA', X: 'NASDAQ PHLX' };

/** Words where a letter would stand are this exchange's own: a record says of itself how it came about. */
const record: Names = { held: 'Standing from an earlier record', assumed: 'Assumed, not recorded' };
const stockConditions: Readonly<Record<string, Names>> = {
  trade: { B: 'All trades of one minute', M: 'Official close', Q: 'Official open' },
  quote: { R: 'Regular', ...record },
};
const optionConditions: Readonly<Record<string, Names>> = {
  trade: { ' ': 'Regular' },
  quote: { ' ': 'Regular', ...record },
};

function conditions(call: Call, tables: Readonly<Record<string, Names>>): WireResponse {
  const kind = firstOf(call);
  const table = kind === 'trade' || kind === 'quote' ? tables[kind] : undefined;
  return table === undefined ? notFound('endpoint not found.') : json(table);
}

function stockMeta(call: Call): WireResponse {
  if (call.query.text('tape') === undefined) throw badRequest(400, 40010001, 'tape is required');
  call.query.oneOf('tape', ['A', 'B', 'C'], 'A');
  return conditions(call, stockConditions);
}

export const marketMetaRoutes = [
  route('GET', '/v2/stocks/meta/exchanges', 'data', () => json(stockVenues)),
  route('GET', '/v2/stocks/meta/conditions/*', 'data', stockMeta),
  route('GET', '/v1beta1/options/meta/exchanges', 'data', () => json(optionVenues)),
  route('GET', '/v1beta1/options/meta/conditions/*', 'data', (call) => conditions(call, optionConditions)),
];
