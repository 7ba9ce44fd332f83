// The brokers that every part of the contract is checked on, and what it checks of any answer.
import { expect } from 'vitest';
import type { Shape } from './shape.ts';
import { embeddedVenue, paperKeys, paperVenue } from './venues.ts';

type Fields = Readonly<Record<string, unknown>>;

export const expectShape = (shape: Shape, json: unknown): void => expect(shape(json, '$')).toEqual([]);
/** Every field is there and is not null. */
export const expectRequired = (names: readonly string[], json: unknown): void => {
  for (const name of names) expect((json as Fields)[name], name).not.toBeNull();
  expect(Object.keys(json as Fields)).toEqual(expect.arrayContaining([...names]));
};
const paper = paperKeys();
/** Each by its name, whether it is there, and how it is opened. */
export const brokers = [
  ['the embedded exchange', true, embeddedVenue],
  [
    'Alpaca paper (APCA_API_KEY_ID and APCA_API_SECRET_KEY of a paper account)',
    paper !== undefined,
    () => paperVenue(paper ?? { id: '', secret: '' }),
  ],
] as const;
