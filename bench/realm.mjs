import { once } from 'node:events';
import { createServer } from 'node:http';

const name = 'bench';

/**
 * Serves the key set of an issuer where libraries for Keycloak look for it.
 *
 * @param {string} jwksUri the issuer's own
 */
export async function startRealm(jwksUri) {
  const server = createServer(({ url }, response) => {
    if (url === `/realms/${name}/protocol/openid-connect/certs`) {
      void handOn(jwksUri, response);
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const authServerUrl = `http://127.0.0.1:${server.address().port}`;
  return {
    name,
    authServerUrl,
    issuer: `${authServerUrl}/realms/${name}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function handOn(url, response) {
  const { status, body } = await fetch(url).then(
    async (answer) => ({ status: answer.status, body: await answer.text() }),
    () => ({ status: 502 }),
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
