// Tax-loss harvesting, as far as it may go: a loss large enough, a replacement that is not the same fund, and no wash sale.
import type { Symbol } from '../../domain/ids.ts';
import { absent, type Known, known } from '../../domain/reasons.ts';
import { daysBetween, type TradingDay } from '../../domain/time.ts';

/** An acquisition by any strategy that makes a loss in the same fund a wash sale: shares bought, calls bought, puts sold. */
export interface Acquisition {
  readonly underlying: Symbol;
  readonly what: 'shares bought' | 'call bought' | 'put sold';
  readonly day: TradingDay;
}

export interface HarvestRule {
  /** Loss of the lot, a fraction of its cost. */
  readonly lossMin: number;
  readonly lossMinDollars: number;
  /** Calendar days before and after the sale. */
  readonly washDays: number;
  /** Fund to index it follows: the replacement must follow another. */
  readonly families: Readonly<Record<string, string>>;
}

export const harvestRule: HarvestRule = {
  lossMin: 0.1,
  lossMinDollars: 500,
  washDays: 31,
  families: {
    SPY: 'S&P 500',
    VOO: 'S&P 500',
    IVV: 'S&P 500',
    VTI: 'CRSP US Total Market',
    QQQ: 'Nasdaq 100',
    IWM: 'Russell 2000',
    DIA: 'Dow Jones',
  },
};

/** Closed trades stay in sight for 45 days: a longer window could not be watched. */
export const LONGEST_WASH_DAYS = 45;

/** True when both funds are known to follow an index, and not the same one. */
export function anotherIndex(fund: string, replacement: string, { families }: Pick<HarvestRule, 'families'> = harvestRule): boolean {
  const [one, other] = [families[fund], families[replacement]];
  return one !== undefined && other !== undefined && one !== other;
}

export interface Lot {
  readonly fund: Symbol;
  readonly replacement: Symbol;
  /** Dollars. */
  readonly cost: number;
  readonly value: number;
}

/** The loss a sale today would realise, dollars; absent with the guard that stands against it. */
export function harvestable(lot: Lot, today: TradingDay, acquisitions: readonly Acquisition[], rule: HarvestRule): Known<number> {
  const loss = lot.cost - lot.value;
  if (loss < rule.lossMin * lot.cost || loss < rule.lossMinDollars)
    return absent('INSIDE_BAND', `a loss of ${loss} on ${lot.cost} is too small to harvest`);
  if (!anotherIndex(lot.fund, lot.replacement, rule))
    return absent('WASH_SALE_GUARD', `${lot.replacement} is not known to follow another index than ${lot.fund}`);
  const near = acquisitions.find((a) => a.underlying === lot.fund && Math.abs(daysBetween(a.day, today)) <= rule.washDays);
  if (near !== undefined) return absent('WASH_SALE_GUARD', `${near.what} in ${lot.fund} on ${near.day}: the loss would be a wash sale`);
  return known(loss);
}
