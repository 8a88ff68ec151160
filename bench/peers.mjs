const applications = [
  { name: 'passport-jwt + jwks-rsa' },
  { name: 'express-oauth2-jwt-bearer', adapters: ['express'] },
  { name: 'fast-jwt + get-jwks' },
  { name: 'jose' },
  { name: 'aws-jwt-verify' },
  // These two take no Nest as new as the project's: each is a package of its own, with an open route of its own.
  { name: 'nest-keycloak-connect', directory: 'nest-keycloak-connect', algorithms: ['RS256'], ofKeycloak: true },
  { name: '@5stones/nest-oidc', directory: 'nest-oidc' },
];

/**
 * What the module is measured against when every token is new to the verifier.
 *
 * @type {readonly {
 *   name: string, directory?: string, ofKeycloak: boolean,
 *   adapters: readonly string[], algorithms: readonly string[],
 * }[]} `directory` holds the package of a peer that brings its own Nest; `ofKeycloak` ones take only a realm's tokens
 */
export const peers = applications.map((peer) => ({
  adapters: ['express', 'fastify'],
  algorithms: ['RS256', 'ES256'],
  ofKeycloak: false,
  ...peer,
}));
