// `wsb broker verify`: does the broker know us, may we trade, is its clock ours, does its stream speak.
import type { Command } from 'commander';
import { connect, hostsOf, secretsOf } from '../connect.ts';
import { fail } from '../exit.ts';
import { printFindings } from '../findings.ts';
import { configOf, type Globals } from '../globals.ts';
import { codeOf, verifyBroker } from '../verify-broker.ts';

export function registerBroker(root: Command): void {
  const broker = root.command('broker').description('the broker');
  broker
    .command('verify')
    .description('keys, account, flags, options level, clock and stream (exit 24 keys, 7 blocked or clock, 5 network)')
    .option('--mode <mode>', 'dry-run, paper or live; sim with --exchange')
    .option('--exchange <url>', 'an exchange started by `wsb exchange`')
    .action(async (flags: { readonly mode?: string; readonly exchange?: string }, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      const config = configOf(globals, flags);
      if (config.run.mode === 'sim' && config.exchange === null)
        fail(2, 'wsb: sim brings its own exchange with each run; give --exchange URL, or --mode paper');
      const connected = connect({ config, secrets: secretsOf(config), hosts: hostsOf(config, config.exchange), log: () => {} });
      const findings = await verifyBroker(config, connected);
      printFindings(findings, globals.json === true);
      process.exitCode = codeOf(findings);
    });
}
