// A person's word inside the engine: who may, what is taken back, what goes on, and that a restart forgets none of it.
import { describe, expect, it } from 'vitest';
import { type ControlOrder, type Role, roleFor, roles } from '../../../src/domain/control.ts';
import { parseScope } from '../../../src/domain/halt.ts';
import { strategyId, symbol } from '../../../src/domain/ids.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { Turn } from '../../../src/domain/turn.ts';
import { buy, sell } from '../risk/contexts.ts';
import { holding, market, put, shortPuts, working } from './scenes.ts';
import type { EngineWorld } from './world.ts';

let keys = 0;
const ask = (w: EngineWorld, order: ControlOrder, role: Role = 'admin'): Turn => {
  keys += 1;
  return w.push({ kind: 'control', request: { key: `key-${String(keys)}`, actor: 'person', role, reason: 'said so', order, digest: 'd' } });
};
const scope = (text: string) => {
  const found = parseScope(text);
  if (found === undefined) throw new Error(`no scope: ${text}`);
  return found;
};
const stand = (w: EngineWorld, verb: 'halt' | 'freeze' | 'flatten', on = 'account'): Turn => ask(w, { verb, scope: scope(on) });
const resume = (w: EngineWorld, on = 'account'): Turn => ask(w, { verb: 'resume', scope: scope(on) });
const flip = (w: EngineWorld, verb: 'enable' | 'disable', id = 'base'): Turn => ask(w, { verb, strategy: strategyId(id) });
const codeOf = ({ control }: Turn): string | undefined =>
  control?.outcome.result === 'refused' ? control.outcome.code : control?.outcome.result;

describe('scopes', () => {
  it.each(['account', 'strategy:wheel', 'symbol:AAPL', 'symbol:BRK.B'])('%s is one', (text) => {
    expect(parseScope(text)).toBeDefined();
  });
  it.each(['', 'strategy', 'strategy:nobody', 'symbol:', 'symbol:aapl', `symbol:${put}`, 'symbol:A:B', 'owned', 'ACCOUNT'])(
    '"%s" is none',
    (text) => {
      expect(parseScope(text)).toBeUndefined();
    },
  );
});

describe('roles', () => {
  const orders: readonly ControlOrder[] = [
    { verb: 'halt', scope: { kind: 'account' } },
    { verb: 'freeze', scope: { kind: 'account' } },
    { verb: 'flatten', scope: { kind: 'account' } },
    { verb: 'resume', scope: { kind: 'account' } },
    { verb: 'enable', strategy: strategyId('base') },
    { verb: 'disable', strategy: strategyId('base') },
    { verb: 'exit', symbol: symbol('ABC'), owner: null },
    { verb: 'reconcile', found: null },
    { verb: 'stop', policy: 'leave', marketOpen: true, budgetMs: 1 },
    { verb: 'issue_token', token: { id: 'a', role: 'admin', name: 'a', hash: 'a', createdWall: 0, expiresWall: 1, revokedWall: null } },
    { verb: 'revoke_token', id: 'a', wall: 1 },
  ];
  const cases = orders.flatMap((order) => roles.map((role) => [role, order.verb, order] as const));
  it.each(cases)('%s asking for %s', (role, verb, order) => {
    const w = market();
    const before = { halts: w.beliefs.halts, off: [...w.beliefs.off], tokens: w.beliefs.tokens.size, stopping: w.beliefs.shutdownPhase() };
    const turn = ask(w, order, role);
    const may = roles.indexOf(role) >= roles.indexOf(roleFor(verb));
    expect(codeOf(turn) === 'ROLE').toBe(!may);
    if (may) return;
    expect({ halts: w.beliefs.halts, off: [...w.beliefs.off], tokens: w.beliefs.tokens.size, stopping: w.beliefs.shutdownPhase() }).toEqual(
      before,
    );
    expect(w.notes('control.refused').at(-1)?.detail).toMatchObject({ actor: 'person', role, verb, code: 'ROLE' });
  });
  it('only an admin lets anything grow again', () => {
    expect(['resume', 'enable', 'issue_token', 'revoke_token'].map((verb) => roleFor(verb as ControlOrder['verb']))).toEqual(
      Array(4).fill('admin'),
    );
  });
});

