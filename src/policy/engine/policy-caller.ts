import type { PolicyCaller } from '@nmp/tokens';

/** Whether somebody is known at all. A service is one by its kind and by its name, both. */
export function isAuthenticated({ kind, id }: PolicyCaller): boolean {
  if (kind === 'service') return id.startsWith('service:');
  return kind !== 'anonymous' && id !== '';
}

/** Whether somebody acts for somebody else, who is decided for then. */
export function isDelegated({ onBehalfOf }: PolicyCaller): boolean {
  return onBehalfOf !== undefined && onBehalfOf.id !== '';
}
