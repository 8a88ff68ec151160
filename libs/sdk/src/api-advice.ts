import { decodeUnverifiedClaims, isUnsignedToken, parseScopes, scopesOfClaims } from '@nmp/tokens';
import { addressSources } from './address-sources.js';
import type { SentRequest } from './api-client.js';
import type { Settings } from './settings.js';
import { accessKeysPath, workspacesPath } from './resources/resource-path.js';
import { shellWord } from './shell-word.js';
import { printable } from './text.js';

/** What to do when something else answers at the platform's address. */
export function noPlatformAdvice({ otherContexts = [] }: Settings): string {
  const names = otherContexts.map((name) => printable(name, 100));
  const [other] = names;
  const advice = `Give the platform's address (${addressSources})`;
  if (other === undefined) return advice;
  return `${advice}, or use another context (${names.join(', ')}). Run: nemo config use-context ${shellWord(other)}`;
}

/** A request that failed, with what the platform said of it. */
interface Failure extends SentRequest {
  readonly code: string;
  readonly detail: string;
}

const plainOidcScopes = new Set(['openid', 'profile', 'email', 'offline_access', 'address', 'phone']);
const seeWorkspaces = 'nemo workspaces list';
const askForRule = "ask the platform's administrator for a rule in token_exchange that allows this";
const keysNeedProvider =
  'Access keys need an identity provider, and you are signed in without one: give the program an unsigned token of its own';
const later = 'Try again later; if it stays that way, tell an administrator of the platform';

/** What a person can do about an answer that is an error. */
export function adviceForFailure(response: Response, failure: Failure): string {
  const { status } = response;
  if (status >= 300 && status < 400) return `If that is the right address, give it (${addressSources})`;
  if (status === 401) return refusedTokenAdvice(failure.settings);
  if (status === 403 && failure.code === 'insufficient_scope') return scopeAdvice(missingScopes(response), failure);
  if (status === 403) return accessAdvice(failure);
  if (isUnknownRoute(status, failure.detail)) return otherVersionAdvice(failure);
  if (status === 409 && isDeletion(failure)) return keptAdvice(failure);
  if (status === 404 || status === 409) return lookAdvice(failure);
  if (status === 429 || status >= 500) return later;
  return 'Correct what the message names, then try again';
}

/** What servers say of a path, or of a method for it, that they do not serve at all. */
function isUnknownRoute(status: number, detail: string): boolean {
  return status === 405 || (status === 404 && /^(?:Not Found$|No such route)/.test(detail));
}

function otherVersionAdvice({ request: { method, path } }: Failure): string {
  return `It does not serve ${method} ${path}: check the address (${addressSources}), or use a version of this program that fits the platform`;
}

function refusedTokenAdvice({ credentials, signInCommand }: Settings): string {
  if (credentials.from === 'environment') {
    return `What was refused is the token in NMP_ACCESS_TOKEN: set it to a good one, or unset it and run: ${signInCommand}`;
  }
  if (credentials.from === 'argument') return `What was refused is the token in accessToken: give a good one`;
  if (credentials.from === 'workload')
    return `What was refused is the token that was exchanged for that in ${credentials.tokenFile}: ${askForRule}`;
  return `Run: ${signInCommand}, or set NMP_ACCESS_TOKEN`;
}

function accessAdvice(failure: Failure): string {
  const { request } = failure;
  if (isAboutKeys(failure)) return keyMakerAdvice(failure);
  if (request.method === 'POST' && request.path === workspacesPath)
    return 'Ask an administrator of the platform for a role that lets you create workspaces (WorkspaceCreator in "system")';
  const ask = 'Ask an administrator of the workspace or of the platform for access';
  return /\/workspaces\/./.test(request.path) ? `${ask}, or check the name: ${seeWorkspaces}` : ask;
}

function isDeletion({ request: { method, path } }: Failure): boolean {
  return method === 'DELETE' && /\/workspaces\/[^/]+$/.test(path);
}

/** Why a workspace is not deleted is in the platform's words alone. */
function keptAdvice({ detail, request }: Failure): string {
  if (/ projects?\b/.test(detail)) return `Delete them first, each with DELETE ${request.path}/projects/<name>`;
  return /belongs to the platform/.test(detail) ? 'Leave it as it is' : 'Change what the message names, then try again';
}

function isAboutKeys({ request: { path } }: Failure): boolean {
  return path.startsWith(accessKeysPath);
}

function keyMakerAdvice({ request: { method }, settings: { credentials, signInCommand }, token }: Failure): string {
  if (isUnsigned(token)) return keysNeedProvider;
  if (method === 'GET') return 'Leave --all out to see your own keys; those of others are for administrators';
  const unset = credentials.from === 'environment' ? 'unset NMP_ACCESS_TOKEN and ' : '';
  return `A key is made with a sign-in that has its scopes: ${unset}run: ${signInCommand}`;
}

function keysAdvice({ detail, token }: Failure): string {
  if (/switched off/.test(detail) && isUnsigned(token)) return keysNeedProvider;
  if (/switched off/.test(detail)) return "Ask the platform's administrator to switch them on (auth.access_keys)";
  return 'To see your access keys, run: nemo auth access-keys list';
}

function isUnsigned(token: string | undefined): boolean {
  return token !== undefined && isUnsignedToken(token);
}

function lookAdvice(failure: Failure): string {
  const { request } = failure;
  if (isAboutKeys(failure)) return keysAdvice(failure);
  const [, workspace] = /\/workspaces\/([^/]+)\/members(?:$|\/)/.exec(request.path) ?? [];
  if (workspace === undefined) return `To see what is there, run: ${seeWorkspaces}`;
  const name = shellWord(printable(decodeURIComponent(workspace), 100));
  return `To see who is there, run: nemo workspaces members list --workspace ${name}`;
}

/** A sign-in replaces the scopes of the one before, so the command names those too. */
function scopeAdvice(missing: readonly string[], { settings, token }: Failure): string {
  const claims = token === undefined ? undefined : decodeUnverifiedClaims(token);
  const held = claims === undefined ? [] : scopesOfClaims(claims).filter((scope) => !plainOidcScopes.has(scope));
  const wanted = [...new Set([...held, ...missing])].filter(isHarmless);
  const option = missing.length === 0 ? '' : ` --scope '${wanted.join(' ')}'`;
  const command = `${settings.signInCommand}${option}`;
  const { from } = settings.credentials;
  if (from === 'environment') return `Set NMP_ACCESS_TOKEN to a token with that scope, or unset it and run: ${command}`;
  if (from === 'workload') return `The scopes are those of a rule: ${askForRule}`;
  return from === 'argument' ? 'Give an accessToken with that scope' : `Run: ${command}`;
}

/** @see RFC 6750 §3 – the challenge's `scope` attribute */
function missingScopes(response: Response): string[] {
  const [, scope] = /\bscope="([^"]*)"/.exec(response.headers.get('www-authenticate') ?? '') ?? [];
  return parseScopes(scope).filter(isHarmless);
}

/** The command is there to be pasted into a shell, and a server chose the words. */
function isHarmless(scope: string): boolean {
  return /^[\w:/.-]+$/.test(scope);
}
