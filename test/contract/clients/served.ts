// A whole exchange on two loopback ports, one of them with TLS, for clients in processes of their own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradingDay } from '../../../src/domain/time.ts';
import { openExchangeCore } from '../../../src/exchange/core/core.ts';
import { openExchange } from '../../../src/exchange/exchange.ts';
import { pacedClock } from '../../../src/exchange/paced-clock.ts';
import { syntheticMarket } from '../../../src/exchange/synthetic/market.ts';
import { certifyLoopback } from '../../../src/exchange/wire/certificate.ts';
import { startServer } from '../../../src/exchange/wire/server.ts';
import { usCalendar } from '../../../src/market/calendar.ts';
import { realAfter } from '../exchange/rig.ts';

export interface Served {
  readonly url: string;
  readonly tlsUrl: string;
  /** PEM. */
  readonly certificateFile: string;
  /** New York date. */
  readonly today: string;
  readonly faults: readonly unknown[];
  /** How many streams are open. */
  openStreams(): number;
  close(): Promise<void>;
}

const DAY = tradingDay('2026-11-23');

/** A morning of the synthetic market, a minute a second, and an account of $100,000; its key and its secret are the same word. */
export async function serve(key: string): Promise<Served> {
  const calendar = usCalendar();
  const start = calendar.instant(DAY, 10, 0);
  const market = syntheticMarket({ seed: 7, calendar, start });
  const clock = pacedClock({ start, speed: 60, wallNow: () => performance.now(), calendar });
  const core = openExchangeCore({ file: ':memory:', market, calendar, keys: [{ id: key, secret: key, account: key }], seed: 7, start });
  const faults: unknown[] = [];
  const exchange = openExchange({ core, market, calendar, clock, after: realAfter, onFault: (error) => faults.push(error) });
  const certified = await certifyLoopback(Date.now() - 86_400_000, Date.now() + 86_400_000);
  const folder = mkdtempSync(join(tmpdir(), 'exchange-tls-'));
  const certificateFile = join(folder, 'cert.pem');
  writeFileSync(certificateFile, certified.cert);
  const server = await startServer(exchange, { host: '127.0.0.1', port: 0, tls: { port: 0, ...certified } });
  return {
    url: server.url,
    tlsUrl: server.tlsUrl ?? '',
    certificateFile,
    today: calendar.dayOf(start),
    faults,
    openStreams: () => exchange.streams.count,
    async close() {
      await server.close();
      exchange.close();
      rmSync(folder, { recursive: true });
    },
  };
}
