/**
 * Whether a token has the form of a JWS: three parts, the first of which is a JOSE header. Everything else is opaque, and
 * tells nothing. What only resembles a header counts as one: a JWT that is spelled sloppily stays a bad JWT.
 * @see RFC 7515 §3.1
 */
export function hasJwsForm(token: string): boolean {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first <= 0 || second === -1 || token.indexOf('.', second + 1) !== -1) return false;
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(token.slice(0, first), 'base64url').toString('utf8'));
  } catch {
    return false;
  }
  return typeof header === 'object' && header !== null && !Array.isArray(header);
}
