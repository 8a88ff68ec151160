import type { JsonWebKey } from 'node:crypto';
import { createPublicKey, verify } from 'node:crypto';
import { scopedClaims } from '../accounts/account.js';
import { splitScope } from '../scopes.js';
import { isLoopbackUrl } from './loopback.js';
import type { Middleware, ProviderParts } from './provider-parts.js';

/**
 * Answers the userinfo endpoint for the platform's own access tokens.
 * The library refuses tokens with an audience there, yet a platform token is the only one our clients have.
 * @see OpenID Connect Core §5.3
 */
export function userinfo(parts: ProviderParts): Middleware {
  return async (context, next) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(context.get('authorization'))?.[1];
    const isCall = context.path === '/userinfo' && (context.method === 'GET' || context.method === 'POST');
    if (!isCall || token === undefined) return next();
    const origin = context.get('origin');
    if (isLoopbackUrl(origin)) context.set('access-control-allow-origin', origin);
    context.set('cache-control', 'no-store');
    context.vary('origin');
    const claims = verifyOwnAccessToken(parts, token);
    const account = parts.accounts.find(String(claims?.['sub']));
    const scopes = splitScope(claims?.['scope']);
    if (account === undefined) {
      refuse(401, 'invalid_token', 'the access token is invalid or expired');
    } else if (!scopes.includes('openid')) {
      refuse(403, 'insufficient_scope', 'the access token lacks the scope openid');
    } else {
      context.body = scopedClaims(account, scopes);
    }

    function refuse(status: number, error: string, description: string): void {
      context.status = status;
      context.set('www-authenticate', `Bearer error="${error}", error_description="${description}"`);
      context.body = { error, error_description: description };
    }
  };
}

/** The claims of a token this provider signed for its resource server and that still holds. */
function verifyOwnAccessToken(parts: ProviderParts, token: string): Record<string, unknown> | undefined {
  const [header = '', body = '', signature = ''] = token.split('.');
  const { typ, kid, alg } = decodePart(header);
  const jwk = parts.keys.jwks.keys.find((key) => key.kid === kid && key.alg === alg);
  if (typ !== 'at+jwt' || alg !== 'RS256' || jwk === undefined) return undefined;
  // A JWK of this provider, as node:crypto takes it; createPublicKey drops its private members.
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  if (!verify('RSA-SHA256', Buffer.from(`${header}.${body}`), key, bytes)) return undefined;
  const claims = decodePart(body);
  const holds =
    claims['iss'] === parts.issuer &&
    claims['aud'] === parts.tokens.audience &&
    Number(claims['exp']) > Date.now() / 1000 &&
    // A token bound to a key is no bearer token. @see RFC 9449 §7.1
    claims['cnf'] === undefined;
  return holds ? claims : undefined;
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
