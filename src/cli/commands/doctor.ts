// `wsb doctor`: every check a start needs, each with its fix; with --online the broker's too.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../../config/load.ts';
import { loadSecrets } from '../../config/secrets.ts';
import { epochMs } from '../../domain/time.ts';
import { ledgerLaws } from '../../execution/laws.ts';
import { usCalendar } from '../../market/calendar.ts';
import { parseEarnings } from '../../market/earnings.ts';
import { checkDatabase } from '../../store/check.ts';
import { lockState } from '../../store/lock.ts';
import { sqliteVersion } from '../../store/sqlite-version.ts';
import { connect, hostsOf, secretsOf } from '../connect.ts';
import { printFindings } from '../findings.ts';
import type { Globals } from '../globals.ts';
import { ledgerFile } from '../reader.ts';
import { codeOf, type Finding, verifyBroker } from '../verify-broker.ts';
import { version } from '../version.ts';

const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, fix: null, code: 0 });
const warning = (name: string, detail: string, fix: string): Finding => ({ name, state: 'warn', detail, fix, code: 0 });
const bad = (name: string, detail: string, fix: string, code: number): Finding => ({ name, state: 'fail', detail, fix, code });

const DISK_LEAST = 512 * 1024 * 1024;

/** The SDK's own version: without it no order path exists, and nothing stands in for it. */
function sdkFinding(): Finding {
  const require = createRequire(import.meta.url);
  try {
    const main = require.resolve('@alpacahq/alpaca-trade-api');
    const pack = join(dirname(main), '..', 'package.json');
    const { version: sdk } = JSON.parse(readFileSync(pack, 'utf8')) as { readonly version: string };
    return ok('broker SDK', `@alpacahq/alpaca-trade-api ${sdk}`);
  } catch {
    return bad('broker SDK', 'DEP_MISSING: @alpacahq/alpaca-trade-api is not installed', 'Run npm ci.', 1);
  }
}

function runtimeFindings(): readonly Finding[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    major >= 20 ? ok('node', `${process.version}, wsb ${version.version}`) : bad('node', process.version, 'Install Node 20 or later.', 1),
    sdkFinding(),
    ok('sqlite', sqliteVersion()),
  ];
}

function stateFindings(config: Config): readonly Finding[] {
  const { stateDir } = config;
  const lock = existsSync(join(stateDir, 'state.lock')) ? lockState(join(stateDir, 'state.lock')) : { held: false as const };
  const nearest = [stateDir, dirname(stateDir), process.cwd()].find((d) => existsSync(d)) ?? '/';
  const disk = statfsSync(nearest);
  const free = disk.bavail * disk.bsize;
  const findings: Finding[] = [
    lock.held
      ? warning(
          'lock',
          `held${lock.holder === null ? '' : ` by process ${lock.holder.pid}`}`,
          'A daemon is running on this state directory; a second one would exit 21.',
        )
      : ok('lock', 'free'),
    free >= DISK_LEAST
      ? ok('disk', `${Math.round(free / 1e6)} MB free at ${nearest}`)
      : bad('disk', `${Math.round(free / 1e6)} MB free at ${nearest}`, 'Free at least 512 MB.', 22),
  ];
  const file = ledgerFile(stateDir);
  if (!existsSync(file)) return [...findings, ok('ledger', `none yet; ${file} is made at the first start`)];
  const checked = checkDatabase(file, ledgerLaws);
  if (!checked.ok) {
    const older = checked.fault.code === 'DB_OLDER';
    return [
      ...findings,
      older ? warning('ledger', checked.fault.message, checked.fault.fix) : bad('ledger', checked.fault.message, checked.fault.fix, 22),
    ];
  }
  const { violations } = checked;
  return [
    ...findings,
    violations.length === 0
      ? ok('ledger', `${file}, 0 violations`)
      : bad('ledger', `${violations.length} violations`, 'Run: wsb db check', 22),
  ];
}

