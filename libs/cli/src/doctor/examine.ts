import type { Clock, HttpContext } from '@nmp/sdk';
import { decodeUnverifiedClaims, isSecureUrl } from '@nmp/tokens';
import { examineClocks } from './examine-clocks.js';
import { examineDeviceGrant } from './examine-device-grant.js';
import { examineDiscovery } from './examine-discovery.js';
import { endpointsOf, examineEndpoints } from './examine-endpoints.js';
import { examineIssuer } from './examine-issuer.js';
import type { KeysResult } from './examine-keys.js';
import { examineKeys } from './examine-keys.js';
import { examineSettings } from './examine-settings.js';
import { examineToken } from './examine-token.js';
import type { Finding } from './finding.js';
import type { Subject } from './subject.js';

/** What there is to go on beside the settings. */
export interface Circumstances {
  readonly http: HttpContext;
  readonly clock: Clock;
  readonly token: string | undefined;
  readonly platformAheadSeconds: number | undefined;
}

/** Runs every check that makes sense: what needs a document is left out when there is none. */
export async function examine(subject: Subject, circumstances: Circumstances): Promise<Finding[]> {
  const { http, clock, token, platformAheadSeconds } = circumstances;
  const findings = examineIssuer(subject.issuer);
  if (!isSecureUrl(subject.issuer)) return findings;
  const { document, clockAheadSeconds, findings: discovered } = await examineDiscovery(subject.issuer, http, clock);
  findings.push(...discovered);
  const { keys, findings: ofKeys } = document ? await examineKeys(document.jwks_uri, http, clock) : nothing;
  const ofDevice = document ? await examineDeviceGrant(subject, endpointsOf(subject, document), http, clock) : [];
  if (document) {
    const tokenIssued = token === undefined ? undefined : secondsAhead(token, clock.now());
    findings.push(...examineClocks({ provider: clockAheadSeconds, platform: platformAheadSeconds, tokenIssued }));
    findings.push(
      ...examineEndpoints(subject, document, { isGivenCodes: ofDevice.some(({ level }) => level === 'ok') }),
    );
  }
  findings.push(...ofKeys, ...examineSettings(subject, document ?? {}), ...ofDevice);
  return [...findings, ...(token === undefined ? [] : await examineToken(token, subject, keys, clock.now()))];
}

/** How long after now a token was issued; negative for the past. */
function secondsAhead(token: string, now: Date): number | undefined {
  const issued = decodeUnverifiedClaims(token)?.iat;
  return typeof issued === 'number' ? Math.round(issued - now.getTime() / 1000) : undefined;
}

const nothing: KeysResult = { findings: [], keys: [] };
