import { deepEqual, rejects } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOpa } from '../../scripts/policy/opa.mjs';
import { policySuite } from '../../scripts/policy/suite.mjs';
import { platformWithOpa } from './opa-platform.mjs';
import { OpaServer } from './opa-server.mjs';

const engineFolder = '../../dist/policy/engine';
const numberOfCases = 2000;

/**
 * The policy with a real Open Policy Agent: the committed artefact, and that the engine inside the platform decides as
 * an Open Policy Agent does that loaded the platform's bundle. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} world
 */
export async function opaSuite({ tally }) {
  const found = await findOpa();
  await policySuite(tally, found);
  if (found.problem) return;

  const directory = mkdtempSync(join(tmpdir(), 'nmp-opa-'));
  let server;
  try {
    await tally.run('a policy that needs a builtin WASM does not have is not compiled', () =>
      refusesForeignBuiltins(found.opa, directory),
    );
    const { engine, bundle, inputOf } = await givenPolicy();
    const bundleFile = join(directory, 'bundle.tar.gz');
    writeFileSync(bundleFile, bundle.bytes);
    server = await tally.run('Open Policy Agent loads the bundle', () =>
      OpaServer.start(found.opa, ['--bundle', bundleFile], { directory }),
    );
    if (server === undefined) return;
    const seed = Date.now() % 1_000_000;
    await tally.run(`${numberOfCases} generated questions are answered alike (seed ${seed})`, async () => {
      const { policyCases } = await import('./opa-cases.mjs');
      for (const question of policyCases(numberOfCases, seed)) {
        const theirs = await server.ask(question.kind, inputOf(question));
        deepEqual(ourAnswer(engine, question), theirs, `answered differently: ${JSON.stringify(question)}`);
      }
    });
    await platformWithOpa({ tally, opa: found.opa, directory });
  } finally {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function refusesForeignBuiltins(opa, directory) {
  const { compilePolicy } = await import('../../scripts/policy/compile.mjs');
  const file = join(directory, 'foreign.rego');
  writeFileSync(file, 'package foreign\n\nanswer := crypto.sha256(input.text)\n');
  const policy = { directory, sources: ['foreign.rego'], entrypoints: ['foreign/answer'] };
  await rejects(compilePolicy(opa, policy), /crypto\.sha256/);
  writeFileSync(file, 'package foreign\n\nanswer := upper(input.text)\n');
  await compilePolicy(opa, policy);
}

async function givenPolicy() {
  const { caseBindings, caseEndpoints, caseRoles, caseSettings } = await import('./opa-cases.mjs');
  const { BindingIndex } = await import(`${engineFolder}/binding-index.js`);
  const { EmbeddedPolicyEngine } = await import(`${engineFolder}/embedded-policy-engine.js`);
  const { policyBundle } = await import(`${engineFolder}/policy-bundle.js`);
  const { externalData } = await import(`${engineFolder}/policy-data.js`);
  const { readCompiledPolicy, readPolicySources } = await import(`${engineFolder}/policy-artefact.js`);
  const { allowInput, permissionsInput, roleInput } = await import('@nmp/tokens');
  const { roleCatalogueOf } = await import(`${engineFolder}/role-files.js`);
  const builtIn = readFileSync(new URL('../../config/roles.yaml', import.meta.url), 'utf8');
  const sources = {
    bindings: new BindingIndex(caseBindings),
    roles: roleCatalogueOf({ name: 'roles.yaml', text: builtIn }, { name: 'own.yaml', text: caseRoles }),
    endpoints: caseEndpoints,
    settings: caseSettings,
  };
  const inputs = { allow: allowInput, has_permissions: permissionsInput, has_role: roleInput };
  return {
    engine: new EmbeddedPolicyEngine({ ...sources, wasm: readCompiledPolicy() }),
    bundle: policyBundle(readPolicySources(), externalData(sources)),
    inputOf: (question) => inputs[question.kind](question),
  };
}

function ourAnswer(engine, question) {
  if (question.kind === 'allow') return engine.allow(question);
  return question.kind === 'has_role' ? engine.hasRole(question) : engine.hasPermissions(question);
}
