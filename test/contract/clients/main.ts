// One client's story as a process of its own, which has to end by itself: node --import tsx main.ts CLIENT TODAY, the exchange in
// EXCHANGE_URL and EXCHANGE_TLS_URL. Prints the table of steps as JSON on its last line.
import { env, stdout } from 'node:process';
import { independent } from './independent.ts';
import { sdk3 } from './sdk-3.ts';
import { sdk4 } from './sdk-4.ts';
import { tell } from './story.ts';

const makers = { 'sdk-4': sdk4, 'sdk-3': sdk3, independent };
const [, , name = '', today = ''] = process.argv;
const make = makers[name as keyof typeof makers];
const where = { url: env['EXCHANGE_URL'] ?? '', tlsUrl: env['EXCHANGE_TLS_URL'] ?? '', key: 'story', secret: 'story' };
const client = make(where);
try {
  stdout.write(`${JSON.stringify(await tell(client, today))}\n`);
} finally {
  client.end();
}
