/** What somebody who gave roles to this principal should know, or may have meant instead. */
export function memberHint(principal: string): string | undefined {
  const [, group] = /^(?:groups|teams?):(.+)$/i.exec(principal) ?? [];
  if (group !== undefined) return `"${principal}" is the id of a user or client; a group is written group:${group}`;
  if (!principal.startsWith('service:')) return undefined;
  return 'a service of the platform may do everything without a role, and in a workspace where it has one, that alone. A job is given roles by the id of its client';
}
