// The invented market's cast: real tickers, invented prices and habits. Every figure here is part of what a seed means.

export type Sector =
  | 'index'
  | 'tech'
  | 'bank'
  | 'staple'
  | 'telecom'
  | 'energy'
  | 'health'
  | 'auto'
  | 'retail'
  | 'media'
  | 'fintech'
  | 'cloud'
  | 'industrial';

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
  /** Expiries on Mondays and Wednesdays, too. */
  readonly midweek: boolean;
  /** January and June expiries listed more than two and a half years ahead. */
  readonly leaps: boolean;
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
  // Chips and large software: they follow the market closely, and one another.
  ['AVGO', 'Broadcom', 'NASDAQ', 'tech', 352, 0.41, 0.26, 0.007, 0.3, 0.3, 24_000, 4_500, '17A', 29],
  ['QCOM', 'Qualcomm', 'NASDAQ', 'tech', 172, 0.35, 0.18, 0.02, 0.28, 0.32, 9_000, 2_500, '72A', 10],
  ['TXN', 'Texas Instruments', 'NASDAQ', 'tech', 187, 0.29, 0.14, 0.029, 0.3, 0.3, 6_500, 2_000, '57A', 68],
  ['ORCL', 'Oracle', 'NYSE', 'cloud', 224, 0.42, 0.22, 0.009, 0.26, 0.26, 22_000, 4_000, '15A', 45],
  ['CRM', 'Salesforce', 'NYSE', 'cloud', 247, 0.35, 0.18, 0.006, 0.28, 0.28, 9_000, 2_500, '9A', 24],
  ['ADBE', 'Adobe', 'NASDAQ', 'cloud', 338, 0.33, 0.14, 0, 0.28, 0.26, 5_000, 2_000, '16A', null],
  ['SNOW', 'Snowflake', 'NYSE', 'cloud', 231, 0.5, 0.26, 0, 0.2, 0.3, 6_500, 2_500, '2A', null],
  ['DDOG', 'Datadog', 'NASDAQ', 'cloud', 158, 0.48, 0.25, 0, 0.2, 0.32, 5_500, 2_000, '76A', null],
  ['NET', 'Cloudflare', 'NYSE', 'cloud', 203, 0.52, 0.28, 0, 0.18, 0.3, 4_500, 2_000, '66A', null],
  ['OKTA', 'Okta', 'NASDAQ', 'cloud', 88, 0.44, 0.15, 0, 0.18, 0.3, 3_500, 2_000, '8A', null],
  ['CRWD', 'CrowdStrike', 'NASDAQ', 'cloud', 497, 0.44, 0.26, 0, 0.22, 0.32, 3_600, 2_000, '8A', null],
  ['ZS', 'Zscaler', 'NASDAQ', 'cloud', 262, 0.46, 0.24, 0, 0.2, 0.32, 2_600, 1_800, '1A', null],
  ['PANW', 'Palo Alto Networks', 'NASDAQ', 'cloud', 201, 0.36, 0.22, 0, 0.24, 0.3, 7_000, 2_500, '84A', null],
  ['S', 'SentinelOne', 'NYSE', 'cloud', 18.4, 0.5, 0.18, 0, 0.18, 0.3, 8_500, 3_000, '10A', null],
  ['FTNT', 'Fortinet', 'NASDAQ', 'cloud', 86, 0.37, 0.2, 0, 0.22, 0.28, 6_500, 2_200, '72A', null],
  ['TWLO', 'Twilio', 'NYSE', 'cloud', 124, 0.45, 0.2, 0, 0.2, 0.28, 3_200, 1_800, '80A', null],
  ['DOCU', 'Docusign', 'NASDAQ', 'cloud', 69, 0.42, 0.14, 0, 0.18, 0.28, 3_600, 1_800, '10A', null],
  ['ZM', 'Zoom Communications', 'NASDAQ', 'cloud', 83, 0.36, 0.12, 0, 0.18, 0.26, 3_400, 2_000, '1A', null],
  ['SHOP', 'Shopify', 'NASDAQ', 'cloud', 157, 0.47, 0.28, 0, 0.24, 0.26, 10_000, 3_000, '81B', null],
  // Screens and streams.
  ['NFLX', 'Netflix', 'NASDAQ', 'media', 118, 0.35, 0.24, 0, 0.25, 0.15, 38_000, 5_000, '58A', null],
  ['DIS', 'Walt Disney', 'NYSE', 'media', 112, 0.27, 0.15, 0.013, 0.28, 0.2, 9_500, 3_000, '80B', 21],
  ['ROKU', 'Roku', 'NASDAQ', 'media', 101, 0.53, 0.2, 0, 0.2, 0.25, 4_000, 2_200, '80A', null],
  ['AMC', 'AMC Entertainment', 'NYSE', 'media', 3.1, 0.85, 0.02, 0, 0.08, 0.15, 22_000, 6_000, '85A', null],
  // Payments and brokers, from the steady to the wild.
  ['MA', 'Mastercard', 'NYSE', 'fintech', 556, 0.22, 0.18, 0.006, 0.32, 0.12, 3_000, 1_800, '66B', 47],
  ['PYPL', 'PayPal', 'NASDAQ', 'fintech', 69, 0.37, 0.14, 0.008, 0.22, 0.25, 14_000, 3_500, '71B', 19],
  ['XYZ', 'Block', 'NYSE', 'fintech', 73, 0.48, 0.2, 0, 0.2, 0.28, 10_000, 3_000, '87A', null],
  ['COIN', 'Coinbase Global', 'NASDAQ', 'fintech', 291, 0.66, 0.28, 0, 0.15, 0.28, 11_000, 3_500, '80A', null],
  ['HOOD', 'Robinhood Markets', 'NASDAQ', 'fintech', 118, 0.62, 0.32, 0, 0.18, 0.28, 32_000, 5_000, '79A', null],
  ['SOFI', 'SoFi Technologies', 'NASDAQ', 'fintech', 27, 0.55, 0.26, 0, 0.2, 0.26, 60_000, 7_000, '64B', null],
  ['AFRM', 'Affirm Holdings', 'NASDAQ', 'fintech', 71, 0.62, 0.22, 0, 0.18, 0.28, 6_500, 2_500, '75A', null],
  // Wheels.
  ['TSLA', 'Tesla', 'NASDAQ', 'auto', 402, 0.5, 0.24, 0, 0.25, 0.12, 85_000, 9_000, '65A', null],
  ['GM', 'General Motors', 'NYSE', 'auto', 68, 0.34, 0.2, 0.009, 0.25, 0.25, 10_000, 3_500, '63B', 11],
  ['RIVN', 'Rivian Automotive', 'NASDAQ', 'auto', 15.6, 0.62, 0.16, 0, 0.15, 0.25, 34_000, 6_000, '80A', null],
  ['LCID', 'Lucid Group', 'NASDAQ', 'auto', 14.8, 0.7, 0.05, 0, 0.12, 0.25, 9_000, 3_500, '92A', null],
  ['UBER', 'Uber Technologies', 'NYSE', 'industrial', 91, 0.36, 0.22, 0, 0.25, 0.1, 18_000, 4_000, '73B', null],
  // What is bought, built and burnt.
  ['COST', 'Costco Wholesale', 'NASDAQ', 'retail', 921, 0.21, 0.16, 0.006, 0.28, 0.2, 2_200, 1_800, '17A', 74],
  ['HD', 'Home Depot', 'NYSE', 'retail', 358, 0.22, 0.12, 0.026, 0.3, 0.2, 4_000, 1_800, '92B', 10],
  ['GME', 'GameStop', 'NYSE', 'retail', 22.6, 0.6, 0.06, 0, 0.1, 0.1, 12_000, 6_000, '15A', null],
  ['LIN', 'Linde', 'NASDAQ', 'industrial', 436, 0.19, 0.12, 0.014, 0.32, 0.2, 2_400, 1_700, '73B', 11],
];