function dataFindings(config: Config): readonly Finding[] {
  const { earningsFile, riskFreeRateAsOf } = config.data;
  const calendar = usCalendar();
  const next = calendar.currentOrNext(epochMs(Date.now()));
  const age = (Date.now() - Date.parse(riskFreeRateAsOf)) / 86_400_000;
  const findings = [
    ok('calendar', `next or current session ${next.day}, ${next.early ? 'early close' : 'regular'}`),
    config.run.mode === 'sim' || age <= 35
      ? ok('risk-free rate', `${config.data.riskFreeRate} as of ${riskFreeRateAsOf}`)
      : warning(
          'risk-free rate',
          `as of ${riskFreeRateAsOf}, ${Math.round(age)} days old`,
          'Renew data.risk_free_rate and data.risk_free_rate_as_of together.',
        ),
  ];
  if (earningsFile === null) {
    return config.run.mode === 'sim'
      ? [...findings, ok('earnings', 'written by the embedded exchange')]
      : [...findings, warning('earnings', 'data.earnings_file is not set', 'Without report dates the Wheel abstains by name.')];
  }
  if (!existsSync(earningsFile)) return [...findings, bad('earnings', `${earningsFile} does not exist`, 'Correct data.earnings_file.', 20)];
  const parsed = parseEarnings(readFileSync(earningsFile, 'utf8'), earningsFile);
  return [
    ...findings,
    parsed.ok
      ? ok('earnings', `${parsed.reports.length} reports in ${earningsFile}`)
      : bad('earnings', parsed.errors.join('; '), 'Correct the file.', 20),
  ];
}

interface DoctorFlags {
  readonly mode?: string;
  readonly online?: boolean;
  readonly exchange?: string;
}

async function doctor(flags: DoctorFlags, globals: Globals): Promise<readonly Finding[]> {
  const findings: Finding[] = [...runtimeFindings()];
  const loaded = loadConfig({
    env: process.env,
    cwd: process.cwd(),
    paths: globals.config,
    stateDir: globals.stateDir,
    mode: flags.mode,
    exchange: flags.exchange,
  });
  if (!loaded.ok)
    return [...findings, ...loaded.problems.map((p) => bad('configuration', p, 'Correct it and run doctor again.', loaded.exitCode))];
  const { config } = loaded;
  findings.push(
    ok('configuration', `mode ${config.run.mode}, hash ${config.effective.hash.slice(0, 12)}`),
    ...loaded.warnings.map((w) => warning('configuration', w, 'See docs/configuration.md.')),
  );
  const secrets = loadSecrets({
    mode: config.run.mode,
    env: process.env,
    cwd: process.cwd(),
    exchange: flags.exchange,
    tradingUrl: config.broker.tradingUrl,
  });
  findings.push(
    ...(secrets.ok
      ? [ok('keys', `from ${secrets.secrets.source}`)]
      : secrets.problems.map((p) => bad('keys', p, 'See .env.example.', secrets.exitCode))),
  );
  findings.push(...stateFindings(config), ...dataFindings(config));
  if (flags.online !== true || !secrets.ok) return findings;
  if (config.run.mode === 'sim' && config.exchange === null)
    return [...findings, warning('broker', 'sim brings its own exchange with each run', 'Give --exchange URL or --mode to check one.')];
  const connected = connect({ config, secrets: secretsOf(config), hosts: hostsOf(config, config.exchange), log: () => {} });
  return [...findings, ...(await verifyBroker(config, connected))];
}

export function registerDoctor(root: Command): void {
  root
    .command('doctor')
    .description('every check a start needs, each with its fix')
    .option('--online', 'the broker too')
    .option('--mode <mode>', 'sim, dry-run, paper or live')
    .option('--exchange <url>')
    .action(async (flags: DoctorFlags, command: Command) => {
      const globals = command.optsWithGlobals<Globals>();
      const findings = await doctor(flags, globals);
      printFindings(findings, globals.json === true);
      process.exitCode = codeOf(findings);
    });
}
