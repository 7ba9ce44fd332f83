// `wsb why`: the decisions and gates behind a trade, or behind its absence.
import type { Command } from 'commander';
import type { TradingDay } from '../../domain/time.ts';
import { readWhy, subjectOf, type Why } from '../../store/why.ts';
import { fail } from '../exit.ts';
import { dayFlag, numeric } from '../flags.ts';
import type { Globals } from '../globals.ts';
import { limitText, money, print, printJson } from '../output.ts';
import { withLedger } from '../reader.ts';

function orderLines({ orders }: Why): readonly string[] {
  return orders.flatMap(({ order, fills }) => [
    `    order ${order.id} ${order.state} ${order.legs.map((l) => `${l.side} ${order.qty * l.ratio} ${l.instrument.symbol}`).join(' + ')} ${order.type}${order.limit === null ? '' : ` ${limitText(order.limit, order.legs.length)}`}, filled ${order.cumQty}/${order.qty}${order.reason === null ? '' : `: ${order.reason}`}`,
    ...fills.map(
      (f) =>
        `      fill ${f.qty} at ${money(f.price)} on ${new Date(f.at).toISOString()}${f.assumed.length > 0 ? `, assumed: ${f.assumed.join(', ')}` : ''}`,
    ),
  ]);
}

function lines(why: Why): readonly string[] {
  const { decision } = why;
  if (decision === null) return ['no decision on record', ...orderLines(why)];
  const seen = decision.count > 1 ? ` (${decision.count} times, last ${new Date(decision.lastAt).toISOString()})` : '';
  return [
    `${new Date(decision.firstAt).toISOString()} ${decision.strategy} ${decision.slot} ${decision.subject}: ${decision.kind} ${decision.code}${seen}`,
    `  ${decision.why}`,
    ...decision.gates.map((g) => `  ${g.pass ? 'pass' : 'FAIL'}  ${g.name}: ${g.observed ?? 'unknown'} against ${g.threshold ?? '-'}`),
    ...(decision.verdict === null
      ? []
      : [`  risk: ${decision.verdict}${decision.denial === null ? '' : ` by ${decision.denial.code}, ${decision.denial.why}`}`]),
    ...orderLines(why),
  ];
}

export function registerWhy(root: Command): void {
  root
    .command('why')
    .description('the decisions and gates behind a trade or its absence')
    .argument('<symbol|strategy|order>')
    .option('--since <date>', 'from this session day on', dayFlag)
    .option('--limit <n>', 'decisions to show', numeric, 20)
    .action((word: string, flags: { readonly since?: TradingDay; readonly limit: number }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      withLedger(globals, (reader) => {
        const found = readWhy(reader, subjectOf(word), {
          limit: flags.limit,
          ...(flags.since === undefined ? {} : { since: flags.since }),
        });
        if (found.length === 0) fail(6, `wsb: nothing was ever decided about ${word}`);
        if (globals.json === true) printJson(found);
        else print(found.map((why) => lines(why).join('\n')).join('\n\n'));
      });
    });
}