describe('a halt', () => {
  it('takes back openings that work, at once, and lets nothing new leave until it is resumed', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    stand(w, 'halt');
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    w.push({ kind: 'report', report: w.desk.end(id, 'canceled') });
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toEqual([]);
    w.advance(61 * SECOND);
    resume(w);
    w.reconcile();
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toHaveLength(1);
  });
  it('keeps an order from leaving that was recorded and not yet sent', () => {
    const w = market();
    w.lag = 'never';
    const turn = w.open(buy('ABC', 10, 5));
    const id = turn.orders[0]?.id;
    stand(w, 'halt', 'symbol:ABC');
    if (id === undefined) throw new Error('an order was to be recorded');
    w.push({ kind: 'send', id });
    expect(w.take('post')).toEqual([]);
    expect(w.order(id).state).toBe('dropped');
  });
  it('forbids the last step of an order whose request waits to leave', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = w.posted();
    expect(w.beliefs.mayLeave(id)).toBe(true);
    flip(w, 'disable');
    expect(w.beliefs.mayLeave(id)).toBe(false);
  });
  it('leaves exits alone', () => {
    const w = holding(5);
    stand(w, 'halt');
    w.close(sell('ABC', 10, 5));
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
  it.each([
    ['strategy:base', 'ABC', 0],
    ['strategy:dip', 'ABC', 1],
    ['symbol:ABC', 'ABC', 0],
    ['symbol:XYZ', 'ABC', 1],
  ])('on %s lets base open %s: %i', (on, name, posts) => {
    const w = market({ strategies: ['base', 'dip'] });
    stand(w, 'halt', on);
    w.open(buy(name, 10, 5), 'base');
    expect(w.take('post')).toHaveLength(posts);
  });
  it('on a symbol is named in the decision as HALTED, with its reason', () => {
    const w = market();
    stand(w, 'halt', 'symbol:ABC');
    expect(w.open(buy('ABC', 10, 5)).decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'HALTED', why: 'halted: said so' } }]);
  });
  it('stands over a restart, and takes back what an earlier run left working', () => {
    const w = market();
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    w.crash();
    w.boot();
    w.link(true);
    stand(w, 'halt', 'symbol:ABC');
    expect(w.take('cancel')).toContainEqual({ kind: 'cancel', id });
    w.crash();
    w.ready();
    expect(w.beliefs.halts).toMatchObject([{ scope: { kind: 'symbol', symbol: 'ABC' }, level: 'halt', reason: 'said so' }]);
  });
  it('said twice stands once; lifted where none stands says so', () => {
    const w = market();
    expect(stand(w, 'halt').control?.outcome).toMatchObject({ answer: { stood: false } });
    expect(stand(w, 'halt').control?.outcome).toMatchObject({ answer: { stood: true } });
    expect(w.beliefs.halts).toHaveLength(1);
    expect(codeOf(resume(w, 'symbol:ABC'))).toBe('NO_HALT');
    expect(codeOf(resume(w))).toBe('done');
    expect(w.beliefs.modes.has('HALTED')).toBe(false);
  });
  it('of a strategy that does not run here is refused', () => {
    const w = market();
    expect(codeOf(stand(w, 'halt', 'strategy:lotto'))).toBe('NO_STRATEGY');
    expect(codeOf(resume(w, 'strategy:lotto'))).toBe('NO_STRATEGY');
    expect(codeOf(flip(w, 'disable', 'lotto'))).toBe('NO_STRATEGY');
  });
});

