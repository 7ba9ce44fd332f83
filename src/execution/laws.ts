// The laws of the books in one hand: what the state tables of a ledger are rebuilt by.
import { convertLots, convertPosition, renameCycle, renames } from './convert.ts';
import { applyExecution, applyToCycle } from './fills.ts';
import { applyToLots } from './lots.ts';
import { newTrade, withClosure, withLot } from './trades.ts';

export const ledgerLaws = {
  applyExecution,
  applyToLots,
  convertLots,
  convertPosition,
  applyToCycle,
  renames,
  renameCycle,
  newTrade,
  withLot,
  withClosure,
} as const;
