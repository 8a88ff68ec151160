import type { ClaimMapping } from '@nmp/tokens';

/** What is examined: an identity provider, as one client and one platform see it. */
export interface Subject {
  /** Exactly as the platform's configuration has it. */
  readonly issuer: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** What access tokens must carry in `aud`; absent when only the platform knows. */
  readonly audience: readonly string[] | undefined;
  /** Whether that is the client id for want of anything else, as on a platform without the setting. */
  readonly isAudienceAssumed: boolean;
  /** What a sign-in asks for, in short form. */
  readonly scopes: readonly string[];
  readonly scopePrefix: string | undefined;
  readonly mapping: ClaimMapping;
  readonly loginParameters: Readonly<Record<string, string>> | undefined;
  /** What the platform publishes instead of what the provider's own document says. */
  readonly published: Endpoints;
}

/** Where a provider is asked for codes and tokens. */
export interface Endpoints {
  readonly token?: string | undefined;
  readonly deviceAuthorization?: string | undefined;
}
