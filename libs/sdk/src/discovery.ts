import { discoveryUrls, isSecureUrl, parseScopes } from '@nmp/tokens';
import { addressSources } from './address-sources.js';
import { anyText, isObject, objectWith, optional, recordOf, yesOrNo } from './answer-shape.js';
import { MAX_BODY_BYTES, readCappedBody } from './capped-body.js';
import { NeMoError, SignInError } from './errors.js';
import type { HttpContext } from './http-context.js';
import { requestSignal } from './http-context.js';
import { networkAdvice, networkProblem } from './network-problem.js';
import { loginParametersOf } from './login-parameters.js';
import { fetchThroughSlash, redirectTarget } from './redirect.js';
import { printable } from './text.js';
import { unlikeThePlatform } from './unexpected-answer.js';

/** What a platform tells about signing in. */
export interface PlatformDiscovery {
  readonly authEnabled: boolean;
  readonly oidc?: OidcDiscovery;
  /** Whether it takes the word of programs on its own machine, without an identity provider. */
  readonly acceptsUnsigned?: true;
}

/** The identity provider a platform trusts. */
export interface OidcDiscovery {
  readonly issuer: string;
  readonly tokenEndpoint?: string;
  readonly authorizationEndpoint?: string;
  readonly deviceAuthorizationEndpoint?: string;
  readonly clientId?: string;
  readonly defaultScopes: readonly string[];
  readonly scopePrefix?: string;
  /** What this identity provider wants to be told beside the usual when somebody signs in, such as `audience`. */
  readonly loginParameters?: Readonly<Record<string, string>>;
  /** Where and how workloads exchange their own tokens; absent when they cannot. */
  readonly workload?: WorkloadDiscovery;
}

/** What is not said of workloads is as for people. */
export interface WorkloadDiscovery {
  readonly tokenEndpoint?: string;
  readonly clientId?: string;
  readonly audience?: string;
  readonly scope?: string;
}

/** What an identity provider tells of itself, as far as it is needed here. @see RFC 8414 §2, RFC 9207 §3 */
export interface ProviderMetadata {
  readonly authorizationEndpoint?: string;
  readonly revocationEndpoint?: string;
  readonly namesItself: boolean;
}

const optionalText = optional(anyText);

const discoveryDocument = objectWith({
  auth_enabled: yesOrNo,
  allow_unsigned_jwt: optional(yesOrNo),
  oidc: optional(
    objectWith({
      issuer: optionalText,
      token_endpoint: optionalText,
      authorization_endpoint: optionalText,
      device_authorization_endpoint: optionalText,
      client_id: optionalText,
      default_scopes: optionalText,
      scope_prefix: optionalText,
      login_parameters: optional(recordOf(anyText)),
      workload_token_exchange_enabled: optional(yesOrNo),
      workload_token_endpoint: optionalText,
      workload_client_id: optionalText,
      workload_audience: optionalText,
      workload_scope: optionalText,
    }),
  ),
});

/**
 * Asks a platform how one signs in.
 * @throws {SignInError} `platform_unreachable`, or `not_a_platform` when something else answers.
 */
export async function discoverPlatform(baseUrl: string, http: HttpContext): Promise<PlatformDiscovery> {
  const document = await fetchObject(`${baseUrl}/apis/auth/discovery`, baseUrl, http);
  const problem = discoveryDocument(document, '');
  if (problem !== undefined) throw notAPlatform(baseUrl, problem);
  const oidc = isObject(document.oidc) ? oidcOf(document.oidc) : undefined;
  return {
    authEnabled: document.auth_enabled === true,
    ...(oidc ? { oidc } : {}),
    ...(document.allow_unsigned_jwt === true ? { acceptsUnsigned: true } : {}),
  };
}

