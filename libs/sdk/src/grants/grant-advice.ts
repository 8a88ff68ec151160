import type { Grant } from './grant-error.js';
import type { ErrorBody } from './normalize-answer.js';

const useDeviceFlow = 'Use the device flow instead. Run: nemo auth login';
const again = 'Run: nemo auth login';
const askAdministrator = "Ask the identity provider's administrator";

const byCode: Readonly<Record<string, string>> = {
  access_denied: 'If that was a mistake, run: nemo auth login',
  insecure_verification_uri: `${askAdministrator} to offer an https page`,
  admin_policy_enforced: 'An administrator of the identity provider has to allow these scopes',
  invalid_scope: `${askAdministrator} to offer these scopes to the client, or choose others with --scope`,
  org_internal: 'Only accounts of the organization may sign in here: choose another account',
  rate_limited: 'This is a rate limit: wait a little, then try again',
  slow_down: 'This is a rate limit: wait a little, then try again',
  temporarily_unavailable: 'Wait a little, then try again',
  too_many_attempts: 'Too many wrong passwords: the account is locked for a while',
  unexpected_redirect:
    'Credentials are not sent along redirects. Ask the platform administrator to name the right endpoint',
};

const byGrant: Readonly<Record<Grant, string>> = {
  authorization_code: again,
  client_credentials: 'Check --client-id and the secret, and that this client may use the client credentials grant',
  device: `${askAdministrator} to switch on the device authorization grant for this client, or use --username`,
  device_token: again,
  password: `Check the username and password. If the account has two-factor sign-in (OTP) or wants an app password, use that or the device flow. ${again}`,
  refresh: again,
  revocation: 'Its administrator can end the sign-in',
  token_exchange:
    "Ask the platform's administrator for a rule in token_exchange that holds for this workload; the platform's log says why",
};

// Providers tell "a second factor is needed" in many ways; all of them mean that a password alone will not do.
const secondFactor = /mfa|multi-?factor|two-factor|2fa|otp|interaction_required|AADSTS500(76|79)|policy/i;

// "The client may not use this grant" has two codes of its own; some providers only say it in words.
const notOfferedCodes = new Set(['unauthorized_client', 'unsupported_grant_type']);
const notOffered =
  /grant.?type.*not (allowed|supported|enabled|permitted)|not (allowed|authorized|enabled) for .*grant|unsupported grant/i;

// Some say of a wrong secret that the client may not do this.
const wrongSecret =
  /invalid client (?:or|secret|credentials)|client authentication failed|(?:wrong|invalid|bad) client.?secret/i;

const notOfferedByGrant: Readonly<Record<Grant, string>> = {
  authorization_code: `${askAdministrator} to switch on the authorization code grant for this client, or use the device flow. ${again}`,
  client_credentials: `${askAdministrator} to let this client use the client credentials grant, or give another one with --client-id`,
  device: byGrant.device,
  device_token: `${askAdministrator} to switch on the device authorization grant for this client`,
  password: `It does not offer the password grant to this client. ${useDeviceFlow}`,
  refresh: `${askAdministrator} to let this client refresh tokens. ${again}`,
  revocation: byGrant.revocation,
  token_exchange: byGrant.token_exchange,
};

/**
 * What a person can do about a refusal. The provider's words are only looked at for hints, and not repeated.
 * @param hasSecret Whether the client showed a secret.
 */
export function adviceFor(
  grant: Grant,
  { error: code, error_description: description = '' }: ErrorBody,
  hasSecret = false,
): string {
  if (code === 'invalid_client' || (hasSecret && wrongSecret.test(description))) return clientAdvice(grant, hasSecret);
  const said = `${code} ${description}`;
  if (notOfferedCodes.has(code) || notOffered.test(said)) return notOfferedByGrant[grant];
  if (grant === 'password' && secondFactor.test(said))
    return `A password is not enough for this account. ${useDeviceFlow}`;
  // Elsewhere it is the person who denied; nobody is asked here.
  if (grant === 'password' && code === 'access_denied') return byGrant.password;
  if (code.startsWith('http_5')) return 'It has trouble of its own: try again later';
  return byCode[code] ?? byGrant[grant];
}

function clientAdvice(grant: Grant, hasSecret: boolean): string {
  const wrong = 'The client secret that was given (NMP_OIDC_CLIENT_SECRET) is wrong, or of another client';
  // By then the tokens are forgotten here.
  if (grant === 'revocation') {
    const nextTime =
      'Next time, sign out with the secret of the client: NMP_OIDC_CLIENT_SECRET or --client-secret-stdin';
    return `${hasSecret ? `${wrong}. ` : ''}${nextTime}. ${byGrant.revocation} now`;
  }
  if (hasSecret) return `${wrong}. If it is a public client, give none`;
  return `${askAdministrator} whether this is a public client, or give its secret in NMP_OIDC_CLIENT_SECRET`;
}
