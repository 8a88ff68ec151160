import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformProcess } from './support/platform-process.js';
import { PreparedData } from './support/prepared-data.js';
import { Wire } from './support/wire.js';

// Every start of the embedded database takes seconds, on a busy machine many.
jest.setTimeout(180_000);

const started: PlatformProcess[] = [];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-process-'));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((platform) => platform.stop('SIGKILL')));
  rmSync(directory, { recursive: true, force: true });
});

it('serves until it is asked to stop, keeps its data through a kill, and shares them with no other process', async () => {
  await PreparedData.make(join(directory, 'data'));
  const first = start();
  const url = await first.ready();
  const workspaces = `${url}/apis/entities/v2/workspaces`;
  await expect(postJson(workspaces, { name: 'kept' })).resolves.toBe(201);

  const second = await start().ending;
  expect(second).toEqual({
    code: 1,
    signal: null,
    stderr: `nmp-platform: the data directory ${join(directory, 'data')} is in use by process ${first.pid}: stop it, or set another data_dir (NMP_DATA_DIR)\n`,
  });
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);

  expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
  const third = start();
  const { hostname, port } = new URL(await third.ready());
  expect((await fetch(`http://${hostname}:${port}/apis/entities/v2/workspaces/kept`)).status).toBe(200);

  const idle = createConnection(Number(port), hostname);
  await once(idle, 'connect');
  expect(await third.stop('SIGTERM')).toEqual({ code: 0, signal: null, stderr: '' });
  idle.destroy();
  const [lock = '', ...others] = readdirSync(join(directory, 'data')).filter((name) =>
    name.startsWith('platform.lock'),
  );
  expect(others).toEqual([]);
  expect(JSON.parse(readFileSync(join(directory, 'data', lock), 'utf8'))).toMatchObject({ released: true });
});

it('finishes the request under way when it is asked to stop, and waits for nobody else', async () => {
  await PreparedData.make(join(directory, 'data'));
  const platform = start();
  const { port } = new URL(await platform.ready());
  const idle = await Wire.open(Number(port));
  expect((await idle.send('GET /health HTTP/1.1', 'Host: x', '', '').answer()).headers.connection).toBe('keep-alive');
  idle.send('GET /heal');
  const busy = await Wire.open(Number(port));
  const body = '{"name":"last"}';
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Expect: 100-continue'];
  busy.send('POST /apis/entities/v2/workspaces HTTP/1.1', 'Host: x', ...headers, '', '');
  await busy.hear('HTTP/1.1 100 Continue\r\n\r\n');

  const ending = platform.stop('SIGTERM');
  await idle.closed;
  busy.send(body);
  expect(await busy.rest()).toMatchObject({ status: 201, headers: { connection: 'close' } });
  expect(await ending).toEqual({ code: 0, signal: null, stderr: '' });
  expect(platform.output).toContain('SIGTERM: finishing the requests under way');
  expect(platform.output).not.toContain('Cut off');
});

it('says more on a signal, and less on the next one', async () => {
  await PreparedData.make(join(directory, 'data'));
  const platform = start();
  const url = await platform.ready();
  const said = async (text: string) => {
    while (!platform.output.includes(text)) await fetch(`${url}/health`);
  };
  process.kill(platform.pid!, 'SIGUSR2');
  await said('SIGUSR2: the log level is debug now');
  process.kill(platform.pid!, 'SIGUSR2');
  await said('SIGUSR2: the log level is info now');
  expect((await platform.stop('SIGTERM')).code).toBe(0);
});

it('stops on an interrupt while it is still starting', async () => {
  const platform = start();
  await new Promise<void>((resolve) => {
    const poll = setInterval(() => {
      try {
        readFileSync(join(directory, 'data', 'platform.lock.1'));
        clearInterval(poll);
        resolve();
      } catch {
        // not there yet
      }
    }, 20);
  });
  expect(await platform.stop('SIGINT')).toEqual({ code: 0, signal: null, stderr: '' });
});

