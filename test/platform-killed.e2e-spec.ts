import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { PlatformProcess } from './support/platform-process.js';
import { PreparedData } from './support/prepared-data.js';
import { freshDatabase } from './support/test-database.js';

// Every start of the embedded database takes seconds, on a busy machine many.
jest.setTimeout(300_000);

const rounds = 3;
const writers = 4;
let directory: string;
let issuer: TestIssuer;
let platform: PlatformProcess | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-killed-'));
  issuer = await startIssuer();
});

afterEach(async () => {
  await platform?.stop('SIGKILL');
  await issuer.close();
  rmSync(directory, { recursive: true, force: true });
});

it('keeps all it has answered through kills in the middle of writing, each change whole', async () => {
  const databaseUrl = await freshDatabase();
  if (databaseUrl === undefined) await PreparedData.make(join(directory, 'data'));
  const headers = {
    authorization: `Bearer ${await issuer.accessToken({ email: 'alice@example.com', audience: 'nmp-platform' })}`,
    'content-type': 'application/json',
  };
  const answered = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const url = await start(databaseUrl);
    await writeUntilKilled(url, round);
  }

  const url = await start(databaseUrl);
  expect(answered.size).toBeGreaterThan(0);
  const { data } = (await (await fetch(`${url}/apis/entities/v2/workspaces?page_size=1000`, { headers })).json()) as {
    data: { name: string }[];
  };
  // Whoever sees a workspace has a role in it: what was not answered is there with its Admin, or not at all.
  const own = data.map(({ name }) => name).filter((name) => name.startsWith('w-'));
  expect([...answered].filter((name) => !own.includes(name))).toEqual([]);
  for (const name of own) {
    const members = await fetch(`${url}/apis/entities/v2/workspaces/${name}/members`, { headers });
    expect(await members.json()).toMatchObject({ data: [{ principal: 'alice@example.com', roles: ['Admin'] }] });
  }

  /** Several at once; the process is killed while they are at it. */
  async function writeUntilKilled(url: string, round: number): Promise<void> {
    const before = answered.size;
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; ; count += 1) {
        const name = `w-${round}-${writer}-${count}`;
        const body = JSON.stringify({ name });
        const { status } = await fetch(`${url}/apis/entities/v2/workspaces`, { method: 'POST', headers, body });
        if (status === 201) answered.add(name);
        if (answered.size - before >= 20 + round) void platform?.stop('SIGKILL');
      }
    };
    // Each ends with the connection.
    await Promise.allSettled(Array.from({ length: writers }, (_, writer) => write(writer)));
    await platform?.ending;
  }
});

async function start(databaseUrl: string | undefined): Promise<string> {
  platform = new PlatformProcess({
    NMP_SERVER_PORT: '0',
    NMP_DATA_DIR: join(directory, 'data'),
    ...(databaseUrl !== undefined && { NMP_DATABASE_URL: databaseUrl }),
    NMP_AUTH_OIDC__ISSUER: issuer.issuer,
    NMP_AUTH_OIDC__CLIENT_ID: 'nmp-cli',
    NMP_AUTH_OIDC__AUDIENCE: 'nmp-platform',
  });
  return platform.ready();
}
