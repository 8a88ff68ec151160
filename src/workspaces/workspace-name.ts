/** What a workspace may be called: 1 to 63 lower-case letters, digits and hyphens, a letter or digit at both ends. */
export const WORKSPACE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The rule in words. */
export const WORKSPACE_NAME_RULE =
  'name must be 1 to 63 lower-case letters (a-z), digits and hyphens, and begin and end with a letter or a digit';

export function isWorkspaceName(name: string): boolean {
  return WORKSPACE_NAME.test(name);
}
