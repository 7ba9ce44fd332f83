// Which way a price goes, and what that means for levels, moves and options: rules are written once and hold both ways.
import type { Right } from '../../domain/instrument.ts';
import { micros } from './context.ts';
import { change } from './intraday.ts';

/** 1 for a rise, -1 for a fall. */
export type Way = 1 | -1;
export const ways = [1, -1] as const;
export const opposite = (way: Way): Way => (way === 1 ? -1 : 1);

/** What is bought for it. */
export const rightOf = (way: Way): Right => (way === 1 ? 'call' : 'put');

/** `up` or `down`. */
export const wordOf = (way: Way): 'up' | 'down' => (way === 1 ? 'up' : 'down');

/** Further one's way: above for a rise, below for a fall. In micros: floats of quotes carry noise in the last bits. */
export const beyond = (way: Way, price: number, level: number): boolean => way * (micros(price) - micros(level)) > 0;

/** A move from a level one's way, positive when it went there. */
export const gained = (way: Way, price: number, level: number): number => way * change(price, level);

/** The value furthest one's way: the highest for a rise. Infinite one's other way where there is none. */
export const farthest = (way: Way, values: readonly number[]): number => (way === 1 ? Math.max(...values) : Math.min(...values));
