const form = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/;
const greatestLength = 128;

/** Every permission there is; only a role of services may have it. */
export const EVERY_PERMISSION = '*';

/** Permissions that nobody but a service ever holds, and that no role of an operator may list. */
export function isServicePermission(permission: string): boolean {
  return permission === 'secrets.access' || permission.startsWith('entities.');
}

/** Whether a text has the form of a permission: `<area>.<verb>` or longer, lower case, with dots. */
export function isPermissionName(text: string): boolean {
  return text.length <= greatestLength && form.test(text);
}

/** Whether a text can be asked for: a permission, or one that names its workspace, `<workspace>/<permission>`. */
export function isRequiredPermission(text: string): boolean {
  const slash = text.indexOf('/');
  return slash === -1 ? isPermissionName(text) : slash > 0 && isPermissionName(text.slice(slash + 1));
}
