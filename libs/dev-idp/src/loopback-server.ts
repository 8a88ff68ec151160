import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { LoopbackHost } from './dev-idp-options.js';
import { DevIdpError, systemErrorCode, systemErrorReason } from './errors.js';

const addresses: Record<LoopbackHost, readonly string[]> = {
  '127.0.0.1': ['127.0.0.1'],
  '::1': ['::1'],
  // Clients differ in which of the two they try first.
  localhost: ['127.0.0.1', '::1'],
};

/** HTTP on one port of the loopback addresses of a host name. */
export class LoopbackServer {
  private constructor(
    readonly port: number,
    private readonly servers: readonly Server[],
  ) {}

  /** Takes the port; a machine without IPv6 does without it. @throws {DevIdpError} when the port cannot be had. */
  static async listen(host: LoopbackHost, port: number): Promise<LoopbackServer> {
    const servers: Server[] = [];
    let actualPort = port;
    try {
      for (const address of addresses[host]) {
        const server = createServer();
        try {
          actualPort = await listen(server, address, actualPort);
          servers.push(server);
        } catch (error) {
          if (servers.length === 0 || !isAddressMissing(error)) throw error;
        }
      }
    } catch (error) {
      await closeAll(servers);
      throw listenError(error, actualPort);
    }
    return new LoopbackServer(actualPort, servers);
  }

  /** Answers from now on. */
  serve(handler: RequestListener): void {
    for (const server of this.servers) server.on('request', handler);
  }

  async close(): Promise<void> {
    await closeAll(this.servers);
  }
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    }),
  );
}

function isAddressMissing(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(systemErrorCode(error) ?? '');
}

function listenError(error: unknown, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const problem =
    code === 'EADDRINUSE'
      ? 'is already in use: stop what listens there'
      : `cannot be used (${systemErrorReason(error)})`;
  return new DevIdpError(`port ${port} ${problem}, or choose another port`, { cause: error });
}
