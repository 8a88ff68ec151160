import type { Settings, StoredCredentials, WORKLOAD_TOKEN_FILE } from '@nmp/sdk';
import { isExpired, lifeOfToken } from '@nmp/sdk';
import { decodeUnverifiedClaims, isUnsignedToken, parseScopes, scopesOfClaims, stringsOfClaim } from '@nmp/tokens';
import type { Table } from '../../output/table.js';
import { durationText } from '../../output/time.js';

/** Where a token comes from. */
export type CredentialSource = 'config file' | 'keychain' | 'NMP_ACCESS_TOKEN' | typeof WORKLOAD_TOKEN_FILE;

/** A sign-in, and where it comes from. */
export interface UsedCredentials {
  readonly source: CredentialSource;
  readonly credentials: StoredCredentials;
}

/** What is known here of a sign-in; nothing in it is verified. */
export interface StatusReport {
  readonly signed_in: boolean;
  readonly context: string;
  readonly base_url: string;
  readonly config_file: string;
  readonly credential_source: CredentialSource | null;
  /** `opaque`: nothing can be read from it here. */
  readonly token_format: 'jwt' | 'opaque' | null;
  /** Whether nobody signed the token, so that it proves nothing. */
  readonly unsigned: boolean;
  readonly email: string | null;
  readonly user_id: string | null;
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly expires_at: string | null;
  readonly expired: boolean;
  readonly refresh_token: boolean;
  /** When the identity provider did not accept the refresh token any more. */
  readonly ended_at: string | null;
}

/** Reads what the token and the file say. `used` is absent when nobody is signed in. */
export function statusReport(
  settings: Settings,
  used: UsedCredentials | undefined,
  configPath: string,
  now: Date,
): StatusReport {
  const credentials = used?.credentials;
  const claims = credentials && decodeUnverifiedClaims(credentials.token);
  const life = credentials ? lifeOfToken(credentials.token, credentials) : {};
  const expired = isExpired(life, now);
  const scopes = claims ? scopesOfClaims(claims) : parseScopes(credentials?.scope);
  return {
    signed_in: credentials !== undefined && !expired,
    context: settings.contextName,
    base_url: settings.baseUrl,
    config_file: configPath,
    credential_source: used?.source ?? null,
    token_format: credentials ? (claims ? 'jwt' : 'opaque') : null,
    unsigned: credentials !== undefined && isUnsignedToken(credentials.token),
    email: firstText(claims?.upn, claims?.email, claims?.preferred_username),
    user_id: firstText(claims?.oid, claims?.sub),
    scopes: scopes.length > 0 ? scopes : parseScopes(credentials?.scope),
    groups: stringsOfClaim(claims?.groups ?? claims?.['cognito:groups']),
    expires_at: life.expiresAt?.toISOString() ?? null,
    expired,
    refresh_token: credentials?.refreshToken !== undefined,
    ended_at: credentials?.endedAt?.toISOString() ?? null,
  };
}

/** The report as a person sees it. */
export function statusTable(report: StatusReport, now: Date): Table {
  const where = [
    ['Platform', report.base_url],
    ['Context', report.context],
    ['Config file', report.config_file],
  ];
  if (report.credential_source === null) return { rows: where };
  return {
    rows: [
      ...where,
      ['Credentials', report.credential_source],
      ['Token', formatText(report)],
      ['Email', report.email ?? 'none'],
      ['User ID', report.user_id ?? 'unknown'],
      ['Scopes', report.scopes.join(' ') || 'none'],
      ['Groups', report.groups.join(', ') || 'none'],
      ['Expires', expiryText(report, now)],
      ['Refresh token', refreshText(report)],
    ],
  };
}

function formatText({ token_format: format, unsigned }: StatusReport): string {
  if (format === 'opaque') return 'opaque: it is not a JWT that can be read';
  return unsigned ? 'UNSIGNED JWT: anybody can write one' : 'JWT';
}

function expiryText({ expires_at: expiresAt, expired }: StatusReport, now: Date): string {
  if (expiresAt === null) return 'unknown';
  return expired
    ? `${expiresAt} (EXPIRED)`
    : `${expiresAt} (in ${durationText(Date.parse(expiresAt) - now.getTime())})`;
}

function refreshText({ refresh_token: isThere, ended_at: endedAt }: StatusReport): string {
  if (isThere) return 'available';
  return endedAt === null ? 'not available' : `not accepted any more since ${endedAt}`;
}

function firstText(...values: unknown[]): string | null {
  const found = values.find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : null;
}
