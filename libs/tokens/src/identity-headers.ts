import type { Principal } from './principal.js';

/** The headers that carry a verified identity from a gateway to the services behind it. */
export const IDENTITY_HEADERS = [
  'X-NMP-Principal-Id',
  'X-NMP-Principal-Email',
  'X-NMP-Principal-Groups',
  'X-NMP-Principal-On-Behalf-Of',
  'X-NMP-Principal-On-Behalf-Of-Email',
  'X-NMP-Principal-On-Behalf-Of-Groups',
  'X-NMP-Scopes',
] as const;

/** The name of a header in which a trusted gateway says who is calling. */
export type IdentityHeader = (typeof IDENTITY_HEADERS)[number];

/** The greatest lengths of values as they are written, in characters, and the greatest number of groups. */
export const IDENTITY_HEADER_LIMITS = { id: 256, email: 320, groups: 100, group: 256 } as const;

const limits = IDENTITY_HEADER_LIMITS;

/**
 * Writes a principal as headers. Characters outside letters, digits and `@ . _ - : + /` are percent-encoded UTF-8, so
 * that no value can end a header, split a list, or be read differently by the next hop. Groups beyond the hundredth
 * and groups or e-mail addresses that are too long once encoded are left out.
 *
 * @returns No headers at all for an anonymous principal, or for one whose id is too long to be carried whole.
 */
export function identityHeaders(principal: Principal): Partial<Record<IdentityHeader, string>> {
  const id = encodeValue(principal.id);
  if (principal.kind === 'anonymous' || id === '' || id.length > limits.id) return {};
  const behalf = principal.onBehalfOf;
  return {
    'X-NMP-Principal-Id': id,
    ...emailHeader('X-NMP-Principal-Email', principal.email),
    ...groupsHeader('X-NMP-Principal-Groups', principal.groups),
    ...(behalf && { 'X-NMP-Principal-On-Behalf-Of': encodeValue(behalf.id) }),
    ...(behalf && emailHeader('X-NMP-Principal-On-Behalf-Of-Email', behalf.email)),
    ...(behalf && groupsHeader('X-NMP-Principal-On-Behalf-Of-Groups', behalf.groups)),
    ...(principal.scopes.length > 0 ? { 'X-NMP-Scopes': principal.scopes.map(encodeValue).join(' ') } : {}),
  };
}

/**
 * Whether a header's name is, or would be read by some proxy or framework as, one of the identity headers: case,
 * underscores, dots and doubled dashes are folded.
 */
export function isIdentityHeader(name: string): boolean {
  const first = name.charCodeAt(0) | 0x20;
  return first === 0x78 && folded.has(fold(name)); // nothing that does not begin with an x need be folded
}

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const folded: ReadonlySet<string> = new Set(IDENTITY_HEADERS.map(fold));

function emailHeader(name: IdentityHeader, email: string | undefined): Partial<Record<IdentityHeader, string>> {
  const value = email === undefined ? '' : encodeValue(email);
  return value === '' || value.length > limits.email ? {} : { [name]: value };
}

function groupsHeader(name: IdentityHeader, groups: readonly string[]): Partial<Record<IdentityHeader, string>> {
  const values = groups.map(encodeValue).filter((group) => group !== '' && group.length <= limits.group);
  return values.length === 0 ? {} : { [name]: values.slice(0, limits.groups).join(',') };
}

function encodeValue(value: string): string {
  return value.replace(/[^A-Za-z0-9@._\-:+/]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
