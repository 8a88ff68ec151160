import { isIPv4 } from 'node:net';
import { isLoopbackHost, mappedIPv4 } from '@nmp/tokens';
import type { HttpRequest } from '../carriers/http.js';

/** What is looked at of the connection that a request came by: what Node's HTTP servers give. */
interface Connection {
  readonly remoteAddress?: string;
  readonly server?: { address?(): unknown };
}

interface NodesView {
  readonly httpVersion?: string;
  readonly url?: string;
}

/** What proxies add to requests, after `_` has become `-`: many servers take the two for one. */
const proxyHeader = new RegExp(
  [
    'forwarded|(?:client|real|user|remote|connecting)-?(?:ip|addr)',
    '^via$|^(?:x-)?proxy|-proxy-|^front-end-|^x-original-|^x-amzn-trace-id$|^x-cloud-trace-context$',
    '^(?:x-)?(?:cdn|cf|fly|fastly|envoy|azure|arr|vercel|appengine)-',
  ].join('|'),
);
/** What browsers add. `Sec-Fetch-Mode` is not among it: Node's own fetch sends it. */
const browserHeader = /^(?:origin|referer|upgrade-insecure-requests|ping-(?:from|to)|sec-(?!fetch-mode$).*)$/;
const loopbackAuthority = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * What about a request does not go with its coming straight from a program on this machine, to a server that nobody else
 * can reach; `undefined` when nothing does. What cannot be told does not go with it.
 */
export function foreignSign(request: HttpRequest): string | undefined {
  const node = (request.raw ?? request) as HttpRequest & NodesView; // a message of another transport has no version
  const connection = node.socket as Connection | undefined; // what is not there is not taken for granted
  const names = headerNames(request);
  const found = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name.replaceAll('_', '-')));

  const listensAt = listeningAddress(connection);
  if (listensAt === undefined || request.isAmongData === true) return 'the request did not come over HTTP';
  if (!isLoopbackAddress(listensAt)) return `the server listens at ${listensAt}, where other machines may reach it`;
  if (!isLoopbackAddress(connection?.remoteAddress))
    return 'the request comes from another machine, or out of a container';
  const proxys = found(proxyHeader);
  if (proxys !== undefined) return `the request came through a proxy: it has the header ${proxys}`;
  const browsers = found(browserHeader);
  if (browsers !== undefined) return `the request comes from a page in a browser: it has the header ${browsers}`;
  // Proxies speak it, and no client of today does.
  if (node.httpVersion !== '1.1') return 'the request is not of HTTP/1.1';
  const target = request.originalUrl ?? node.url;
  if (target?.startsWith('/') !== true) return 'the request is made as to a proxy: its target is not a path';
  const hosts = names.filter((name) => name === 'host').length;
  const { host } = request.headers;
  // A page whose name was made to lead here is sent with that name.
  if (hosts !== 1 || typeof host !== 'string' || !loopbackAuthority.test(host)) {
    return 'the Host header does not name this machine (localhost, 127.0.0.1 or [::1])';
  }
  return undefined;
}

/** Whether an address is one of this machine alone. An IPv4 address may be written as an IPv6 one. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = mappedIPv4(address) ?? address;
  return plain === '::1' || (isIPv4(plain) && isLoopbackHost(plain));
}

/** Where a server listens; `undefined` when it cannot be told, or is no address of a network. */
export function addressOfServer(server: { address?(): unknown } | null | undefined): string | undefined {
  const bound = server?.address?.();
  if (typeof bound !== 'object' || bound === null) return undefined;
  const { address } = bound as { address?: unknown }; // an object, by the check above
  return typeof address === 'string' ? address : undefined;
}

function listeningAddress(connection: Connection | undefined): string | undefined {
  return addressOfServer(connection?.server);
}

/** The names of all headers in lower case, those of Node's own list included: it has what was sent, and each as often. */
function headerNames(request: HttpRequest): string[] {
  const raw = request.raw?.rawHeaders ?? request.rawHeaders ?? [];
  const sent = raw.filter((_value, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const seen = Object.keys(request.headers).map((name) => name.toLowerCase());
  return [...sent, ...seen.filter((name) => !sent.includes(name))];
}
