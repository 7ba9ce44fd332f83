import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../src/alpaca/faults.ts';
import { environment } from '../../src/config/env.ts';
import { sections } from '../../src/config/schema.ts';
import { reasonCodes } from '../../src/domain/reasons.ts';
import { denialCodes } from '../../src/domain/verdict.ts';
import { codesIn, root, textOf } from './repository.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly resolved?: string;
        readonly integrity?: string;
        readonly link?: boolean;
        readonly inBundle?: boolean;
        readonly optional?: boolean;
        readonly os?: readonly string[];
        readonly cpu?: readonly string[];
        readonly libc?: readonly string[];
      }
    >
  >;
}

const sorted = (list: Iterable<string>): readonly string[] => [...list].sort();
const folders = (path: string): readonly string[] =>
  readdirSync(`${root}${path}`, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name);

describe('the documents', () => {
  it.each([
    ['docs/denials.md', denialCodes],
    ['docs/reasons.md', reasonCodes],
    ['docs/errors.md', Object.keys(faultKinds)],
  ] as const)('%s explains each code once, and no other', (path, codes) => {
    expect(sorted(codesIn(textOf(path)))).toEqual(sorted(codes));
  });

  it('docs/configuration.md names every section and every key of its own sections', () => {
    const text = textOf('docs/configuration.md');
    const missing = Object.entries(sections.shape).flatMap(([name, schema]) => {
      const inner = 'in' in schema.def ? schema.def.in : schema;
      const keys = Object.keys((inner as { readonly shape: object }).shape);
      const told = (key: string) => text.includes(`\`${key}\``) || text.includes(`[${name}.${key}]`);
      return [...(text.includes(`\`[${name}]\``) ? [] : [name]), ...keys.filter((key) => !told(key)).map((key) => `${name}.${key}`)];
    });
    expect(missing).toEqual([]);
  });

  it('docs/dependencies.md gives every direct dependency its line', () => {
    const manifest = JSON.parse(textOf('package.json')) as Manifest;
    const text = textOf('docs/dependencies.md');
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => !name.startsWith('@types/'));
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('docs/architecture.md and the layer rules have a row for each folder', () => {
    const rows = codesIn(textOf('docs/architecture.md'));
    const cruiser = textOf('.dependency-cruiser.cjs');
    const table = cruiser.slice(cruiser.indexOf('const may = {'), cruiser.indexOf('const npm = {'));
    const rules = table.matchAll(/^(?: {2}|may\.)(\w+)(?:: \[| =)/gm);
    expect(sorted(rows)).toEqual(sorted(folders('src')));
    expect(sorted([...rules].map((match) => match[1] ?? ''))).toEqual(sorted(folders('src')));
  });

  it('.env.example lists exactly the variables that are read by name', () => {
    const listed = [...textOf('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
    expect(sorted(listed)).toEqual(sorted(Object.keys(environment)));
  });
});

describe('the lockfile', () => {
  const packages = Object.entries((JSON.parse(textOf('package-lock.json')) as Lock).packages).filter(([path]) => path !== '');

  it('names no host that packages would have to come from', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "(http|git|ssh|file)/);
  });

  it('carries the integrity of every package that can be installed on glibc Linux, x64 or arm64', () => {
    expect(packages.length).toBeGreaterThan(100);
    // Optional builds for other systems stand in the lockfile by version alone: they are named, and never fetched here.
    const elsewhere = (p: Lock['packages'][string]): boolean =>
      p.optional === true &&
      (p.os?.includes('linux') === false ||
        p.libc?.includes('musl') === true ||
        !(p.cpu ?? ['x64']).some((cpu) => cpu === 'x64' || cpu === 'arm64'));
    const bare = packages.filter(([, p]) => p.integrity === undefined && p.link !== true && p.inBundle !== true && !elsewhere(p));
    expect(bare.map(([path]) => path)).toEqual([]);
  });
});
