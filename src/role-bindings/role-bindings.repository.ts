import { Injectable } from '@nestjs/common';
import { and, inArray, isNull } from 'drizzle-orm';
import type { Connection } from '../storage/database.js';
import { roleBindings } from '../storage/schema.js';
import { roleBindingName } from './role-binding-name.js';

/** A binding that is to be made. */
export interface NewRoleBinding {
  readonly principal: string;
  readonly workspace: string;
  readonly role: string;
  readonly grantedBy: string;
}

/** Reads and writes role bindings. */
@Injectable()
export class RoleBindingsRepository {
  async insert(connection: Connection, binding: NewRoleBinding): Promise<void> {
    const name = roleBindingName(binding.principal, binding.workspace, binding.role);
    await connection.insert(roleBindings).values({ ...binding, name });
  }

  /** The roles that bindings in force give to any of the principals in the workspaces. */
  async findRoles(
    connection: Connection,
    principals: readonly string[],
    workspaces: readonly string[],
  ): Promise<{ workspace: string; role: string }[]> {
    return connection
      .selectDistinct({ workspace: roleBindings.workspace, role: roleBindings.role })
      .from(roleBindings)
      .where(
        and(
          inArray(roleBindings.principal, [...principals]),
          inArray(roleBindings.workspace, [...workspaces]),
          isNull(roleBindings.revokedAt),
        ),
      );
  }
}
