import { createHash } from 'node:crypto';

/** The name of a binding: `rb-` and the first 24 hex digits of the SHA-256 of `principal:workspace:role`. */
export function roleBindingName(principal: string, workspace: string, role: string): string {
  const digest = createHash('sha256').update(`${principal}:${workspace}:${role}`).digest('hex');
  return `rb-${digest.slice(0, 24)}`;
}
