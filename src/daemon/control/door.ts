// Who is let in: by address, by token, and not too often. Whoever is turned away leaves a row in the audit.
import type { FastifyRequest } from 'fastify';
import type { Role, Token } from '../../domain/control.ts';
import { suffices } from '../../domain/control.ts';
import type { Beliefs } from '../../engine/contract.ts';
import type { Control } from './control.ts';
import { type DoorCode, type Problem, problem, refusal } from './problems.ts';
import { createThrottle } from './throttle.ts';
import { recognise } from './tokens.ts';

export interface DoorOptions {
  readonly control: Control;
  readonly beliefs: Beliefs;
  /** The configured address, allowed beside the loopback names. */
  readonly host: string;
  /** This machine's clock, and one that never goes back. */
  readonly wall: () => number;
  readonly mono: () => number;
}

/** `urgent` wishes have an allowance of their own: nobody can be kept from stopping by having asked too much. */
export interface Visit {
  readonly role: Role;
  readonly urgent: boolean;
  /** It changes nothing, whatever its method. */
  readonly looks: boolean;
  readonly what: string;
}

export type Entry = { readonly ok: true; readonly token: Token } | { readonly ok: false; readonly problem: Problem };

export interface Door {
  enter(request: FastifyRequest, visit: Visit): Entry;
}

const [FAILURES, WISHES, READS] = [10, 60, 600] as const;
const BEARER = /^Bearer ([\x21-\x7e]{1,200})$/;

/** The name in `127.0.0.1:8787` or `[::1]:8787`. */
const hostName = (authority: string): string => authority.replace(/:\d+$/, '').toLowerCase();

export function createDoor({ control, beliefs, host, wall, mono }: DoorOptions): Door {
  const failures = createThrottle(FAILURES);
  const wishes = createThrottle(WISHES);
  const urgent = createThrottle(WISHES);
  const reads = createThrottle(READS);
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', host.toLowerCase()]);

  const turnAway = (request: FastifyRequest, what: string, actor: string, role: Role | null, found: Problem): Entry => {
    if (!failures.take(request.ip, mono()))
      return { ok: false, problem: problem('TOO_MANY_FAILURES', 'too many failed requests from here') };
    control.deny({ actor, role, what, code: found.code, why: found.detail });
    return { ok: false, problem: found };
  };
  const placed = (request: FastifyRequest): readonly [DoorCode, string] | undefined => {
    const authority = request.headers.host ?? '';
    if (!names.has(hostName(authority))) return ['HOST', 'not the name of this server'];
    const { origin } = request.headers;
    return origin !== undefined && origin !== `http://${authority}` ? ['ORIGIN', 'not from a page of this server'] : undefined;
  };

  return {
    enter: (request, { role, urgent: isUrgent, looks, what }) => {
      const astray = placed(request);
      if (astray !== undefined) return turnAway(request, what, 'nobody', null, problem(...astray));
      const { authorization } = request.headers;
      if (authorization === undefined) return turnAway(request, what, 'nobody', null, problem('NO_TOKEN_SHOWN', 'no token was shown'));
      const shown = recognise(BEARER.exec(authorization)?.[1] ?? '', beliefs.tokens, wall());
      if (!shown.ok) return turnAway(request, what, shown.actor, null, problem('TOKEN', shown.why));
      const { token } = shown;
      const allowance = isUrgent ? urgent : looks ? reads : wishes;
      if (!allowance.take(token.id, mono()))
        return { ok: false, problem: problem('TOO_MANY_REQUESTS', `token ${token.id} asks too often`) };
      if (looks && !suffices(token.role, role))
        return turnAway(
          request,
          what,
          token.id,
          token.role,
          refusal('ROLE', `this wants the role ${role}; the token has the role ${token.role}`),
        );
      return { ok: true, token };
    },
  };
}
