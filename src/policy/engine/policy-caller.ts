import type { Principal } from '@nmp/tokens';

/** Who asks, as far as the policy is concerned. A verified principal is one. */
export interface PolicyCaller extends Pick<
  Principal,
  'kind' | 'id' | 'email' | 'emailVerified' | 'groups' | 'scopes' | 'issuer' | 'onBehalfOf'
> {
  /** Whether the identities of the issuer are those that bindings speak of; without it they match `*` only. @default true */
  readonly sharesUsers?: boolean;
}

/** Whether somebody is known at all. A service is one by its kind and by its name, both. */
export function isAuthenticated({ kind, id }: PolicyCaller): boolean {
  if (kind === 'service') return id.startsWith('service:');
  return kind !== 'anonymous' && id !== '';
}

/** Whether somebody acts for somebody else, who is decided for then. */
export function isDelegated({ onBehalfOf }: PolicyCaller): boolean {
  return onBehalfOf !== undefined && onBehalfOf.id !== '';
}
