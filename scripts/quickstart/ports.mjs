import { createServer } from 'node:net';

const hosts = ['127.0.0.1', '::1'];

/**
 * Refuses a port that somebody listens on already, before anything is started.
 *
 * @param {number} port
 * @param {string} option how to choose another one
 * @throws {Error} naming the port
 */
export async function requireFreePort(port, option) {
  const code = await obstacle(port);
  if (code === 'EADDRINUSE') {
    throw new Error(
      `port ${port} is already in use, perhaps by another quickstart: stop it, or choose ${option} (a second quickstart wants --port, --idp-port and --data-dir of its own)`,
    );
  }
  if (code === 'EACCES') throw new Error(`port ${port} needs more rights than you have: choose ${option}`);
}

/** The port itself, or a free one where it cannot be listened on. */
export async function portOrFreeOne(port) {
  return (await obstacle(port)) === undefined ? port : freePort();
}

/** Asks the operating system for a port that nobody uses at the moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function obstacle(port) {
  for (const host of hosts) {
    const code = await tryToListen(port, host);
    if (code === 'EADDRINUSE' || code === 'EACCES') return code;
  }
  return undefined;
}

function tryToListen(port, host) {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
