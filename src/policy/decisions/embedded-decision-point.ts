import type { PermissionQuery, PolicyDecisionPoint } from '@nmp/auth';
import type { PolicyCaller, Principal } from '@nmp/tokens';
import type { EmbeddedPolicyEngine } from '../engine/embedded-policy-engine.js';

/** Lets `@RequirePermissions()` ask the engine of this process; it answers at once. */
export class EmbeddedDecisionPoint implements PolicyDecisionPoint {
  constructor(
    private readonly engine: EmbeddedPolicyEngine,
    private readonly callerOf: (principal: Principal) => PolicyCaller,
  ) {}

  /** @throws {PolicyEngineError} when no decision could be made. */
  hasPermissions({ principal, permissions, workspace }: PermissionQuery): boolean {
    return this.engine.hasPermissions({ caller: this.callerOf(principal), permissions, workspace }).allowed;
  }
}
