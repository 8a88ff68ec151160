import { IDENTITY_HEADER_LIMITS } from '@nmp/tokens';
import { suggestGroup } from './group-hint.js';
import { normalizeEmail } from './principal-names.js';
import { EVERYBODY } from './role-names.js';

/** A principal as bindings name it, in its one spelling. */
export interface NamedPrincipal {
  readonly principal: string;
  /** What the writer may have meant instead. */
  readonly hint?: string;
}

const RULE =
  'principal must be an e-mail address, the id of a user or client, group:<name>, service:<name>, or * for everybody';

/**
 * Reads a principal: what contains an `@` is an e-mail address, `group:…`, `service:…` and `*` are what they say, and
 * anything else is the id of a user or of a client.
 * @returns the principal, or what is wrong with the text
 */
export function parsePrincipal(text: string): NamedPrincipal | { readonly problem: string } {
  if (text === EVERYBODY) return { principal: text };
  if (!visible.test(text) || text !== text.normalize('NFC')) return { problem: `${RULE}, in visible characters` };
  const [, prefix, name = ''] = /^(group|service):(.*)$/isu.exec(text) ?? [];
  if (prefix !== undefined) return parsePrefixed(prefix, name);
  if (text.includes('@')) return parseEmail(text);
  if (!/^[!-~]+$/.test(text)) return { problem: `${RULE}; an id has no spaces and only ASCII characters` };
  if (text.length > limits.id) return { problem: `an id in principal has at most ${limits.id} characters` };
  const hint = suggestGroup(text);
  return { principal: text, ...(hint !== undefined && { hint }) };
}

const limits = IDENTITY_HEADER_LIMITS;

/** Letters, marks, digits, punctuation and symbols; blanks only inside. No control or formatting character. */
const visible = /^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u;

function parsePrefixed(prefix: string, name: string): NamedPrincipal | { readonly problem: string } {
  const kind = prefix.toLowerCase();
  if (kind !== prefix) return { problem: `${RULE}; ${kind}: is written in lower case` };
  if (name === '' || name.trim() !== name) return { problem: `principal needs a name after ${kind}:` };
  if (name.length > limits.group) return { problem: `a name in principal has at most ${limits.group} characters` };
  if (kind === 'service' && !/^[A-Za-z0-9._-]+$/.test(name)) {
    return { problem: 'the name of a service has only letters, digits, dots, hyphens and underscores' };
  }
  return { principal: `${kind}:${name}` };
}

function parseEmail(text: string): NamedPrincipal | { readonly problem: string } {
  if (text.length > limits.email) return { problem: `an e-mail address has at most ${limits.email} characters` };
  if (!/^[^\s@]+@[^\s@]+$/u.test(text)) return { problem: 'an e-mail address has one @ and no spaces' };
  return { principal: normalizeEmail(text) };
}
