// The id of an option contract: its OCC symbol itself, packed into a UUID, so that an id is understood whenever and by whomever it was handed out.
import { createHash } from 'node:crypto';

const occ = /^([A-Z]{1,6}\d?)(\d{6})([CP])(\d{8})$/;
const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-4([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{12})$/i;

const ALPHABET = '.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const BASE = BigInt(ALPHABET.length);
const ROOT_LENGTH = 7;
const DATES = 1_000_000n;
const STRIKES = 100_000_000n;
/** A UUID of version 4 has 122 bits of its own: 85 for the symbol, the rest to tell an id of ours from any other. */
const CHECK_BITS = 37n;

const checkOf = (symbol: string): bigint =>
  BigInt(`0x${createHash('sha256').update(symbol).digest('hex').slice(0, 16)}`) >> (64n - CHECK_BITS);

function packed(root: string, date: string, right: string, strike: string): bigint {
  let n = 0n;
  for (const letter of root.padEnd(ROOT_LENGTH, '.')) n = n * BASE + BigInt(ALPHABET.indexOf(letter));
  return ((n * DATES + BigInt(date)) * 2n + (right === 'P' ? 1n : 0n)) * STRIKES + BigInt(strike);
}

function unpacked(n: bigint): string {
  const strike = String(n % STRIKES).padStart(8, '0');
  let rest = n / STRIKES;
  const right = rest % 2n === 1n ? 'P' : 'C';
  rest /= 2n;
  const date = String(rest % DATES).padStart(6, '0');
  rest /= DATES;
  let root = '';
  for (let i = 0; i < ROOT_LENGTH; i++) {
    root = ALPHABET.charAt(Number(rest % BASE)) + root;
    rest /= BASE;
  }
  return `${root.replaceAll('.', '')}${date}${right}${strike}`;
}

/** The id of a contract, a valid version 4 UUID; undefined for what is no OCC symbol. */
export function contractId(symbol: string): string | undefined {
  const [, root, date, right, strike] = occ.exec(symbol) ?? [];
  if (root === undefined || date === undefined || right === undefined || strike === undefined) return undefined;
  const bits = (packed(root, date, right, strike) << CHECK_BITS) | checkOf(symbol);
  const head = (bits >> 74n).toString(16).padStart(12, '0');
  const middle = ((bits >> 62n) & 0xfffn).toString(16).padStart(3, '0');
  const tail = ((bits & ((1n << 62n) - 1n)) | (1n << 63n)).toString(16);
  return `${head.slice(0, 8)}-${head.slice(8)}-4${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The OCC symbol behind a contract's id; undefined for any other text. */
export function contractOfId(text: string): string | undefined {
  const [, a, b, c, d, e] = uuid.exec(text) ?? [];
  if (a === undefined) return undefined;
  const tail = BigInt(`0x${d ?? ''}${e ?? ''}`) & ((1n << 62n) - 1n);
  const bits = (BigInt(`0x${a}${b ?? ''}`) << 74n) | (BigInt(`0x${c ?? ''}`) << 62n) | tail;
  const symbol = unpacked(bits >> CHECK_BITS);
  return contractId(symbol) === text.toLowerCase() ? symbol : undefined;
}
