import { ConflictException, Inject, Injectable } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { errorBody } from '../http/error-body.js';
import type { ListQuery } from '../http/list-query.js';
import type { Caller } from '../policy/caller.js';
import { DEFAULT_WORKSPACE, SYSTEM_WORKSPACE } from '../policy/role-names.js';
import { RolePermissions } from '../policy/role-permissions.js';
import { WorkspaceAccess, workspaceNotFound } from '../policy/workspace-access.service.js';
import { WorkspacePolicy } from '../policy/workspace-policy.service.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import { RoleTransactions } from '../policy/live/role-transactions.service.js';
import { type Connection, Database } from '../storage/database.js';
import type { WorkspaceRow } from '../storage/schema.js';
import { WorkspacesRepository } from './workspaces.repository.js';

const MAX_LISTED_PROJECTS = 20;

/** What callers may do with workspaces. Deciding and writing share a transaction. */
@Injectable()
export class WorkspacesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RoleTransactions) private readonly changes: RoleTransactions,
    @Inject(WorkspacesRepository) private readonly workspaces: WorkspacesRepository,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(WorkspacePolicy) private readonly policy: WorkspacePolicy,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
  ) {}

  /** The workspaces the caller may read. */
  async list(caller: Caller, query: ListQuery): Promise<{ rows: WorkspaceRow[]; total: number }> {
    const { seesAll } = await this.policy.decide(this.database, caller, 'workspaces.read', undefined);
    const membership = {
      principals: caller.bindingPrincipals,
      roles: this.permissions.rolesThatPermit('workspaces.read'),
    };
    return this.workspaces.findPage(this.database, query, seesAll ? undefined : membership);
  }

  /** @throws {AccessDeniedError} also for a name that does not exist, so that nobody learns which names do. */
  async get(caller: Caller, name: string): Promise<WorkspaceRow> {
    await this.access.authorize(this.database, caller, 'workspaces.read', name);
    return found(name, await this.workspaces.find(this.database, name));
  }

  /** Makes the caller the new workspace's Admin. @throws {ConflictException} when the name is taken. */
  async create(caller: Caller, name: string, description: string | null): Promise<WorkspaceRow> {
    return this.changes.run(async (transaction) => {
      const decision = await this.policy.decide(transaction, caller, 'workspaces.create', SYSTEM_WORKSPACE);
      if (!decision.isAllowed) throw new AccessDeniedError('creating a workspace needs the role WorkspaceCreator');
      if (caller.kind !== 'anonymous' && caller.ownPrincipal === undefined) {
        throw new AccessDeniedError('no role can be given to this identity, so the workspace would have no Admin');
      }
      const creator = { createdBy: caller.id ?? null, createdByEmail: caller.email ?? null };
      const row = await this.workspaces.insert(transaction, { name, description, ...creator });
      if (row === undefined) throw new ConflictException(errorBody(409, `Workspace '${name}' already exists`));
      await this.audit.record(transaction, caller, { action: 'workspace.created', workspace: name });
      if (caller.ownPrincipal !== undefined) await this.makeAdmin(transaction, caller, caller.ownPrincipal, name);
      return row;
    });
  }

  /** Without a description the one there is stays. */
  async update(caller: Caller, name: string, description: string | null | undefined): Promise<WorkspaceRow> {
    return this.database.transaction(async (transaction) => {
      await this.access.authorize(transaction, caller, 'workspaces.update', name);
      const change = { description, updatedBy: caller.id ?? null };
      return found(name, await this.workspaces.update(transaction, name, change));
    });
  }

  /** @throws {ConflictException} for the workspaces the platform itself needs, and for those that hold projects. */
  async delete(caller: Caller, name: string): Promise<WorkspaceRow> {
    return this.changes.run(async (transaction) => {
      await this.access.authorizeWriting(transaction, caller, 'workspaces.delete', name);
      if (name === DEFAULT_WORKSPACE || name === SYSTEM_WORKSPACE) {
        throw new ConflictException(
          errorBody(409, `Workspace '${name}' belongs to the platform and cannot be deleted`),
        );
      }
      const held = await this.projects.firstNames(transaction, name, MAX_LISTED_PROJECTS + 1);
      if (held.length > 0) throw holdsProjects(name, held);
      const ended = await this.workspaces.countRoleBindings(transaction, name);
      const row = found(name, await this.workspaces.delete(transaction, name));
      const details = { ended_role_bindings: ended };
      await this.audit.record(transaction, caller, { action: 'workspace.deleted', workspace: name, details });
      return row;
    });
  }

  private async makeAdmin(
    transaction: Connection,
    caller: Caller,
    principal: string,
    workspace: string,
  ): Promise<void> {
    const binding = { principal, workspace, role: 'Admin', grantedBy: caller.id ?? principal };
    await this.bindings.insert(transaction, [binding]);
    const details = { roles_before: [], roles_after: [binding.role] };
    await this.audit.record(transaction, caller, { action: 'member.added', workspace, target: principal, details });
  }
}

function found(name: string, row: WorkspaceRow | undefined): WorkspaceRow {
  if (row === undefined) throw workspaceNotFound(name);
  return row;
}

function holdsProjects(workspace: string, names: readonly string[]): ConflictException {
  const projects = names.slice(0, MAX_LISTED_PROJECTS);
  const more = names.length > projects.length ? ' and more' : '';
  const detail = `Workspace '${workspace}' still holds projects: ${projects.join(', ')}${more}`;
  return new ConflictException({ ...errorBody(409, detail), projects });
}
