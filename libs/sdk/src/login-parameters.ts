// What the sign-in itself says, of which the platform's configuration changes nothing. `response_type` is not here: Azure AD B2C
// wants it with a password, and the code flow has its own word there.
const reserved = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'device_code',
  'grant_type',
  'password',
  'redirect_uri',
  'refresh_token',
  'request',
  'request_uri',
  'response_mode',
  'scope',
  'state',
  'username',
]);

/**
 * The parameters that a provider wants when somebody signs in, such as Auth0's `audience` or RFC 8707's `resource`. Those of
 * the sign-in itself are not among them.
 */
export function loginParametersOf(document: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(document).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !reserved.has(entry[0]),
  );
  return Object.fromEntries(entries);
}
