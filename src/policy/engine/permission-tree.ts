import { EVERY_PERMISSION, isServicePermission } from './permission-name.js';
import type { Endpoints } from './endpoint-table.js';
import type { Json } from './policy-data.js';
import type { RoleCatalogue } from './role-catalogue.js';

interface Branch {
  readonly [part: string]: Json;
}

/** Every permission that a role has or an endpoint asks for, by its parts: `{ models: { read: { has_role, … } } }`. */
export function permissionTree(roles: RoleCatalogue, endpoints: Endpoints): Branch {
  const granted = new Set(roles.all().flatMap(({ grants }) => grants));
  const asked = new Set(endpointPermissions(endpoints));
  return [...new Set([...granted, ...asked])]
    .filter((permission) => permission !== EVERY_PERMISSION)
    .sort()
    .reduce<Branch>(
      (tree, permission) =>
        insert(tree, permission.split('.'), {
          has_endpoint: asked.has(permission),
          has_role: granted.has(permission) && !isServicePermission(permission),
        }),
      {},
    );
}

/** A permission that names its workspace counts as the permission. */
function endpointPermissions(endpoints: Endpoints): string[] {
  return Object.values(endpoints)
    .flatMap((methods) => Object.values(methods).flatMap(({ permissions }) => permissions ?? []))
    .map((permission) => permission.slice(permission.indexOf('/') + 1));
}

function insert(tree: Branch, [part = '', ...rest]: readonly string[], leaf: Branch): Branch {
  const existing = Object.hasOwn(tree, part) ? tree[part] : undefined;
  const below = isBranch(existing) ? existing : {};
  return { ...tree, [part]: rest.length === 0 ? { ...below, ...leaf } : insert(below, rest, leaf) };
}

function isBranch(value: Json | undefined): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
