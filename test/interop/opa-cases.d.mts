import type { Arbitrary } from 'fast-check';
import type { Binding } from '../../src/policy/engine/binding-index.js';
import type { Endpoints } from '../../src/policy/engine/endpoint-table.js';
import type { PolicyCaller } from '../../src/policy/engine/policy-caller.js';
import type { PolicySettings } from '../../src/policy/engine/policy-data.js';

/** The platform that the generated questions are asked of. */
export declare const caseBindings: readonly Binding[];
export declare const caseEndpoints: Endpoints;
export declare const caseSettings: PolicySettings;
export declare const caseRoles: string;

/** A question, by the entrypoint it is for. */
export type PolicyCase =
  | { readonly kind: 'allow'; readonly caller: PolicyCaller; readonly method: string; readonly path: string }
  | {
      readonly kind: 'has_permissions';
      readonly caller: PolicyCaller;
      readonly workspace: string;
      readonly permissions: readonly string[];
    }
  | { readonly kind: 'has_role'; readonly caller: PolicyCaller; readonly workspace: string; readonly role: string };

export declare const policyCase: Arbitrary<PolicyCase>;

/** The same cases for the same seed. */
export declare function policyCases(count: number, seed: number): PolicyCase[];
