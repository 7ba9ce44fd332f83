// What regulators, the clearing house and the broker charge beside the price, by day: one table, replaced by naming another.
import { type TradingDay, tradingDay } from '../../domain/time.ts';

/**
 * `REG`: the fee of section 31 of the Securities Exchange Act. `TAF`: FINRA's trading activity fee. `ORF`: the options regulatory
 * fees of the options exchanges, all together. `OCC`: the clearing fee of the Options Clearing Corporation.
 */
export type FeeKind = 'REG' | 'TAF' | 'ORF' | 'OCC';

export interface FeeRate {
  readonly fee: FeeKind;
  readonly of: 'shares' | 'contracts';
  /** Whether bought ones are charged as well. */
  readonly sides: 'sales' | 'both';
  /** Thousand-millionths of a dollar for each of these. */
  readonly rate: number;
  readonly per: 'unit' | 'dollar';
  /** The most that one execution is charged, micros; null for any amount. */
  readonly most: number | null;
  /** It holds from this day until the next of its kind, for these instruments, begins. */
  readonly from: TradingDay;
}

export interface FeeSchedule {
  readonly rates: readonly FeeRate[];
  /** Millionths a year, of 360 days: what borrowed cash costs, and what cash earns. */
  readonly interest: { readonly debit: number; readonly credit: number };
}

type Dated = readonly [from: string, rate: number, most?: number];
const dated = (common: Omit<FeeRate, 'from' | 'rate' | 'most'>, rows: readonly Dated[]): readonly FeeRate[] =>
  rows.map(([from, rate, most]) => ({ ...common, rate, most: most ?? null, from: tradingDay(from) }));

/** Section 31, dollars a million of proceeds: the fee rate advisories of the Securities and Exchange Commission. */
const section31: readonly Dated[] = [
  ['2019-04-16', 20_700],
  ['2020-02-18', 22_100],
  ['2021-02-25', 5_100],
  ['2022-05-14', 22_900],
  ['2023-02-27', 8_000],
  ['2024-05-22', 27_800],
  ['2025-05-14', 0],
  ['2026-04-04', 20_600],
];

/**
 * Rates as published: by the SEC (section 31), in schedule A of FINRA's by-laws (TAF), in the fee schedule of the OCC. The regulatory
 * fees of some twenty options exchanges are one figure here, as brokers pass them on; so is the rate that borrowed cash is charged.
 */
export const publishedFees: FeeSchedule = {
  rates: [
    ...dated({ fee: 'REG', of: 'shares', sides: 'sales', per: 'dollar' }, section31),
    ...dated({ fee: 'REG', of: 'contracts', sides: 'sales', per: 'dollar' }, section31),
    ...dated({ fee: 'TAF', of: 'shares', sides: 'sales', per: 'unit' }, [
      ['2012-07-01', 119_000, 5_950_000],
      ['2022-01-01', 130_000, 6_490_000],
      ['2023-01-01', 145_000, 7_270_000],
      ['2024-01-01', 166_000, 8_300_000],
      ['2026-01-01', 195_000, 9_790_000],
    ]),
    ...dated({ fee: 'TAF', of: 'contracts', sides: 'sales', per: 'unit' }, [
      ['2012-07-01', 2_000_000],
      ['2022-01-01', 2_180_000],
      ['2023-01-01', 2_440_000],
      ['2024-01-01', 2_790_000],
      ['2026-01-01', 3_290_000],
    ]),
    ...dated({ fee: 'ORF', of: 'contracts', sides: 'both', per: 'unit' }, [['2012-01-01', 25_000_000]]),
    ...dated({ fee: 'OCC', of: 'contracts', sides: 'both', per: 'unit' }, [
      ['2021-06-01', 20_000_000, 55_000_000],
      ['2025-01-01', 25_000_000, 55_000_000],
    ]),
  ],
  interest: { debit: 62_500, credit: 0 },
};

export const feeSchedules = { none: null, published: publishedFees } as const;
export type FeeScheduleName = keyof typeof feeSchedules;
