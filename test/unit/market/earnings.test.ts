import { describe, expect, it } from 'vitest';
import { symbol } from '../../../src/domain/ids.ts';
import { tradingDay } from '../../../src/domain/time.ts';
import { earningsIn, parseEarnings } from '../../../src/market/earnings.ts';

const aapl = symbol('AAPL');
const day = tradingDay;

describe('parseEarnings', () => {
  it('reads the four sessions, comments, blank lines and a source', () => {
    const text =
      '# ours\nsymbol,date,session,source\nAAPL,2026-01-29,amc,8-K\nMSFT,2026-01-28,BMO,\n\nKO,2026-02-10,dmh,\r\nF,2026-02-03,,\n';
    const parsed = parseEarnings(text, 'e.csv');
    expect(parsed.ok && parsed.reports.map((r) => [r.symbol, r.day, r.time, ...r.sources, r.confirmed])).toEqual([
      ['AAPL', '2026-01-29', 'AMC', '8-K', true],
      ['MSFT', '2026-01-28', 'BMO', 'operator', true],
      ['KO', '2026-02-10', 'DMH', 'operator', true],
      ['F', '2026-02-03', 'UNKNOWN', 'operator', true],
    ]);
  });

  it('finds its columns by name among others', () => {
    const parsed = parseEarnings('symbol,date,session,accepted_et,source\nAAPL,2026-01-29,amc,16:30,sec\n', 'e.csv');
    expect(parsed.ok && parsed.reports[0]).toMatchObject({ time: 'AMC', sources: ['sec'] });
  });

  it('joins two sources of one report, the one that knows the time winning', () => {
    const parsed = parseEarnings('symbol,date,session,source\nAAPL,2026-01-29,,a\nAAPL,2026-01-29,amc,b\n', 'e.csv');
    expect(parsed).toEqual({
      ok: true,
      reports: [{ symbol: 'AAPL', day: '2026-01-29', time: 'AMC', sources: ['a', 'b'], confirmed: true }],
    });
  });

  it('lists every error with its file and line', () => {
    const text =
      'symbol,date,session\naapl,2026-01-29,amc\nAAPL,2026-02-30,amc\nAAPL,2026-01-29,noon\nAAPL,2026-01-29\n' +
      'MSFT,2026-01-28,bmo\nMSFT,2026-01-28,amc\n';
    const parsed = parseEarnings(text, 'e.csv');
    expect(!parsed.ok && parsed.errors).toEqual([
      "e.csv:2: 'aapl' is not a ticker; write it in capitals, as AAPL",
      "e.csv:3: '2026-02-30' is not a date; write it as 2026-07-30",
      "e.csv:4: 'noon' is not a session; write bmo, amc, dmh or nothing",
      'e.csv:5: 2 fields where the header has 3',
      'e.csv:7: MSFT on 2026-01-28 is AMC here and BMO further up; keep the right one',
    ]);
  });

  it.each([
    ['', 'e.csv: the file is empty; it must start with symbol,date,session[,source]'],
    ['AAPL,2026-01-29,amc\n', 'e.csv:1: the header lacks symbol, date, session; it must read symbol,date,session[,source]'],
  ])('refuses a file without its header', (text, error) => expect(parseEarnings(text, 'e.csv')).toEqual({ ok: false, errors: [error] }));
});

describe('earningsIn', () => {
  const reports = (...days: readonly string[]) =>
    days.map((d) => ({ symbol: aapl, day: day(d), time: 'AMC' as const, sources: ['operator'], confirmed: true }));
  const ask = (known: ReturnType<typeof reports> | undefined, to: string) =>
    earningsIn(known, aapl, day('2026-02-11'), day(to), day('2026-02-11'));

  it('answers with the reports of the span', () => {
    const answer = ask(reports('2026-01-29', '2026-03-02', '2026-05-01'), '2026-03-20');
    expect(answer.known && answer.value.map((r) => r.day)).toEqual(['2026-03-02']);
    expect(ask(reports('2026-01-29', '2026-05-01'), '2026-03-20')).toEqual({ known: true, value: [] });
  });

  it.each([
    ['a name it does not hold', undefined, '2026-03-20'],
    ['a name without a report', [], '2026-03-20'],
    ['a last report seventy days old and none to come', reports('2025-12-03'), '2026-02-11'],
    ['a last report a hundred and ten days old', reports('2025-10-24'), '2026-02-12'],
    ['a span that reaches into the next quarter', reports('2026-01-29'), '2026-04-20'],
  ] as const)('does not know %s', (_, known, to) =>
    expect(ask(known as never, to)).toMatchObject({ known: false, code: 'EARNINGS_UNKNOWN' }),
  );

  it('trusts the quiet after a recent report', () => expect(ask(reports('2026-01-29'), '2026-03-20')).toEqual({ known: true, value: [] }));
});
