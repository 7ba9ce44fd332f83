// `wsb config check|show`: what would be run with, or all that is wrong with it.
import type { Command } from 'commander';
import { secretsOf } from '../connect.ts';
import { configOf, type Globals } from '../globals.ts';
import { print, printJson } from '../output.ts';

export function registerConfig(root: Command): void {
  const config = root.command('config').description('the configuration');
  config
    .command('check')
    .description('reads files, variables and keys as a run would')
    .option('--mode <mode>', 'sim, dry-run, paper or live')
    .option('--exchange <url>')
    .action((flags: { readonly mode?: string; readonly exchange?: string }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      const loaded = configOf(globals, flags);
      const secrets = secretsOf(loaded);
      const result = { ok: true, mode: loaded.run.mode, hash: loaded.effective.hash, stateDir: loaded.stateDir, keys: secrets.source };
      if (globals.json === true) printJson(result);
      else print(`configuration ok: mode ${result.mode}, hash ${result.hash}, state in ${result.stateDir}, keys from ${result.keys}`);
    });
  config
    .command('show')
    .description('the effective configuration, secrets left out')
    .option('--mode <mode>', 'sim, dry-run, paper or live')
    .action((flags: { readonly mode?: string }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      const { effective } = configOf(globals, flags);
      if (globals.json === true) printJson(effective);
      else print(effective.text);
    });
}
