// Where a request carries its key pair: the two headers, or HTTP basic authentication.

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** The key pair of a request's headers (names in lower case); undefined when there is none. */
export function credentialsOf(headers: Readonly<Record<string, string>>): Credentials | undefined {
  const id = headers['apca-api-key-id'];
  const secret = headers['apca-api-secret-key'];
  if (id !== undefined && secret !== undefined) return { id, secret };
  const basic = /^basic (.+)$/i.exec(headers['authorization'] ?? '');
  if (basic === null) return undefined;
  const plain = Buffer.from(basic[1] ?? '', 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  return colon < 0 ? undefined : { id: plain.slice(0, colon), secret: plain.slice(colon + 1) };
}