const funds: readonly Row[] = [
  ['SPY', 'SPDR S&P 500 ETF Trust', 'ARCA', 'index', 612, 0.165, 0.12, 0.012, 0.96, 0, 72_000, 12_000, '', 25],
  ['QQQ', 'Invesco QQQ Trust', 'NASDAQ', 'tech', 538, 0.205, 0.14, 0.006, 0.82, 0.12, 45_000, 9_000, '', 28],
  ['IWM', 'iShares Russell 2000 ETF', 'ARCA', 'index', 236, 0.225, 0.1, 0.011, 0.75, 0, 33_000, 8_000, '', 22],
  ['DIA', 'SPDR Dow Jones Industrial Average ETF', 'ARCA', 'index', 441, 0.15, 0.1, 0.016, 0.88, 0, 4_000, 1_500, '', 25],
  // Sectors, and a theme: their own sector's part is what sets them apart.
  ['XLF', 'Financial Select Sector SPDR Fund', 'ARCA', 'bank', 54, 0.175, 0.12, 0.014, 0.62, 0.3, 40_000, 7_000, '', 28],
  ['XLE', 'Energy Select Sector SPDR Fund', 'ARCA', 'energy', 92, 0.235, 0.12, 0.032, 0.3, 0.6, 15_000, 5_000, '', 28],
  ['XLK', 'Technology Select Sector SPDR Fund', 'ARCA', 'tech', 288, 0.225, 0.14, 0.006, 0.78, 0.15, 6_500, 2_500, '', 28],
  ['XBI', 'SPDR S&P Biotech ETF', 'ARCA', 'health', 117, 0.29, 0.12, 0, 0.35, 0.3, 9_000, 3_500, '', null],
  ['ARKK', 'ARK Innovation ETF', 'ARCA', 'cloud', 81, 0.38, 0.16, 0, 0.45, 0.3, 9_000, 3_500, '', null],
  // Three times a day's move: the parents' parts of variance at three times their volatility.
  ['TQQQ', 'ProShares UltraPro QQQ', 'NASDAQ', 'tech', 56, 0.615, 0.26, 0.007, 0.82, 0.12, 75_000, 8_000, '', 28],
  ['SOXL', 'Direxion Daily Semiconductor Bull 3X Shares', 'ARCA', 'tech', 43, 0.96, 0.26, 0.005, 0.6, 0.34, 70_000, 8_000, '', 29],
  ['SPXL', 'Direxion Daily S&P 500 Bull 3X Shares', 'ARCA', 'index', 221, 0.495, 0.24, 0.007, 0.96, 0, 3_500, 2_000, '', 29],
  ['VTI', 'Vanguard Total Stock Market ETF', 'ARCA', 'index', 301, 0.166, 0.12, 0.012, 0.95, 0, 3_500, 900, '', 30],
];

const dailies: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);
const midweek: ReadonlySet<string> = new Set(['AAPL', 'AMZN', 'AVGO', 'GOOGL', 'META', 'MSFT', 'NVDA', 'TSLA']);
// biome-ignore format: a list
const leaps: ReadonlySet<string> = new Set([
  'SPY', 'QQQ', 'IWM', 'AAPL', 'NVDA', 'AMD', 'GOOGL', 'MSFT', 'META', 'ORCL', 'CRM', 'SNOW', 'AMZN', 'DDOG', 'NET', 'OKTA', 'TSLA', 'RIVN',
  'LCID', 'GM', 'F', 'CRWD', 'ZS', 'PANW', 'S', 'FTNT', 'V', 'MA', 'PYPL', 'COIN', 'HOOD', 'SOFI', 'AFRM', 'XYZ',
]);
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
    midweek: midweek.has(symbol),
    leaps: leaps.has(symbol),
    pennyProgram: !wideTicks.has(symbol),
  };
}

export const syntheticNames: readonly SyntheticName[] = [...funds, ...stocks].map(nameOf);

/** Continuous risk-free rate that the invented option market prices with, a fraction a year. */
export const RATE = 0.04;
