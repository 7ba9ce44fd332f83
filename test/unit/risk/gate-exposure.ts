// The gate's rows of what the whole book may weigh, cost and lose: each with the one limit it is about.
import { absent } from '../../../src/domain/reasons.ts';
import type { DenialCode } from '../../../src/domain/verdict.ts';
import type { ExposureLimits } from '../../../src/risk/limits-exposure.ts';
import type { RuleContext } from '../../../src/risk/rule.ts';
import { buy, limits, positionOf, sell } from './contexts.ts';
import { wideExposure } from './portfolio/still-market.ts';

type Given = Partial<RuleContext>;
type Row = readonly [name: string, intent: RuleContext['intent'], given: Given, expected: DenialCode | 'cleared'];

const held = (of: string, n: number) => ({ positions: [positionOf(of, n)] });

/** Each with the one limit it is about; the rest of them is in `exposure.test.ts`. */
const within = (over: Partial<ExposureLimits>): Given => ({ limits: { ...limits, exposure: { ...wideExposure, ...over } } });
export const exposureRows: readonly Row[] = [
  [
    'POSITION_PCT: one share above a tenth',
    buy('ABC', 180),
    within({ singleName: { sharesPct: 0.0018, deltaPct: 1, reservePct: 1 } }),
    'POSITION_PCT',
  ],
  ['EXPOSURE: more than the gross of all names', buy('ABC', 180), within({ grossPct: 0.0017 }), 'EXPOSURE'],
  ['OPEN_RISK: more than all may cost', buy('ABC', 180), within({ openRiskPct: 0.0006 }), 'OPEN_RISK'],
  ['CLUSTER: more than a cluster may weigh', buy('ABC', 180), { ...within({ clusterPct: 0.0041 }), ...held('DEF', 1) }, 'CLUSTER'],
  ['CLUSTER: a name that moves with no other', buy('ABC', 180), within({ clusterPct: 0.000_001 }), 'cleared'],
  ['SECTOR: more than a sector may weigh', buy('ABC', 180), within({ sectorPct: 0.0017 }), 'SECTOR'],
  ['GREEKS: more beta delta than the book may have', buy('ABC', 180), within({ betaDeltaPct: 0.0026 }), 'GREEKS'],
  ['VAR: more than a day may cost', buy('ABC', 180), within({ var95Pct: 0.00004 }), 'VAR'],
  ['STRESS: more than a crash may cost', buy('ABC', 180), within({ stressPct: 0.0005 }), 'STRESS'],
  ['STRESS: an exit is not held against it', sell('ABC', 180), { ...within({ stressPct: 0.0005 }), ...held('ABC', 1) }, 'cleared'],
  ['STALE: a book that cannot be valued', buy('ABC', 180), { portfolio: absent('BOOK_UNVALUED', 'no price') }, 'STALE'],
  ['STALE: an exit goes all the same', sell('ABC', 180), { portfolio: absent('BOOK_UNVALUED', 'no price'), ...held('ABC', 1) }, 'cleared'],
];
