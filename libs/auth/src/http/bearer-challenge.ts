import type { AuthError, AuthorizationScheme, InsufficientScopeError, StepUpRequiredError } from '@nmp/tokens';

/** What challenges say of a service. */
export interface ChallengeSettings {
  readonly realm: string;
  /** Where the metadata of the service is. */
  readonly metadataUrl?: string | undefined;
  /** How tokens that are bound to a key are accepted, if they are. */
  readonly dpop?: { readonly algorithms: readonly string[]; readonly required: boolean } | undefined;
}

/**
 * The value of `WWW-Authenticate` that goes with an error, by the scheme of the request: where another token would mend
 * it, each scheme that is offered has a challenge. `undefined` for errors that another token would not mend.
 * @see RFC 6750 §3 and §3.1, RFC 9449 §7.1 and §7.2
 */
export function challengesOf(
  error: AuthError,
  used: AuthorizationScheme,
  { realm, metadataUrl, dpop }: ChallengeSettings,
): string | undefined {
  if (dpop === undefined) return bearerChallenge(error, realm, metadataUrl);
  const attributes = attributesOf(error);
  if (attributes === undefined) return undefined;
  const bearer = { realm, ...attributes, ...metadataOf(metadataUrl) };
  const ofDpop = { algs: dpop.algorithms.join(' '), ...metadataOf(metadataUrl) };
  const isAboutProof = error.code === 'dpop_proof' || error.code === 'dpop_nonce';
  if (used === 'dpop' || dpop.required || isAboutProof) return written('DPoP', { realm, ...attributes, ...ofDpop });
  const challenge = written('Bearer', bearer);
  return error.status === 401 ? `${challenge}, ${written('DPoP', { realm, ...ofDpop })}` : challenge;
}

/**
 * The value of `WWW-Authenticate` that goes with an error; `undefined` for errors that another token would not mend.
 * @see RFC 6750 §3 and §3.1
 */
export function bearerChallenge(error: AuthError, realm: string, metadataUrl?: string): string | undefined {
  const attributes = attributesOf(error);
  if (attributes === undefined) return undefined;
  return written('Bearer', { realm, ...attributes, ...metadataOf(metadataUrl) });
}

/** @see RFC 9728 §5.1 */
function metadataOf(url: string | undefined): Record<string, string> {
  return url === undefined ? {} : { resource_metadata: url };
}

function written(scheme: 'Bearer' | 'DPoP', attributes: Record<string, string>): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}="${quotable(value)}"`);
  return `${scheme} ${pairs.join(', ')}`;
}

function attributesOf(error: AuthError): Record<string, string> | undefined {
  switch (error.code) {
    case 'missing_token':
      return {}; // RFC 6750 §3.1: no error code when no credentials were sent
    case 'malformed_request':
      return { error: 'invalid_request', error_description: error.detail };
    case 'insufficient_scope': {
      const { requiredScopes } = error as InsufficientScopeError; // the one error of this code
      return { error: 'insufficient_scope', error_description: error.detail, scope: requiredScopes.join(' ') };
    }
    case 'step_up_required': {
      const { acrValues, maxAgeSeconds } = error as StepUpRequiredError; // the one error of this code
      return {
        error: 'insufficient_user_authentication', // RFC 9470 §3
        error_description: error.detail,
        ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
        ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
      };
    }
    case 'dpop_proof':
      return { error: 'invalid_dpop_proof', error_description: error.detail };
    case 'dpop_nonce':
      return { error: 'use_dpop_nonce', error_description: error.detail };
    case 'access_denied':
    case 'issuer_unavailable':
    case 'overloaded':
    case 'policy_unavailable':
    case 'policy_timeout':
    case 'auth_config':
      return undefined;
    default:
      return { error: 'invalid_token', error_description: error.detail };
  }
}

/** Leaves only what RFC 6750 §3 allows in an attribute: printable ASCII without quotes and backslashes. */
function quotable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, "'");
}
