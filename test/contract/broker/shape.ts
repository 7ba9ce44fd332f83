// A small language for the shapes of JSON: what each field of an answer must be, and where an answer departs from it.

/** Why a value does not fit, each place by its path; empty when it does. */
export type Shape = (value: unknown, path: string) => readonly string[];

const said = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

const fits =
  (what: string, test: (value: unknown) => boolean): Shape =>
  (value, path) =>
    test(value) ? [] : [`${path}: ${said(value)} is no ${what}`];
const texts = (what: string, form: RegExp): Shape => fits(what, (value) => typeof value === 'string' && form.test(value));

export const text = texts('text', /\S/);
export const anyText = texts('text', /^/);
/** Plain decimal text: no exponent, no bare point, no sign but minus. */
export const decimal = texts('decimal', /^-?\d+(\.\d+)?$/);
export const unsigned = texts('unsigned decimal', /^\d+(\.\d+)?$/);
export const uuid = texts('UUID', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const instant = texts('instant in UTC', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/);
/** An instant with an offset of its own, as the clock gives it. */
export const zoned = texts('instant', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/);
export const day = texts('day', /^\d{4}-\d{2}-\d{2}$/);
export const hhmm = texts('time HH:MM', /^([01]\d|2[0-3]):[0-5]\d$/);
export const occ = texts('OCC symbol', /^[A-Z]{1,6}\d?\d{6}[CP]\d{8}$/);
export const bool = fits('boolean', (value) => typeof value === 'boolean');
export const number = fits('number', (value) => typeof value === 'number' && Number.isFinite(value));
export const whole = fits('whole number', (value) => Number.isSafeInteger(value));
export const nothing = fits('null', (value) => value === null);
export const anything: Shape = () => [];

export const oneOf = (...allowed: readonly (string | number)[]): Shape =>
  fits(`one of ${allowed.join(' ')}`, (value) => allowed.some((one) => one === value));

export const either =
  (...shapes: readonly Shape[]): Shape =>
  (value, path) => {
    const flaws = shapes.map((shape) => shape(value, path));
    return flaws.some((list) => list.length === 0) ? [] : (flaws[0] ?? []);
  };
export const orNull = (shape: Shape): Shape => either(shape, nothing);

const optionalShapes = new WeakSet<Shape>();
/** A field that may be absent. */
export function optional(shape: Shape): Shape {
  const made: Shape = (value, path) => shape(value, path);
  optionalShapes.add(made);
  return made;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with at least these fields; what it has beyond them is nobody's business here. */
export const object =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: ${said(value)} is no object`];
    return Object.entries(fields).flatMap(([name, shape]) => {
      if (!Object.hasOwn(value, name)) return optionalShapes.has(shape) ? [] : [`${path}.${name} is missing`];
      return shape(value[name], `${path}.${name}`);
    });
  };

export const listOf =
  (shape: Shape): Shape =>
  (value, path) =>
    Array.isArray(value) ? value.flatMap((one, i) => shape(one, `${path}[${String(i)}]`)) : [`${path}: ${said(value)} is no list`];

/** A list of just so many, each with its own shape. */
export const tuple =
  (...shapes: readonly Shape[]): Shape =>
  (value, path) => {
    if (!Array.isArray(value) || value.length !== shapes.length) return [`${path}: ${said(value)} is no list of ${String(shapes.length)}`];
    return shapes.flatMap((shape, i) => shape(value[i], `${path}[${String(i)}]`));
  };

/** An object whose every value has the shape. */
export const mapOf =
  (shape: Shape): Shape =>
  (value, path) =>
    isObject(value) ? Object.entries(value).flatMap(([name, one]) => shape(one, `${path}.${name}`)) : [`${path}: ${said(value)} is no map`];