describe('a freeze', () => {
  it.each(['account', 'strategy:base', 'symbol:ABC'])('of %s keeps exits back until it is resumed', (on) => {
    const w = holding(5);
    stand(w, 'freeze', on);
    const turn = w.close(sell('ABC', 10, 5));
    expect(turn.decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'NOT_READY' } }]);
    expect(turn.decisions[0]?.denial?.why).toContain('FROZEN');
    w.advance(5 * SECOND);
    expect(w.take('post')).toEqual([]);
    resume(w, on);
    w.advance(2 * SECOND);
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
  it('takes back exits that work, and leaves protective stops', () => {
    const w = holding(5, { stopBelow: 0.15 });
    const stop = working(w);
    expect(stop.purpose).toBe('P');
    stand(w, 'freeze', 'symbol:ABC');
    expect(w.take('cancel')).toEqual([]);
    resume(w, 'symbol:ABC');
    const other = holding(5);
    other.close(sell('ABC', 10, 5));
    const exit = working(other);
    stand(other, 'freeze');
    expect(other.take('cancel')).toEqual([{ kind: 'cancel', id: exit.id }]);
    expect(other.beliefs.modes.has('FROZEN')).toBe(true);
  });
  it('places no stop', () => {
    const w = market({ stopBelow: 0.15 });
    w.open(buy('ABC', 10, 5));
    const { id } = working(w);
    stand(w, 'freeze', 'symbol:ABC');
    w.fill(id, 5, 10);
    w.advance(MINUTE);
    expect(w.take('post')).toEqual([]);
    w.reconcile();
    resume(w, 'symbol:ABC');
    w.advance(10 * SECOND);
    expect(w.posted()).toMatchObject({ purpose: 'P' });
  });
  it('is what a stop respects: what is frozen stays, the rest is closed', () => {
    const w = holding(5);
    stand(w, 'freeze', 'symbol:ABC');
    w.operate({ action: 'shutdown', policy: 'flatten', reason: 'test', marketOpen: true, budgetMs: 60_000 });
    for (let i = 0; i < 40 && w.take('stop').length === 0; i++) {
      w.advance(SECOND);
      for (const _ of w.take('reconcile')) w.reconcile();
      if (w.beliefs.shutdownPhase() === 'done') break;
    }
    expect(w.beliefs.shutdownPhase()).toBe('done');
    expect(w.take('post')).toEqual([]);
    expect(w.beliefs.positions()).toHaveLength(1);
  });
});

