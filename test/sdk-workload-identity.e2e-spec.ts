import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { NeMoPlatform } from '@nmp/sdk';

import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { freePort } from './support/free-port.js';

describe('the SDK in a workload', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nmp-workload-'));
  const tokenFile = join(directory, 'token');
  let people: TestIssuer;
  let cluster: TestIssuer;
  let app: NestFastifyApplication;
  let baseUrl: string;

  beforeAll(async () => {
    [people, cluster] = await Promise.all([startIssuer(), startIssuer()]);
    const port = await freePort();
    baseUrl = `http://127.0.0.1:${port}`;
    const rule = {
      name: 'training',
      issuer: cluster.issuer,
      jwksUri: undefined,
      discoveryUrl: undefined,
      audience: 'nmp-platform',
      subject: 'system:serviceaccount:ml:*',
      claims: {},
      principal: { id: 'ml-training', email: undefined, groups: ['team-ml'] },
      scopes: ['platform:read', 'platform:write'],
      lifeSeconds: 300,
    };
    app = await startPlatform(
      platformConfig(people.issuer, {
        server: { host: '127.0.0.1', port },
        publicUrl: baseUrl,
        tokenExchange: { audience: `${baseUrl}/apis/auth/workloads`, rules: [rule] },
      }),
    );
  });

  afterAll(async () => {
    await app?.close();
    await Promise.all([people?.close(), cluster?.close()]);
    rmSync(directory, { recursive: true });
  });

  it('calls the platform as the client that the rule makes of it', async () => {
    await mount('system:serviceaccount:ml:trainer');
    const client = sdk();
    const { principal } = await client.auth.whoami();
    expect(principal).toMatchObject({ id: 'ml-training', kind: 'client', groups: ['team-ml'] });
    await client.workspaces.create({ name: 'training' });
    expect((await client.workspaces.list().toArray()).map(({ name }) => name)).toContain('training');
  });

  it('is told when no rule holds for it', async () => {
    await mount('system:serviceaccount:other:trainer');
    await expect(sdk().auth.whoami()).rejects.toThrow(/No rule of this platform .* rule in token_exchange/);
  });

  async function mount(subject: string): Promise<void> {
    writeFileSync(tokenFile, `${await cluster.accessToken({ audience: 'nmp-platform', subject })}\n`);
  }

  function sdk(): NeMoPlatform {
    const env = { NMP_BASE_URL: baseUrl, NMP_WORKLOAD_IDENTITY_TOKEN_FILE: tokenFile };
    return new NeMoPlatform({ env, configPath: join(directory, 'config.yaml') });
  }
});
