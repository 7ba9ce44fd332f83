// The invented market's cast: real tickers, invented prices and habits. Every figure here is part of what a seed means.

export type Sector = 'index' | 'tech' | 'bank' | 'staple' | 'telecom' | 'energy' | 'health' | 'auto' | 'retail';

export interface SyntheticName {
  readonly symbol: string;
  readonly name: string;
  readonly venue: 'NASDAQ' | 'NYSE' | 'ARCA';
  readonly sector: Sector;
  /** Dollars, the level the price hovers about on the reference day. */
  readonly price: number;
  /** Typical 30-day at-the-money volatility, a fraction a year. */
  readonly vol: number;
  /** Yearly log growth of that level around the reference day. */
  readonly growth: number;
  /** Dividend yield, a fraction a year. */
  readonly yield: number;
  /** Shares of a day's variance that come from the market and from the sector. */
  readonly marketShare: number;
  readonly sectorShare: number;
  /** Thousands of shares a day, and open interest of a busy weekly contract. */
  readonly thousands: number;
  readonly openInterest: number;
  /** Calendar days from the reference day to the next report, and when in the day it comes; null for funds. */
  readonly earnings: { readonly phase: number; readonly time: 'BMO' | 'AMC' } | null;
  /** Calendar days from the reference day to the next ex-date; null when nothing is paid. */
  readonly exPhase: number | null;
  /** Expiries on every session, not on Fridays alone. */
  readonly dailies: boolean;
  readonly pennyProgram: boolean;
}

type Row = readonly [
  symbol: string,
  name: string,
  venue: SyntheticName['venue'],
  sector: Sector,
  price: number,
  vol: number,
  growth: number,
  paid: number,
  marketShare: number,
  sectorShare: number,
  thousands: number,
  openInterest: number,
  report: string,
  exPhase: number | null,
];

const stocks: readonly Row[] = [
  ['F', 'Ford Motor', 'NYSE', 'auto', 15.2, 0.42, 0.22, 0.04, 0.25, 0.1, 52_000, 6_000, '64A', 79],
  ['BAC', 'Bank of America', 'NYSE', 'bank', 53, 0.29, 0.22, 0.021, 0.3, 0.25, 36_000, 5_000, '52B', 11],
  ['T', 'AT&T', 'NYSE', 'telecom', 27.5, 0.27, 0.18, 0.041, 0.15, 0.3, 33_000, 4_500, '58B', 48],
  ['KO', 'Coca-Cola', 'NYSE', 'staple', 71, 0.19, 0.15, 0.029, 0.2, 0.3, 14_000, 3_000, '79B', 7],
  ['PFE', 'Pfizer', 'NYSE', 'health', 34, 0.36, 0.22, 0.05, 0.15, 0.2, 38_000, 4_500, '71B', 60],
  ['INTC', 'Intel', 'NASDAQ', 'tech', 41, 0.46, 0.26, 0.012, 0.22, 0.25, 60_000, 6_500, '60A', 74],
  ['WFC', 'Wells Fargo', 'NYSE', 'bank', 79, 0.3, 0.22, 0.021, 0.3, 0.25, 16_000, 3_500, '53B', 70],
  ['C', 'Citigroup', 'NYSE', 'bank', 86, 0.32, 0.24, 0.026, 0.3, 0.25, 14_000, 3_500, '51B', 68],
  ['VZ', 'Verizon Communications', 'NYSE', 'telecom', 46, 0.27, 0.18, 0.055, 0.15, 0.3, 18_000, 3_500, '66B', 46],
  ['PLTR', 'Palantir Technologies', 'NASDAQ', 'tech', 62, 0.55, 0.34, 0, 0.2, 0.2, 55_000, 7_000, '24A', null],
  ['AMD', 'Advanced Micro Devices', 'NASDAQ', 'tech', 84, 0.47, 0.28, 0, 0.25, 0.3, 40_000, 6_000, '73A', null],
  ['XOM', 'Exxon Mobil', 'NYSE', 'energy', 88, 0.28, 0.22, 0.033, 0.15, 0.35, 15_000, 3_500, '67B', 82],
  ['WMT', 'Walmart', 'NYSE', 'retail', 74, 0.26, 0.22, 0.011, 0.2, 0.2, 17_000, 3_500, '86B', 18],
  ['AAPL', 'Apple', 'NASDAQ', 'tech', 243, 0.27, 0.2, 0.004, 0.35, 0.25, 48_000, 6_000, '66A', 77],
  ['MSFT', 'Microsoft', 'NASDAQ', 'tech', 468, 0.24, 0.2, 0.007, 0.38, 0.25, 21_000, 4_000, '63A', 85],
  ['NVDA', 'NVIDIA', 'NASDAQ', 'tech', 176, 0.42, 0.28, 0.0002, 0.3, 0.3, 180_000, 9_000, '89A', 14],
  ['AMZN', 'Amazon.com', 'NASDAQ', 'retail', 231, 0.31, 0.22, 0, 0.33, 0.15, 42_000, 5_000, '65A', null],
  ['GOOGL', 'Alphabet', 'NASDAQ', 'tech', 196, 0.29, 0.22, 0.004, 0.33, 0.22, 32_000, 5_000, '70A', 15],
  ['META', 'Meta Platforms', 'NASDAQ', 'tech', 612, 0.33, 0.22, 0.003, 0.3, 0.22, 14_000, 3_500, '61A', 23],
  ['JPM', 'JPMorgan Chase', 'NYSE', 'bank', 264, 0.24, 0.2, 0.02, 0.35, 0.28, 9_000, 2_500, '50B', 44],
  ['CVX', 'Chevron', 'NYSE', 'energy', 152, 0.26, 0.18, 0.044, 0.15, 0.35, 9_000, 2_500, '68B', 86],
  ['V', 'Visa', 'NYSE', 'bank', 318, 0.22, 0.18, 0.008, 0.32, 0.1, 7_000, 2_000, '57A', 75],
];

