const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL leads back to this machine. @see RFC 8252 §7.3 */
export function isLoopbackUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return /^https?:$/.test(protocol) && loopbackHosts.has(hostname);
}
