import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/process/root.mjs';
import { runNode } from '../../scripts/process/run-node.mjs';
import { ServerProcess } from '../../scripts/process/server-process.mjs';
import { nemo } from '../../scripts/quickstart/nemo.mjs';
import { freePort } from '../../scripts/quickstart/ports.mjs';
import { Stack } from '../../scripts/quickstart/stack.mjs';

const example = join(root, 'docs', 'examples', 'two-services');

/**
 * The example of two services as its README says, with the quickstart's platform and identity provider. Needs the build.
 *
 * @param {{ tally: import('../../scripts/process/tally.mjs').Tally, accounts: readonly { email: string, password: string }[] }} world
 */
export async function twoServicesSuite({ tally, accounts }) {
  console.log('\nThe example of two services');
  const directory = mkdtempSync(join(tmpdir(), 'nmp-two-services-'));
  const running = [];
  try {
    const stack = await tally.run('the platform starts', async () => {
      const ports = { port: await freePort(), idpPort: await freePort() };
      return Stack.start({ ...ports, dataDir: join(directory, 'data') });
    });
    if (stack === undefined) return;
    running.push(stack);
    const compiled = await tally.run('the example is compiled', compile);
    if (compiled === undefined) return;
    const modelsUrl = await tally.run('the models service starts', async () => {
      const { server, url } = await start('models', { HOP_ISSUER: `${stack.platformUrl}/apis/auth` }, directory);
      running.push(server);
      return url;
    });
    const gatewayUrl = await tally.run('the gateway starts', async () => {
      const settings = { ISSUER: stack.idpUrl, PLATFORM_URL: stack.platformUrl, MODELS_URL: modelsUrl };
      const { server, url } = await start('gateway', settings, directory);
      running.push(server);
      return url;
    });
    if (modelsUrl === undefined || gatewayUrl === undefined) return;
    await calls({ tally, accounts, stack, modelsUrl, gatewayUrl, directory });
  } finally {
    for (const server of running.toReversed()) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function calls({ tally, accounts, stack, modelsUrl, gatewayUrl, directory }) {
  const tokenOf = (email, ...options) =>
    signIn({ stack, accounts, email, options, configFile: join(directory, `${email}.yaml`) });
  await tally.run('the second service sees who called the first, and answers', async () => {
    const { status, body } = await call(`${gatewayUrl}/models`, await tokenOf('alice@example.com'));
    equal(status, 200, JSON.stringify(body));
    deepEqual(body.models, ['llama', 'mistral']);
    const { id: _id, ...caller } = body.caller;
    deepEqual(caller, { email: 'alice@example.com', groups: ['team-ml'], issuer: stack.idpUrl });
  });
  await tally.run('the second service enforces permissions', async () => {
    const alice = await call(`${gatewayUrl}/models/llama`, await tokenOf('alice@example.com'), 'DELETE');
    deepEqual([alice.status, alice.body.code], [403, 'access_denied']);
    const admin = await call(`${gatewayUrl}/models/llama`, await tokenOf('admin@example.com'), 'DELETE');
    deepEqual([admin.status, admin.body], [200, { removed: 'llama' }]);
  });
  await tally.run('the second service enforces scopes', async () => {
    const reading = await tokenOf('admin@example.com', '--scope', 'openid platform:read');
    const { status, body } = await call(`${gatewayUrl}/models/llama`, reading, 'DELETE');
    deepEqual([status, body.code], [403, 'insufficient_scope']);
  });
  await tally.run('nobody gets past the first service', async () => {
    equal((await fetch(`${gatewayUrl}/models`)).status, 401);
    const token = await tokenOf('admin@example.com');
    deepEqual((await call(`${modelsUrl}/models`, token)).status, 401);
  });
}

async function compile() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await runNode([compiler, '-p', example], { capture: true });
  if (code !== 0) throw new Error(output);
  return true;
}

async function start(name, settings, directory) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await ServerProcess.start({
    command: process.execPath,
    args: [join(example, 'dist', name, 'main.js')],
    cwd: root,
    env: { ...process.env, ...settings, PORT: String(port) },
    logFile: join(directory, `${name}.log`),
    readyUrl: `${url}/apis/auth/discovery`,
    readyWithinMs: 60_000,
  });
  return { server, url };
}

async function signIn({ stack, accounts, email, options, configFile }) {
  const { password } = accounts.find((account) => account.email === email);
  const run = async (args, input) => {
    const { code, stdout, stderr } = await nemo(args, { configFile, input });
    if (code !== 0) throw new Error(`nemo ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const credentials = ['--username', email, '--password-stdin'];
  await run(['auth', 'login', '--base-url', stack.platformUrl, ...credentials, ...options], password);
  return run(['auth', 'token']);
}

async function call(url, token, method = 'GET') {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}
