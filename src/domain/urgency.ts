// How urgent an exit's reason is: one closing order of a position works at a time, and a more urgent reason takes its place.
import type { ReasonCode } from './reasons.ts';

/** Where a reason stands in the precedence of exits, 1 first; a reason of a lower number replaces a closing walk of a higher one. */
export function urgency(code: ReasonCode): number {
  switch (code) {
    case 'OPERATOR':
    case 'KILL_SWITCH':
    case 'SHUTDOWN':
    case 'DAY_HALT':
    case 'LOSS_LIMIT':
      return 1;
    case 'EXPIRY_DEADLINE':
      return 2;
    case 'EXDIV_RISK':
    case 'EARLY_ASSIGNMENT_RISK':
    case 'ASSIGNED':
      return 3;
    case 'STOP':
    case 'THESIS_STOP':
      return 4;
    case 'TIME_STOP':
    case 'FLAT_TIME':
    case 'ROLL':
    case 'INVALIDATION':
    case 'TREND_EXIT':
    case 'EARNINGS_EXIT':
      return 5;
    case 'TARGET':
      return 6;
    default:
      return 7;
  }
}
