import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, headers as natsHeaders } from '@nats-io/transport-node';
import { installed } from '../../scripts/process/installed-program.mjs';
import { ServerProcess } from '../../scripts/process/server-process.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { untilReady } from '../../scripts/quickstart/ready.mjs';
import { Service } from '../../scripts/quickstart/service.mjs';

const readyTimeoutMs = 90_000;
const answersWithinMs = 60_000;
const triesForMs = 5_000;
const workspaces = '/apis/entities/v2/workspaces';
const audience = 'nmp-platform';

/**
 * The platform asked through a NATS server, by a client that knows nothing of Nest. Needs the built platform.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally }} world
 */
export async function platformMessagesSuite({ tally }) {
  const { problem } = await installed('nats-server', ['--version']);
  if (problem !== undefined) return tally.unavailable('the platform asked through NATS', problem);
  const directory = mkdtempSync(join(tmpdir(), 'nmp-messages-'));
  const { TestIssuer } = await import('@nmp/auth/testing');
  const issuer = await TestIssuer.start();
  const ports = { platform: await freePort(), nats: await freePort() };
  const startNats = () =>
    ServerProcess.start({
      command: 'nats-server',
      args: ['-a', '127.0.0.1', '-p', String(ports.nats), '--user', 'platform', '--pass', 'secret-of-nats'],
      logFile: join(directory, 'nats.log'),
      readyUrl: `tcp://127.0.0.1:${ports.nats}`,
      readyWithinMs: readyTimeoutMs,
    });
  let nats = await startNats();
  const platform = startPlatform({ directory, ports, issuer });
  let client;
  try {
    await untilReady(platform, `http://localhost:${ports.platform}/health/ready`, readyTimeoutMs);
    client = await connect({
      servers: `127.0.0.1:${ports.nats}`,
      user: 'platform',
      pass: 'secret-of-nats',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
    });
    await steps({
      tally,
      issuer,
      ports,
      client,
      logOfPlatform: () => readFileSync(logFileOf(directory), 'utf8'),
      restartNats: async () => {
        await nats.stop();
        nats = await startNats();
      },
    });
  } finally {
    await client?.close();
    await platform.stop();
    await nats.stop();
    await issuer.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function steps({ tally, issuer, ports, client, logOfPlatform, restartNats }) {
  const tokenOf = (name, more = {}) =>
    issuer.accessToken({ audience, subject: name, email: `${name}@example.com`, groups: [], ...more });
  const ask = (pattern, data, token) => question(client, pattern, data, token);

  await tally.run('auth.authenticate says through NATS who the caller is', async () => {
    const { response } = await ask('auth.authenticate', {}, await tokenOf('alice', { groups: ['team-ml'] }));
    equal(response.principal, 'alice');
    deepEqual(response.groups, ['team-ml']);
    equal(response.headers['X-NMP-Principal-Email'], 'alice@example.com');
  });
  await tally.run('with a hop token where one is asked for', async () => {
    const { response } = await ask('auth.authenticate', { hop_audience: 'models' }, await tokenOf('alice'));
    match(response.hop_token, /^eyJ/);
    deepEqual(response.headers, {});
  });
  await tally.run('auth.authorize says what the caller may do', async () => {
    const admin = await tokenOf('admin');
    const created = await fetch(`http://localhost:${ports.platform}${workspaces}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'asked-for' }),
    });
    equal(created.status, 201);
    const about = { permissions: ['workspaces.delete'], workspace: 'asked-for' };
    deepEqual((await ask('auth.authorize', about, admin)).response, { allowed: true });
    deepEqual((await ask('auth.authorize', about, await tokenOf('bob'))).response, { allowed: false });
  });
  await tally.run('nobody is answered without a good token', async () => {
    const about = { permissions: ['workspaces.read'] };
    for (const pattern of ['auth.authenticate', 'auth.authorize']) {
      equal((await ask(pattern, about)).err.code, 'missing_token');
      equal((await ask(pattern, about, await tokenOf('eve', { expiresInSeconds: -600 }))).err.code, 'token_expired');
      equal((await ask(pattern, about, await tokenOf('eve', { audience: 'other' }))).err.code, 'token_audience');
    }
  });
  await tally.run('a question of another form is refused', async () => {
    const token = await tokenOf('alice');
    for (const data of [null, 'x', { permissions: 'workspaces.read' }, { permissions: [{}] }]) {
      equal((await ask('auth.authorize', data, token)).err.code, 'malformed_request');
    }
  });
  await tally.run('what is no question is refused where a reply is awaited, and makes no noise', async () => {
    const headers = natsHeaders();
    headers.set('authorization', `Bearer ${await tokenOf('alice')}`);
    const before = logOfPlatform().length;
    for (const payload of ['', 'not json', 'null', '"x"', '[]', '{}', '{"pattern":"auth.authenticate","data":{}}']) {
      const reply = await client.request('auth.authenticate', payload, { headers, timeout: triesForMs });
      const { id, err } = reply.json();
      deepEqual([id, err.code], [null, 'malformed_request'], payload);
      for (let sent = 0; sent < 100; sent += 1) client.publish('auth.authenticate', payload, { headers });
    }
    await ask('auth.authenticate', {}, await tokenOf('alice'));
    const lines = logOfPlatform().slice(before).split('\n').slice(0, -1);
    equal(lines.length, 1, lines.join('\n'));
    match(lines[0], /had no reply subject/);
  });
  await tally.run('questions are answered again when the NATS server is back', async () => {
    await restartNats();
    const { response } = await ask('auth.authenticate', {}, await tokenOf('alice'));
    equal(response.principal, 'alice');
  });
}

/** Asks until somebody is there to answer: after a restart, both sides first have to find the server again. */
async function question(client, pattern, data, token) {
  const headers = natsHeaders();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const payload = JSON.stringify({ pattern, id: '1', data });
  const deadline = performance.now() + answersWithinMs;
  for (;;) {
    try {
      return (await client.request(pattern, payload, { headers, timeout: triesForMs })).json();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function startPlatform({ directory, ports, issuer }) {
  const configFile = join(directory, 'platform.yaml');
  const config = {
    server: { port: ports.platform },
    data_dir: 'memory://',
    hop_tokens: { audiences: ['models'] },
    messaging: {
      nats: { servers: [`nats://127.0.0.1:${ports.nats}`], user: 'platform', password: 'secret-of-nats' },
    },
    auth: {
      admin_email: 'admin@example.com',
      oidc: { issuer: issuer.issuer, client_id: 'nmp-cli', audience },
    },
  };
  writeFileSync(configFile, JSON.stringify(config));
  return new Service({
    name: 'platform',
    args: ['dist/main.js'],
    env: { PATH: process.env.PATH, NMP_CONFIG_FILE_PATH: configFile },
    logFile: logFileOf(directory),
  });
}

function logFileOf(directory) {
  return join(directory, 'platform.log');
}
