/**
 * The IPv4 address within an IPv6 one, as sockets that speak both name their peers (`::ffff:192.0.2.1`); `undefined` for
 * every other address.
 * @see RFC 4291 §2.5.5.2
 */
export function mappedIPv4(address: string): string | undefined {
  const mapped = /^::ffff:((?:\d{1,3}\.){3}\d{1,3})$/i.exec(address)?.[1];
  return mapped?.split('.').every((part) => Number(part) <= 255) ? mapped : undefined;
}
