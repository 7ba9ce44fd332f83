// Watchlists: named lists of symbols that an account keeps, by id and by name.
import type { XWatchlist } from '../../types.ts';
import { instant, uuidOf } from '../encode.ts';
import { badRequest, empty, json, notFound, type WireResponse } from '../message.ts';
import { parseBody } from '../order-body.ts';
import { type Call, firstOf, route } from '../route.ts';
import { assetJson } from './assets.ts';

type Fields = Readonly<Record<string, unknown>>;

const MOST_LISTS = 200;
const LONGEST_NAME = 64;
const invalid = (message: string): Error => badRequest(422, 40010001, message);

const listsOf = (call: Call): readonly XWatchlist[] => call.core.settings(call.account).watchlists;

const headJson = (call: Call, list: XWatchlist): Fields => ({
  id: list.id,
  account_id: call.core.account(call.account, call.now).id,
  name: list.name,
  created_at: instant(list.createdAt),
  updated_at: instant(list.updatedAt),
});

function listJson(call: Call, list: XWatchlist): Fields {
  const assets = list.symbols.flatMap((symbol) => {
    const equity = call.listing.equity(symbol);
    return equity === undefined ? [] : [assetJson(equity, call)];
  });
  return { ...headJson(call, list), assets };
}

function save(call: Call, watchlists: readonly XWatchlist[]): void {
  call.core.set(call.account, { ...call.core.settings(call.account), watchlists }, call.now);
}

/** Puts a list in its own place, or at the end when it is new. */
function put(call: Call, list: XWatchlist): WireResponse {
  const lists = listsOf(call);
  const isKnown = lists.some((one) => one.id === list.id);
  save(call, isKnown ? lists.map((one) => (one.id === list.id ? list : one)) : [...lists, list]);
  return json(listJson(call, list));
}

function nameOf(call: Call, value: unknown, own: string | null): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > LONGEST_NAME) {
    throw invalid(`invalid watchlist name: it has 1 to ${String(LONGEST_NAME)} characters`);
  }
  if (listsOf(call).some((list) => list.name === value && list.id !== own)) throw invalid('watchlist name must be unique');
  return value;
}

function symbolOf(call: Call, value: unknown): string {
  const symbol = typeof value === 'string' ? call.listing.symbolOf(value) : '';
  if (call.listing.equity(symbol) === undefined) throw invalid(`asset not found for ${typeof value === 'string' ? value : 'a symbol'}`);
  return symbol;
}

function symbolsOf(call: Call, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalid('invalid symbols');
  return [...new Set(value.map((one) => symbolOf(call, one)))];
}

function createList(call: Call): WireResponse {
  const body = parseBody(call.body);
  if (listsOf(call).length >= MOST_LISTS) throw invalid(`an account keeps at most ${String(MOST_LISTS)} watchlists`);
  const name = nameOf(call, body['name'], null);
  const symbols = symbolsOf(call, body['symbols'] ?? []);
  const id = uuidOf(`watchlist:${call.account}:${String(call.now)}:${name}`);
  return put(call, { id, name, createdAt: call.now, updatedAt: call.now, symbols });
}

function changeList(call: Call, list: XWatchlist): WireResponse {
  const body = parseBody(call.body);
  const name = nameOf(call, body['name'] ?? list.name, list.id);
  const symbols = symbolsOf(call, body['symbols'] ?? list.symbols);
  return put(call, { ...list, name, symbols, updatedAt: call.now });
}

function addSymbol(call: Call, list: XWatchlist): WireResponse {
  const symbol = symbolOf(call, parseBody(call.body)['symbol']);
  if (list.symbols.includes(symbol)) throw invalid(`${symbol} is on this watchlist already`);
  return put(call, { ...list, symbols: [...list.symbols, symbol], updatedAt: call.now });
}

function removeSymbol(call: Call, list: XWatchlist): WireResponse {
  const symbol = call.listing.symbolOf(call.path[1] ?? '');
  if (!list.symbols.includes(symbol)) return notFound(`${call.path[1] ?? ''} is not on this watchlist`);
  return put(call, { ...list, symbols: list.symbols.filter((one) => one !== symbol), updatedAt: call.now });
}

function deleteList(call: Call, list: XWatchlist): WireResponse {
  save(
    call,
    listsOf(call).filter((one) => one.id !== list.id),
  );
  return empty();
}

const getList = (call: Call, list: XWatchlist): WireResponse => json(listJson(call, list));

type ForList = (call: Call, list: XWatchlist) => WireResponse;
const found = (call: Call, list: XWatchlist | undefined, then: ForList): WireResponse =>
  list === undefined ? notFound('watchlist not found') : then(call, list);
const byId =
  (then: ForList) =>
  (call: Call): WireResponse =>
    found(
      call,
      listsOf(call).find((list) => list.id === firstOf(call).toLowerCase()),
      then,
    );
const byName =
  (then: ForList) =>
  (call: Call): WireResponse =>
    found(
      call,
      listsOf(call).find((list) => list.name === call.query.text('name')),
      then,
    );

const PATH = '/v2/watchlists';

export const watchlistRoutes = [
  route('GET', PATH, 'trading', (call) => json(listsOf(call).map((list) => headJson(call, list)))),
  route('POST', PATH, 'trading', createList),
  route('GET', `${PATH}:by_name`, 'trading', byName(getList)),
  route('PUT', `${PATH}:by_name`, 'trading', byName(changeList)),
  route('POST', `${PATH}:by_name`, 'trading', byName(addSymbol)),
  route('DELETE', `${PATH}:by_name`, 'trading', byName(deleteList)),
  route('GET', `${PATH}/*`, 'trading', byId(getList)),
  route('PUT', `${PATH}/*`, 'trading', byId(changeList)),
  route('POST', `${PATH}/*`, 'trading', byId(addSymbol)),
  route('DELETE', `${PATH}/*`, 'trading', byId(deleteList)),
  route('DELETE', `${PATH}/*/*`, 'trading', byId(removeSymbol)),
];
