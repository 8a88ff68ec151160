import type { Clock, OpaPolicyDecisionPoint } from '@nmp/auth';
import type { PolicyCaller } from '@nmp/tokens';
import { EVERYBODY } from '../role-names.js';
import type { ExpectedRoles, RolePropagation } from './role-propagation.js';

/** An Open Policy Agent loads the bundle when it likes: it is asked again and again what it knows. */
export class OpaPropagation implements RolePropagation {
  constructor(
    private readonly opa: Pick<OpaPolicyDecisionPoint, 'hasRole'>,
    private readonly times: { readonly pollMs: number; readonly timeoutMs: number },
    private readonly sleep: (milliseconds: number) => Promise<void>,
    private readonly clock: Clock,
  ) {}

  async isConfirmed(expected: ExpectedRoles): Promise<boolean> {
    const caller = callerNamed(expected.principal);
    if (caller === undefined) return false;
    const { pollMs, timeoutMs } = this.times;
    const end = this.clock.now().getTime() + timeoutMs;
    // An answer may take a while itself.
    while (this.clock.now().getTime() <= end) {
      if (await this.isKnown(caller, expected)) return true;
      await this.sleep(pollMs);
    }
    return false;
  }

  private async isKnown(caller: PolicyCaller, { workspace, roles }: ExpectedRoles): Promise<boolean> {
    try {
      for (const [role, isExpected] of Object.entries(roles)) {
        if ((await this.opa.hasRole(caller, workspace, role)) !== isExpected) return false;
      }
      return true;
    } catch {
      return false; // it cannot be asked at the moment
    }
  }
}

// Matches no binding: what contains an @ in a binding is an e-mail address, and this is none.
const NOBODY = '@';

/** Somebody whom only the bindings of this principal can name. */
function callerNamed(principal: string): PolicyCaller | undefined {
  const caller = { kind: 'user', issuer: '', id: NOBODY, groups: [], scopes: [] } as const;
  // A role of everybody's is none of the caller's own, and only those can be asked for.
  if (principal === EVERYBODY) return undefined;
  if (principal.startsWith('group:')) return { ...caller, groups: [principal.slice('group:'.length)] };
  if (principal.startsWith('service:')) return { ...caller, kind: 'service', id: principal };
  return principal.includes('@') ? { ...caller, email: principal } : { ...caller, id: principal };
}
