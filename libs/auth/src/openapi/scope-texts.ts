// What OpenID Connect itself says about its scopes. @see OIDC Core §5.4 and §11
const standardTexts: Readonly<Record<string, string>> = {
  openid: 'Sign in',
  profile: 'Your name',
  email: 'Your e-mail address',
};

/** What is said about scopes where people choose some of them, in the order given, each scope once. */
export function scopeTexts(
  scopes: Iterable<string>,
  own: Readonly<Record<string, string>>,
  nameAtProvider: (scope: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    [...new Set(scopes)].map((scope) => [nameAtProvider(scope), own[scope] ?? standardTexts[scope] ?? '']),
  );
}
