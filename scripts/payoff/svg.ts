// A payoff as a drawing: the straight pieces at expiry, the value before it, and the figures that an operator looks for.

import { sign } from '../../src/domain/legs.ts';
import { dollars, price, type Usd } from '../../src/domain/money.ts';
import { bsPrice } from '../../src/pricing/black-scholes.ts';
import { gainAtExpiry, type Payoff, payoffAtExpiry } from '../../src/pricing/payoff.ts';
import { type PayoffLine, sharesOf, type Today } from './line.ts';

const WIDTH = 720;
const HEIGHT = 360;
const PLOT = { left: 70, right: 600, top: 62, bottom: 310 } as const;
const FONT = 'font-family="Helvetica, Arial, sans-serif" font-size="12"';
/** Each at least 4.5 : 1 against white, on which all of it is drawn whatever the reader's theme. */
const COLOUR = { ink: '#1f2328', quiet: '#57606a', grid: '#d8dee4', line: '#0550ae', today: '#953800', gain: '#116329', loss: '#a40e26' };
const SAMPLES = 96;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const at = (n: number): string => n.toFixed(1);
const usd = (n: number): string => (Math.abs(n) >= 10_000 ? n.toFixed(0) : n.toFixed(2));
const cents = (n: number): number => Math.round(n * 1e6) / 1e6;

/** Gain of one package at expiry, dollars. */
const gainAt = ({ legs, net }: PayoffLine, spot: number): number => dollars(gainAtExpiry(legs, net, price(Math.round(spot * 1e6))));

/** Gain of one package if it were sold now, dollars: Black-Scholes at one volatility for all legs. */
function gainToday({ legs, net }: PayoffLine, { sigma, years, rate }: Today, spot: number): number {
  return legs.reduce((total, { instrument, side, ratio }) => {
    const value =
      instrument.kind === 'equity'
        ? spot
        : bsPrice({ right: instrument.right, spot, strike: dollars(instrument.strike), years, rate, dividendYield: 0, sigma });
    return total + sign(side) * ratio * instrument.multiplier * value;
  }, -dollars(net) * sharesOf(legs));
}

/** Share prices to draw: all that matters, with room on both sides. */
function spotsOf(plot: PayoffLine, payoff: Payoff): Range {
  const strikes = plot.legs.flatMap(({ instrument }) => (instrument.kind === 'option' ? [dollars(instrument.strike)] : []));
  const marks = [...strikes, ...payoff.breakEvens, ...(plot.spot === null ? [] : [plot.spot])];
  const [low, high] = [Math.min(...marks), Math.max(...marks)];
  const room = Math.max(0.08 * high, 0.8 * (high - low));
  return { from: cents(Math.max(0, low - room)), to: cents(high + room) };
}

/** A step of 1, 2 or 5 times a power of ten that cuts a range into about so many pieces. */
function stepOf({ from, to }: Range, pieces: number): number {
  const rough = (to - from) / pieces;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
}

function ticksOf(range: Range, pieces: number): readonly number[] {
  const step = stepOf(range, pieces);
  const first = Math.ceil(range.from / step);
  return Array.from({ length: Math.max(0, Math.floor(range.to / step) - first + 1) }, (_, i) => cents((first + i) * step));
}

interface Scale {
  readonly x: (spot: number) => number;
  readonly y: (gain: number) => number;
  readonly spots: Range;
  readonly gains: Range;
}

function scaleOf(spots: Range, values: readonly number[]): Scale {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = Math.max(1, (high - low) * 0.08);
  const gains = { from: low - room, to: high + room };
  return {
    spots,
    gains,
    x: (spot) => PLOT.left + ((spot - spots.from) / (spots.to - spots.from)) * (PLOT.right - PLOT.left),
    y: (gain) => PLOT.bottom - ((gain - gains.from) / (gains.to - gains.from)) * (PLOT.bottom - PLOT.top),
  };
}

const text = (x: number, y: number, words: string, fill: string, anchor = 'start'): string =>
  `<text x="${at(x)}" y="${at(y)}" ${FONT} fill="${fill}" text-anchor="${anchor}">${words}</text>`;
const line = (a: Point, b: Point, stroke: string, more = ''): string =>
  `<line x1="${at(a.x)}" y1="${at(a.y)}" x2="${at(b.x)}" y2="${at(b.y)}" stroke="${stroke}"${more}/>`;
const curve = ({ x, y }: Scale, points: readonly Point[], stroke: string, more: string): string =>
  `<polyline points="${points.map((p) => `${at(x(p.x))},${at(y(p.y))}`).join(' ')}" fill="none" stroke="${stroke}" ${more}/>`;

function axes({ x, y, spots, gains }: Scale): readonly string[] {
  return [
    ...ticksOf(gains, 6).flatMap((gain) => [
      line({ x: PLOT.left, y: y(gain) }, { x: PLOT.right, y: y(gain) }, gain === 0 ? COLOUR.quiet : COLOUR.grid),
      text(PLOT.left - 8, y(gain) + 4, String(gain), COLOUR.quiet, 'end'),
    ]),
    ...ticksOf(spots, 7).flatMap((spot) => [
      line({ x: x(spot), y: PLOT.bottom }, { x: x(spot), y: PLOT.bottom + 5 }, COLOUR.quiet),
      text(x(spot), PLOT.bottom + 19, String(spot), COLOUR.quiet, 'middle'),
    ]),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 12, 'share price, USD', COLOUR.quiet, 'middle'),
    text(PLOT.left - 8, PLOT.top - 8, 'USD', COLOUR.quiet, 'end'),
  ];
}

