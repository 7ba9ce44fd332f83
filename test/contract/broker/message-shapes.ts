// The shapes of what market data streams send, each written once.
import { anyText, instant, listOf, number, object, occ, oneOf, optional, orNull, type Shape, text, whole } from './shape.ts';

const conditions = listOf(anyText);
const bars = { S: text, o: number, h: number, l: number, c: number, v: number, n: optional(number), vw: optional(number), t: instant };
/** Messages of the streams of shares and of news by their kind; a msgpack timestamp stands here as the text it means. */
export const messages: Readonly<Record<string, Shape>> = {
  t: object({ S: text, i: whole, x: text, p: number, s: number, c: conditions, z: text, t: instant }),
  q: object({
    ...{ S: text, bx: text, bp: number, bs: orNull(number), ax: text, ap: number, as: orNull(number) },
    ...{ c: conditions, z: text, t: instant },
  }),
  b: object(bars),
  u: object(bars),
  d: object(bars),
  s: object({ S: text, sc: text, sm: anyText, rc: anyText, rm: anyText, z: text, t: instant }),
  l: object({ S: text, u: number, d: number, i: text, z: text, t: instant }),
  i: object({ S: text, p: number, z: text, t: instant }),
  c: object({
    ...{ S: text, x: text, oi: whole, op: number, os: number, oc: conditions },
    ...{ ci: whole, cp: number, cs: number, cc: conditions, z: text, t: instant },
  }),
  x: object({ S: text, i: whole, x: text, p: number, s: number, a: oneOf('C', 'E'), z: text, t: instant }),
  n: object({
    ...{ id: whole, headline: anyText, summary: anyText, author: anyText, created_at: instant, updated_at: instant },
    ...{ url: orNull(anyText), content: anyText, symbols: listOf(text), source: text },
  }),
};
/** Of options: a condition is one text, and no tape is named. */
export const optionMessages: Readonly<Record<string, Shape>> = {
  t: object({ S: occ, t: instant, p: number, s: number, x: text, c: anyText }),
  q: object({ S: occ, t: instant, bx: text, bp: number, bs: number, ax: text, ap: number, as: number, c: anyText }),
};