/** What an identity provider tells of itself. Never fails: when it cannot be asked, it tells nothing. */
export async function discoverProvider(issuer: string, http: HttpContext): Promise<ProviderMetadata> {
  const [url] = isSecureUrl(issuer) ? discoveryUrls(issuer) : [];
  const document = url === undefined ? undefined : await fetchObject(url, issuer, http).catch(unlessItIsTheProviders);
  if (document?.issuer !== issuer) return { namesItself: false };
  const endpoints = {
    authorizationEndpoint: stringOf(document.authorization_endpoint),
    revocationEndpoint: stringOf(document.revocation_endpoint),
  };
  const usable = Object.entries(endpoints).filter(([, endpoint]) => endpoint !== undefined && isSecureUrl(endpoint));
  return {
    ...Object.fromEntries(usable),
    namesItself: document.authorization_response_iss_parameter_supported === true,
  };
}

function unlessItIsTheProviders(error: unknown): undefined {
  if (!(error instanceof SignInError)) throw error;
}

function oidcOf(document: Record<string, unknown>): OidcDiscovery | undefined {
  const issuer = stringOf(document.issuer);
  if (issuer === undefined) return undefined;
  const optional = {
    tokenEndpoint: stringOf(document.token_endpoint),
    authorizationEndpoint: stringOf(document.authorization_endpoint),
    deviceAuthorizationEndpoint: stringOf(document.device_authorization_endpoint),
    clientId: stringOf(document.client_id),
    scopePrefix: stringOf(document.scope_prefix),
    loginParameters: isObject(document.login_parameters) ? loginParametersOf(document.login_parameters) : undefined,
    workload: document.workload_token_exchange_enabled === true ? workloadOf(document) : undefined,
  };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { issuer, defaultScopes: parseScopes(stringOf(document.default_scopes)), ...Object.fromEntries(given) };
}

function workloadOf(document: Record<string, unknown>): WorkloadDiscovery {
  const optional = {
    tokenEndpoint: stringOf(document.workload_token_endpoint),
    clientId: stringOf(document.workload_client_id),
    audience: stringOf(document.workload_audience),
    scope: stringOf(document.workload_scope),
  };
  return Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
}

async function fetchObject(url: string, server: string, http: HttpContext): Promise<Record<string, unknown>> {
  let response: Response;
  let text: string | undefined;
  try {
    // A redirect could lead to somebody else's identity provider: it is reported, not followed.
    const init = { headers: { accept: 'application/json' }, signal: requestSignal(http) };
    response = await fetchThroughSlash(http.fetch, new URL(url), init);
    text = await readCappedBody(response);
  } catch (error) {
    http.signal?.throwIfAborted();
    if (error instanceof NeMoError) throw error;
    const message = `${server} could not be reached (${networkProblem(error)}).`;
    const advice = networkAdvice(error, `Check that it is running and that the address is right (${addressSources})`);
    throw new SignInError('platform_unreachable', `${message} ${advice}`, { cause: error });
  }
  const location = response.headers.get('location');
  if (response.status >= 300 && response.status < 400 && location !== null) {
    throw notAPlatform(server, `it redirects to ${redirectTarget(location, url)}`);
  }
  if (response.status >= 500) {
    const message = `${server} answered with HTTP ${response.status}.`;
    throw new SignInError(
      'platform_unreachable',
      `${message} Try again later, or check the address (${addressSources})`,
    );
  }
  if (!response.ok) throw notAPlatform(server, `it answered with HTTP ${response.status}`);
  const document = parseObject(text);
  if (document) return document;
  throw notAPlatform(server, noObject(text));
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function noObject(text: string | undefined): string {
  if (text === undefined) return `its answer is longer than ${MAX_BODY_BYTES / 1_048_576} MiB`;
  return text.trim() === '' ? 'its answer is empty' : 'its answer is not a JSON object';
}

function notAPlatform(server: string, why: string): SignInError {
  return new SignInError('not_a_platform', unlikeThePlatform(server, why));
}

function stringOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? printable(value, 2000) : '';
  return text === '' ? undefined : text;
}
