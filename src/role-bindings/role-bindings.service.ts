import { BadRequestException, ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { ChangeAction } from '../audit/audit-event.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { suggestName } from '../config/suggestion.js';
import { errorBody } from '../http/error-body.js';
import type { ListQuery } from '../http/list-query.js';
import { type Caller, nameOfCaller } from '../policy/caller.js';
import { parsePrincipal } from '../policy/principal-syntax.js';
import { EVERYBODY, SYSTEM_WORKSPACE } from '../policy/role-names.js';
import { RolePermissions } from '../policy/role-permissions.js';
import { WorkspaceAccess, workspaceNotFound } from '../policy/workspace-access.service.js';
import { RoleTransactions } from '../policy/live/role-transactions.service.js';
import { type Connection, Database } from '../storage/database.js';
import type { RoleBindingRow } from '../storage/schema.js';
import { isWorkspaceName } from '../workspaces/workspace-name.js';
import { RoleBindingPages } from './role-binding-pages.repository.js';
import { RoleBindingsRepository } from './role-bindings.repository.js';

/** The bindings of all workspaces, for the PlatformAdmin and for services. */
@Injectable()
export class RoleBindingsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RoleTransactions) private readonly changes: RoleTransactions,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(RoleBindingPages) private readonly pages: RoleBindingPages,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
  ) {}

  async list(caller: Caller, query: ListQuery): Promise<{ rows: RoleBindingRow[]; total: number }> {
    await this.access.authorizePlatform(this.database, caller, 'iam.list');
    return this.pages.findPage(this.database, query);
  }

  /** @throws {NotFoundException} when there never was one of that name. */
  async get(caller: Caller, name: string): Promise<RoleBindingRow> {
    await this.access.authorizePlatform(this.database, caller, 'iam.read');
    return this.find(this.database, name);
  }

  /** @throws {ConflictException} when the principal has the role already. */
  async create(
    caller: Caller,
    wanted: { principal: string; workspace: string; role: string },
  ): Promise<{ row: RoleBindingRow; hint: string | undefined }> {
    return this.changes.run(async (transaction) => {
      await this.access.authorizePlatform(transaction, caller, 'iam.create');
      const { workspace, role } = wanted;
      const parsed = parsePrincipal(wanted.principal);
      if ('problem' in parsed) throw badRequest(parsed.problem);
      this.checkRole(role, parsed.principal, workspace);
      const isThere = isWorkspaceName(workspace) && (await this.bindings.lockWorkspace(transaction, workspace));
      if (!isThere) throw workspaceNotFound(workspace);
      const binding = { principal: parsed.principal, workspace, role, grantedBy: nameOfCaller(caller) };
      const [row] = await this.bindings.insert(transaction, [binding]);
      if (row === undefined) {
        const detail = `'${parsed.principal}' has the role ${role} in workspace '${workspace}' already`;
        throw new ConflictException(errorBody(409, detail));
      }
      await this.record(transaction, caller, 'role_binding.created', row);
      return { row, hint: parsed.hint };
    });
  }

  /** @throws {ConflictException} when it is revoked already. */
  async revoke(caller: Caller, name: string): Promise<RoleBindingRow> {
    return this.changes.run(async (transaction) => {
      await this.access.authorizePlatform(transaction, caller, 'iam.delete');
      const { workspace } = await this.find(transaction, name);
      await this.bindings.lockWorkspace(transaction, workspace);
      const row = await this.find(transaction, name);
      if (row.revokedAt !== null) throw new ConflictException(errorBody(409, 'Role binding is revoked already'));
      await this.bindings.revoke(transaction, [row.id], nameOfCaller(caller));
      await this.record(transaction, caller, 'role_binding.revoked', row);
      return row;
    });
  }

  private async record(
    transaction: Connection,
    caller: Caller,
    action: ChangeAction,
    { principal, workspace, role, name }: RoleBindingRow,
  ): Promise<void> {
    const details = { role, role_binding: name };
    await this.audit.record(transaction, caller, { action, workspace, target: principal, details });
  }

  private checkRole(role: string, principal: string, workspace: string): void {
    const { names } = this.permissions;
    if (!names.includes(role)) {
      const near = suggestName(role, names);
      const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
      throw badRequest(`${JSON.stringify(role.slice(0, 64))} is not a role; ${hint}`);
    }
    if (role === 'PlatformAdmin' && principal === EVERYBODY) {
      throw badRequest('the role PlatformAdmin is not for everybody');
    }
    if (role === 'ServiceSystem') {
      if (!principal.startsWith('service:')) throw badRequest('the role ServiceSystem is for services alone');
    } else if (!this.permissions.rolesOfMembers(workspace).includes(role)) {
      throw badRequest(`the role ${role} means something in the workspace ${SYSTEM_WORKSPACE} alone`);
    }
  }

  private async find(connection: Connection, name: string): Promise<RoleBindingRow> {
    // What cannot be a name is never looked up.
    const row = /^rb-[\w-]{1,64}$/.test(name) ? await this.pages.findByName(connection, name) : undefined;
    if (row === undefined) throw new NotFoundException(errorBody(404, 'Role binding not found'));
    return row;
  }
}

function badRequest(detail: string): BadRequestException {
  return new BadRequestException(errorBody(400, detail));
}
