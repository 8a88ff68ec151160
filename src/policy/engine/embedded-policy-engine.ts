import { type AllowQuestion, type PermissionsQuestion, type RoleQuestion, withoutQuery } from '@nmp/tokens';
import type { BindingIndex } from './binding-index.js';
import { DecisionCache } from './decision-cache.js';
import { EmbeddedInput } from './embedded-input.js';
import { EndpointTable } from './endpoint-table.js';
import { KnownCallers } from './known-callers.js';
import { embeddedData, type PolicySources } from './policy-data.js';
import { type AllowAnswer, assertPermissions, type PermissionsAnswer, type RoleAnswer } from './policy-questions.js';
import { type Entrypoint, PolicyEngineError, WasmPolicy } from './wasm-policy.js';

/** What the engine is made of. */
export interface EngineOptions extends PolicySources {
  /** The compiled policy. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** How many decisions are remembered; 0: none. @default 10,000 */
  readonly cachedDecisions?: number;
}

const defaultCachedDecisions = 10_000;

/**
 * Decides in this process, at once. The rules run in WASM and are given with each question what they would have to
 * search for: the endpoint of the path and the caller's own bindings.
 */
export class EmbeddedPolicyEngine {
  private readonly policy: WasmPolicy;
  private readonly endpoints: EndpointTable;
  private readonly bindings: BindingIndex;
  private readonly input: EmbeddedInput;
  private readonly cache: DecisionCache<boolean>;
  private readonly callers = new KnownCallers();

  /** @throws {PolicyEngineError} when the policy cannot be loaded. */
  constructor(options: EngineOptions) {
    this.bindings = options.bindings;
    this.input = new EmbeddedInput(options.bindings);
    this.endpoints = new EndpointTable(options.endpoints);
    this.policy = new WasmPolicy(options.wasm, embeddedData(options));
    this.cache = new DecisionCache(options.cachedDecisions ?? defaultCachedDecisions);
  }

  /** Of the bindings: grows with every change of them, and no decision outlives it. */
  get revision(): number {
    return this.bindings.revision;
  }

  /** @throws {PolicyEngineError} when no decision could be made; the request is not allowed then. */
  allow({ caller, method, path: target }: AllowQuestion): AllowAnswer {
    const path = withoutQuery(target);
    const known = this.callers.of(caller);
    // Numbers end at a letter, which says what is asked, and methods at a space: no two questions have one key.
    if (method.includes(' ')) return allowAnswers.refused;
    const isAllowed = this.remembered(`${known.number}a${method} ${path}`, () => {
      const input = this.input.allow({ caller, method, path }, known, this.endpoints.find(method, path));
      return this.ask('authz/allow', 'allowed', input);
    });
    return isAllowed ? allowAnswers.allowed : allowAnswers.refused;
  }

  /**
   * @throws {PolicyQuestionError} for what is no permission
   * @throws {PolicyEngineError} when no decision could be made
   */
  hasPermissions(question: PermissionsQuestion): PermissionsAnswer {
    const { caller, workspace, permissions } = question;
    assertPermissions(permissions);
    const known = this.callers.of(caller);
    const allowed = this.remembered(`${known.number}p${JSON.stringify([workspace, permissions])}`, () =>
      this.ask('authz/has_permissions', 'allowed', this.input.permissions(question, known)),
    );
    return { allowed };
  }

  /** @throws {PolicyEngineError} when no decision could be made. */
  hasRole(question: RoleQuestion): RoleAnswer {
    const { caller, workspace, role } = question;
    const known = this.callers.of(caller);
    const has_role = this.remembered(`${known.number}r${JSON.stringify([workspace, role])}`, () =>
      this.ask('authz/has_role', 'has_role', this.input.role(question, known)),
    );
    return { has_role };
  }

  private remembered(key: string, decide: () => boolean): boolean {
    const { revision } = this.bindings;
    const known = this.cache.get(key, revision);
    if (known !== undefined) return known;
    const decision = decide();
    this.cache.set(key, revision, decision);
    return decision;
  }

  private ask(entrypoint: Entrypoint, field: string, input: string): boolean {
    const answer = this.policy.evaluate(entrypoint, input)[field];
    if (typeof answer === 'boolean') return answer;
    throw new PolicyEngineError(`the policy gave no decision for ${entrypoint}`);
  }
}

const allowAnswers: { readonly allowed: AllowAnswer; readonly refused: AllowAnswer } = {
  allowed: Object.freeze<AllowAnswer>({ allowed: true, headers: Object.freeze({ 'X-NMP-Authorized': 'true' }) }),
  refused: Object.freeze<AllowAnswer>({ allowed: false, headers: Object.freeze({ 'X-NMP-Authorized': 'false' }) }),
};
