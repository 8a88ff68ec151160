import { type AuthConfig, tokenKindOfPrincipal } from '@nmp/auth';
import { AccessDeniedError, type Principal } from '@nmp/tokens';
import type { AccessKeyRow } from '../storage/schema.js';

/** Whose a key is: somebody whom an identity provider knows. */
export interface AccessKeyOwner {
  readonly issuer: string;
  readonly kind: 'user' | 'client';
  readonly id: string;
}

/**
 * Who may make a key of the token that a request came with: the one it was issued to by a provider, in person. A key that
 * could make keys would never end, and what a gateway or a service says of somebody is not theirs to keep.
 * @throws {AccessDeniedError} for everybody else.
 */
export function keyMakerOf(principal: Principal, config: Pick<AuthConfig, 'issuers'>): AccessKeyOwner {
  const tokenKind = tokenKindOfPrincipal(principal, config);
  if (tokenKind === 'access-key') throw new AccessDeniedError(KEYS_MAKE_NO_KEYS);
  const owner = ownerOf(principal);
  if (tokenKind !== 'access' || owner === undefined || principal.actor !== undefined) {
    throw new AccessDeniedError('access keys are made with an access token of your own, from the identity provider');
  }
  return owner;
}

/** What a request with an access key is told that wants to change keys. */
export const KEYS_MAKE_NO_KEYS = 'an access key cannot make, rotate or revoke access keys';

/** The owner that a principal is, with or without a key; `undefined` for services, and where nobody signed who it is. */
export function ownerOf({ kind, id, issuer, onBehalfOf }: Principal): AccessKeyOwner | undefined {
  if ((kind !== 'user' && kind !== 'client') || issuer === '' || onBehalfOf !== undefined) return undefined;
  return { issuer, kind, id };
}

export function isOwnedBy(row: AccessKeyRow, owner: AccessKeyOwner | undefined): boolean {
  return row.ownerIssuer === owner?.issuer && row.ownerKind === owner.kind && row.ownerId === owner.id;
}
