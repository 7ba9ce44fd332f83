import { describe, expect, it } from 'vitest';
import { strategyCodes } from '../../src/domain/ids.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { filesIn, textOf } from './repository.ts';

describe('every strategy of the registry', () => {
  it('has golden cases, named by its id', () => {
    const cases = filesIn('test/golden/strategies', '.json').map((path) => path.slice('test/golden/strategies/'.length));
    expect(strategies.filter(({ id }) => !cases.some((name) => name.startsWith(`${id}-`))).map(({ id }) => id)).toEqual([]);
  });

  it('has the letters of its client order ids', () => {
    expect(strategies.filter(({ id }) => !strategyCodes.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('has a row in the README', () => {
    expect(strategies.filter(({ id }) => !new RegExp(`^\\| \`${id}\` +\\|`, 'm').test(textOf('README.md'))).map(({ id }) => id)).toEqual(
      [],
    );
  });
});
