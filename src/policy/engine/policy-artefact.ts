import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PolicyEngineError } from './wasm-policy.js';

/** A source of the policy, by its path in the bundle. */
export interface PolicySource {
  readonly path: string;
  readonly text: string;
}

interface ArtefactRecord {
  readonly opa: string;
  readonly wasm: string;
  readonly sources: string;
}

/** The folder of the policy: at the root of the repository, and of what is deployed. */
const policyFolder = fileURLToPath(new URL('../../../policy', import.meta.url));

/**
 * The compiled policy.
 * @throws {PolicyEngineError} when it is not the one that was committed
 */
export function readCompiledPolicy(folder = policyFolder): Uint8Array<ArrayBuffer> {
  const wasm = Uint8Array.from(readFileSync(join(folder, 'authz.wasm')));
  const { wasm: expected } = readRecord(folder);
  const found = createHash('sha256').update(wasm).digest('hex');
  if (found === expected) return wasm;
  throw new PolicyEngineError(`policy/authz.wasm has the SHA-256 ${found}; ${expected} is recorded`);
}

/** The sources of the policy without its tests, sorted by path. */
export function readPolicySources(folder = policyFolder): readonly PolicySource[] {
  return readdirSync(join(folder, 'authz'))
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .sort()
    .map((name) => ({ path: `authz/${name}`, text: readFileSync(join(folder, 'authz', name), 'utf8') }));
}

/** Whether the compiled policy is recorded as made from the sources that are there. */
export function fitsSources(folder = policyFolder): boolean {
  const hash = createHash('sha256');
  for (const { path, text } of readPolicySources(folder)) hash.update(`${path}\0${text}\0`);
  return hash.digest('hex') === readRecord(folder).sources;
}

function readRecord(folder: string): ArtefactRecord {
  // Written by the build of the policy, beside the artefact.
  return JSON.parse(readFileSync(join(folder, 'authz.wasm.json'), 'utf8')) as ArtefactRecord;
}
