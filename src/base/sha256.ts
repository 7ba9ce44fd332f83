// SHA-256 (FIPS 180-4) without a platform module, because the core derives order ids and may not import node built-ins.

const K = new Uint32Array(64);
const H0 = new Uint32Array(8);
(() => {
  // The constants are the fractional parts of cube and square roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3).
  const frac = (x: number): number => ((x - Math.floor(x)) * 4294967296) >>> 0;
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    K[found] = frac(Math.cbrt(n));
    if (found < 8) H0[found] = frac(Math.sqrt(n));
    found++;
  }
})();

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

function compress(h: Uint32Array, w: Uint32Array): void {
  const at = (a: Uint32Array, i: number): number => a[i] as number;
  for (let i = 16; i < 64; i++) {
    const x = at(w, i - 15);
    const y = at(w, i - 2);
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) >>> 0;
  }
  let [a, b, c, d, e, f, g, k] = h as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const t1 = (k + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(w, i)) >>> 0;
    const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [k, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  [a, b, c, d, e, f, g, k].forEach((v, i) => {
    h[i] = (at(h, i) + v) >>> 0;
  });
}

function utf8(text: string): number[] {
  const out: number[] = [];
  for (const char of text) {
    const p = char.codePointAt(0) as number;
    if (p < 0x80) out.push(p);
    else if (p < 0x800) out.push(0xc0 | (p >> 6), 0x80 | (p & 63));
    else if (p < 0x10000) out.push(0xe0 | (p >> 12), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
    else out.push(0xf0 | (p >> 18), 0x80 | ((p >> 12) & 63), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63));
  }
  return out;
}

/** SHA-256 of the UTF-8 bytes of `text`: 32 bytes. */
export function sha256(text: string): Uint8Array {
  const bytes = utf8(text);
  const bits = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (const shift of [24, 16, 8, 0]) bytes.push((Math.floor(bits / 4294967296) >>> shift) & 255);
  for (const shift of [24, 16, 8, 0]) bytes.push((bits >>> shift) & 255);
  const h = Uint32Array.from(H0);
  const w = new Uint32Array(64);
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i++) {
      const o = block + i * 4;
      w[i] =
        (((bytes[o] as number) << 24) | ((bytes[o + 1] as number) << 16) | ((bytes[o + 2] as number) << 8) | (bytes[o + 3] as number)) >>>
        0;
    }
    compress(h, w);
  }
  const out = new Uint8Array(32);
  h.forEach((v, i) => {
    for (let b = 0; b < 4; b++) out[i * 4 + b] = (v >>> (24 - 8 * b)) & 255;
  });
  return out;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256Hex(text: string): string {
  return [...sha256(text)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first `length` base32 characters (RFC 4648 alphabet, lower case) of the SHA-256 of `text`. */
export function sha256Base32(text: string, length: number): string {
  const bytes = sha256(text);
  let out = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      out += BASE32.charAt((buffer >> (bits - 5)) & 31);
      bits -= 5;
    }
    buffer &= 0xff;
  }
  return out;
}
