import { equal } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../scripts/quickstart/ready.mjs';
import { Service } from '../../scripts/quickstart/service.mjs';
import { OpaServer } from './opa-server.mjs';

const readyTimeoutMs = 90_000;
const workspaces = '/apis/entities/v2/workspaces';

/**
 * The platform with a real Open Policy Agent that decides about every request, and loads the rules and the roles from the
 * platform, as a service with credentials of its own.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally, opa: string, directory: string }} world
 */
export async function platformWithOpa({ tally, opa, directory }) {
  const { builtInAccounts, builtInClients, DevIdp } = await import('../../libs/dev-idp/dist/index.js');
  const idp = await DevIdp.start({ port: 0 });
  const ports = { platform: await freePort(), opa: await freePort() };
  const url = `http://localhost:${ports.platform}`;
  const client = builtInClients.find(({ clientSecret }) => clientSecret !== undefined);
  const configFile = join(directory, 'platform.yaml');
  writeFileSync(configFile, JSON.stringify(platformConfig(ports, idp.issuer, client)));
  const opaFile = join(directory, 'opa.yaml');
  const tokenFile = join(directory, 'service-token');
  writeFileSync(tokenFile, await serviceToken(idp.issuer, client));
  writeFileSync(opaFile, JSON.stringify(opaConfig(url, tokenFile)));
  const platform = new Service({
    name: 'platform',
    args: ['dist/main.js'],
    env: { PATH: process.env.PATH, NMP_CONFIG_FILE_PATH: configFile },
    logFile: join(directory, 'platform.log'),
  });
  let server;
  const startOpa = () => OpaServer.start(opa, ['--config-file', opaFile], { directory, port: ports.opa });
  try {
    await untilReady(platform, `${url}/health/ready`, readyTimeoutMs);
    const [account] = builtInAccounts;
    const alice = await signedIn(idp.issuer, url, account);
    await tally.run('without an Open Policy Agent nobody passes', async () => {
      equal((await alice.request('GET', workspaces)).status, 503);
    });
    server = await tally.run('an Open Policy Agent loads the bundle from the platform, as a service', startOpa);
    if (server === undefined) return;
    await tally.run('it decides about every request', async () => {
      equal((await alice.request('GET', workspaces)).status, 200);
      equal((await alice.request('GET', '/apis/auth/v2/iam/role-bindings')).status, 403);
      equal((await alice.request('GET', `${workspaces}/nowhere`)).status, 403);
    });
    await tally.run('an answer waits until it knows of a change of roles', async () => {
      const created = await alice.request('POST', `${workspaces}?wait_role_propagation=true`, { name: 'waited-for' });
      equal(created.status, 201);
      equal((await created.json()).role_propagation_confirmed, true);
      equal((await alice.request('GET', `${workspaces}/waited-for`)).status, 200);
    });
    await tally.run('while it is away nobody passes, and when it is back they do', async () => {
      await server.stop();
      equal((await alice.request('GET', workspaces)).status, 503);
      server = await startOpa();
      equal((await alice.request('GET', `${workspaces}/waited-for`)).status, 200);
    });
  } finally {
    await server?.stop();
    await platform.stop();
    await idp.close();
  }
}

function platformConfig(ports, issuer, { clientId }) {
  return {
    server: { port: ports.platform },
    data_dir: 'memory://',
    auth: {
      policy_decision_point_provider: 'opa',
      policy_decision_point_base_url: `http://127.0.0.1:${ports.opa}`,
      bundle_cache_seconds: 0,
      service_clients: [{ issuer, client_id: clientId, name: 'opa' }],
      oidc: { issuer, client_id: 'nmp-cli', audience: 'nmp-platform' },
    },
  };
}

/** @see https://www.openpolicyagent.org/docs/configuration#services */
function opaConfig(url, tokenFile) {
  return {
    services: {
      platform: {
        url,
        // With a token endpoint on https it could fetch one by itself: credentials.oauth2.
        credentials: { bearer: { token_path: tokenFile } },
      },
    },
    bundles: {
      authz: {
        service: 'platform',
        resource: '/apis/auth/v2/iam/opa-bundle.tar.gz',
        polling: { min_delay_seconds: 1, max_delay_seconds: 2 },
      },
    },
  };
}

async function signedIn(issuer, url, { email, password }) {
  const scope = 'openid email platform:read platform:write';
  const form = { grant_type: 'password', client_id: 'nmp-cli', username: email, password, scope };
  const token = await tokenFor(issuer, form);
  return {
    request: (method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      }),
  };
}

async function serviceToken(issuer, { clientId, clientSecret }) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  return tokenFor(issuer, { ...form, scope: 'platform:read' });
}

async function tokenFor(issuer, form) {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = await answer.json();
  return token;
}
