import { ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { errorBody } from '../http/error-body.js';
import type { ListQuery } from '../http/list-query.js';
import type { Caller } from '../policy/caller.js';
import { WorkspaceAccess, workspaceNotFound } from '../policy/workspace-access.service.js';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import { Database } from '../storage/database.js';
import type { ProjectRow } from '../storage/schema.js';
import { isWorkspaceName } from '../workspaces/workspace-name.js';
import { ProjectsRepository } from './projects.repository.js';

/** What callers may do with the projects of a workspace. Deciding and writing share a transaction. */
@Injectable()
export class ProjectsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ProjectsRepository) private readonly projects: ProjectsRepository,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
  ) {}

  async list(caller: Caller, workspace: string, query: ListQuery): Promise<{ rows: ProjectRow[]; total: number }> {
    await this.access.authorize(this.database, caller, 'projects.list', workspace);
    const page = await this.projects.findPage(this.database, workspace, query);
    const isEmpty = page.total === 0 && !(await this.bindings.hasWorkspace(this.database, workspace));
    if (isEmpty) throw workspaceNotFound(workspace);
    return page;
  }

  /** @throws {ConflictException} when the name is taken. */
  async create(
    caller: Caller,
    workspace: string,
    { name, description }: { name: string; description: string | null },
  ): Promise<ProjectRow> {
    return this.database.transaction(async (transaction) => {
      await this.access.authorizeWriting(transaction, caller, 'projects.create', workspace, 'key share');
      const project = { workspace, name, description, createdBy: caller.id ?? null };
      const row = await this.projects.insert(transaction, project);
      if (row === undefined) {
        throw new ConflictException(errorBody(409, `Project '${name}' already exists in workspace '${workspace}'`));
      }
      await this.audit.record(transaction, caller, { action: 'project.created', workspace, target: name });
      return row;
    });
  }

  /** @throws {NotFoundException} when there is none of that name. */
  async delete(caller: Caller, workspace: string, name: string): Promise<ProjectRow> {
    return this.database.transaction(async (transaction) => {
      await this.access.authorizeWriting(transaction, caller, 'projects.delete', workspace, 'key share');
      // A name that cannot be is never looked up; projects are named as workspaces are.
      const row = isWorkspaceName(name) ? await this.projects.delete(transaction, workspace, name) : undefined;
      if (row === undefined) {
        throw new NotFoundException(errorBody(404, `Project '${name}' not found in workspace '${workspace}'`));
      }
      await this.audit.record(transaction, caller, { action: 'project.deleted', workspace, target: name });
      return row;
    });
  }
}
