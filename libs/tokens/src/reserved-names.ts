/**
 * Whether a value has a form that role bindings give a meaning of its own: everybody (`*`), services and groups. Nobody
 * may go by such a name, whether a token or a gateway says it.
 */
export function isReservedName(value: string): boolean {
  return /^\s*(\*\s*$|service:|group:)/i.test(value);
}
