// Where a request carries its key pair: the two headers, HTTP basic authentication, or a bearer token.

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** The key id under which a bare bearer token is looked up, as the data streams' `oauth` form has it. */
const TOKEN_ID = 'oauth';

function pairOf(text: string): Credentials | undefined {
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** What a token opens: the secret of the key `oauth`, or a whole pair written `ID:SECRET`. */
export const credentialsOfToken = (token: string): Credentials => pairOf(token) ?? { id: TOKEN_ID, secret: token };

/** The key pair of a request's headers (names in lower case); undefined when there is none. */
export function credentialsOf(headers: Readonly<Record<string, string>>): Credentials | undefined {
  const id = headers['apca-api-key-id'];
  const secret = headers['apca-api-secret-key'];
  if (id !== undefined && secret !== undefined) return { id, secret };
  const [, scheme, rest] = /^(basic|bearer)\s+(\S+)\s*$/i.exec(headers['authorization'] ?? '') ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  if (scheme.toLowerCase() === 'basic') return pairOf(Buffer.from(rest, 'base64').toString('utf8'));
  return credentialsOfToken(rest);
}
