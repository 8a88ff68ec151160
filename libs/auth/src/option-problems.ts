import { validateSync, type ValidationError } from 'class-validator';
import { closest, distance } from 'fastest-levenshtein';
import { AccessKeyOptions } from './access-key-options.js';
import { AuthModuleOptions, TrustedHeadersOptions } from './auth-options.js';
import { DpopNonceOptions, DpopOptions } from './dpop-options.js';
import { HopOptions } from './hop-options.js';
import { MtlsOptions } from './mtls-options.js';
import { AdditionalIssuerOptions, OidcOptions } from './oidc-options.js';
import { ServiceClientOptions } from './service-client-options.js';
import { WebSocketOptions } from './websocket-options.js';
import { WorkloadOptions } from './workload-options.js';

/** Reads what the user wrote into the classes that know their constraints. A plain string among the additional issuers becomes an entry. */
export function readOptions(given: unknown): AuthModuleOptions {
  const options = Object.assign(new AuthModuleOptions(), given);
  if (isRecord(options.trustedHeaders)) {
    options.trustedHeaders = Object.assign(new TrustedHeadersOptions(), options.trustedHeaders);
  }
  if (isRecord(options.dpop)) {
    const dpop = Object.assign(new DpopOptions(), options.dpop);
    if (isRecord(dpop.nonce)) dpop.nonce = Object.assign(new DpopNonceOptions(), dpop.nonce);
    options.dpop = dpop;
  }
  if (isRecord(options.mtls)) options.mtls = Object.assign(new MtlsOptions(), options.mtls);
  if (isRecord(options.hop)) options.hop = Object.assign(new HopOptions(), options.hop);
  if (isRecord(options.websockets)) options.websockets = Object.assign(new WebSocketOptions(), options.websockets);
  if (isRecord(options.workload)) options.workload = Object.assign(new WorkloadOptions(), options.workload);
  if (isRecord(options.accessKeys)) options.accessKeys = Object.assign(new AccessKeyOptions(), options.accessKeys);
  if (Array.isArray(options.serviceClients)) options.serviceClients = options.serviceClients.map(readServiceClient);
  if (isRecord(options.oidc)) {
    const oidc = Object.assign(new OidcOptions(), options.oidc);
    options.oidc = oidc;
    if (Array.isArray(oidc.additionalIssuers)) oidc.additionalIssuers = oidc.additionalIssuers.map(readIssuer);
  }
  return options;
}

function readIssuer(entry: unknown): AdditionalIssuerOptions {
  const members = typeof entry === 'string' ? { issuer: entry, sharesUsers: true } : entry;
  return Object.assign(new AdditionalIssuerOptions(), members);
}

function readServiceClient(entry: unknown): ServiceClientOptions {
  // What is no object has no members, and so lacks every one.
  return Object.assign(new ServiceClientOptions(), isRecord(entry) ? entry : {});
}

/** Everything that is wrong with single options, each with its path. */
export function optionProblems(options: AuthModuleOptions): string[] {
  const errors = validateSync(options, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return [...nullProblems(options), ...errors.flatMap((error) => problemsOf(error, ''))];
}

function problemsOf(error: ValidationError, parent: string): string[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([name, message]) =>
    name === 'whitelistValidation' ? `${path} is not a known option${suggestion(error)}` : `${path} ${message}`,
  );
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, path))];
}

function suggestion({ target, property }: ValidationError): string {
  const known = Object.keys(target === undefined ? {} : new (target.constructor as new () => object)()); // one of the option classes
  const near = known.length > 0 ? closest(property, known) : '';
  return near !== '' && distance(property, near) <= 2 ? `: did you mean ${near}?` : '';
}

/** `@IsOptional()` lets null pass; here a key that was written must have a value. */
function nullProblems(value: object, parent = ''): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    if (member === null) return [`${path} must not be null; leave it out to get the default`];
    return isRecord(member) || Array.isArray(member) ? nullProblems(member, path) : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
