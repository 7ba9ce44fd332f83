// How a priced case ended: the closed list of the `status` column.
import { type Refusal, refusals } from '../valuation.ts';

/** Columns that hold a figure; a cell that is no admissible number is named by its column. */
const figureColumns = ['S', 'K', 'T', 'r', 'q', 'sigma', 'price', 'dividends'] as const;

export type Status = 'ok' | Refusal | 'missing_sigma_and_price' | 'bad_style' | 'bad_type' | `bad_number:${(typeof figureColumns)[number]}`;

/** Every value the column can hold, in the order in which docs/pricing.md explains them. */
export const statuses: readonly Status[] = [
  'ok',
  ...refusals,
  'missing_sigma_and_price',
  'bad_style',
  'bad_type',
  ...figureColumns.map((column): Status => `bad_number:${column}`),
];
