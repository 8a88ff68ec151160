import {
  checkClaims,
  type ClaimExpectations,
  type Claims,
  decodeUnverifiedJws,
  expiryOf,
  fitsIssuer,
  type InvalidTokenError,
  isAcceptedAlgorithm,
  isAuthError,
  type PublicKey,
  type UnverifiedJws,
  verifySignature,
} from '@nmp/tokens';
import { acceptedAlgorithms } from './examine-keys.js';
import { examinePrincipal } from './examine-principal.js';
import type { Finding, Remedy } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';
import type { Subject } from './subject.js';

const CHECK = 'token';
const FRESH_SECONDS = 300;

/**
 * Judges an access token as the platform would, by the same rules, and goes on after a refusal: everything that is wrong
 * with it is told at once. The token itself is never part of a finding.
 */
export async function examineToken(
  token: string,
  subject: Subject,
  keys: readonly PublicKey[],
  now: Date,
): Promise<Finding[]> {
  const jws = read(token, subject);
  if ('level' in jws) return [jws];
  const refusals = claimRefusals(jws.claims, expectationsOf(subject), now.getTime() / 1000);
  const signature = ofOneToken(await signatureFindings(jws, subject, keys), jws.claims, now);
  const refused = refusals.map((error) => problem(CHECK, sentence(error), remedyFor(error, jws.claims, subject)));
  if (refused.length > 0) return [...signature, ...refused, ...principalFindings(jws.claims, subject, refusals)];
  const accepted = ok(CHECK, `Issuer, audience and times are right; it ends ${endOf(jws.claims)}`);
  return [...signature, accepted, ...examinePrincipal(jws.claims, subject)];
}

function read(token: string, subject: Subject): UnverifiedJws | Finding {
  const parts = token.split('.').length;
  if (parts === 3) {
    try {
      return decodeUnverifiedJws(token);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return problem(CHECK, `It cannot be read: ${error.message}`);
    }
  }
  const kind = parts === 5 ? 'encrypted (five parts)' : 'opaque, not a JWT';
  return problem(CHECK, `It is ${kind}, and only the provider can read it`, {
    advice: "Ask for a token of an API: let the sign-in name the platform's audience, or switch JWT access tokens on",
    config: `auth.oidc.login_parameters: { audience: ${JSON.stringify(subject.audience?.[0] ?? '<API identifier>')} }`,
  });
}

/** A token without a usable end makes no principal. */
function principalFindings(claims: Claims, subject: Subject, refusals: readonly InvalidTokenError[]): Finding[] {
  return refusals.some(({ reason }) => reason === 'claims') ? [] : examinePrincipal(claims, subject);
}

/** Every reason to refuse a token's claims. After each one, what it was about is left out of the next round. */
function claimRefusals(claims: Claims, expected: ClaimExpectations, now: number): InvalidTokenError[] {
  try {
    checkClaims(claims, expected, now);
    return [];
  } catch (error) {
    if (!isInvalidToken(error)) throw error;
    if (error.reason === 'expired') return [error, ...claimRefusals(claims, expected, expiryOf(claims) - 1)];
    const rest = withoutReason(error, claims, expected);
    return rest ? [error, ...claimRefusals(claims, rest, now)] : [error];
  }
}

/** The expectations but for the one that was not met; nothing for what cannot be left out. */
function withoutReason(
  { reason }: InvalidTokenError,
  { iss }: Claims,
  expected: ClaimExpectations,
): ClaimExpectations | undefined {
  if (reason === 'audience') return { ...expected, audience: false };
  return reason === 'issuer' && typeof iss === 'string' ? { ...expected, issuer: iss } : undefined;
}

function expectationsOf({ issuer, audience }: Subject): ClaimExpectations {
  return { issuer, audience: audience ?? false, clockToleranceSeconds: 30 };
}

async function signatureFindings(
  { header, signingInput, signature }: UnverifiedJws,
  { issuer }: Subject,
  keys: readonly PublicKey[],
): Promise<Finding[]> {
  const { alg, kid } = header;
  if (!isAcceptedAlgorithm(alg, acceptedAlgorithms)) {
    const accept = /^(RS|PS|ES)\d{3}$/.test(alg)
      ? { config: configLine('algorithms', [...acceptedAlgorithms, alg]) }
      : {};
    return [problem('signature', `It is signed with ${alg.slice(0, 20)}, which is not accepted`, accept)];
  }
  if (keys.length === 0) return [warning('signature', 'It cannot be verified without keys')];
  const fitting = keys.filter(
    (key) => fitsIssuer(key, issuer) && key.algorithms.includes(alg) && (kid === undefined || key.kid === kid),
  );
  const results = await Promise.all(fitting.map((key) => verifySignature(key, alg, signingInput, signature)));
  if (results.includes(true) && (kid !== undefined || fitting.length === 1))
    return [ok('signature', `It verifies (${alg})`)];
  if (fitting.length === 0) {
    const advice = 'It may be of another provider or realm, or meant for an API of the provider itself';
    return [problem('signature', 'Its key ("kid") is not among the keys of the provider', { advice })];
  }
  if (kid === undefined) return [problem('signature', 'It names no key ("kid"), and several would fit')];
  return [problem('signature', 'It does not verify with the key that it names')];
}

/** Keys may have changed since a token was issued; one that was issued just now tells of the next as well. */
function ofOneToken(findings: readonly Finding[], { iat }: Claims, now: Date): Finding[] {
  const isFresh = typeof iat !== 'number' || now.getTime() / 1000 - iat < FRESH_SECONDS;
  return isFresh
    ? [...findings]
    : findings.map((finding) => ({ ...finding, isOfOneToken: finding.level === 'problem' }));
}

function remedyFor(error: InvalidTokenError, claims: Claims, subject: Subject): Remedy {
  const { iss, aud } = claims;
  if (error.reason === 'issuer' && typeof iss === 'string' && URL.canParse(iss)) {
    return { advice: `Its "iss" is ${iss}`, config: configLine('oidc.issuer', iss) };
  }
  const named = [aud].flat().filter((item): item is string => typeof item === 'string');
  if (error.reason === 'audience' && named.length > 0) {
    const [first = ''] = named;
    return {
      advice: 'If that is the platform, accept it',
      config: configLine('oidc.audience', named.length > 1 ? named : first),
    };
  }
  if (error.reason === 'audience') return { config: 'auth.oidc.accept_authorized_party: true' };
  if (error.reason === 'expired') return { advice: 'Run: nemo auth refresh, or nemo auth login', isOfOneToken: true };
  if (error.reason === 'not_yet_valid') return { advice: "Set this machine's clock, and the provider's, by NTP" };
  if (error.reason === 'type')
    return { advice: `Give the access token that ${subject.issuer} sent, not the ID or refresh token` };
  return {};
}

function sentence({ message }: InvalidTokenError): string {
  return `The platform would refuse it: ${message}`;
}

function endOf(claims: Claims): string {
  return new Date(Math.min(expiryOf(claims) * 1000, 8_640_000_000_000_000)).toISOString();
}

function isInvalidToken(error: unknown): error is InvalidTokenError {
  return isAuthError(error) && error.code.startsWith('token_');
}
