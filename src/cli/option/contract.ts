// The word on the command line to the contract it names.
import { isAdjusted, type Option, parseOcc } from '../../domain/instrument.ts';
import { dayNumber, dayOfNumber } from '../../domain/time.ts';

export type Named = { readonly kind: 'contract'; readonly option: Option } | { readonly kind: 'malformed'; readonly why: string };

const malformed = (why: string): Named => ({ kind: 'malformed', why });

/** An OCC symbol, the root padded with blanks to six characters or not, in either case. */
export function namedContract(word: string): Named {
  const text = word
    .trim()
    .replace(/^(\S+) +(?=\d{6}[CPcp]\d{8}$)/, '$1')
    .toUpperCase();
  const option = parseOcc(text);
  if (option === undefined)
    return malformed(`${word} is no OCC symbol: root, yymmdd, C or P, strike x 1000 in 8 digits, as in SPY261218P00594000`);
  if (dayOfNumber(dayNumber(option.expiry)) !== option.expiry) return malformed(`${word}: there is no day ${option.expiry}`);
  if (isAdjusted(option)) return malformed(`${word} is an adjusted contract: what it delivers is not 100 shares and not in its name`);
  return { kind: 'contract', option };
}
