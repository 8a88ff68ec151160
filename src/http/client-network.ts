import { isIP } from 'node:net';
import { mappedIPv4 } from '@nmp/tokens';

/**
 * What one client is known by: its IPv4 address, or the network of its IPv6 address, in which it may have any address.
 * @see RFC 6177 §2
 */
export function clientNetwork(address: string): string {
  const mapped = mappedIPv4(address);
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an address, in one spelling. */
function groupsOf(address: string): string[] {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const missing = 8 - (left?.length ?? 0) - (right?.length ?? 0);
  return [...(left ?? []), ...Array.from({ length: missing }, () => '0'), ...(right ?? [])];
}