/** A dashed line at the most that can be lost or won, with its figure beside the plot. */
function bound({ y }: Scale, name: string, amount: Usd | 'unbounded', direction: 1 | -1, fill: string): readonly string[] {
  if (amount === 'unbounded') {
    const top = direction === 1 ? PLOT.top + 4 : PLOT.bottom - 14;
    return [text(PLOT.right + 8, top, name, fill), text(PLOT.right + 8, top + 14, 'unbounded', fill)];
  }
  const gain = direction * dollars(amount);
  return [
    line({ x: PLOT.left, y: y(gain) }, { x: PLOT.right, y: y(gain) }, fill, ' stroke-dasharray="2 4"'),
    text(PLOT.right + 8, y(gain) + (direction === 1 ? -2 : 10), name, fill),
    text(PLOT.right + 8, y(gain) + (direction === 1 ? 12 : 24), usd(dollars(amount)), fill),
  ];
}

/** Where the loss is the whole way down to nothing, the bound lies off the drawing and is told in words alone. */
function bounds(scale: Scale, { worstLoss, bestGain }: Payoff, values: readonly number[]): readonly string[] {
  const within = (gain: number): boolean => gain >= Math.min(...values) - 1e-6 && gain <= Math.max(...values) + 1e-6;
  const lost = worstLoss !== 'unbounded' && !within(-dollars(worstLoss));
  return [
    ...bound(scale, 'best gain', bestGain, 1, COLOUR.gain),
    ...(lost
      ? [
          text(PLOT.right + 8, PLOT.bottom - 14, 'worst loss', COLOUR.loss),
          text(PLOT.right + 8, PLOT.bottom, `${usd(dollars(worstLoss))} at 0`, COLOUR.loss),
        ]
      : bound(scale, 'worst loss', worstLoss, -1, COLOUR.loss)),
  ];
}

function marks({ x, y }: Scale, { spot }: PayoffLine, { breakEvens }: Payoff): readonly string[] {
  return [
    ...(spot === null
      ? []
      : [
          line({ x: x(spot), y: PLOT.top }, { x: x(spot), y: PLOT.bottom }, COLOUR.quiet, ' stroke-dasharray="5 4"'),
          text(x(spot), PLOT.top - 8, `share ${usd(spot)}`, COLOUR.quiet, 'middle'),
        ]),
    ...breakEvens.flatMap((even) => [
      `<circle cx="${at(x(even))}" cy="${at(y(0))}" r="4" fill="${COLOUR.ink}"/>`,
      text(x(even), y(0) - 9, usd(even), COLOUR.ink, 'middle'),
    ]),
  ];
}

const figureOf = (amount: Usd | 'unbounded'): string => (amount === 'unbounded' ? 'unbounded' : usd(dollars(amount)));

/** The drawing of one package, as text that is the same wherever it is made. */
export function payoffSvg(plot: PayoffLine): string {
  const payoff = payoffAtExpiry(plot.legs, plot.net);
  const spots = spotsOf(plot, payoff);
  const kinks = plot.legs.flatMap(({ instrument }) => (instrument.kind === 'option' ? [dollars(instrument.strike)] : []));
  const inside = [...new Set([spots.from, ...kinks, spots.to])].sort((a, b) => a - b);
  const expiry = inside.map((x): Point => ({ x, y: gainAt(plot, x) }));
  const { today } = plot;
  const even = (i: number): number => spots.from + ((spots.to - spots.from) * i) / SAMPLES;
  const now =
    today === null ? [] : Array.from({ length: SAMPLES + 1 }, (_, i): Point => ({ x: even(i), y: gainToday(plot, today, even(i)) }));
  const values = [...expiry, ...now].map((p) => p.y);
  const scale = scaleOf(spots, values);
  const evens = payoff.breakEvens.map(usd).join(' and ');
  const summary = `worst loss ${figureOf(payoff.worstLoss)}, best gain ${figureOf(payoff.bestGain)}, break-even ${evens === '' ? 'none' : evens}`;
  const cost = dollars(plot.net) * sharesOf(plot.legs);
  const heading = `${plot.words.join(', ')}: ${cost < 0 ? 'collects' : 'costs'} ${usd(Math.abs(cost))} a package`;
  const when = kinks.length === 0 ? 'when sold' : 'at expiry';
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(HEIGHT)}" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" role="img">`,
    `<title>${heading}; ${summary}</title>`,
    `<rect width="${String(WIDTH)}" height="${String(HEIGHT)}" fill="#ffffff"/>`,
    text(16, 22, heading, COLOUR.ink),
    text(PLOT.left, 40, when, COLOUR.line),
    ...(today === null ? [] : [text(PLOT.left + 66, 40, 'today', COLOUR.today)]),
    ...axes(scale),
    ...bounds(scale, payoff, values),
    ...(today === null ? [] : [curve(scale, now, COLOUR.today, 'stroke-width="1.5"')]),
    curve(scale, expiry, COLOUR.line, 'stroke-width="2.5" stroke-linejoin="round"'),
    ...marks(scale, plot, payoff),
    '</svg>',
  ].join('\n')}\n`;
}
