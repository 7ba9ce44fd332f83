// An option report as one document for programs, or as lines for people.
import type { Option } from '../../domain/instrument.ts';
import { dollars } from '../../domain/money.ts';
import type { EpochMs } from '../../domain/time.ts';
import { table } from '../output.ts';
import type { Style } from '../valuation.ts';
import type { ExDividend } from './assignment.ts';
import type { Figure } from './figure.ts';
import type { DeskFigures, OptionReport } from './report.ts';

/** What the report was reckoned from. */
export interface Basis {
  readonly option: Option;
  readonly style: Style;
  readonly at: EpochMs;
  readonly source: string;
  readonly quotedAt: EpochMs | null;
  readonly spot: Figure;
  readonly bid: Figure;
  readonly ask: Figure;
  readonly rate: number;
  readonly dividendYield: number;
  readonly cash: readonly ExDividend[];
}

type Plain = number | { readonly absent: string; readonly why: string };

const plain = (figure: Figure): Plain => (figure.kind === 'value' ? figure.value : { absent: figure.reason, why: figure.why });
const instant = (at: EpochMs | null): string | null => (at === null ? null : new Date(at).toISOString());
const plainAll = (figures: Readonly<Record<string, Figure>>): Readonly<Record<string, Plain>> =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, plain(figure)]));

/** One document; a figure is a number, or what is absent and why. */
export function optionDocument(basis: Basis, report: OptionReport): unknown {
  const { option, style, at, source, quotedAt, spot, bid, ask, rate, dividendYield, cash } = basis;
  const { volatility, own, european } = report;
  const { intrinsic, extrinsic, extrinsicAtBid, breakEven, probabilityItm, probabilityOfProfit, expectedMove } = report;
  return {
    contract: {
      symbol: option.symbol,
      underlying: option.underlying,
      right: option.right,
      strike: dollars(option.strike),
      expiry: option.expiry,
      style,
      expired: report.expired,
    },
    at: instant(at),
    source,
    daysToExpiry: report.days,
    yearsToExpiry: report.years,
    inputs: { ...plainAll({ spot, bid, ask, price: report.price }), quotedAt: instant(quotedAt), rate, dividendYield, dividends: cash },
    impliedVolatility: { ...plainAll({ bid: volatility.bid, mid: volatility.mid, ask: volatility.ask }), wide: volatility.wide },
    [style]: plainAll({ ...own }),
    ...(style === 'european' ? {} : { european: plainAll({ ...european }) }),
    ...plainAll({ breakEven, intrinsic, extrinsic, extrinsicAtBid, probabilityItm, probabilityOfProfit, expectedMove }),
    assignment: report.flags,
  };
}

const DECIMALS = 4;

const shown = (figure: Figure, decimals = DECIMALS): string =>
  figure.kind === 'value' ? figure.value.toFixed(decimals) : `absent: ${figure.reason}`;
const percent = (figure: Figure): string => (figure.kind === 'value' ? `${(100 * figure.value).toFixed(2)} %` : `absent: ${figure.reason}`);

const words: Readonly<Record<keyof DeskFigures, string>> = {
  price: 'value',
  delta: 'delta, per dollar of the share',
  gamma: 'gamma, per dollar twice',
  theta: 'theta, a calendar day',
  vega: 'vega, a volatility point',
  rho: 'rho, a point of the rate',
  phi: 'phi, a point of the yield',
  vanna: 'vanna, delta a volatility point',
  volga: 'volga, vega a volatility point',
  charm: 'charm, delta a calendar day',
};

/** Gamma, vanna and the like of a dear share are small: two digits more than dollars have. */
const fine: ReadonlySet<string> = new Set(['gamma', 'vanna', 'volga', 'charm']);

/** The greeks by name, European beside American where the two are not printed alike. */
function greekLines(style: Style, own: DeskFigures, european: DeskFigures): string {
  const rows = (Object.keys(words) as (keyof DeskFigures)[]).map((name) => {
    const decimals = fine.has(name) ? DECIMALS + 2 : DECIMALS;
    return [words[name], shown(own[name], decimals), shown(european[name], decimals)] as const;
  });
  return rows.some(([, ours, theirs]) => ours !== theirs)
    ? table(['', 'American', 'European'], rows)
    : table(
        ['', style === 'american' ? 'American, as European' : 'European'],
        rows.map(([name, ours]) => [name, ours]),
      );
}

/** Each reason once, in words. */
function reasonLines(figures: readonly Figure[]): readonly string[] {
  const whys = new Map<string, string>();
  for (const figure of figures) if (figure.kind === 'absent') whys.set(figure.reason, figure.why);
  return [...whys].map(([reason, why]) => `absent: ${reason}: ${why}`);
}

/** The report for people. */
export function optionText(basis: Basis, report: OptionReport): string {
  const { option, style, spot, bid, ask, cash } = basis;
  const { price, volatility, own, european } = report;
  const dividends = cash.length === 0 ? '' : `, dividends ${cash.map((d) => `${d.day} ${String(d.amount)}`).join(', ')}`;
  const ended = report.expired ? 'expired' : `${String(report.days)} days left, ${report.years.toFixed(6)} years`;
  const facts = table(
    ['', ''],
    [
      ['spot', shown(spot)],
      ['bid, price, ask', [bid, price, ask].map((f) => shown(f)).join('  ')],
      ['implied volatility', [volatility.bid, volatility.mid, volatility.ask].map(percent).join('  ') + (volatility.wide ? '  wide' : '')],
      ['break-even', shown(report.breakEven)],
      ['intrinsic', shown(report.intrinsic)],
      ['extrinsic', shown(report.extrinsic)],
      ['probability in the money', percent(report.probabilityItm)],
      ['probability of profit, bought at the price', percent(report.probabilityOfProfit)],
      ['expected move, one deviation', shown(report.expectedMove)],
    ],
  );
  const flags = table(
    ['short position', '', ''],
    report.flags.map(({ name, state, why }) => [name, state, why]),
  );
  return [
    `${option.symbol}: ${option.underlying} ${option.right} ${String(dollars(option.strike))}, ${style}, expiry ${option.expiry}, ${ended}`,
    `at ${String(instant(basis.at))}, ${basis.source}; rate ${String(basis.rate)}, yield ${String(basis.dividendYield)}${dividends}`,
    facts.trimStart(),
    ...(report.expired ? [] : [greekLines(style, own, european), flags]),
    ...reasonLines([
      spot,
      bid,
      ask,
      price,
      volatility.bid,
      volatility.mid,
      volatility.ask,
      own.price,
      own.delta,
      report.probabilityItm,
      report.intrinsic,
    ]),
  ].join('\n');
}
