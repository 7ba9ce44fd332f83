// One line of comma-separated values after RFC 4180, strictly: what is not well formed is a fault, never a guess.

export type Fields =
  | { readonly kind: 'fields'; readonly fields: readonly string[] }
  /** `field` counts from 1. */
  | { readonly kind: 'fault'; readonly field: number; readonly why: string };

const COMMA = 44;
const QUOTE = 34;

/** The quoted field that begins at `from`: its text, and the place just behind its closing quote; undefined when it never closes. */
function quoted(line: string, from: number): { readonly text: string; readonly end: number } | undefined {
  for (let at = line.indexOf('"', from + 1); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line.charCodeAt(at + 1) !== QUOTE) return { text: line.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}

function withQuotes(line: string): Fields {
  const fields: string[] = [];
  const fault = (why: string): Fields => ({ kind: 'fault', field: fields.length + 1, why });
  for (let at = 0; ; at++) {
    let end: number;
    if (line.charCodeAt(at) === QUOTE) {
      const field = quoted(line, at);
      if (field === undefined) return fault('a quote is opened and not closed on its line');
      if (field.end < line.length && line.charCodeAt(field.end) !== COMMA) return fault('text follows a closing quote');
      fields.push(field.text);
      end = field.end;
    } else {
      const comma = line.indexOf(',', at);
      end = comma < 0 ? line.length : comma;
      const text = line.slice(at, end);
      if (text.includes('"')) return fault('a quote stands inside a field that does not begin with one');
      fields.push(text);
    }
    if (end >= line.length) return { kind: 'fields', fields };
    at = end;
  }
}

/**
 * The fields of one line (without its line end). Quotes only around a whole field, doubled inside; a field cannot hold a line end.
 * Source: Y. Shafranovich, RFC 4180, 2005, section 2, but for its line breaks inside quotes.
 */
export const fieldsOf = (line: string): Fields => (line.includes('"') ? withQuotes(line) : { kind: 'fields', fields: line.split(',') });
