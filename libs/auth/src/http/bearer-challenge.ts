import type { AuthError, InsufficientScopeError, StepUpRequiredError } from '@nmp/tokens';

/**
 * The value of `WWW-Authenticate` that goes with an error; `undefined` for errors that another token would not mend.
 * @see RFC 6750 §3 and §3.1
 */
export function bearerChallenge(error: AuthError, realm: string, metadataUrl?: string): string | undefined {
  const attributes = attributesOf(error);
  if (attributes === undefined) return undefined;
  const metadata = metadataUrl === undefined ? {} : { resource_metadata: metadataUrl }; // RFC 9728 §5.1
  const written = Object.entries({ realm, ...attributes, ...metadata }).map(
    ([name, value]) => `${name}="${quotable(value)}"`,
  );
  return `Bearer ${written.join(', ')}`;
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
    case 'access_denied':
    case 'issuer_unavailable':
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
