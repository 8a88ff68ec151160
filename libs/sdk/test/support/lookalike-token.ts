/** A token that looks like a JWT. Clients read tokens without verifying them, so the signature is anything. */
export function lookalikeToken(claims: Record<string, unknown>): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'at+jwt', kid: 'k1' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}
