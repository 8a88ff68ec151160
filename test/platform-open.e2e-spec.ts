import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createPlatform } from '../src/platform.factory.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';
import { PreparedData } from './support/prepared-data.js';

let directory: string;
let app: NestFastifyApplication | undefined;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nmp-platform-'));
});

afterAll(async () => {
  await app?.close();
  rmSync(directory, { recursive: true, force: true });
});

it('lets everybody in when authentication is switched off, and keeps what they made', async () => {
  const config = { ...platformConfig(''), dataDir: join(directory, 'data'), auth: { enabled: false } };
  await PreparedData.make(config.dataDir);
  app = await startPlatform(config);
  const anybody = ApiCaller.anonymous(app);
  const created = await anybody.workspaces('post', '', { name: 'kept' }).expect(201);
  expect(created.body).toMatchObject({ created_by: null, updated_by: null });
  await anybody.workspaces('put', '/kept', { description: 'changed' }).expect(200);
  await anybody.workspaces('get', '/missing').expect(404);
  await anybody.workspaces('delete', '/default').expect(409);
  const whoami = await anybody.request('get', '/apis/auth/v2/whoami').expect(200);
  expect(whoami.body).toMatchObject({ principal: { kind: 'anonymous', id: '', expires_at: null }, scopes: [] });
  expect((await anybody.request('get', '/openapi.json')).body.components.securitySchemes).not.toHaveProperty('oidc');
  await app.close();

  app = await startPlatform(config);
  const { body } = await ApiCaller.anonymous(app).workspaces('get', '?sort=name').expect(200);
  expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['default', 'kept', 'system']);
});

it('names every wrong auth setting as the operator wrote it, and opens nothing', async () => {
  const dataDir = join(directory, 'unopened');
  const auth = {
    adminEmail: 'nobody',
    oidc: { issuer: 'https://idp.example.com', additionalIssuers: ['x'], audience: '' },
  };
  await expect(createPlatform({ ...platformConfig(''), dataDir, auth }, { logger: false })).rejects.toMatchObject({
    message: expect.stringMatching(/^wrong configuration: auth\.[^\n]+$/),
    problems: [
      expect.stringMatching(/^auth\.admin_email must be an e-mail address/),
      expect.stringMatching(/^auth\.oidc\.additional_issuers\.0\.issuer must be/),
      expect.stringMatching(/^auth\.oidc\.audience must be .*write verify_audience: false/),
      expect.stringMatching(/^auth\.oidc\.client_id must be set .*auth\.oidc\.enabled: false/),
    ],
  });
  expect(readdirSync(directory)).not.toContain('unopened');
});
