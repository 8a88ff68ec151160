import { BadRequestException, ConflictException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { AccessDeniedError } from '@nmp/tokens';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { suggestName } from '../config/suggestion.js';
import { errorBody } from '../http/error-body.js';
import { type Caller, nameOfCaller } from '../policy/caller.js';
import { canonicalPrincipal } from '../policy/engine/binding-principals.js';
import { parsePrincipal } from '../policy/principal-syntax.js';
import { EVERYBODY } from '../policy/role-names.js';
import { RolePermissions } from '../policy/role-permissions.js';
import { WorkspaceAccess, workspaceNotFound } from '../policy/workspace-access.service.js';
import type { Decision } from '../policy/workspace-policy.service.js';
import { RoleBindingsRepository } from '../role-bindings/role-bindings.repository.js';
import { RoleTransactions } from '../policy/live/role-transactions.service.js';
import { type Connection, Database } from '../storage/database.js';
import type { RoleBindingRow } from '../storage/schema.js';
import { lastHeldRole } from './last-admin.js';
import { type Member, membersOf } from './member.js';

/** What callers may do with the members of a workspace. Deciding and writing share a transaction. */
@Injectable()
export class MembersService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RoleTransactions) private readonly changes: RoleTransactions,
    @Inject(RoleBindingsRepository) private readonly bindings: RoleBindingsRepository,
    @Inject(WorkspaceAccess) private readonly access: WorkspaceAccess,
    @Inject(RolePermissions) private readonly permissions: RolePermissions,
    @Inject(AuditTrail) private readonly audit: AuditTrail,
  ) {}

  async list(caller: Caller, workspace: string): Promise<Member[]> {
    await this.access.authorize(this.database, caller, 'workspaces.members.list', workspace);
    const active = await this.bindings.findActive(this.database, workspace);
    if (active.length === 0 && !(await this.bindings.hasWorkspace(this.database, workspace))) {
      throw workspaceNotFound(workspace);
    }
    return membersOf(active);
  }

  /** Adds roles to those the principal has already. */
  async add(
    caller: Caller,
    workspace: string,
    { principal: text, roles }: { principal: string; roles: readonly string[] },
  ): Promise<{ member: Member; hint: string | undefined }> {
    return this.changes.run(async (transaction) => {
      const decision = await this.access.authorizeWriting(transaction, caller, 'workspaces.members.create', workspace);
      const { principal, hint } = namedPrincipal(text);
      this.checkRoles(roles, principal, workspace, decision);
      const given = await this.grant(transaction, caller, { principal, workspace, roles });
      const member = await this.stateOf(transaction, principal, workspace);
      const before = member.roles.filter((role) => !given.includes(role));
      await this.record(transaction, caller, { workspace, principal, before, after: member.roles });
      return { member, hint };
    });
  }

  /** Gives the principal these roles and no others; it need not be a member yet. */
  async set(caller: Caller, workspace: string, text: string, roles: readonly string[]): Promise<Member> {
    return this.changes.run(async (transaction) => {
      const decision = await this.access.authorizeWriting(transaction, caller, 'workspaces.members.update', workspace);
      const { principal } = namedPrincipal(text);
      this.checkRoles(roles, principal, workspace, decision);
      const active = await this.bindings.findActive(transaction, workspace);
      const ended = active.filter((row) => row.principal === principal && !roles.includes(row.role));
      await this.revoke(transaction, caller, { active, ended, decision });
      await this.grant(transaction, caller, { principal, workspace, roles });
      const member = await this.stateOf(transaction, principal, workspace);
      const before = rolesOf(active.filter((row) => row.principal === principal));
      await this.record(transaction, caller, { workspace, principal, before, after: member.roles });
      return member;
    });
  }

  /** @returns the principal whose roles were taken away */
  async remove(caller: Caller, workspace: string, text: string): Promise<string> {
    return this.changes.run(async (transaction) => {
      const decision = await this.access.authorizeWriting(transaction, caller, 'workspaces.members.delete', workspace);
      const principal = canonicalPrincipal(text);
      const active = await this.bindings.findActive(transaction, workspace);
      const ended = active.filter((row) => row.principal === principal);
      if (ended.length === 0) throw memberNotFound(text, workspace);
      await this.revoke(transaction, caller, { active, ended, decision });
      await this.record(transaction, caller, { workspace, principal, before: rolesOf(ended), after: [] });
      return principal;
    });
  }

  private checkRoles(roles: readonly string[], principal: string, workspace: string, { seesAll }: Decision): void {
    const known = this.permissions.rolesOfMembers(workspace);
    const wrong = roles.find((role) => !known.includes(role));
    if (wrong !== undefined) throw new BadRequestException(errorBody(400, unknownRole(wrong, known)));
    if (roles.some(isPlatformRole) && !seesAll) throw platformRoleDenied();
    if (roles.some(isPlatformRole) && principal === EVERYBODY) {
      throw new BadRequestException(errorBody(400, 'the role PlatformAdmin is not for everybody'));
    }
  }

  /** @returns the roles the principal had not before */
  private async grant(
    transaction: Connection,
    caller: Caller,
    { principal, workspace, roles }: { principal: string; workspace: string; roles: readonly string[] },
  ): Promise<string[]> {
    const grantedBy = nameOfCaller(caller);
    const wanted = [...new Set(roles)].map((role) => ({ principal, workspace, role, grantedBy }));
    return rolesOf(await this.bindings.insert(transaction, wanted));
  }

  private async revoke(
    transaction: Connection,
    caller: Caller,
    change: { active: readonly RoleBindingRow[]; ended: readonly RoleBindingRow[]; decision: Decision },
  ): Promise<void> {
    const { active, ended, decision } = change;
    if (ended.some(({ role }) => isPlatformRole(role)) && !decision.seesAll) throw platformRoleDenied();
    const last = lastHeldRole(active, ended);
    if (last !== undefined) {
      const detail = `This would take the role away from the last ${last} of the workspace; make somebody else ${last} first`;
      throw new ConflictException(errorBody(409, detail), { errorCode: 'last_admin' });
    }
    await this.bindings.revoke(
      transaction,
      ended.map(({ id }) => id),
      nameOfCaller(caller),
    );
  }

  /** Who sets the roles there are already changes nothing. */
  private async record(
    transaction: Connection,
    caller: Caller,
    change: { workspace: string; principal: string; before: readonly string[]; after: readonly string[] },
  ): Promise<void> {
    const { workspace, principal, before, after } = change;
    if (before.join() === after.join()) return;
    const action = before.length === 0 ? 'member.added' : after.length === 0 ? 'member.removed' : 'member.changed';
    const details = { roles_before: before, roles_after: after };
    await this.audit.record(transaction, caller, { action, workspace, target: principal, details });
  }

  private async stateOf(transaction: Connection, principal: string, workspace: string): Promise<Member> {
    const active = await this.bindings.findActive(transaction, workspace);
    const [member] = membersOf(active.filter((row) => row.principal === principal));
    if (member === undefined) throw memberNotFound(principal, workspace);
    return member;
  }
}

function namedPrincipal(text: string): { principal: string; hint: string | undefined } {
  const parsed = parsePrincipal(text);
  if ('problem' in parsed) throw new BadRequestException(errorBody(400, parsed.problem));
  return { principal: parsed.principal, hint: parsed.hint };
}

/** Sorted, as the roles of a member are. */
function rolesOf(bindings: readonly RoleBindingRow[]): string[] {
  return bindings.map(({ role }) => role).sort();
}

function unknownRole(role: string, known: readonly string[]): string {
  const near = suggestName(role, known);
  const shown = JSON.stringify(role.slice(0, 64));
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `${shown} is not a role of members here: ${known.join(', ')}${hint}`;
}

/** Whoever has it administers the platform: only its administrators give and take it. */
function isPlatformRole(role: string): boolean {
  return role === 'PlatformAdmin' || role === 'ServiceSystem';
}

function platformRoleDenied(): AccessDeniedError {
  return new AccessDeniedError('only a PlatformAdmin gives and takes the roles of the platform');
}

function memberNotFound(principal: string, workspace: string): NotFoundException {
  return new NotFoundException(errorBody(404, `Member '${principal}' not found in workspace '${workspace}'`));
}
