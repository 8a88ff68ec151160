import type { Clock, HttpContext } from '@nmp/sdk';
import { NeMoError, requestDeviceCode } from '@nmp/sdk';
import { addScopePrefix } from '@nmp/tokens';
import type { Finding } from './finding.js';
import { ok, problem } from './finding.js';
import type { Endpoints, Subject } from './subject.js';

const CHECK = 'sign-in';

/**
 * Begins a sign-in and leaves it there: the one way to learn whether the provider knows the client, lets it use the device
 * flow, and offers the scopes. The code that comes of it is forgotten, and expires.
 */
export async function examineDeviceGrant(
  subject: Subject,
  { token, deviceAuthorization }: Endpoints,
  http: HttpContext,
  clock: Clock,
): Promise<Finding[]> {
  const { issuer, clientId, clientSecret, loginParameters, scopes, scopePrefix } = subject;
  if (token === undefined || deviceAuthorization === undefined || clientId === undefined) return [];
  const provider = {
    issuer,
    clientId,
    clientSecret,
    loginParameters,
    tokenEndpoint: token,
    deviceAuthorizationEndpoint: deviceAuthorization,
    http,
    clock,
  };
  try {
    const device = await requestDeviceCode(
      provider,
      scopes.map((scope) => addScopePrefix(scope, scopePrefix)),
    );
    return [ok(CHECK, `The provider gives ${clientId} a code, good for ${device.lifetimeSeconds} s`)];
  } catch (error) {
    if (!(error instanceof NeMoError)) throw error;
    return [problem(CHECK, error.message)];
  }
}
