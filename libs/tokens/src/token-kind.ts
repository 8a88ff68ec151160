/** What a token is for, as its header says: access tokens of a provider, or what the platform itself issues. */
export type TokenKind = 'access' | 'hop' | 'workload' | 'access-key';

/** The header types of the tokens the platform issues; each of them is written in this one way. @see RFC 8725 §3.11 */
export const MINTED_TOKEN_TYPES = {
  hop: 'hop+jwt',
  workload: 'workload+jwt',
  'access-key': 'access-key+jwt',
} as const satisfies Record<Exclude<TokenKind, 'access'>, string>;

const kindByType: ReadonlyMap<string, TokenKind> = new Map([
  [MINTED_TOKEN_TYPES.hop, 'hop'],
  [MINTED_TOKEN_TYPES.workload, 'workload'],
  [MINTED_TOKEN_TYPES['access-key'], 'access-key'],
]);

/** The kind that a token's header type names; without one, or with that of any JWT, an access token; `undefined` for another. */
export function tokenKindOf(typ: string | undefined): TokenKind | undefined {
  if (typ === undefined || /^(application\/)?(at\+)?jwt$/i.test(typ)) return 'access';
  return kindByType.get(typ);
}
