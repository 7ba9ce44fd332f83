import { describe, expect, it } from 'vitest';
import { tradingDay } from '../../../src/domain/time.ts';
import { type MacroCalendar, macroIn, parseMacro } from '../../../src/market/macro.ts';

const day = tradingDay;
const parsed = (text: string): MacroCalendar => {
  const read = parseMacro(text, 'm.csv');
  if (!read.ok) throw new Error(read.errors.join('\n'));
  return read.calendar;
};
const file = '# confirmed: 2026-12-01\n# ours\ndate,event,time\n2026-12-09,FOMC,14:00\n2026-12-04,NFP,08:30\n\n2026-12-10,CPI,\n';

describe('a file of macro events', () => {
  it('is read by day, with its confirmation, its times, and comments passed over', () => {
    expect(parsed(file)).toEqual({
      events: [
        { day: '2026-12-04', event: 'NFP', time: '08:30' },
        { day: '2026-12-09', event: 'FOMC', time: '14:00' },
        { day: '2026-12-10', event: 'CPI', time: null },
      ],
      confirmed: '2026-12-01',
      complete: null,
    });
    expect(parsed('# Complete: 2026-01-01..2026-12-31\ndate,event\n').complete).toEqual({ from: '2026-01-01', to: '2026-12-31' });
  });

  it('lists every error with its file and line', () => {
    const text =
      '# confirmed: soon\n# complete: 2026-02-02..2026-01-01\ndate,event,time\n2026-02-30,CPI,\n2026-02-03,cpi,\n2026-02-03,CPI,8:30\n2026-02-03\n';
    const read = parseMacro(text, 'm.csv');
    expect(!read.ok && read.errors).toEqual([
      "m.csv:1: 'soon' is not a date; write # confirmed: 2026-07-30",
      "m.csv:2: '2026-02-02..2026-01-01' is not a span of days; write # complete: 2026-01-01..2026-12-31",
      "m.csv:4: '2026-02-30' is not a date; write it as 2026-07-30",
      "m.csv:5: 'cpi' is not an event; write it in capitals, as FOMC, CPI or NFP",
      "m.csv:6: '8:30' is not a New York time; write it as 08:30, or nothing",
      'm.csv:7: 1 fields where the header has 3',
    ]);
  });

  it.each([
    ['# nothing\n', 'm.csv: no header; the file must hold date,event[,time]'],
    ['day,event\n', 'm.csv:1: the header lacks date; it must read date,event[,time]'],
  ])('refuses one without its header', (text, error) => expect(parseMacro(text, 'm.csv')).toEqual({ ok: false, errors: [error] }));
});

describe('the macro calendar', () => {
  const ask = (calendar: MacroCalendar | undefined, today: string, to = today) => macroIn(calendar, day(today), day(to), day(today));

  it('answers with the events of the span, none on a quiet day', () => {
    const quiet = ask(parsed(file), '2026-12-03');
    expect(quiet).toEqual({ known: true, value: [] });
    const answer = ask(parsed(file), '2026-12-04', '2026-12-04');
    expect(answer.known && answer.value.map((e) => e.event)).toEqual(['NFP']);
  });

  it.each<[string, MacroCalendar | undefined, string, RegExp]>([
    ['nobody keeps one', undefined, '2026-12-03', /data\.macro_file/],
    ['nobody vouched for it', parsed(file.replace('# confirmed: 2026-12-01\n', '')), '2026-12-03', /does not say when it was confirmed/],
    ['it was confirmed eight days ago', parsed(file), '2026-12-09', /confirmed on 2026-12-01, more than 7 days before 2026-12-09/],
    ['a list has run out', parsed(file), '2026-12-08', /^the calendar of macro events lists no NFP on or after 2026-12-08/],
    ['it never held one of the three', parsed(file.replace('CPI', 'PPI')), '2026-12-03', /lists no CPI on or after/],
  ])('does not know when %s', (_, calendar, today, why) => {
    const answer = ask(calendar, today);
    expect(answer).toMatchObject({ known: false, code: 'MACRO_UNKNOWN', why: expect.stringMatching(why) });
  });

  it('believes a span that is called complete, and no day beyond it', () => {
    const calendar = parsed('# confirmed: 2026-02-11\n# complete: 2026-02-11..2026-02-13\ndate,event\n2026-02-11,NFP\n');
    expect(ask(calendar, '2026-02-12', '2026-02-13')).toEqual({ known: true, value: [] });
    expect(ask(calendar, '2026-02-12', '2026-02-14')).toMatchObject({ known: false, code: 'MACRO_UNKNOWN' });
  });
});
