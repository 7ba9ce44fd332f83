// `wsb strategy enable|disable`: a switch for each strategy that outlasts restarts and stands above the configuration.
import type { Command } from 'commander';
import { clientOf, show } from '../control/client.ts';
import type { Globals } from '../globals.ts';

async function turn(id: string, on: boolean, reason: string, globals: Globals): Promise<void> {
  const answer = await clientOf(globals).post(`/v1/strategies/${encodeURIComponent(id)}/${on ? 'enable' : 'disable'}`, { reason });
  const halts = Array.isArray(answer['halts']) ? answer['halts'].map(String) : [];
  const still = on && halts.length > 0 ? `, but it is halted: ${halts.join('; ')} (wsb resume --scope strategy:${id})` : '';
  show(globals, answer, on ? `${id} may open positions again${still}` : `${id} opens nothing more; what it holds is managed as before`);
}

export function registerStrategy(root: Command): void {
  const strategy = root.command('strategy').description('the switch of one strategy');
  const verb = (name: string, on: boolean, about: string): void => {
    strategy
      .command(name)
      .description(about)
      .argument('<id>', 'as wsb strategies lists it')
      .requiredOption('--reason <text>', 'kept in the audit')
      .action((id: string, flags: { readonly reason: string }, command: Command) =>
        turn(id, on, flags.reason, command.optsWithGlobals<Globals>()),
      );
  };
  verb('enable', true, 'lets it open positions, whatever the configuration says');
  verb('disable', false, 'keeps it from opening positions, and takes back what it is opening; exits go on');
}
