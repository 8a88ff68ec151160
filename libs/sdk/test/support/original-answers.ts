import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filled } from './expected-shape.js';
import type { StubAnswer } from './http-stub.js';
import type { StubIdp } from './stub-idp.js';
import type { StubPlatform } from './stub-platform.js';

/** Answers of the original's server, and what this client makes of them. */
export interface RecordedAnswers {
  readonly id: string;
  /** What is odd about them. */
  readonly source: string;
  /** By method and path; lists are given in turn. Every other request is answered as by a platform of this project. */
  readonly answers: Readonly<Record<string, StubAnswer | StubAnswer[]>>;
  /** What comes of a call of the library. */
  readonly sdk: {
    readonly call: string;
    readonly args?: readonly unknown[];
    readonly result?: unknown;
    readonly error?: { readonly class: string; readonly members: Readonly<Record<string, unknown>> };
    /** How often the token is renewed. @default 0 */
    readonly refreshes?: number;
  };
  /** What comes of a command; the texts are regular expressions. */
  readonly cli: {
    readonly args: readonly string[];
    readonly exitCode: number;
    readonly stdout?: string;
    readonly stderr?: string;
    /** What the identity provider is asked for tokens with. */
    readonly form?: Readonly<Record<string, string>>;
  };
}

const file = join(import.meta.dirname, '..', '..', '..', '..', 'test', 'fixtures', 'original-clients', 'answers.json');

export const recordedAnswers = JSON.parse(readFileSync(file, 'utf8')) as readonly RecordedAnswers[]; // a fixture of this project

/** Makes a platform answer as the original did, and its identity provider grant what it is asked for. */
export function answerAsRecorded(platform: StubPlatform, idp: StubIdp, { answers }: RecordedAnswers, now: Date): void {
  const recorded = filled(answers, { platform: platform.url, idp: idp.issuer });
  for (const [what, answer] of Object.entries(recorded)) platform.on(what, answer);
  idp.http.on('POST /token', ({ form }) => idp.tokens({ now, ...(form.scope && { scope: form.scope }) }));
}
