import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import { mappedIPv4, type Principal, principalOfIdentityHeaders } from '@nmp/tokens';
import type { HttpRequest } from '../carriers/http.js';
import type { TrustedHeadersOptions } from '../auth-options.js';
import { identityHeaderValues } from './identity-header-values.js';

/**
 * Takes a principal from the identity headers of requests that really come from the gateway: every configured condition
 * holds, of the peer of the socket and of the shared secret. Nothing that a client can write (`X-Forwarded-For`) counts.
 */
export class TrustedGateway {
  private readonly peers: BlockList | undefined;
  /** Where the secret is: between the gateway and the guard, no handler and no log of requests gets to see it. */
  readonly secretHeader: string | undefined;
  private readonly secret: Buffer | undefined;

  constructor({ cidrs, secretHeader, secret }: TrustedHeadersOptions) {
    this.peers = cidrs && blockListOf(cidrs);
    this.secretHeader = secretHeader?.toLowerCase();
    this.secret = secret === undefined ? undefined : sha256(secret);
  }

  /**
   * The principal that the gateway names, or `undefined` when the request is not the gateway's or names nobody.
   * @throws {InvalidRequestError} when a header of the gateway is malformed or was sent twice.
   */
  principalOf(request: HttpRequest): Principal | undefined {
    if (!this.isFromGateway(request)) return undefined;
    return principalOfIdentityHeaders(identityHeaderValues(request));
  }

  /** Whether every configured condition holds. */
  isFromGateway(request: HttpRequest): boolean {
    const socket = request.raw?.socket ?? request.socket;
    if (this.peers && !isListed(this.peers, socket?.remoteAddress)) return false;
    if (this.secret === undefined || this.secretHeader === undefined) {
      // The address tells who sent the data, not who wrote it.
      return this.peers !== undefined && request.isAmongData !== true;
    }
    const sent = request.headers[this.secretHeader];
    return typeof sent === 'string' && timingSafeEqual(sha256(sent), this.secret);
  }
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = ''] = cidr.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

function isListed(list: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false;
  const mapped = mappedIPv4(address);
  if (mapped !== undefined) return list.check(mapped, 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

// Digests have one length, so that comparing them tells nothing about the secret's.
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
