import { describe, expect, it } from 'vitest';
import type { LoadRequest } from '../../../src/config/load.ts';
import { loadSecrets } from '../../../src/config/secrets.ts';
import { configured, workspace } from './workspace.ts';

const limits = `[risk]
fat_finger_usd = "5000.00"
fat_finger_pct = 0.05
fat_finger_index_fund_pct = 0.2
contracts_max = 2
cash_buffer_pct = 0.1
`;

function load({ own, ...request }: Partial<LoadRequest> & { readonly own?: string }) {
  const loaded = configured({ 'own.toml': own ?? limits }).load({ paths: ['own.toml'], ...request });
  return loaded.ok
    ? { code: 0, text: '', config: loaded.config, warnings: loaded.warnings }
    : { code: loaded.exitCode, text: loaded.problems.join('\n') };
}

const confirmed = { WSB_LIVE: '123456789' };

describe('the live fence', () => {
  it('opens when mode, host and account number agree', () => {
    expect(load({ mode: 'live', env: confirmed })).toMatchObject({ code: 0, config: { liveAccount: '123456789', run: { mode: 'live' } } });
  });

  it.each([
    ['no account number', { env: {} }, 25, 'set WSB_LIVE'],
    ['a blank account number', { env: { WSB_LIVE: '  ' } }, 25, 'set WSB_LIVE'],
    ['an exchange in place of the broker', { env: confirmed, exchange: 'http://127.0.0.1:9' }, 25, '--exchange is refused in live'],
    [
      'the paper host',
      { env: { ...confirmed, WSB__BROKER__TRADING_URL: 'https://paper-api.alpaca.markets' } },
      25,
      'live needs the live host',
    ],
    ['a host of this machine', { env: { ...confirmed, WSB__BROKER__TRADING_URL: 'http://127.0.0.1:9' } }, 25, 'live needs the live host'],
    [
      'fills from the paper account',
      { env: { ...confirmed, WSB__BROKER__STREAM_URL: 'wss://paper-api.alpaca.markets/stream' } },
      25,
      'another account',
    ],
    ['a file that says paper', { env: confirmed, own: `[run]\nmode = "paper"\n${limits}` }, 25, 'own.toml says another run.mode'],
    ['limits nobody stated', { env: confirmed, own: '' }, 20, 'risk.fat_finger_usd: must be stated by you'],
    ['a run faster than the world', { env: { ...confirmed, WSB__RUN__SPEED: '2' } }, 20, 'run.speed'],
    [
      'a stream in the clear',
      { env: { ...confirmed, WSB__BROKER__STREAM_URL: 'ws://api.alpaca.markets/stream' } },
      20,
      'must be encrypted',
    ],
  ])('stays shut: %s', (_, request, code, text) => {
    const loaded = load({ mode: 'live', ...request });
    expect(loaded.code).toBe(code);
    expect(loaded.text).toContain(text);
  });

  it('takes limits from variables as stated', () => {
    const env = { ...confirmed, WSB__RISK__CONTRACTS_MAX: '1' };
    expect(load({ mode: 'live', env, own: limits.replace('contracts_max = 2\n', '') })).toMatchObject({
      code: 0,
      config: { risk: { contractsMax: 1 } },
    });
  });

  it('does not ask them of play money', () => {
    expect(load({ mode: 'paper', own: '' }).code).toBe(0);
  });
});

describe('the other fences', () => {
  it.each([
    [
      'paper on the live host',
      {
        mode: 'paper',
        env: { WSB__BROKER__TRADING_URL: 'https://api.alpaca.markets', WSB__BROKER__STREAM_URL: 'wss://api.alpaca.markets/stream' },
      },
      25,
    ],
    [
      'paper on a host of nobody',
      { mode: 'paper', env: { WSB__BROKER__TRADING_URL: 'https://example.org', WSB__BROKER__STREAM_URL: 'wss://example.org' } },
      20,
    ],
    ['market data from elsewhere', { mode: 'paper', env: { WSB__BROKER__DATA_URL: 'https://example.org' } }, 20],
    ['a feed the stream does not serve', { mode: 'paper', env: { WSB__BROKER__FEED: 'sip' } }, 20],
    ['keys inside a URL', { mode: 'paper', env: { WSB__BROKER__DATA_URL: 'https://a:b@data.alpaca.markets' } }, 20],
    ['an exchange on another machine', { mode: 'paper', exchange: 'http://10.0.0.7:80' }, 25],
    ['an exchange on a name that only begins like this machine', { mode: 'sim', exchange: 'http://127.0.0.1.example.org' }, 25],
    ['APCA_API_BASE_URL of another host', { mode: 'paper', env: { APCA_API_BASE_URL: 'https://api.alpaca.markets' } }, 20],
    [
      'APCA_API_BASE_URL beside an exchange',
      { mode: 'paper', exchange: 'http://127.0.0.1:9', env: { APCA_API_BASE_URL: 'https://paper-api.alpaca.markets' } },
      20,
    ],
    ['APCA_API_BASE_URL of the same host', { mode: 'paper', env: { APCA_API_BASE_URL: 'https://paper-api.alpaca.markets/v2' } }, 0],
    ['paper on an exchange of this machine', { mode: 'paper', exchange: 'http://127.0.0.1:9' }, 0],
    [
      'dry-run on the paper hosts',
      {
        mode: 'dry-run',
        env: {
          WSB__BROKER__TRADING_URL: 'https://paper-api.alpaca.markets',
          WSB__BROKER__STREAM_URL: 'wss://paper-api.alpaca.markets/stream',
        },
      },
      0,
    ],
  ])('judges %s', (_, request, code) => {
    expect(load(request).code).toBe(code);
  });

  it('says so when the metrics can be read from other machines', () => {
    expect(load({ mode: 'sim', env: { WSB__HTTP__HOST: '0.0.0.0' } }).warnings).toEqual([
      'http.host: 0.0.0.0 can be reached from other machines, and /metrics asks for no token',
    ]);
    expect(load({ mode: 'sim', env: { WSB__HTTP__HOST: '::1' } }).warnings).toEqual([]);
  });
});

describe('keys beyond the fence', () => {
  const live = 'https://api.alpaca.markets';
  const paper = 'https://paper-api.alpaca.markets';
  it.each([
    ['live', 'PKABC', live, undefined, 25],
    ['live', 'AKABC', live, undefined, 0],
    ['paper', 'AKABC', paper, undefined, 25],
    ['paper', 'PKABC', paper, undefined, 0],
    ['paper', 'nonsense', paper, undefined, 0],
    ['paper', 'AKABC', paper, 'http://127.0.0.1:9', 0],
    ['dry-run', 'PKABC', live, undefined, 25],
    ['dry-run', 'AKABC', paper, undefined, 25],
    ['dry-run', 'PKABC', paper, undefined, 0],
  ] as const)('%s with key %s on %s (exchange %s) gives %i', (mode, id, tradingUrl, exchange, code) => {
    const place = workspace();
    const loaded = loadSecrets({ mode, cwd: place.dir, tradingUrl, exchange, env: { APCA_API_KEY_ID: id, APCA_API_SECRET_KEY: 's3cret' } });
    expect(loaded.ok ? 0 : loaded.exitCode).toBe(code);
    expect(JSON.stringify(loaded)).not.toContain('s3cret');
  });
});
