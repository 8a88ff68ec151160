import { readFileSync } from 'node:fs';
import type { AuthModuleOptions } from '@nmp/auth';
import type { AccessTokenInput } from '@nmp/auth/testing';

/** A request that the original's clients send, and what has to come back for them to go on. */
export interface Exchange {
  readonly id: string;
  /** What it is about. */
  readonly source: string;
  /** Which platform is asked. @default usual */
  readonly platform?: string;
  /** Which program sends it: its headers. @default sdk */
  readonly client?: string;
  /** Whose token it carries; a list stands for one request each, and none for no token. */
  readonly as?: string | readonly string[];
  /** What was done before. */
  readonly given?: readonly Preparation[];
  /** Lists stand for one request each. */
  readonly request: {
    readonly method: string | readonly string[];
    readonly path: string | readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** In place of `body`: sent as it is. */
    readonly text?: string;
  };
  readonly expected: {
    readonly status: number;
    /** `null`: not there. */
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  /** Where this platform means to answer otherwise than the original. */
  readonly differs?: { readonly original: string; readonly why: string };
}

/** A request that has to succeed before. */
export interface Preparation {
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  /** Members of the answer, and headers, to remember: `{"<variable>": "<name>"}`. */
  readonly remember?: Readonly<Record<string, string>>;
  readonly rememberHeaders?: Readonly<Record<string, string>>;
}

/** One request of an exchange. */
export interface SingleRequest extends Omit<Exchange, 'as' | 'request'> {
  readonly name: string;
  readonly caller: string | undefined;
  readonly request: Omit<Exchange['request'], 'method' | 'path'> & { readonly method: string; readonly path: string };
}

/** Who takes part. */
export interface Parties {
  readonly clients: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly callers: Readonly<Record<string, CallerInput>>;
  /** What differs of the options of authentication. */
  readonly platforms: Readonly<Record<string, Pick<AuthModuleOptions, 'enabled' | 'oidc' | 'trustedHeaders'>>>;
}

export interface CallerInput extends AccessTokenInput {
  /** Claims that the token does not have. */
  readonly without?: readonly string[];
  readonly unsigned?: boolean;
}

/** A sign-in at the identity provider, step by step. */
export interface RecordedSignIn {
  readonly id: string;
  readonly source: string;
  readonly steps: readonly SignInStep[];
}

export type SignInStep =
  | { readonly person: 'agrees' | 'refuses' }
  | {
      readonly form: Readonly<Record<string, string>>;
      readonly endpoint: 'token_endpoint' | 'device_authorization_endpoint';
      readonly expected: { readonly status: number; readonly body?: unknown };
      readonly remember?: Readonly<Record<string, string>>;
    };

export const parties = read('parties') as Parties; // fixtures of this project, here and below
export const recordedSignIns = read('sign-in') as readonly RecordedSignIn[];

/** The files of exchanges; those of a file share a platform. */
export const exchangeFiles = [
  'discovery',
  'gateway',
  'workspaces',
  'members',
  'role-bindings',
  'decisions',
  'errors',
  'trusted-headers',
] as const;

export function exchangesOf(file: (typeof exchangeFiles)[number]): readonly Exchange[] {
  return read(file) as readonly Exchange[];
}

/** The requests of an exchange, one by one. */
export function singleRequests(exchange: Exchange): SingleRequest[] {
  const { id, as, request, ...others } = exchange;
  const { method, path, body } = request;
  const bodies = Array.isArray(body) ? (body as unknown[]) : [body];
  return listOf(as).flatMap((caller) =>
    listOf(method).flatMap((method) =>
      listOf(path).flatMap((path) =>
        bodies.map((body) => {
          const name = `${id}: ${caller === undefined ? '' : `${caller}, `}${method} ${path}`;
          return { ...others, id, name, caller, request: { ...request, method, path, body } };
        }),
      ),
    ),
  );
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/original-clients/${file}.json`, import.meta.url), 'utf8'));
}
