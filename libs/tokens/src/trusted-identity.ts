import { InvalidRequestError } from './errors.js';
import { IDENTITY_HEADER_LIMITS as limits, IDENTITY_HEADERS, type IdentityHeader } from './identity-headers.js';
import { anonymousPrincipal, type Principal } from './principal.js';
import { isReservedName } from './reserved-names.js';
import { parseScopes } from './scopes.js';

/** The values of the identity headers; each at most once. */
export type IdentityHeaderValues = Readonly<Partial<Record<IdentityHeader, string>>>;

const [idHeader, emailHeader, groupsHeader, behalfHeader, behalfEmailHeader, behalfGroupsHeader, scopesHeader] =
  IDENTITY_HEADERS;

/**
 * Reads the principal that a trusted gateway wrote into headers: the reverse of `identityHeaders`. The caller has made
 * sure that the gateway may be trusted; without the id header all others mean nothing.
 *
 * @returns `undefined` when there is no id.
 * @throws {InvalidRequestError} naming the header and the rule it breaks.
 */
export function principalOfIdentityHeaders(values: IdentityHeaderValues): Principal | undefined {
  const id = readId(idHeader, values);
  if (id === undefined) return undefined;
  const email = readEmail(emailHeader, values);
  const onBehalfOf = readBehalf(values);
  return Object.freeze<Principal>({
    ...anonymousPrincipal,
    kind: 'user',
    id,
    ...(email === undefined ? {} : { email }),
    groups: Object.freeze(readGroups(groupsHeader, values)),
    scopes: Object.freeze(parseScopes(values[scopesHeader]).map((scope) => decodeValue(scopesHeader, scope))),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  });
}

function readBehalf(values: IdentityHeaderValues): Principal['onBehalfOf'] {
  const id = readId(behalfHeader, values);
  if (id === undefined) return undefined;
  const email = readEmail(behalfEmailHeader, values);
  const groups = Object.freeze(readGroups(behalfGroupsHeader, values));
  return Object.freeze({ id, ...(email === undefined ? {} : { email }), groups });
}

function readId(header: IdentityHeader, values: IdentityHeaderValues): string | undefined {
  const written = values[header]?.trim() ?? '';
  if (written === '') return undefined;
  if (written.length > limits.id) throw broken(header, `must have at most ${limits.id} characters`);
  // Whoever the gateway names is a person or a client; a header alone makes nobody a service.
  return unreserved(header, decodeValue(header, written));
}

function readEmail(header: IdentityHeader, values: IdentityHeaderValues): string | undefined {
  const written = values[header]?.trim() ?? '';
  if (written === '') return undefined;
  if (written.length > limits.email) throw broken(header, `must have at most ${limits.email} characters`);
  const email = decodeValue(header, written);
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw broken(header, 'must be one e-mail address');
  return unreserved(header, email);
}

function readGroups(header: IdentityHeader, values: IdentityHeaderValues): string[] {
  const written = (values[header] ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  if (written.length > limits.groups) throw broken(header, `must name at most ${limits.groups} groups`);
  if (written.some((group) => group.length > limits.group)) {
    throw broken(header, `must name groups of at most ${limits.group} characters`);
  }
  // Like such groups of a token: they are left out, for a provider may have groups of any name.
  return written.map((group) => decodeValue(header, group)).filter((group) => !isReservedName(group));
}

function unreserved(header: IdentityHeader, value: string): string {
  if (value.trim() === '') throw broken(header, 'must not be blank');
  if (isReservedName(value)) throw broken(header, 'must not be "*" or begin with "service:" or "group:"');
  return value;
}

/** Undoes the percent-encoding. What is not encoded must be letters, digits or `@ . _ - : + /`. */
function decodeValue(header: IdentityHeader, written: string): string {
  if (!/^(?:[A-Za-z0-9@._\-:+/]|%[0-9A-Fa-f]{2})+$/.test(written)) {
    throw broken(header, 'may contain letters, digits, @ . _ - : + / and percent-encoded UTF-8 only');
  }
  let value: string;
  try {
    value = decodeURIComponent(written);
  } catch (cause) {
    throw broken(header, 'is not percent-encoded UTF-8', cause);
  }
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u001F\u007F-\u009F]/.test(value)) throw broken(header, 'must not contain control characters');
  return value;
}

function broken(header: IdentityHeader, rule: string, cause?: unknown): InvalidRequestError {
  const message = `Header ${header} ${rule}`;
  return new InvalidRequestError(message, { detail: message, cause });
}
