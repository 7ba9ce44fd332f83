// GET /v2/account/activities: executions, and everything else that moved cash or positions.
import type { XActivity } from '../../types.ts';
import { decimal, decimalOrNull, instant, quantity } from '../encode.ts';
import { badRequest, json, type WireResponse } from '../message.ts';
import { type Call, route } from '../route.ts';

const known = [
  'FILL',
  'TRANS',
  'MISC',
  'ACATC',
  'ACATS',
  'CFEE',
  'CGD',
  'CSD',
  'CSW',
  'DIV',
  'DIVCGL',
  'DIVCGS',
  'DIVFEE',
  'DIVFT',
  'DIVNRA',
  'DIVROC',
  'DIVTW',
  'DIVTXEX',
  'FEE',
  'FOPT',
  'INT',
  'INTNRA',
  'INTTW',
  'JNL',
  'JNLC',
  'JNLS',
  'MA',
  'NC',
  'OPASN',
  'OPCA',
  'OPCSH',
  'OPEXC',
  'OPEXP',
  'OPTRD',
  'PTC',
  'PTR',
  'REORG',
  'SPIN',
  'SPLIT',
  'REO',
  'OCT',
];

const descriptions: Readonly<Record<XActivity['type'], string>> = {
  FILL: '',
  OPASN: 'Option Assignment',
  OPEXC: 'Option Exercise',
  OPEXP: 'Option Expiry',
  OPTRD: 'Option Trade',
  OPCSH: 'Option Cash Settlement',
  DIV: 'Cash Dividend',
  OPCA: 'Option Corporate Action',
  SPLIT: 'Split',
  FEE: 'Regulatory Fee',
  INT: 'Interest',
  CSD: 'Cash Deposit',
  CSW: 'Cash Withdrawal',
  JNLC: 'Cash Journal',
};

function activityJson(row: XActivity): Readonly<Record<string, unknown>> {
  const { fill } = row;
  if (fill !== null) {
    return {
      id: row.id,
      activity_type: row.type,
      type: fill.kind,
      transaction_time: instant(row.at),
      order_id: fill.orderId,
      symbol: row.symbol,
      side: fill.side,
      price: decimalOrNull(row.price),
      qty: quantity(Math.abs(row.qty)),
      cum_qty: quantity(fill.cumQty),
      leaves_qty: quantity(fill.leavesQty),
      order_status: fill.orderStatus,
    };
  }
  const cashOnly = row.symbol === null;
  return {
    id: row.id,
    activity_type: row.type,
    activity_sub_type: row.subType ?? (row.type === 'DIV' ? 'CDIV' : null),
    date: row.day,
    symbol: row.symbol,
    qty: cashOnly ? null : quantity(row.qty),
    price: cashOnly ? null : decimal(row.price ?? 0),
    per_share_amount: row.type === 'DIV' ? decimalOrNull(row.price) : null,
    net_amount: decimal(row.netAmount),
    description: descriptions[row.type],
    status: 'executed',
    group_id: row.groupId,
    cusip: null,
    currency: 'USD',
    created_at: instant(row.visibleAt),
  };
}

function wantedTypes(call: Call, fromPath: string | undefined): readonly string[] | null {
  const types = fromPath === undefined ? call.query.list('activity_types') : [fromPath];
  const category = call.query.text('category');
  if (types !== undefined && category !== undefined && fromPath === undefined) {
    throw badRequest(422, 40010001, 'activity_types and category cannot be combined');
  }
  const unknown = types?.find((type) => !known.includes(type));
  if (unknown !== undefined) throw badRequest(422, 40010001, `invalid activity type: ${unknown}`);
  if (category === undefined) return types ?? null;
  const trades = call.query.oneOf('category', ['trade_activity', 'non_trade_activity'], 'trade_activity') === 'trade_activity';
  return trades ? ['FILL'] : known.filter((type) => type !== 'FILL');
}

function listActivities(call: Call): WireResponse {
  const { query } = call;
  const rows = call.core.activities(
    call.account,
    {
      types: wantedTypes(call, call.path[0]),
      orderId: query.text('order_id'),
      after: query.instant('after', 'start') ?? null,
      until: query.instant('until', 'end') ?? null,
      day: query.day('date') ?? null,
      direction: query.oneOf('direction', ['asc', 'desc'], 'desc'),
      pageSize: query.int('page_size', 100, 1, 100),
      pageToken: query.text('page_token') ?? null,
    },
    call.now,
  );
  return json(rows.map(activityJson));
}

export const activityRoutes = [
  route('GET', '/v2/account/activities', 'trading', listActivities),
  route('GET', '/v2/account/activities/*', 'trading', listActivities),
];
