import type { AuthConfig } from '../auth-config.js';

/** How a document says "send an access token". */
export interface TokenScheme {
  readonly type: 'http';
  readonly scheme: string;
  readonly bearerFormat?: string;
  readonly description: string;
}

/** The ways to send an access token, by name; none where nobody is asked for one. */
export function tokenSchemes({ enabled, dpop }: AuthConfig): Record<string, TokenScheme> {
  if (!enabled) return {};
  return {
    ...(dpop?.required !== true && {
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token' },
    }),
    ...(dpop && {
      dpop: {
        type: 'http',
        scheme: 'DPoP',
        description: 'An access token, with a proof in the header `DPoP` (RFC 9449)',
      },
    }),
  };
}
