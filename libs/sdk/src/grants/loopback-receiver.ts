import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopbackHost } from '@nmp/tokens';
import { SignInError } from '../errors.js';

/** Where the browser comes back to when nothing else is registered for the client; the port is any free one. */
export const DEFAULT_REDIRECT_URI = 'http://127.0.0.1/callback';

/** A web server on this machine alone that waits for the browser to come back from the identity provider. @see RFC 8252 §7.3 */
export class LoopbackReceiver {
  private constructor(
    private readonly server: Server,
    /** The address to come back to, with the port. */
    readonly redirectUri: URL,
  ) {}

  /**
   * @param address Its port, if it has one, is the only one tried: it is registered at the provider.
   * @throws {SignInError} when that is no address of this machine, or its port is taken.
   */
  static async listen(address: string): Promise<LoopbackReceiver> {
    const redirectUri = parseRedirectUri(address);
    const { createServer } = await import('node:http');
    const server = createServer();
    server.listen({ host: addressOf(redirectUri), port: Number(redirectUri.port) });
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      throw unavailable(redirectUri, error);
    });
    redirectUri.port = String((server.address() as AddressInfo).port); // a TCP server's address is that
    return new LoopbackReceiver(server, redirectUri);
  }

  /**
   * Waits for the browser. Requests whose parameters are not those of this sign-in are refused, and the wait goes on: any
   * page on this machine can send one.
   */
  receive(isExpected: (parameters: URLSearchParams) => boolean): Promise<URLSearchParams> {
    return new Promise((resolve) => {
      this.server.on('request', (request, response) => {
        const parameters = this.parametersOf(request);
        if (!parameters) {
          sendPage(response, 404, 'There is nothing here.');
        } else if (!isExpected(parameters)) {
          sendPage(response, 400, 'This does not belong to a sign-in that is under way.');
        } else {
          const failed = parameters.has('error');
          const sentence = failed ? 'The sign-in failed; the terminal says why.' : done;
          sendPage(response, failed ? 400 : 200, sentence, () => resolve(parameters));
        }
      });
    });
  }

  /** Ends the waiting; connections that somebody keeps open are cut. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private parametersOf({ method, url = '' }: IncomingMessage): URLSearchParams | undefined {
    if (method !== 'GET' || !URL.canParse(url, this.redirectUri.href)) return undefined;
    const { origin, pathname, searchParams } = new URL(url, this.redirectUri);
    return origin === this.redirectUri.origin && pathname === this.redirectUri.pathname ? searchParams : undefined;
  }
}

const done = 'The sign-in is done. You can close this page and go back to the terminal.';

function sendPage(response: ServerResponse, status: number, sentence: string, onSent?: () => void): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><html lang="en"><title>NeMo Platform</title><p>${sentence}</p></html>\n`, onSent);
}

function parseRedirectUri(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (isPlain && url.protocol === 'http:' && isLoopbackHost(url.hostname)) return url;
  throw new SignInError(
    'invalid_redirect_uri',
    'The address to come back to must be one of this machine, over http and without a query. Give one such as http://127.0.0.1:8400/callback',
  );
}

/** The address to listen at. A name counts for the usual one: what it stands for elsewhere could be reached by others. */
function addressOf({ hostname }: URL): string {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  return /^[\d.]+$|^::1$/.test(literal) ? literal : '127.0.0.1';
}

function unavailable({ host }: URL, error: NodeJS.ErrnoException): SignInError {
  return new SignInError(
    'redirect_uri_unavailable',
    `The browser cannot come back to ${host} (${error.code ?? error.message}). End what uses that port, or give another address that is registered for the client, with --redirect-uri`,
    { cause: error },
  );
}
