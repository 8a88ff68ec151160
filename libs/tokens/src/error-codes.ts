/** Why a token can be refused. */
export const invalidTokenReasons = [
  'malformed',
  'algorithm',
  'signature',
  'key',
  'issuer',
  'audience',
  'expired',
  'not_yet_valid',
  'type',
  'claims',
  'inactive',
  'revoked',
] as const;

/** Why a token was refused. Each reason has one code, `token_<reason>`, and one public sentence. */
export type InvalidTokenReason = (typeof invalidTokenReasons)[number];

/** Why the proof of a token that is bound to a key can be refused. */
export const invalidDpopProofReasons = [
  'missing',
  'malformed',
  'type',
  'algorithm',
  'key',
  'signature',
  'method',
  'uri',
  'time',
  'token',
  'replayed',
] as const;

/** Why a DPoP proof was refused. Each reason has one public sentence. */
export type InvalidDpopProofReason = (typeof invalidDpopProofReasons)[number];

const codes = [
  'missing_token',
  'malformed_request',
  ...invalidTokenReasons.map((reason) => `token_${reason}` as const),
  'dpop_proof',
  'dpop_nonce',
  'step_up_required',
  'insufficient_scope',
  'access_denied',
  'issuer_unavailable',
  'overloaded',
  'policy_unavailable',
  'policy_timeout',
  'auth_config',
] as const;

/** The stable machine-readable name of a failure: what clients may switch on. */
export type AuthErrorCode = (typeof codes)[number];

/** Every code that a failure of authentication or authorization can have. `docs/errors.md` explains each of them. */
export const authErrorCodes: readonly AuthErrorCode[] = Object.freeze(codes);
