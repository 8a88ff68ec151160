import type { Clock, HttpContext } from '@nmp/sdk';
import { printable } from '@nmp/sdk';
import { type Algorithm, algorithmNames, isPrivate, isSecureUrl, type PublicKey, publicKeyOf } from '@nmp/tokens';
import { fetchJson } from './fetch-json.js';
import type { Finding } from './finding.js';
import { configLine, ok, problem } from './finding.js';

/** What the platform accepts when its configuration says nothing. */
export const acceptedAlgorithms: readonly Algorithm[] = ['RS256', 'ES256'];

const CHECK = 'keys';

/** What was found of a provider's key set. */
export interface KeysResult {
  readonly findings: readonly Finding[];
  readonly keys: readonly PublicKey[];
}

/** Fetches the key set and judges each key as the platform does. */
export async function examineKeys(jwksUri: unknown, http: HttpContext, clock: Clock): Promise<KeysResult> {
  if (typeof jwksUri !== 'string' || !isSecureUrl(jwksUri)) {
    const said =
      typeof jwksUri === 'string' ? `"${printable(jwksUri)}" is not https` : 'The document has no "jwks_uri"';
    return failed(problem(CHECK, said, { config: configLine('oidc.jwks_uri', 'https://…') }));
  }
  const answer = await fetchJson(jwksUri, http, clock);
  if (!answer.document) {
    const isOutage = !answer.answered || (answer.status ?? 0) >= 500;
    const message = `${jwksUri} gives no keys: ${answer.problem ?? 'no answer'}`;
    return failed(problem(CHECK, message, { ...(isOutage ? { isOutage } : {}), advice: 'Try again later' }));
  }
  const entries: unknown[] = Array.isArray(answer.document.keys) ? answer.document.keys : [];
  const keys = keysOf(entries, acceptedAlgorithms);
  return { keys, findings: [usability(jwksUri, entries, keys), ...secrecy(entries)] };
}

function usability(jwksUri: string, entries: readonly unknown[], keys: readonly PublicKey[]): Finding {
  if (keys.length > 0) {
    const names = [...new Set(keys.flatMap(({ algorithms }) => algorithms))].join(', ');
    return ok(CHECK, `${keys.length} of ${entries.length} at ${jwksUri} can be used (${names})`);
  }
  const [other] = keysOf(entries, algorithmNames).flatMap(({ algorithms }) => algorithms);
  const message = `None of the ${entries.length} keys at ${jwksUri} can be used`;
  if (other === undefined) {
    return problem(CHECK, message, {
      advice: 'The provider has to publish a signature key: RSA of 2048 bits or more, or EC',
    });
  }
  return problem(CHECK, `${message}: none is for ${acceptedAlgorithms.join(' or ')}`, {
    advice: 'Let the provider sign with RS256 or ES256, or accept what it signs with',
    config: configLine('algorithms', [...acceptedAlgorithms, other]),
  });
}

function secrecy(entries: readonly unknown[]): Finding[] {
  if (!entries.some(isPrivate)) return [];
  const advice = 'Replace the key at once: whoever has read it can make tokens';
  return [problem(CHECK, 'A private or symmetric key is published', { advice })];
}

function keysOf(entries: readonly unknown[], accepted: readonly Algorithm[]): PublicKey[] {
  return entries.map((entry) => publicKeyOf(entry, accepted)).filter((key) => key !== undefined);
}

function failed(finding: Finding): KeysResult {
  return { findings: [finding], keys: [] };
}
