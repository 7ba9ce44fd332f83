// The same figures reckoned another way, as a spreadsheet would: power sums, logarithms, and every pair of days for the fall. It shares
// no line with what it checks.

export interface Sheet {
  readonly timeWeighted: number;
  readonly volatility: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly calmar: number;
  readonly fall: number;
}

/** Column of values with the flow that came in since the value above; the first flow is not looked at. */
export function returnsOf(values: readonly number[], flows: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const base = (values[i - 1] as number) + (flows[i] as number);
    found.push(((values[i] as number) - base) / base);
  }
  return found;
}

/** Deviation by the sum of squared differences of all pairs: no mean is taken. */
function deviation(xs: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) for (let j = 0; j < i; j++) sum += ((xs[i] as number) - (xs[j] as number)) ** 2;
  return Math.sqrt(sum / (xs.length * (xs.length - 1)));
}

/** The worst of all pairs of days. */
function fallOf(returns: readonly number[]): number {
  let worst = 0;
  for (let i = 0; i < returns.length; i++) {
    let log = 0;
    for (let j = i; j < returns.length; j++) {
      log += Math.log1p(returns[j] as number);
      worst = Math.max(worst, -Math.expm1(log));
    }
  }
  return worst;
}

/** @param riskFree of one session */
export function sheetOf(returns: readonly number[], riskFree: number): Sheet {
  const n = returns.length;
  let [logs, total, down] = [0, 0, 0];
  for (const r of returns) {
    logs += Math.log1p(r);
    total += r;
    if (r < riskFree) down += (riskFree - r) ** 2;
  }
  const excess = total / n - riskFree;
  const fall = fallOf(returns);
  return {
    timeWeighted: Math.expm1(logs),
    volatility: Math.sqrt(252) * deviation(returns),
    sharpe: (excess * Math.sqrt(252)) / deviation(returns),
    sortino: (excess * Math.sqrt(252)) / Math.sqrt(down / n),
    calmar: Math.expm1((logs * 252) / n) / fall,
    fall,
  };
}