describe('a flatten', () => {
  it('closes what is held, opens nothing, and goes on after a restart', () => {
    const w = holding(5);
    stand(w, 'flatten');
    const first = w.posted();
    expect(first).toMatchObject({ purpose: 'C', qty: 5 });
    w.accept(first.id);
    w.crash();
    w.ready();
    w.push({ kind: 'report', report: w.desk.end(first.id, 'canceled') });
    w.advance(6 * SECOND);
    const second = w.posted();
    expect(second).toMatchObject({ purpose: 'C', qty: 5 });
    w.accept(second.id);
    w.fill(second.id, 5, 10);
    w.advance(10 * SECOND);
    expect(w.beliefs.positions()).toEqual([]);
    expect(w.notes('flatten.done')).toHaveLength(1);
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toEqual([]);
  });
  it('of one strategy leaves the others theirs', () => {
    const w = holding(5, { strategies: ['base', 'dip'] });
    stand(w, 'flatten', 'strategy:dip');
    w.advance(20 * SECOND);
    expect(w.take('post')).toEqual([]);
    stand(w, 'flatten', 'strategy:base');
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
  it('waits for a market, and says once what it waits for', () => {
    const w = shortPuts(1);
    w.quote(put, 0, 0);
    w.advance(MINUTE, 'stale');
    stand(w, 'flatten');
    w.advance(MINUTE, 'stale');
    expect(w.take('post')).toEqual([]);
    expect(w.notes('flatten.waiting')).toHaveLength(1);
    w.quote(put, 1, 1.05);
    w.advance(6 * SECOND);
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
  it('is not begun by a daemon that is stopping', () => {
    const w = holding(5);
    w.operate({ action: 'shutdown', policy: 'leave', reason: 'test', marketOpen: true, budgetMs: 60_000 });
    expect(codeOf(stand(w, 'flatten'))).toBe('STOPPING');
    expect(codeOf(stand(w, 'halt'))).toBe('done');
  });
});

describe('a switch', () => {
  it('that is off lets nothing be opened, takes back what is being opened, and lets what is held be managed', () => {
    const w = holding(5);
    w.quote('XYZ', 9.99, 10.01);
    w.open(buy('XYZ', 10, 5));
    const { id } = working(w);
    expect(flip(w, 'disable').control?.switched).toMatchObject({ strategy: 'base', on: false });
    expect(w.take('cancel')).toEqual([{ kind: 'cancel', id }]);
    expect(w.beliefs.isIdle(strategyId('base'), 'entry')).toBe(true);
    expect(w.beliefs.isIdle(strategyId('base'), 'manage')).toBe(false);
    expect(w.open(buy('ABC', 10, 5)).decisions).toMatchObject([
      { decision: { kind: 'pass', code: 'DISABLED', why: 'switched off: said so' } },
    ]);
    w.close(sell('ABC', 10, 5));
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
  it('bars an opening from a slot that is no entry, too: HALTED', () => {
    const w = market();
    flip(w, 'disable');
    w.script.manage = [buy('ABC', 10, 5)];
    const turn = w.push({ kind: 'tick', strategy: strategyId('base'), phase: 'manage', slot: 'manage', slotAt: w.now().exchange });
    expect(turn.decisions).toMatchObject([{ verdict: 'denied', denial: { code: 'HALTED', why: 'halted: switched off: said so' } }]);
  });
  it('stays as it was set over a restart, and can be turned on again', () => {
    const w = market();
    flip(w, 'disable');
    w.crash();
    w.ready();
    expect(w.beliefs.off.get(strategyId('base'))).toBe('switched off: said so');
    flip(w, 'enable');
    w.crash();
    w.ready();
    expect(w.beliefs.off.size).toBe(0);
    w.open(buy('ABC', 10, 5));
    expect(w.take('post')).toHaveLength(1);
  });
});

describe('an exit that a person asks for', () => {
  const exit = (w: EngineWorld, of: string, owner: string | null = null): Turn =>
    ask(w, { verb: 'exit', symbol: symbol(of), owner: owner === null ? null : strategyId(owner) });
  it('closes the position', () => {
    const w = holding(5);
    expect(exit(w, 'ABC').control?.outcome).toMatchObject({ result: 'done', answer: { strategy: 'base', closing: ['5 ABC'] } });
    expect(w.posted()).toMatchObject({ purpose: 'C', qty: 5 });
  });
  it('is refused for what nobody holds, for a strange owner, and while it is frozen', () => {
    const w = holding(5);
    expect(codeOf(exit(w, 'XYZ'))).toBe('NO_POSITION');
    expect(codeOf(exit(w, 'ABC', 'dip'))).toBe('NO_POSITION');
    stand(w, 'freeze', 'symbol:ABC');
    expect(codeOf(exit(w, 'ABC'))).toBe('FROZEN');
    expect(w.take('post')).toEqual([]);
  });
  it('is refused when the market is closed, and when nobody quotes it', () => {
    const w = shortPuts(1);
    w.quote(put, 0, 0);
    w.advance(MINUTE, 'stale');
    expect(codeOf(exit(w, put))).toBe('NO_QUOTE');
    w.advance(5 * 60 * MINUTE, 'stale');
    expect(codeOf(exit(w, put))).toBe('MARKET_CLOSED');
  });
  it('may be asked for while halted', () => {
    const w = holding(5);
    stand(w, 'halt');
    exit(w, 'ABC');
    expect(w.posted()).toMatchObject({ purpose: 'C' });
  });
});

describe('tokens', () => {
  const token = { id: 'aaaaaaaa', role: 'viewer', name: 'wall', hash: 'h', createdWall: 1, expiresWall: 9, revokedWall: null } as const;
  it('are issued once, revoked once, and known after a restart', () => {
    const w = market();
    expect(codeOf(ask(w, { verb: 'issue_token', token }))).toBe('done');
    expect(codeOf(ask(w, { verb: 'issue_token', token }))).toBe('TOKEN_EXISTS');
    w.crash();
    w.ready();
    expect(w.beliefs.tokens.get('aaaaaaaa')).toEqual(token);
    expect(codeOf(ask(w, { verb: 'revoke_token', id: 'aaaaaaaa', wall: 5 }))).toBe('done');
    expect(codeOf(ask(w, { verb: 'revoke_token', id: 'aaaaaaaa', wall: 6 }))).toBe('NO_TOKEN');
    expect(codeOf(ask(w, { verb: 'revoke_token', id: 'bbbbbbbb', wall: 6 }))).toBe('NO_TOKEN');
    expect(w.beliefs.tokens.get('aaaaaaaa')?.revokedWall).toBe(5);
  });
});
