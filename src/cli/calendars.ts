// Report dates and macro events: from the operator's files or, in a simulation, from the exchange, which keeps both.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/load.ts';
import type { MacroSource } from '../daemon/reference-feed.ts';
import { parseEarnings } from '../market/earnings.ts';
import { type MacroCalendar, parseMacro } from '../market/macro.ts';
import type { EarningsReport } from '../market/quote.ts';
import type { Answer } from '../ports/broker.ts';
import type { Connected } from './connect.ts';
import { fail } from './exit.ts';

const keepsCalendars = (config: Config, connected: Connected): boolean => connected.hosts.announcesTime && config.run.mode === 'sim';

/** What an exchange of ours says to its owner. */
function ask({ transport, hosts, keys }: Connected, path: string): Promise<Response> {
  const headers = { 'APCA-API-KEY-ID': keys.id, 'APCA-API-SECRET-KEY': keys.secret };
  return transport.fetchApi(`${hosts.trading}${path}`, { headers });
}

/** Report dates: the operator's file; in sim the exchange writes one, which is then read the same way. Exits 20 with every error of the file. */
export async function earningsOf(config: Config, connected: Connected, log: Logger): Promise<readonly EarningsReport[]> {
  let path = config.data.earningsFile;
  if (path === null && keepsCalendars(config, connected)) {
    const answer = await ask(connected, '/sim/v1/earnings');
    if (answer.ok) {
      path = join(config.stateDir, 'earnings.csv');
      writeFileSync(path, await answer.text(), { mode: 0o600 });
    }
  }
  if (path === null) {
    log.warn({ event: 'earnings.none', why: 'data.earnings_file is not set: strategies that need report dates abstain' }, 'earnings none');
    return [];
  }
  const parsed = parseEarnings(readFileSync(path, 'utf8'), path);
  if (!parsed.ok) return fail(20, 'wsb: the earnings file:', ...parsed.errors.map((e) => `  - ${e}`));
  return parsed.reports;
}

const unread = (why: string): Answer<never> => ({ ok: false, fault: 'MACRO_FILE', auth: false, why });

function parsed(text: string, path: string): Answer<MacroCalendar> {
  const read = parseMacro(text, path);
  return read.ok ? { ok: true, value: read.calendar } : unread(read.errors.join('; '));
}

function fromFile(path: string): Answer<MacroCalendar> {
  try {
    return parsed(readFileSync(path, 'utf8'), path);
  } catch (error) {
    return unread(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function fromExchange(connected: Connected): Promise<Answer<MacroCalendar>> {
  const path = '/sim/v1/macro';
  try {
    const answer = await ask(connected, path);
    return answer.ok ? parsed(await answer.text(), path) : unread(`${path}: the exchange answered ${String(answer.status)}`);
  } catch (error) {
    return unread(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Macro events, read anew each time, so that an operator's confirmation counts without a restart: from the operator's file or, in
 * sim, from the exchange; null when there is neither. A file with errors at the start exits 20.
 */
export function macroSource(config: Config, connected: Connected): MacroSource | null {
  const path = config.data.macroFile;
  if (path === null) return keepsCalendars(config, connected) ? () => fromExchange(connected) : null;
  const first = fromFile(path);
  if (!first.ok && existsSync(path)) fail(20, `wsb: the macro file: ${first.why}`);
  return () => Promise.resolve(fromFile(path));
}
