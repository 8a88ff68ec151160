/** Reads a token without verifying it. */
export function decodeJwt(token) {
  const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  return { header: JSON.parse(header), claims: JSON.parse(claims) };
}

/** What a token says it is in its header; "opaque" when it is no JWT. */
export function typeOf(token) {
  if (token.split('.').length !== 3) return 'opaque';
  try {
    return decodeJwt(token).header.typ;
  } catch (error) {
    if (error instanceof SyntaxError) return 'opaque';
    throw error;
  }
}

/** The same token under the name of another key. */
export function underKey(token, kid) {
  const [, claims, signature] = token.split('.');
  const header = { ...decodeJwt(token).header, kid };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), claims, signature].join('.');
}
