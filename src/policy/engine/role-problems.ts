import { suggestName } from '../../config/suggestion.js';
import { EVERY_PERMISSION, isPermissionName, isServicePermission } from './permission-name.js';
import type { RoleDefinition } from './role-catalogue.js';
import { findCycles } from './role-grants.js';

/** Roles with a meaning of their own in the rules: nothing else may be made of them. */
const reservedRoles: ReadonlySet<string> = new Set(['PlatformAdmin', 'ServiceSystem']);

const nameForm = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** The roles of one file, and those there are already. */
export interface RolesToCheck {
  readonly file: string;
  readonly definitions: ReadonlyMap<string, RoleDefinition>;
  /** Empty for the platform's own file. */
  readonly known: ReadonlyMap<string, RoleDefinition>;
}

/** Everything about the roles of a file that is not as it must be, one sentence each. */
export function roleProblems(roles: RolesToCheck): string[] {
  const cycles = findCycles(roles.definitions).map(
    (cycle) => `${roles.file}: roles include each other: ${cycle.join(' → ')}`,
  );
  const problems = [...roles.definitions].flatMap(([name, definition]) =>
    [
      ...nameProblems(name, roles),
      ...definition.includes.flatMap((included) => includeProblems(included, roles)),
      ...definition.permissions.flatMap((permission) => permissionProblems(name, permission, roles)),
    ].map((problem) => `${roles.file}: roles.${name}${problem}`),
  );
  return [...problems, ...cycles];
}

function nameProblems(name: string, { definitions, known }: RolesToCheck): string[] {
  if (!nameForm.test(name)) return [' is not a name: a letter, then letters, digits, _ and -, 64 in all'];
  if (known.has(name)) return [' is a role of the platform and cannot be redefined'];
  const twin = [...known.keys(), ...definitions.keys()].find(
    (other) => other !== name && other.toLowerCase() === name.toLowerCase(),
  );
  return twin === undefined ? [] : [` would be mistaken for ${twin}`];
}

function includeProblems(included: string, { definitions, known }: RolesToCheck): string[] {
  if (reservedRoles.has(included)) return [`.includes: ${included} cannot be included`];
  if (known.has(included) || definitions.has(included)) return [];
  const meant = suggestName(included, [...known.keys(), ...definitions.keys()]);
  return [`.includes: unknown role "${included}"${meant === undefined ? '' : `, did you mean "${meant}"?`}`];
}

function permissionProblems(role: string, permission: string, { known }: RolesToCheck): string[] {
  const isOwn = known.size === 0;
  if (permission === EVERY_PERMISSION) {
    return isOwn && role === 'ServiceSystem' ? [] : [`.permissions: only ServiceSystem has "${EVERY_PERMISSION}"`];
  }
  if (!isPermissionName(permission)) {
    return [`.permissions: "${permission}" is not a permission, which looks like "models.read"`];
  }
  return isServicePermission(permission) ? [`.permissions: "${permission}" is for services alone`] : [];
}
