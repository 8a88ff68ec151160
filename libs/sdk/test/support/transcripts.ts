import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StubAnswer } from './http-stub.js';

/** What an identity provider once answered during a sign-in or a refresh, and what a client has to make of it. */
export interface Transcript {
  readonly id: string;
  readonly provider: string;
  readonly flow: 'device' | 'password' | 'refresh';
  readonly steps: readonly (Exchange | { readonly user_action: 'ctrl_c' })[];
  readonly expected: {
    readonly outcome: 'success' | 'failure' | 'cancelled';
    readonly reason: string | null;
    readonly waits_s?: readonly number[];
    readonly message_should_mention?: readonly string[];
    readonly stored?: { readonly expires_in?: number | null; readonly refresh_token?: string };
  };
}

/** One request and its answer. */
export interface Exchange {
  readonly request: { readonly method: string; readonly url: string; readonly form: Readonly<Record<string, string>> };
  readonly response: RecordedAnswer;
}

export type RecordedAnswer =
  | { readonly network_error: 'timeout' | 'connection_reset' }
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly text?: string;
    };

type RecordedToken =
  | { readonly raw: string }
  | { readonly header: Readonly<Record<string, unknown>>; readonly claims: Readonly<Record<string, unknown>> };

/** What a request of every sign-in may hold; anything else is asked for by the platform. */
const usual = new Set([
  'client_id',
  'client_secret',
  'grant_type',
  'scope',
  'device_code',
  'username',
  'password',
  'refresh_token',
]);

const directory = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'fixtures');
const tokens = read('login-tokens.json') as Readonly<Record<string, RecordedToken>>; // a fixture of this project

/** Every transcript there is. */
export const transcripts = read('login-transcripts.json') as readonly Transcript[]; // a fixture of this project

/** What this project expects. */
export function expectedOf({ id, expected }: Transcript): Transcript['expected'] {
  return { ...expected, ...deviations[id] };
}

// A platform scope that was asked for and not granted ends the sign-in here: whoever went on would be refused later.
const deviations: Readonly<Record<string, Partial<Transcript['expected']>>> = {
  'hydra-device-success-opaque': { outcome: 'failure', reason: 'missing_scopes' },
};

/** The exchanges of a transcript, without what the person does. */
export function exchangesOf({ steps }: Transcript): Exchange[] {
  return steps.filter((step): step is Exchange => 'request' in step);
}

/** The discovery document of a platform whose users sign in as in a transcript. */
export function discoveryOf(transcript: Transcript): object {
  const exchanges = exchangesOf(transcript);
  const { client_id: clientId, scope = '', ...more } = exchanges[0]?.request.form ?? {};
  const tokenRequest = exchanges.find(({ request }) => request.form.grant_type !== undefined)?.request;
  return {
    auth_enabled: true,
    oidc: {
      issuer: 'https://idp.example.com',
      token_endpoint: tokenRequest?.url ?? 'https://idp.example.com/token',
      device_authorization_endpoint: transcript.flow === 'device' ? exchanges[0]?.request.url : null,
      client_id: clientId,
      default_scopes: scope,
      scope_prefix: null,
      login_parameters: Object.fromEntries(Object.entries(more).filter(([name]) => !usual.has(name))),
    },
  };
}

/**
 * A recorded answer, as a server gives it now.
 * @param endless Whether tokens do not say themselves when they end.
 */
export function recordedAnswerOf(answer: RecordedAnswer, now: Date, endless: boolean): StubAnswer {
  if ('network_error' in answer) return { breakConnection: true };
  const { status, json, text } = answer;
  const { 'content-length': length, ...headers } = answer.headers;
  // A recorded length stands for a body that was too long to record.
  const body = text === undefined ? undefined : text + 'x'.repeat(length === undefined ? 0 : 2_000_000);
  return {
    status,
    headers: { date: now.toUTCString(), ...headers },
    ...(json === undefined ? { text: body ?? '' } : { json: withTokens(json, now, endless) }),
  };
}

/**
 * A recorded value with tokens in place of their names.
 * @param endless Whether tokens do not say themselves when they end.
 */
function withTokens(value: unknown, now: Date, endless: boolean): unknown {
  if (typeof value === 'string' && value.startsWith('@fixture:')) return tokenOf(value.slice(9), now, endless);
  if (Array.isArray(value)) return value.map((item) => withTokens(item, now, endless));
  if (typeof value !== 'object' || value === null) return value;
  if ('$now' in value) return Math.floor(now.getTime() / 1000) + Number(value.$now);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTokens(member, now, endless)]));
}

function tokenOf(id: string, now: Date, endless: boolean): string {
  const token = tokens[id];
  if (token === undefined) throw new Error(`No token ${id}`);
  if ('raw' in token) return token.raw;
  const claims = { ...(withTokens(token.claims, now, endless) as object), ...(endless ? { exp: undefined } : {}) };
  const part = (member: object): string => Buffer.from(JSON.stringify(member)).toString('base64url');
  return `${part(token.header)}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(directory, name), 'utf8'));
}
