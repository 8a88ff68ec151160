import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../process/root.mjs';
import { opaVersion } from './opa.mjs';

export const policyDirectory = join(root, 'policy');
const wasmFile = join(policyDirectory, 'authz.wasm');
const recordFile = join(policyDirectory, 'authz.wasm.json');

/** The files that are compiled, relative to the policy's folder, in order. */
export function policySources() {
  return readdirSync(join(policyDirectory, 'authz'))
    .filter((name) => name.endsWith('.rego') && !name.endsWith('_test.rego'))
    .sort()
    .map((name) => `authz/${name}`);
}

/** Says in which way the committed artefact does not fit its record, or its record the sources; nothing when all fits. */
export function artefactProblems() {
  const recorded = JSON.parse(readFileSync(recordFile, 'utf8'));
  const found = recordOf(readFileSync(wasmFile));
  return Object.keys(found)
    .filter((key) => recorded[key] !== found[key])
    .map((key) => `policy/authz.wasm.json: "${key}" is ${recorded[key]} and should be ${found[key]}`);
}

/** Whether these bytes are the committed ones. */
export function isCommitted(wasm) {
  return readFileSync(wasmFile).equals(wasm);
}

/** Puts a compiled policy in the place of the committed one, with the hashes of it and its sources. */
export function writeArtefact(wasm) {
  writeFileSync(wasmFile, wasm);
  writeFileSync(recordFile, `${JSON.stringify(recordOf(wasm), undefined, 2)}\n`);
}

function recordOf(wasm) {
  return { opa: opaVersion, wasm: sha256(wasm), sources: sourcesHash() };
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of policySources()) {
    hash.update(`${name}\0`);
    hash.update(readFileSync(join(policyDirectory, name)));
    hash.update('\0');
  }
  return hash.digest('hex');
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
