/** Whether a text may be the name of a service or a rule: it goes into addresses, tokens and logs as it is. */
export function isServiceName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value);
}
