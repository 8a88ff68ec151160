import type { Principal } from '@nmp/tokens';
import type { SigningKey } from './signing-key.js';

/** What is odd about a token; everything left out is as in a good one. */
export interface AccessTokenInput {
  subject?: string;
  email?: string;
  groups?: string[];
  /** Scopes separated by blanks. @default openid platform:read platform:write */
  scope?: string;
  audience?: string | string[];
  /** Seconds from now; negative for a token that has expired. @default 300 */
  expiresInSeconds?: number;
  /** Claims to add or replace; `undefined` takes one away. */
  claims?: Record<string, unknown>;
  /** Header members to add or replace; `undefined` takes one away. */
  header?: Record<string, unknown>;
  /** Signs with another key than the issuer's own. */
  key?: SigningKey;
}

/** What is odd about a hop token; everything left out is as in a good one. */
export interface HopTokenInput extends AccessTokenInput {
  /** @default user */
  kind?: Principal['kind'];
  /** Who issued the token that the caller came with. @default https://idp.example.com */
  originalIssuer?: string;
  /** The id of that token. @default none */
  originalJti?: string;
  /** Whether role bindings speak of that issuer's users. @default true */
  sharesUsers?: boolean;
  onBehalfOf?: Principal['onBehalfOf'];
}
