import { type Claims, InvalidTokenError } from '@nmp/tokens';

/** How long a token is taken to live of which nobody says when it ends, in seconds. */
const UNTOLD_LIFE_SECONDS = 60;

/** What an answer of the introspection endpoint is read by. */
export interface IntrospectionRules {
  /** Whose endpoint it is. */
  readonly issuer: string;
  /** Whether an answer has to say of what kind the token is. */
  readonly requiresTokenType: boolean;
}

/**
 * The claims of a token that the introspection endpoint calls active, in the form that those of a JWT have: `iss` and
 * `exp` are filled in, and so is `iat` – with the earliest time there is, so that no revocation is missed.
 * @throws {InvalidTokenError} reason `type` when it is not an access token, or may be another; `claims` when it is bound to a
 *   key that the answer does not name.
 * @see RFC 7662 §2.2
 */
export function claimsOfIntrospection(
  answer: Readonly<Record<string, unknown>>,
  { issuer, requiresTokenType }: IntrospectionRules,
  nowSeconds: number,
): Claims {
  const { active: _active, ...told } = withoutNull(answer);
  checkTokenType(told, requiresTokenType);
  return {
    iss: issuer,
    iat: 0,
    exp: Math.floor(nowSeconds) + UNTOLD_LIFE_SECONDS,
    ...told,
    // Ory Hydra's word for what others call "access".
    ...(told.token_use === 'access_token' && { token_use: 'access' }),
  };
}

/**
 * What UserInfo says of a person, as the claims of a token that lives for a minute. Members that would say something about
 * a token, its client or its rights are left out: nobody vouches for them there.
 * @see OIDC Core §5.3.2
 */
export function claimsOfUserinfo(
  answer: Readonly<Record<string, unknown>>,
  issuer: string,
  nowSeconds: number,
): Claims {
  const told = Object.entries(withoutNull(answer)).filter(([name]) => !aboutTokens.has(name));
  return { iss: issuer, ...Object.fromEntries(told), iat: 0, exp: Math.floor(nowSeconds) + UNTOLD_LIFE_SECONDS };
}

/** What some servers write where others leave a member out. */
function withoutNull(answer: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null));
}

const aboutTokens = new Set(
  (
    'active aud azp client_id appid cid scope scp exp iat nbf jti cnf act may_act acr amr auth_time tid idtyp gty ' +
    'grant_type token_type token_use typ nonce events nmp'
  ).split(' '),
);

function checkTokenType(told: Claims, isRequired: boolean): void {
  const { token_type: type, token_use: use, typ, cnf } = told;
  if (type === undefined) {
    const isAccessToken = use === 'access' || use === 'access_token' || typ === 'Bearer';
    if (isAccessToken || !isRequired) return;
    throw new InvalidTokenError(
      'type',
      'the introspection endpoint does not say of what kind the token is ("token_type"), and it may be a refresh token: ' +
        'where it knows access tokens only, set oidc.introspectionRequiresTokenType to false',
    );
  }
  const isBound = typeof type === 'string' && type.toLowerCase() === 'dpop';
  if (!isBound && !(typeof type === 'string' && type.toLowerCase() === 'bearer')) {
    throw new InvalidTokenError('type', 'the "token_type" is neither Bearer nor DPoP');
  }
  // RFC 9449 §6.2: without the key's thumbprint nobody could tell whether it is its owner who sends it.
  if (isBound && !(typeof cnf === 'object' && cnf !== null && 'jkt' in cnf)) {
    throw new InvalidTokenError('claims', 'the token is bound to a key that the introspection endpoint does not name');
  }
}
