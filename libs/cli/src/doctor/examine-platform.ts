import type { OidcDiscovery } from '@nmp/sdk';
import { ConfigError, discoverPlatform, NeMoError } from '@nmp/sdk';
import type { CommandContext } from '../context.js';
import { fetchJson } from './fetch-json.js';
import type { Finding } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';

const CHECK = 'platform';

/** What was found of a platform. */
export interface PlatformResult {
  readonly findings: readonly Finding[];
  /** Absent when it has no identity provider to examine. */
  readonly oidc?: OidcDiscovery;
  readonly clockAheadSeconds?: number;
}

/**
 * Asks a platform how one signs in.
 * @throws {ConfigError} when a setting is in the way of every request.
 */
export async function examinePlatform(baseUrl: string, { http, world }: CommandContext): Promise<PlatformResult> {
  try {
    const { authEnabled, oidc, acceptsUnsigned } = await discoverPlatform(baseUrl, http);
    if (!authEnabled) return { findings: [warning(CHECK, `${baseUrl} wants nobody to sign in`, switchOn)] };
    if (!oidc && acceptsUnsigned) {
      const message = `${baseUrl} takes the word of every program on its machine: it has no identity provider`;
      const advice = 'That is for development. To sign in there, or as somebody else, run: ';
      const command = `${world.programName} auth login --unsigned-token --email you@example.com`;
      return { findings: [warning(CHECK, message, { advice: advice + command })] };
    }
    if (!oidc) {
      const config = configLine('oidc.issuer', 'https://idp.example.com');
      return { findings: [problem(CHECK, `${baseUrl} has no identity provider configured`, { config })] };
    }
    const { clockAheadSeconds } = await fetchJson(`${baseUrl}/apis/auth/discovery`, http, world.clock);
    const findings = [ok(CHECK, `${baseUrl} trusts ${oidc.issuer}`)];
    return { findings, oidc, ...(clockAheadSeconds === undefined ? {} : { clockAheadSeconds }) };
  } catch (error) {
    if (!(error instanceof NeMoError) || error instanceof ConfigError) throw error;
    const advice = 'To examine a provider without a platform, name it with --issuer and --client-id';
    return { findings: [problem(CHECK, error.message, { advice, isOutage: true })] };
  }
}

const switchOn = { config: 'auth.enabled: true' };
