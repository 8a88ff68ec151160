import { isSecureUrl } from '@nmp/tokens';
import type { Finding } from './finding.js';
import { configLine, ok, problem, warning } from './finding.js';
import type { Endpoints, Subject } from './subject.js';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
type Document = Readonly<Record<string, unknown>>;

/** Where the provider is asked for codes and tokens: the platform's settings come before its own document. */
export function endpointsOf(subject: Subject, document: Document = {}): Endpoints {
  const { token, deviceAuthorization } = subject.published;
  return {
    token: token ?? textOf(document.token_endpoint),
    deviceAuthorization: deviceAuthorization ?? textOf(document.device_authorization_endpoint),
  };
}

/** What else is known of the client. */
export interface ClientExperience {
  /** The provider has just given it a device code, whatever the document says of such clients. */
  readonly isGivenCodes: boolean;
}

/** Which ways to sign in a provider's document offers. */
export function examineEndpoints(subject: Subject, document: Document, experience: ClientExperience): Finding[] {
  const endpoints = endpointsOf(subject, document);
  return [
    endpointFinding('token endpoint', endpoints.token, 'token_endpoint'),
    deviceFinding(endpoints.deviceAuthorization, document),
    passwordFinding(document),
    ...clientFindings(subject, document, experience),
    ...(textOf(document.revocation_endpoint) === undefined
      ? [warning('sign-out', 'Tokens cannot be revoked: nemo auth logout only forgets them')]
      : [ok('sign-out', 'Tokens can be revoked')]),
  ];
}

function deviceFinding(endpoint: string | undefined, document: Document): Finding {
  const offered = listOf(document.grant_types_supported);
  if (endpoint !== undefined && offered && !offered.includes(deviceGrant)) {
    return warning('device grant', `${endpoint} is there, but the grant is not among "grant_types_supported"`, {
      advice: 'Switch the device authorization grant on if signing in fails',
    });
  }
  return endpointFinding('device grant', endpoint, 'device_authorization_endpoint');
}

function endpointFinding(check: string, endpoint: string | undefined, key: string): Finding {
  if (endpoint === undefined) {
    return problem(check, `The discovery document has no "${key}"`, {
      advice: 'Switch it on at the provider, or say where it is',
      config: configLine(`oidc.${key}`, 'https://…'),
    });
  }
  if (isSecureUrl(endpoint)) return ok(check, endpoint);
  return problem(check, `${endpoint} is not https, and no code or token goes there`, {
    config: configLine(`oidc.${key}`, endpoint.replace(/^http:/, 'https:')),
  });
}

function passwordFinding(document: Document): Finding {
  const offered = listOf(document.grant_types_supported);
  if (!offered) return warning('password grant', 'The provider does not tell whether it offers it');
  if (offered.includes('password')) return ok('password grant', 'The provider offers it; the client may still not');
  return warning('password grant', 'Not offered: nemo auth login --username will not work, the browser does');
}

function* clientFindings(
  { clientId, clientSecret }: Subject,
  document: Document,
  { isGivenCodes }: ClientExperience,
): Generator<Finding> {
  if (clientId === undefined) {
    yield problem('client', 'There is no client id', {
      advice: 'Register a public client at the provider, then name it with --client-id',
      config: configLine('oidc.client_id', 'nmp-cli'),
    });
    return;
  }
  const methods = listOf(document.token_endpoint_auth_methods_supported);
  if (clientSecret === undefined && !isGivenCodes && methods && !methods.includes('none')) {
    yield warning(
      'client',
      `${clientId} has no secret here, and the provider does not say that it takes such clients`,
      {
        advice: 'If it is a confidential client, set NMP_OIDC_CLIENT_SECRET',
      },
    );
    return;
  }
  yield ok('client', `${clientId}${clientSecret === undefined ? ', without a secret' : ', with its secret'}`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}
