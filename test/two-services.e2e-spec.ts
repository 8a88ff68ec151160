import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AccessTokenInput, TestIssuer } from '@nmp/auth/testing';
import { GatewayModule } from '../docs/examples/two-services/src/gateway/gateway.module.js';
import { ModelsModule } from '../docs/examples/two-services/src/models/models.module.js';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';

const example = join(import.meta.dirname, '..', 'docs', 'examples', 'two-services');

describe('the example of two services', () => {
  let issuer: TestIssuer;
  const apps: INestApplication[] = [];
  let gatewayUrl: string;
  let modelsUrl: string;

  beforeAll(async () => {
    issuer = await startIssuer();
    const hopTokens = { audiences: ['models'], lifeSeconds: 60 };
    const platform = await startPlatform(platformConfig(issuer.issuer, { hopTokens }));
    apps.push(platform);
    const platformUrl = await platform.getUrl();
    const hopIssuer = 'http://localhost:8080/apis/auth'; // as the platform of tests says that it can be reached
    modelsUrl = await start(ModelsModule.forRoot({ hopIssuer, jwksUri: `${platformUrl}/apis/auth/jwks` }));
    const settings = { issuer: issuer.issuer, audience: 'nmp-platform', platformUrl, modelsUrl };
    gatewayUrl = await start(GatewayModule.forRoot(settings));
  });

  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await issuer?.close();
  });

  async function start(module: DynamicModule): Promise<string> {
    const app = await NestFactory.create(module, { logger: false });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  async function call(method: string, path: string, input: AccessTokenInput = {}) {
    const alice = { subject: 'alice', email: 'alice@example.com', groups: ['team-ml'] };
    const token = await issuer.accessToken({ audience: 'nmp-platform', ...alice, ...input });
    const response = await fetch(gatewayUrl + path, { method, headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('lets the second service see who called the first', async () => {
    expect(await call('GET', '/models')).toEqual({
      status: 200,
      body: {
        models: ['llama', 'mistral'],
        caller: { id: 'alice', email: 'alice@example.com', groups: ['team-ml'], issuer: issuer.issuer },
      },
    });
  });

  it('leaves scopes and permissions to the second service', async () => {
    const lacking = await call('GET', '/models', { scope: 'openid models:write' });
    expect(lacking).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(await call('DELETE', '/models/llama')).toMatchObject({ status: 403, body: { code: 'access_denied' } });
    const admin = { groups: ['platform-admins'] };
    expect(await call('DELETE', '/models/llama', admin)).toEqual({ status: 200, body: { removed: 'llama' } });
  });

  it('stops at the first service who has no good token', async () => {
    expect((await fetch(`${gatewayUrl}/models`)).status).toBe(401);
    expect(await call('GET', '/models', { audience: 'other' })).toMatchObject({ status: 401 });
  });

  it('lets nobody into the second service but by the first', async () => {
    const token = await issuer.accessToken({ audience: 'nmp-platform', groups: ['platform-admins'] });
    const headers = { authorization: `Bearer ${token}`, 'x-nmp-principal-id': 'admin' };
    expect((await fetch(`${modelsUrl}/models`, { headers })).status).toBe(401);
    expect((await fetch(`${modelsUrl}/models`, { headers: { 'x-nmp-principal-id': 'admin' } })).status).toBe(401);
  });

  it.each(['gateway', 'models'])('names each variable that the %s reads, with its default', (service) => {
    const program = readFileSync(join(example, 'src', service, 'main.ts'), 'utf8');
    const page = readFileSync(join(example, 'README.md'), 'utf8');
    const read = [...program.matchAll(/env\.(\w+) \?\? '?([^',)]+)/g)].map(([, name, value]) => [name, value]);
    const told = [...page.matchAll(/^\| (\w+) +\| `(\w+)` +\| `([^`]+)` /gm)].filter(([, of]) => of === service);
    expect(told.map(([, , name, value]) => [name, value])).toEqual(read);
    expect(read).toHaveLength(program.match(/env\./g)?.length ?? 0);
  });
});
