// One thing that is wrong with a ledger file.

export interface Violation {
  readonly rule:
    | 'integrity'
    | 'foreign_key'
    | 'trigger'
    | 'opening'
    | 'order_fills'
    | 'order_events'
    | 'position'
    | 'holding'
    | 'lot'
    | 'closure'
    | 'trade';
  readonly where: string;
  readonly what: string;
}