const funds: readonly Row[] = [
  ['SPY', 'SPDR S&P 500 ETF Trust', 'ARCA', 'index', 612, 0.165, 0.12, 0.012, 0.96, 0, 72_000, 12_000, '', 25],
  ['QQQ', 'Invesco QQQ Trust', 'NASDAQ', 'tech', 538, 0.205, 0.14, 0.006, 0.82, 0.12, 45_000, 9_000, '', 28],
  ['IWM', 'iShares Russell 2000 ETF', 'ARCA', 'index', 236, 0.225, 0.1, 0.011, 0.75, 0, 33_000, 8_000, '', 22],
  ['DIA', 'SPDR Dow Jones Industrial Average ETF', 'ARCA', 'index', 441, 0.15, 0.1, 0.016, 0.88, 0, 4_000, 1_500, '', 25],
  ['VTI', 'Vanguard Total Stock Market ETF', 'ARCA', 'index', 301, 0.166, 0.12, 0.012, 0.95, 0, 3_500, 900, '', 30],
];

const dailies: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);
const wideTicks: ReadonlySet<string> = new Set(['VTI', 'DIA']);

function nameOf(row: Row): SyntheticName {
  const [symbol, name, venue, sector, price, vol, growth, paid, marketShare, sectorShare, thousands, openInterest, report, exPhase] = row;
  const earnings =
    report === '' ? null : { phase: Number(report.slice(0, -1)), time: report.endsWith('A') ? ('AMC' as const) : ('BMO' as const) };
  return {
    symbol,
    name,
    venue,
    sector,
    price,
    vol,
    growth,
    yield: paid,
    marketShare,
    sectorShare,
    thousands,
    openInterest,
    earnings,
    exPhase,
    dailies: dailies.has(symbol),
    pennyProgram: !wideTicks.has(symbol),
  };
}

export const syntheticNames: readonly SyntheticName[] = [...funds, ...stocks].map(nameOf);

/** Continuous risk-free rate that the invented option market prices with, a fraction a year. */
export const RATE = 0.04;
