// What an account's holder has set: as it stands before anything is set, and which orders it rules out.
import { parseOcc } from '../../domain/instrument.ts';
import type { XConfigurations, XOrderRequest, XRefusal, XSettings } from '../types.ts';
import { forbidden } from './refusals.ts';
import type { AccountRow } from './rows.ts';
import type { Venue } from './venue.ts';

/** The level every account is approved for: packages with limited loss. */
export const OPTIONS_LEVEL = 3;

/** What an account is set to until its holder says otherwise. */
export const standardSettings: XSettings = {
  configurations: {
    disableOvernightTrading: false,
    fractionalTrading: true,
    maxMarginMultiplier: '2',
    maxOptionsTradingLevel: null,
    noShorting: false,
    ptpNoExceptionEntry: false,
    suspendTrade: false,
    tradeConfirmEmail: 'none',
  },
  watchlists: [],
};

export const settingsOf = (account: AccountRow): XSettings => account.settings ?? standardSettings;

/** 0 to 3: what the account is approved for, or less where its holder has said so. */
const tradingLevel = ({ maxOptionsTradingLevel }: XConfigurations): number =>
  Math.min(OPTIONS_LEVEL, maxOptionsTradingLevel ?? OPTIONS_LEVEL);

/** The level an order needs: 1 sells options to open, 2 buys them, 3 trades packages; 0 closes, or trades shares. */
function levelNeeded(request: XOrderRequest, held: number): 0 | 1 | 2 | 3 {
  if (request.orderClass === 'mleg') return request.legs.some((leg) => leg.intent.endsWith('_to_open')) ? 3 : 0;
  if (parseOcc(request.symbol ?? '') === undefined) return 0;
  if (request.side === 'buy') return held < 0 ? 0 : 2;
  return held > 0 ? 0 : 1;
}

/** Why what the holder has set rules an order out; undefined when it does not. */
export function settingsFlaw(venue: Venue, account: string, request: XOrderRequest): XRefusal | undefined {
  const { configurations } = settingsOf(venue.truth.account(account));
  if (configurations.suspendTrade) return forbidden('new orders are rejected by user request');
  const held = request.symbol === null ? 0 : (venue.truth.position(account, request.symbol)?.qty ?? 0);
  const needed = levelNeeded(request, held);
  if (needed > tradingLevel(configurations)) return forbidden(`account not eligible for level${needed} options trading`);
  const shares = request.orderClass !== 'mleg' && parseOcc(request.symbol ?? '') === undefined;
  if (configurations.noShorting && shares && request.side === 'sell' && held <= 0) return forbidden('account is not allowed to short');
  return undefined;
}
