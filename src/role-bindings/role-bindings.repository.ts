import { Injectable } from '@nestjs/common';
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { type Binding, type BindingChange, BindingIndex } from '../policy/engine/binding-index.js';
import { canonicalPrincipal } from '../policy/engine/binding-principals.js';
import { EVERYBODY } from '../policy/role-names.js';
import type { Connection } from '../storage/database.js';
import { type RoleBindingRow, roleBindings, workspaces } from '../storage/schema.js';
import { roleBindingName } from './role-binding-name.js';

/** A binding that is to be made. */
export interface NewRoleBinding {
  readonly principal: string;
  readonly workspace: string;
  readonly role: string;
  readonly grantedBy: string;
}

/** A role that somebody has. */
export interface HeldRole {
  readonly workspace: string;
  readonly role: string;
  /** Whether a binding names them; otherwise they have it as everybody does. */
  readonly isOwn: boolean;
}

/** Reads and writes role bindings. */
@Injectable()
export class RoleBindingsRepository {
  /**
   * Lets nobody else change the roles of a workspace before the transaction ends, so that what is decided by them still
   * holds when it is written. A transaction that only needs the workspace to stay takes a `key share`.
   * @returns whether there is such a workspace
   */
  async lockWorkspace(
    connection: Connection,
    workspace: string,
    strength: 'update' | 'key share' = 'update',
  ): Promise<boolean> {
    const rows = await connection
      .select({ id: workspaces.id })
      .from(workspaces)
      .where(eq(workspaces.name, workspace))
      .for(strength);
    return rows.length > 0;
  }

  async hasWorkspace(connection: Connection, workspace: string): Promise<boolean> {
    const rows = await connection.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.name, workspace));
    return rows.length > 0;
  }

  /** Makes the bindings that are not in force already. @returns those that were made */
  async insert(connection: Connection, bindings: readonly NewRoleBinding[]): Promise<RoleBindingRow[]> {
    if (bindings.length === 0) return [];
    const rows = bindings.map((binding) => ({
      ...binding,
      name: roleBindingName(binding.principal, binding.workspace, binding.role),
    }));
    return connection.insert(roleBindings).values(rows).onConflictDoNothing().returning();
  }

  /** Ends bindings that are in force. */
  async revoke(connection: Connection, ids: readonly string[], revokedBy: string): Promise<void> {
    if (ids.length === 0) return;
    await connection
      .update(roleBindings)
      .set({ revokedBy, revokedAt: sql`now()` })
      .where(and(inArray(roleBindings.id, [...ids]), isNull(roleBindings.revokedAt)));
  }

  /** The bindings in force in a workspace, the oldest first. */
  async findActive(connection: Connection, workspace: string): Promise<RoleBindingRow[]> {
    return connection
      .select()
      .from(roleBindings)
      .where(and(eq(roleBindings.workspace, workspace), isNull(roleBindings.revokedAt)))
      .orderBy(asc(roleBindings.grantedAt), asc(roleBindings.role));
  }

  /** Every binding in force. */
  async findAllActive(connection: Connection): Promise<{ principal: string; workspace: string; role: string }[]> {
    const { principal, workspace, role } = roleBindings;
    return connection.select({ principal, workspace, role }).from(roleBindings).where(isNull(roleBindings.revokedAt));
  }

  /** Which of these bindings are in force now, and which are not. */
  async findChanges(connection: Connection, named: readonly Binding[]): Promise<BindingChange[]> {
    const { principal, workspace, role } = roleBindings;
    // People may be named in any spelling; in the table there is one.
    const principals = new Set(named.map((binding) => canonicalPrincipal(binding.principal)));
    const names = new Set(named.map((binding) => binding.workspace));
    const rows = await connection
      .select({ principal, workspace, role })
      .from(roleBindings)
      .where(and(inArray(principal, [...principals]), inArray(workspace, [...names]), isNull(roleBindings.revokedAt)));
    const inForce = new BindingIndex(rows);
    return named.map((binding) => {
      const roles = inForce.rolesOf(canonicalPrincipal(binding.principal), binding.workspace);
      return { ...binding, isGranted: roles.includes(binding.role) };
    });
  }

  /** Something short that is another whenever a binding has come or gone, be it with its workspace. */
  async fingerprint(connection: Connection): Promise<string> {
    const { grantedAt, revokedAt } = roleBindings;
    const [row] = await connection
      .select({
        all: count(),
        ended: count(revokedAt),
        granted: sql`max(${grantedAt})::text`,
        revoked: sql`max(${revokedAt})::text`,
      })
      .from(roleBindings);
    return JSON.stringify(row);
  }

  /**
   * The roles that bindings in force give to any of the principals, in the workspaces or in all. PlatformAdmin is nobody's
   * by being one of everybody.
   */
  async findRoles(
    connection: Connection,
    principals: readonly string[],
    names?: readonly string[],
  ): Promise<HeldRole[]> {
    const { workspace, role, principal } = roleBindings;
    const held = await connection
      .select({ workspace, role, isOwn: sql<boolean>`bool_or(${principal} <> ${EVERYBODY})` })
      .from(roleBindings)
      .where(
        and(
          inArray(roleBindings.principal, [...principals]),
          names && inArray(roleBindings.workspace, [...names]),
          isNull(roleBindings.revokedAt),
        ),
      )
      .groupBy(workspace, role);
    return held.filter((found) => found.isOwn || found.role !== 'PlatformAdmin');
  }
}
