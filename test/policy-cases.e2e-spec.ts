import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allowInput, permissionsInput, roleInput } from '@nmp/tokens';
import fc from 'fast-check';
import {
  caseBindings,
  caseEndpoints,
  caseRoles,
  caseSettings,
  type PolicyCase,
  policyCase,
  policyCases,
} from './interop/opa-cases.mjs';
import { BindingIndex } from '../src/policy/engine/binding-index.js';
import { EmbeddedPolicyEngine } from '../src/policy/engine/embedded-policy-engine.js';
import { readCompiledPolicy } from '../src/policy/engine/policy-artefact.js';
import { externalData } from '../src/policy/engine/policy-data.js';
import { roleCatalogueOf } from '../src/policy/engine/role-files.js';
import { WasmPolicy } from '../src/policy/engine/wasm-policy.js';

const wasm = readCompiledPolicy();
const sources = {
  bindings: new BindingIndex(caseBindings),
  roles: roleCatalogueOf(
    { name: 'roles.yaml', text: readFileSync('config/roles.yaml', 'utf8') },
    { name: 'own.yaml', text: caseRoles },
  ),
  endpoints: caseEndpoints,
  settings: caseSettings,
};
const engine = new EmbeddedPolicyEngine({ ...sources, wasm, cachedDecisions: 0 });
const remembering = new EmbeddedPolicyEngine({ ...sources, wasm });
/** The same rules, finding bindings and endpoints in the data by themselves, as an external decision point does. */
const external = new WasmPolicy(wasm, { authz: externalData(sources) });

describe('the embedded engine', () => {
  it('agrees with the rules that search the data themselves, on 2,000 cases', () => {
    const property = fc.property(policyCase, (question) => {
      expect(answer(engine, question)).toEqual(externalAnswer(question));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('remembers what it decided, and nothing else', () => {
    const cases = policyCases(2000, 7);
    const first = cases.map((question) => answer(remembering, question));
    expect(first).toEqual(cases.map((question) => answer(engine, question)));
    expect(cases.map((question) => answer(remembering, question))).toEqual(first);
  });

  it('is asked cases of which it allows many and refuses many', () => {
    const allowed = policyCases(2000, 1).filter((question) => isYes(answer(engine, question)));
    for (const kind of ['allow', 'has_permissions', 'has_role']) {
      expect(allowed.filter((question) => question.kind === kind).length).toBeGreaterThan(15);
    }
    expect(allowed.length).toBeLessThan(1500);
  });

  it('never allows more to a caller with scopes than to the same without', () => {
    const property = fc.property(policyCase, (question) => {
      const unrestricted = { ...question, caller: { ...question.caller, scopes: [] } };
      if (isYes(answer(engine, question))) expect(isYes(answer(engine, unrestricted))).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never takes the name of a service for a service', () => {
    const property = fc.property(policyCase, fc.constantFrom('user', 'client'), (question, kind) => {
      const unnamed = { ...question.caller, kind, email: undefined, groups: [] } as const;
      const named = { ...question, caller: { ...unnamed, id: 'service:jobs', onBehalfOf: undefined } };
      const nobody = { ...question, caller: { ...unnamed, id: 'nobody-in-particular', onBehalfOf: undefined } };
      expect(answer(engine, named)).toEqual(answer(engine, nobody));
    });
    fc.assert(property, { numRuns: 500 });
  });
});

function answer(asked: EmbeddedPolicyEngine, question: PolicyCase): object {
  if (question.kind === 'allow') return asked.allow(question);
  return question.kind === 'has_role' ? asked.hasRole(question) : asked.hasPermissions(question);
}

function externalAnswer(question: PolicyCase): object {
  const input = {
    allow: () => allowInput(question as Extract<PolicyCase, { kind: 'allow' }>),
    has_permissions: () => permissionsInput(question as Extract<PolicyCase, { kind: 'has_permissions' }>),
    has_role: () => roleInput(question as Extract<PolicyCase, { kind: 'has_role' }>),
  }[question.kind]();
  return external.evaluate(`authz/${question.kind}`, JSON.stringify(input));
}

function isYes(result: object): boolean {
  return Object.values(result).includes(true);
}
