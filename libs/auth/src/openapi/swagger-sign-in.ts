import type { AuthConfig } from '../auth-config.js';

/** Options of Swagger UI that are about signing in: `swaggerOptions` of `SwaggerModule.setup()`. */
export interface SwaggerSignIn {
  /** A token is forgotten when the page is closed. */
  readonly persistAuthorization: false;
  readonly initOAuth?: {
    readonly clientId: string;
    readonly scopes: string[];
    readonly usePkceWithAuthorizationCodeGrant: true;
    readonly additionalQueryStringParams?: Readonly<Record<string, string>>;
  };
}

/** @param scopes what to sign in with, as the provider calls it */
export function swaggerSignIn({ published }: AuthConfig, scopes: string[]): SwaggerSignIn {
  if (published === undefined) return { persistAuthorization: false };
  const { clientId, loginParameters } = published;
  return {
    persistAuthorization: false,
    initOAuth: {
      clientId,
      scopes,
      usePkceWithAuthorizationCodeGrant: true,
      ...(loginParameters && { additionalQueryStringParams: loginParameters }),
    },
  };
}
