import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** The two ways in which proxies write an address with the port it had. */
const withPort = /^(?:(?<v4>[\d.]+)|\[(?<v6>[^\]]+)\]):\d{1,5}$/;

/**
 * Who asked, as the log and the audit have it: what a trusted proxy says, without a port. Of a connection that was gone
 * before anybody looked, nothing is known.
 */
export function clientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  const given = ip as string | undefined; // the connection's own, which Node forgets
  const { v4, v6 } = withPort.exec(given ?? '')?.groups ?? {};
  const address = v4 ?? v6;
  return address !== undefined && isIP(address) !== 0 ? address : (given ?? '');
}
