import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import { errorBody } from '../http/error-body.js';
import type { Connection } from '../storage/database.js';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import { isWorkspaceName } from '../workspaces/workspace-name.js';
import type { Caller } from './caller.js';
import { SYSTEM_WORKSPACE } from './role-names.js';
import { RolePermissions } from './role-permissions.js';
import { type Decision, WorkspacePolicy } from './workspace-policy.service.js';

/** Refuses what the policy does not allow in a workspace, and tells nobody of a workspace they may not see. */
@Injectable()
export class WorkspaceAccess {
  constructor(
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
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

  /**
   * The same for what is going to be written: roles that change between deciding and writing would make the decision
   * worthless, so the workspace is locked and the policy asked again.
   * @param strength `update` for what changes roles or ends the workspace, `key share` for what only needs it to stay
   * @throws {NotFoundException} for those who see all, when there is no such workspace.
   */
  async authorizeWriting(
    transaction: Connection,
    caller: Caller,
    permission: string,
    name: string,
    strength: 'update' | 'key share' = 'update',
  ): Promise<Decision> {
    // A stranger waits for nobody's lock, and makes nobody wait.
    await this.authorize(transaction, caller, permission, name);
    const isThere = await this.bindings.lockWorkspace(transaction, name, strength);
    const decision = await this.authorize(transaction, caller, permission, name);
    if (!isThere) throw workspaceNotFound(name);
    return decision;
  }

  /**
   * For what lets its caller become anything, or tells of every workspace.
   * @throws {AccessDeniedError} for all but the PlatformAdmin and services.
   */
  async authorizePlatform(connection: Connection, caller: Caller, permission: string): Promise<void> {
    const { isAllowed, seesAll } = await this.policy.decide(connection, caller, permission, SYSTEM_WORKSPACE);
    if (!isAllowed || !seesAll) throw new AccessDeniedError();
  }
}

/** Roles one would ask for; roles of the operator's own have names nobody need know. */
const advised: ReadonlySet<string> = new Set(['Editor', 'Admin']);

export function workspaceNotFound(name: string): NotFoundException {
  return new NotFoundException(errorBody(404, `Workspace '${name}' not found`));
}
