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
    | 'cycle'
    | 'holding'
    | 'lot'
    | 'closure'
    | 'trade'
    | 'equity';
  readonly where: string;
  readonly what: string;
}
