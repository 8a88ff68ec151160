import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevIdp } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';

describe('restart', () => {
  let directory: string;
  let dataDir: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dev-idp-'));
    dataDir = join(directory, 'data');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Runs one life of a provider on the same port, so that its issuer stays. */
  async function live<T>(run: (idp: DevIdp, client: OauthClient) => Promise<T>, port = 0): Promise<T> {
    const idp = await DevIdp.start({ dataDir, port });
    try {
      return await run(idp, new OauthClient(idp));
    } finally {
      await idp.close();
    }
  }

  it('keeps keys, refresh tokens and device codes', async () => {
    const before = await live(async (idp, client) => ({
      port: idp.port,
      jwks: await (await fetch(`${idp.issuer}/jwks`)).json(),
      tokens: (await client.password()).body,
      device: (await client.startDevice()).body,
    }));
    await live(async (idp, client) => {
      expect(await (await fetch(`${idp.issuer}/jwks`)).json()).toEqual(before.jwks);
      expect(await client.verify(before.tokens['access_token'])).toMatchObject({ email: 'alice@example.com' });
      expect((await client.refresh(before.tokens['refresh_token'])).status).toBe(200);
      await client.approve(before.device['verification_uri_complete']);
      expect((await client.pollDevice(before.device['device_code'])).status).toBe(200);
    }, before.port);
  });

  it('keeps an old refresh token refused', async () => {
    const { port, old } = await live(async (idp, client) => {
      const { body } = await client.password();
      await client.refresh(body['refresh_token']);
      return { port: idp.port, old: body['refresh_token'] };
    });
    await live(async (_idp, client) => {
      expect((await client.refresh(old)).body['error']).toBe('invalid_grant');
    }, port);
  });

  it('has everything on disk by the time the client has its answer, as a killed process needs', async () => {
    const copy = await live(async (idp, client) => {
      const { body } = await client.password();
      return { port: idp.port, token: body['refresh_token'], state: await readFile(join(dataDir, 'state.json')) };
    });
    await writeFile(join(dataDir, 'state.json'), copy.state);
    await live(async (_idp, client) => {
      expect((await client.refresh(copy.token)).status).toBe(200);
    }, copy.port);
  });

  it('shows its files to their owner alone and publishes no private key', async () => {
    await live(async (idp, client) => {
      await client.password();
      const modes = await Promise.all(
        ['', 'keys.json', 'state.json'].map(async (name) => (await stat(join(dataDir, name))).mode & 0o777),
      );
      expect(modes).toEqual([0o700, 0o600, 0o600]);
      const { keys } = (await (await fetch(`${idp.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
      expect(keys.map(({ alg }) => alg)).toEqual(['RS256', 'ES256']);
      for (const key of keys) expect(key).not.toHaveProperty('d');
    });
    expect((await readdir(dataDir)).toSorted()).toEqual(['keys.json', 'state.json']);
  });
});
