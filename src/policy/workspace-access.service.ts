import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import { errorBody } from '../http/error-body.js';
import type { Connection } from '../storage/database.js';
import { isWorkspaceName } from '../workspaces/workspace-name.js';
import type { Caller } from './caller.js';
import { RolePermissions } from './role-permissions.js';
import { type Decision, WorkspacePolicy } from './workspace-policy.service.js';

/** Refuses what the policy does not allow in a workspace, and tells nobody of a workspace they may not see. */
@Injectable()
export class WorkspaceAccess {
  constructor(
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
  ) {}

  /**
   * @throws {AccessDeniedError} also for a name that does not exist, so that nobody learns which names do.
   * @throws {NotFoundException} for those who see all, when the name cannot be one of a workspace.
   */
  async authorize(connection: Connection, caller: Caller, permission: string, name: string): Promise<Decision> {
    // A name that cannot be is never looked up.
    const workspace = isWorkspaceName(name) ? name : undefined;
    const decision = await this.policy.decide(connection, caller, permission, workspace);
    if (workspace === undefined && decision.seesAll) throw workspaceNotFound(name);
    if (decision.isAllowed) return decision;
    // Who may not even read it gets the answer for a workspace that does not exist.
    if (!decision.isVisible) throw new AccessDeniedError();
    const roles = this.permissions.rolesThatPermit(permission).filter((role) => advised.has(role));
    throw new AccessDeniedError(`this needs the role ${roles.join(' or ')} in workspace '${name}'`);
  }
}

/** Roles one would ask for; roles of the operator's own have names nobody need know. */
const advised: ReadonlySet<string> = new Set(['Editor', 'Admin']);

export function workspaceNotFound(name: string): NotFoundException {
  return new NotFoundException(errorBody(404, `Workspace '${name}' not found`));
}
