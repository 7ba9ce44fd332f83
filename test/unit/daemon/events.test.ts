// docs/events.md and the code name the same events with the same fields; read off the syntax tree, so that no call escapes.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isTerminal, orderStates } from '../../../src/domain/order.ts';
import { filesIn, textOf } from '../../tidy/repository.ts';

interface Said {
  readonly event: string;
  readonly where: string;
  readonly fields: readonly string[];
  /** Some fields come from elsewhere (a spread): the list in the call is not all of them. */
  readonly open: boolean;
}

/** What a computed name can become; a new template needs a line here. */
const expansions: ReadonlyMap<string, readonly string[]> = new Map([
  ['order.*', orderStates.filter((s) => isTerminal(s) && s !== 'filled').map((s) => `order.${s}`)],
  ['breaker.*', ['open', 'half_open', 'closed'].map((s) => `breaker.${s}`)],
  ['position.*', ['assignment', 'exercise', 'expiry'].map((s) => `position.${s}`)],
]);

function namesOf(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return /^[a-z_]+(\.[a-z_]+)+$/.test(node.text) ? [node.text] : [];
  if (ts.isConditionalExpression(node)) return [...namesOf(node.whenTrue), ...namesOf(node.whenFalse)];
  if (!ts.isTemplateExpression(node)) return [];
  const pattern = `${node.head.text}${node.templateSpans.map((s) => `*${s.literal.text}`).join('')}`;
  return expansions.get(pattern) ?? [`unexpanded template ${pattern}`];
}

/** `named`: the object itself says which event it is. */
function fieldsOf(node: ts.Node | undefined, named: boolean): Pick<Said, 'fields' | 'open'> {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return { fields: [], open: true };
  const fields = node.properties.flatMap((p) =>
    p.name !== undefined && ts.isIdentifier(p.name) && (p.name.text !== 'event' || !named) ? [p.name.text] : [],
  );
  return { fields, open: node.properties.some(ts.isSpreadAssignment) };
}

/** `note(draft, name, severity, fields)`, `log(name, fields)`, `say(name, fields)`, and objects with an `event`. */
function saidIn(path: string): readonly Said[] {
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2023, true);
  const found: Said[] = [];
  const add = (name: ts.Expression | undefined, fields: ts.Node | undefined, named = false): void => {
    if (name === undefined) return;
    for (const event of namesOf(name)) found.push({ event, where: path, ...fieldsOf(fields, named) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
      if (callee === 'note') add(node.arguments[1], node.arguments[3]);
      if (callee === 'log' || callee === 'say') add(node.arguments[0], node.arguments[1]);
    }
    if (ts.isObjectLiteralExpression(node)) {
      const event = node.properties.find((p): p is ts.PropertyAssignment => ts.isPropertyAssignment(p) && p.name.getText() === 'event');
      add(event?.initializer, node, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const said = ['engine', 'daemon', 'cli', 'alpaca'].flatMap((folder) => filesIn(`src/${folder}`, '.ts')).flatMap(saidIn);
const rows = textOf('docs/events.md')
  .split('\n')
  .flatMap((line) => {
    const [, event, , , fields] = line.split('|').map((cell) => cell.trim());
    const name = /^`([a-z_]+(?:\.[a-z_]+)+)`$/.exec(event ?? '')?.[1];
    return name === undefined ? [] : [{ event: name, fields: [...(fields ?? '').matchAll(/`(\w+)`/g)].map((m) => m[1] ?? '') }];
  });

describe('docs/events.md', () => {
  it('is held against calls that were found', () => {
    expect(new Set(said.map((s) => s.event)).size).toBeGreaterThan(70);
  });
  it('lists every event once', () => {
    expect(rows.map((r) => r.event)).toEqual([...new Set(rows.map((r) => r.event))]);
  });
  it('lists what the code says, and nothing else', () => {
    expect(rows.map((r) => r.event).sort()).toEqual([...new Set(said.map((s) => s.event))].sort());
  });
  it('has no event with a field of that name: it would take the place of the event in the line', () => {
    expect(said.filter((s) => s.fields.includes('event')).map((s) => `${s.where}: ${s.event}`)).toEqual([]);
  });
  it('gives each event its fields', () => {
    const wrong = rows.flatMap(({ event, fields }) => {
      const calls = said.filter((s) => s.event === event);
      const told = new Set(calls.flatMap((s) => s.fields));
      const missing = [...told].filter((f) => !fields.includes(f)).map((f) => `${event}: ${f} is not in the list`);
      const invented = calls.some((s) => s.open) ? [] : fields.filter((f) => !told.has(f)).map((f) => `${event}: ${f} is not in the code`);
      return [...missing, ...invented];
    });
    expect(wrong).toEqual([]);
  });
});
