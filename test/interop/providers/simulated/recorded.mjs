import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../../../scripts/process/root.mjs';
import '../../../../libs/sdk/test/support/typescript-register.mjs';

export const { discoveryOf, exchangesOf, expectedOf, recordedAnswerOf, transcripts } =
  await import('../../../../libs/sdk/test/support/transcripts.ts');

const tables = join(import.meta.dirname, 'tables');
const fixtures = new Map(
  JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'identity-providers.json'), 'utf8')).map((fixture) => [
    fixture.id,
    fixture,
  ]),
);

/** The providers there are tables of. */
export const simulatedProviders = readdirSync(tables).map((file) => file.replace(/\.yaml$/, ''));

/** What is to be known of a provider beside its recorded documents, tokens and answers. */
export function tableOf(name) {
  return parse(readFileSync(join(tables, `${name}.yaml`), 'utf8'));
}

/** An access token as the provider issues it, with the documents and settings that belong to it. */
export function fixtureOf(id) {
  return found(fixtures.get(id), id);
}

/** Everything that a provider answered in a recorded dialogue, in order. */
export function answersIn(id) {
  const transcript = transcripts.find((candidate) => candidate.id === id);
  return exchangesOf(found(transcript, id)).map(({ response }) => response);
}

function found(record, id) {
  if (record === undefined) throw new Error(`Nothing is recorded under ${id}`);
  return record;
}
