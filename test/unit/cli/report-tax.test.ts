// A year's sales in the columns of the form, tied to what the ledger realized.
import { describe, expect, it } from 'vitest';
import { type TaxReport, taxReport } from '../../../src/cli/report/tax.ts';
import { taxCsv } from '../../../src/cli/report/tax-command.ts';
import { symbol } from '../../../src/domain/ids.ts';
import { usd } from '../../../src/domain/money.ts';
import { addDays, tradingDay } from '../../../src/domain/time.ts';
import { put, shortPuts, working } from '../engine/scenes.ts';
import type { EngineWorld } from '../engine/world.ts';
import { cover, micros } from '../risk/contexts.ts';

const reported = (w: EngineWorld, year = 2026): TaxReport =>
  taxReport(
    {
      lots: [...w.ledger.lots.values()],
      closures: w.ledger.closures,
      inLieu: w.ledger.rows.filter((row) => row.kind === 'split' && row.cash !== 0),
    },
    year,
  );

/** Three puts at 1.02: one is assigned at 50, one is bought back, one stays; the shares are sold by a person for 48. */
function story(): EngineWorld {
  const w = shortPuts(3);
  w.desk.move(put, 1);
  w.desk.move('ABC', 100, -5_000);
  w.reconcile();
  w.reconcile();
  w.advance(61_000);
  w.close({ ...cover(put, 1.05), code: 'TARGET' });
  const order = working(w);
  w.fill(order.id, 1, 0.4);
  return w;
}

describe('a tax report', () => {
  it('says of a written option that was bought back what it brought and cost', () => {
    const { rows, totals, tie } = reported(story());
    expect(rows).toEqual([
      {
        owner: 'wheel',
        symbol: put,
        description: '1 ABC 2026-04-17 50 PUT',
        acquired: '2026-03-10',
        sold: '2026-03-10',
        proceeds: micros(102),
        cost: micros(40),
        code: '',
        adjustment: 0,
        gain: micros(62),
        term: 'short',
      },
    ]);
    expect(totals.short).toEqual({ rows: 1, proceeds: micros(102), cost: micros(40), adjustment: 0, gain: micros(62) });
    expect(totals.long.rows).toBe(0);
    // The premium of the assigned one is part of what the shares cost, and of no row until they are sold.
    expect(tie).toEqual({ realized: micros(164), inLieu: 0, moved: micros(-102), ties: true });
  });
  it('puts cash for a fraction in a line of its own', () => {
    const w = story();
    w.desk.cash += micros(12.34);
    const day = addDays(tradingDay('2026-03-10'), 0);
    w.desk.book({ day, id: '20260310000000000::z', type: 'SPLIT', symbol: symbol('ABC'), netAmount: usd(micros(12.34)) });
    w.reconcile();
    const { rows, tie } = reported(w);
    expect(rows.map((r) => [r.description, r.gain])).toContainEqual(['cash in lieu of a fraction, ABC', micros(12.34)]);
    expect(tie).toMatchObject({ inLieu: micros(12.34), moved: micros(-102), ties: true });
  });
  it('has no rows for a year without sales', () => {
    expect(reported(story(), 2025)).toMatchObject({ rows: [], tie: { realized: 0, moved: 0, ties: true } });
  });
  it('prints dollars, a line for each sale', () => {
    expect(taxCsv(reported(story())).split('\n')).toEqual([
      'description,date_acquired,date_sold,proceeds,cost,code,adjustment,gain,term,symbol,strategy',
      `1 ABC 2026-04-17 50 PUT,2026-03-10,2026-03-10,102.00,40.00,,0.00,62.00,short,${put},wheel`,
    ]);
  });
});
