import type { AuthErrorCode } from '@nmp/tokens';

/** What to look at when a request is refused, by its code; an option of the module stands in braces. */
export const refusalAdvice: Readonly<Record<AuthErrorCode, string>> = {
  missing_token:
    'The client has to send "Authorization: Bearer TOKEN"; @Public() or @OptionalAuth() lets others call a handler.',
  malformed_request: 'The client has to send one Authorization header: the scheme, one space, one token.',
  token_malformed: 'Is it the access token? What is no JWT is looked up with {oidc.introspectOpaqueTokens}.',
  token_algorithm: 'Look at {algorithms}, and at what the provider signs with.',
  token_signature: 'Was the token changed, or are the keys of another provider at {oidc.jwksUri}?',
  token_key: 'Is it a token of {oidc.issuer}? Look at {oidc.jwksUri} and {jwksCooldownSeconds}.',
  token_issuer: 'Look at {oidc.issuer} and {oidc.additionalIssuers}: they must equal "iss" to the letter.',
  token_audience: 'Look at {oidc.audience}, and at @RequireAudience() of the handler.',
  token_expired: 'The client has to ask for a new token. Look at {maxTokenAgeSeconds} and {clockToleranceSeconds}.',
  token_not_yet_valid: 'Compare the clocks of provider and service. Look at {clockToleranceSeconds}.',
  token_type: 'The client has to send the access token, no ID or refresh token. Look at {profile}.',
  token_claims:
    'Look at {oidc.subjectClaim}, {oidc.emailClaim}, {oidc.authorizedParties} and {profile}; of bound tokens at {dpop} and {mtls}.',
  token_inactive: 'The client has to ask for a new token. Look at {oidc.introspectionEndpoint}.',
  token_revoked: 'The client has to sign in again. Look at {revocation}.',
  dpop_proof: 'The proof is compared with {publicUrl}. Look at {dpop.proofMaxAgeSeconds} and {dpop.algorithms}.',
  dpop_nonce: 'The client has to repeat the request with the nonce of the answer. Look at {dpop.nonce}.',
  step_up_required: 'The user has to sign in again. Look at @RequireAuthContext() of the handler.',
  insufficient_scope:
    'Look at @RequireScopes() of the handler, {oidc.scopePrefix}, {scopeEnforcement}, and {oidc.defaultScopes} of the sign-in.',
  access_denied: 'Give the caller the role or the permission, or look at @RequirePermissions() of the handler.',
  issuer_unavailable:
    'Can the service reach {oidc.issuer}? Look at {oidc.discoveryUrl}, {oidc.jwksUri}, {httpTimeoutMs} and HTTPS_PROXY.',
  overloaded: 'Look at {maxPendingVerifications}.',
  policy_unavailable: 'Does the policy decision point answer? Look at how PolicyDecisionPoint is provided.',
  policy_timeout: 'Does the policy decision point answer in time? Look at {httpTimeoutMs}.',
  auth_config: 'Correct the options that the message names.',
};
