import { afterEach, describe, expect, it } from 'vitest';
import { type VirtualGlobals, virtualGlobals } from '../../../src/lab/virtual-globals.ts';

const START = Date.UTC(2026, 10, 23, 14, 35);
let globals: VirtualGlobals | null = null;
const begin = (random: () => number = () => 0.25): VirtualGlobals => {
  globals = virtualGlobals(START, random);
  return globals;
};
afterEach(() => {
  globals?.restore();
  globals = null;
});
const ringAll = async (g: VirtualGlobals): Promise<void> => {
  while (await g.step());
};

describe('virtual globals', () => {
  it('stand still but for the timers that ring', async () => {
    const g = begin();
    expect([Date.now(), new Date().toISOString(), performance.now(), g.now()]).toEqual([START, '2026-11-23T14:35:00.000Z', 0, 0]);
    let at = 0;
    setTimeout(() => {
      at = Date.now();
    }, 90_000);
    expect(await g.step()).toBe(true);
    expect([at, Date.now(), performance.now()]).toEqual([START + 90_000, START + 90_000, 90_000]);
    expect(await g.step()).toBe(false);
  });

  it('leave Date otherwise as it is', () => {
    const real = new Date(START);
    begin();
    expect(new Date(2026, 1, 3).getMonth()).toBe(1);
    expect(new Date('2026-02-03T00:00:00Z').getTime()).toBe(Date.UTC(2026, 1, 3));
    expect(real instanceof Date).toBe(true);
    expect(new Date(5) instanceof Date).toBe(true);
    expect({} instanceof Date).toBe(false);
  });

  it('draw Math.random from what they are given, and give everything back', () => {
    const real = [Math.random, Date, setTimeout, setInterval, clearTimeout, clearInterval];
    const g = begin(() => 0.75);
    expect(Math.random()).toBe(0.75);
    g.restore();
    globals = null;
    expect([Math.random, Date, setTimeout, setInterval, clearTimeout, clearInterval]).toEqual(real);
  });

  it('exist once at a time', () => {
    begin();
    expect(() => virtualGlobals(START, () => 0)).toThrow(/one world at a time/);
  });

  it('let promises settle between two timers, never across them', async () => {
    const g = begin();
    const seen: string[] = [];
    const life = g.life('a');
    life.after(1, () => {
      void (async () => {
        for (let i = 0; i < 50; i++) await Promise.resolve();
        seen.push('settled');
        await new Response('body').text();
        seen.push('read');
      })();
    });
    life.after(1, () => seen.push('next timer'));
    await ringAll(g);
    expect(seen).toEqual(['settled', 'read', 'next timer']);
  });
});

describe('a life', () => {
  it('takes its timers with it, those included that its code set through the globals', async () => {
    const g = begin();
    const rung: string[] = [];
    const dying = g.life('dying');
    const other = g.life('other');
    dying.after(1, () => {
      setTimeout(() => rung.push('late timeout'), 100);
      setInterval(() => rung.push('interval'), 30);
      void Promise.resolve().then(() => setTimeout(() => rung.push('from a promise'), 50));
    });
    dying.every(20, () => rung.push('every'));
    other.after(25, () => dying.end());
    other.after(200, () => rung.push('other'));
    await ringAll(g);
    expect(rung).toEqual(['every', 'other']);
    expect(dying.ended).toBe(true);
  });

  it('that has ended sets no further timer, not even in the step in which it ended', async () => {
    const g = begin();
    const rung: string[] = [];
    const life = g.life('dying');
    life.after(1, () => {
      life.end();
      setTimeout(() => rung.push('same step'), 1);
      void Promise.resolve().then(() => setTimeout(() => rung.push('same step, later'), 1));
      life.after(1, () => rung.push('by name'));
    });
    await ringAll(g);
    expect(rung).toEqual([]);
  });

  it('cancels a timer once and for all', async () => {
    const g = begin();
    const rung: string[] = [];
    const life = g.life('a');
    const cancel = life.after(5, () => rung.push('cancelled'));
    const stop = life.every(5, () => {
      rung.push('tick');
      if (rung.length === 3) stop();
    });
    cancel();
    cancel();
    await ringAll(g);
    expect(rung).toEqual(['tick', 'tick', 'tick']);
  });
});
