import type { Claims } from './claims.js';
import { FixedDate } from './fixed-date.js';

/** Who makes a request, as the verified token tells it. Frozen. */
export interface Principal {
  /** `user`: a person; `client`: a machine with a token of its own (client credentials); `anonymous`: nobody signed in. */
  readonly kind: 'user' | 'client' | 'service' | 'anonymous';
  /** The subject that the configured claim names; an empty string for `anonymous`. */
  readonly id: string;
  readonly email?: string;
  /** What the provider says of the e-mail address; `undefined` when it says nothing. */
  readonly emailVerified?: boolean;
  readonly groups: readonly string[];
  /** The provider left the groups out because there are too many: `groups` being empty means nothing then. */
  readonly groupsOverage: boolean;
  /** Scopes of the token without the configured prefix. */
  readonly scopes: readonly string[];
  readonly issuer: string;
  /** The OAuth client the token was issued to. */
  readonly clientId?: string;
  /** Every claim of the token, as it was signed. */
  readonly claims: Claims;
  readonly expiresAt: Date;
  /** Who acts for the subject, by the token's `act` claim. Information: it gives no rights. @see RFC 8693 §4.1 */
  readonly actor?: { readonly id: string; readonly groups: readonly string[] };
  /** For whom a service acts, by trusted headers or a hop token. */
  readonly onBehalfOf?: { readonly id: string; readonly email?: string; readonly groups: readonly string[] };
}

/** The principal of a request that nobody signed. */
export const anonymousPrincipal: Principal = Object.freeze<Principal>({
  kind: 'anonymous',
  id: '',
  groups: Object.freeze([]) as readonly string[],
  groupsOverage: false,
  scopes: Object.freeze([]) as readonly string[],
  issuer: '',
  claims: Object.freeze({}) as Claims,
  expiresAt: new FixedDate(8_640_000_000_000_000),
});
