import { describe, expect, it } from 'vitest';
import { filesIn, textOf } from './repository.ts';

const sources = filesIn('src', '.ts');
const all = [...sources, ...filesIn('test', '.ts'), ...filesIn('scripts', '.ts')];
const words = [
  ...all,
  ...filesIn('docs', '.md'),
  ...filesIn('config', '.toml'),
  ...filesIn('deploy', '.yaml', '.service'),
  'README.md',
  'Dockerfile',
  '.env.example',
];

/** Lines of the given files that match, as `path:line: text`; the lists of this file itself are no finding. */
const linesWith = (paths: readonly string[], pattern: RegExp): readonly string[] =>
  paths
    .filter((path) => !path.startsWith('test/tidy/'))
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 80)}`] : [])),
    );

describe('every source file', () => {
  it('is there to be looked at', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('has at most 400 lines', () => {
    expect(all.filter((path) => textOf(path).trimEnd().split('\n').length > 400)).toEqual([]);
  });

  it('says its one job in its first line', () => {
    expect(sources.filter((path) => !/^(#!.*\n)?\/\/ \S/.test(textOf(path)))).toEqual([]);
  });

  it('is named in kebab case', () => {
    expect(all.filter((path) => !/\/[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(path))).toEqual([]);
  });

  it('defers nothing', () => {
    expect(linesWith(sources, /\b(TODO|FIXME|XXX|HACK)\b|(?<!\.)\bplaceholder\b|\bnot (yet )?implemented\b|\bcoming soon\b/i)).toEqual([]);
  });

  it('silences no checker without a reason', () => {
    expect(linesWith(all, /@ts-ignore|@ts-nocheck/)).toEqual([]);
    expect(linesWith(all, /@ts-expect-error\s*$|eslint-disable(?!.* -- \S)|biome-ignore [^:]+:\s*$/)).toEqual([]);
  });

  it('focuses and skips no test by hand', () => {
    expect(linesWith(all, /\b(it|test|describe)\.(only|skip|todo)\(/)).toEqual([]);
  });
});

describe('the words of the repository', () => {
  it('name no path of the machine it was written on', () => {
    expect(linesWith(words, /(^|[\s"'`(=:])\/(work|home|root|Users)\/|[A-Z]:\\\\/)).toEqual([]);
  });

  it('name no package registry', () => {
    expect(linesWith(words, /registry\.(npmjs|yarnpkg)|npmjs\.(org|com)|artifactory|verdaccio|jfrog/i)).toEqual([]);
  });
});