describe('a start that fails says why in one line and exits with 1', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
  });

  it('when the port is taken', async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await failure({ NMP_SERVER_PORT: String(port) })).toBe(
      `cannot listen on 127.0.0.1 port ${port}: the port is taken by another program (set server.port or NMP_SERVER_PORT)`,
    );
  });

  it('when the roles do not make sense', async () => {
    const file = join(directory, 'roles.yaml');
    writeFileSync(file, 'roles:\n  One: { includes: [Two] }\n  Two: { includes: [One] }\n');
    expect(await failure({ NMP_AUTH_ROLES_FILE: file })).toMatch(/^wrong configuration: .*One/);
  });

  it('when the configuration is no YAML', async () => {
    const file = join(directory, 'platform.yaml');
    writeFileSync(file, 'auth: [');
    expect(await failure({ NMP_CONFIG_FILE_PATH: file })).toMatch(/^the configuration file .* is not valid: .*line 1/);
  });

  it('when the configuration cannot be read', async () => {
    expect(await failure({ NMP_CONFIG_FILE_PATH: join(directory, 'none.yaml') })).toMatch(/cannot be read: ENOENT/);
  });

  it('when settings are wrong, all of them', async () => {
    const environment = { NMP_AUTH_ENABLED: 'no', NMP_AUTH_OIDC__ISUER: 'x', NMP_SERVER_PORT: '-1' };
    expect(await failure(environment)).toBe(
      'wrong configuration: NMP_AUTH_ENABLED must be true or false; ' +
        'NMP_AUTH_OIDC__ISUER is not a setting, did you mean NMP_AUTH_OIDC__ISSUER?; server.port must be between 0 and 65535',
    );
  });

  it('when the identity provider is not configured', async () => {
    expect(await failure({ NMP_AUTH_ENABLED: 'true' })).toMatch(
      /^wrong configuration: auth\.oidc\.issuer must be set .*; auth\.oidc\.client_id must be set .* \(there is no \.\/config\/platform\.yaml: copy config\/platform\.example\.yaml there, or name another file in NMP_CONFIG_FILE_PATH\)$/,
    );
  });

  it('when the data directory cannot be written', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(await failure({ NMP_DATA_DIR: join(file, 'data') })).toMatch(
      /^the data directory .* cannot be written: ENOTDIR/,
    );
  });

  it('when the data directory may not be written', async () => {
    const dataDir = join(directory, 'read-only');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o500);
    // Root may write everywhere but where the kernel keeps its own.
    const target = process.getuid?.() === 0 ? '/sys/nmp' : dataDir;
    expect(await failure({ NMP_DATA_DIR: target })).toMatch(/^the data directory .* cannot be written: E[A-Z]+/);
  });

  it('when the database server cannot be reached', async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    const message = await failure({ NMP_DATABASE_URL: `postgres://nmp:secret@127.0.0.1:${port}/nmp` });
    expect(message).toMatch(/^the database 127\.0\.0\.1:\d+\/nmp cannot be opened: connect ECONNREFUSED/);
    expect(message).not.toContain('secret');
  });
});

function start(environment: Record<string, string> = {}): PlatformProcess {
  const platform = new PlatformProcess({
    NMP_AUTH_ENABLED: 'false',
    NMP_DATA_DIR: join(directory, 'data'),
    NMP_SERVER_PORT: '0',
    ...environment,
  });
  started.push(platform);
  return platform;
}

/** The line a failing start ends with; it is all there is on stderr. */
async function failure(environment: Record<string, string>): Promise<string> {
  const { code, stderr } = await start(environment).ending;
  expect(code).toBe(1);
  const [line = '', ...rest] = stderr.split('\n');
  expect(rest).toEqual(['']);
  return line.replace(/^nmp-platform: /, '');
}

async function postJson(url: string, body: object): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}
