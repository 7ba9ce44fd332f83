// What a stream of shares says of trading itself: that it was halted in a symbol, and that it goes on.
import type { ExchangeClock } from '../clock.ts';
import { paced } from './data-feed.ts';

export interface StatusChange {
  readonly symbol: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The listed venues' own letters on tape C, the numbers of the consolidated tape on A and B. The exchange gives no reasons. */
const halted = (tape: string): StatusChange['fields'] => ({ sc: tape === 'C' ? 'H' : '2', sm: 'Trading Halt', rc: '', rm: '', z: tape });
const resumed = (tape: string): StatusChange['fields'] => ({
  sc: tape === 'C' ? 'T' : '3',
  sm: 'Trading Resumption',
  rc: '',
  rm: '',
  z: tape,
});

/** Asked with all symbols that anybody wants: what changed since the last look; of a symbol that is new to the stream, nothing. */
export function statusChanges(
  isHalted: (symbol: string, at: number) => boolean,
  clock: ExchangeClock,
  tapeOf: (symbol: string) => string,
): (now: number, symbols: readonly string[]) => readonly StatusChange[] {
  const due = paced(() => clock.speed);
  let known = new Map<string, boolean>();
  return (now, symbols) => {
    if (!due(now)) return [];
    const before = known;
    known = new Map(symbols.map((symbol) => [symbol, isHalted(symbol, now)]));
    return [...known].flatMap(([symbol, is]) => {
      const was = before.get(symbol);
      if (was === undefined || was === is) return [];
      return [{ symbol, fields: (is ? halted : resumed)(tapeOf(symbol)) }];
    });
  };
}
