import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TestIssuer } from '@nmp/auth/testing';
import type { PlatformConfig } from '../src/config/platform-config.js';
import { LiveBindings } from '../src/policy/live/live-bindings.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let other: TestIssuer;
let app: NestFastifyApplication | undefined;

beforeEach(async () => {
  issuer = await TestIssuer.start();
  other = await TestIssuer.start();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await Promise.all([issuer.close(), other.close()]);
});

describe('readiness', () => {
  it('says of each part how it is', async () => {
    await start();
    const { body } = await ready().expect(200);
    expect(body).toEqual({
      status: 'ok',
      details: {
        database: { status: 'up' },
        'policy data': { status: 'up' },
        [`keys of ${issuer.issuer}`]: { status: 'up', keys: 1, fetched_at: expect.stringMatching(/^\d{4}-.*Z$/) },
      },
    });
  });

  it('lasts while the provider is away and its keys are held', async () => {
    await start();
    await ready().expect(200);
    issuer.fail('refuse');
    const { body } = await ready().expect(200);
    expect(body.details[`keys of ${issuer.issuer}`]).toMatchObject({ status: 'up', keys: 1 });
  });

  it('is less without the keys of an issuer beside the main one', async () => {
    other.fail('refuse');
    const { auth, ...config } = platformConfig(issuer.issuer);
    const oidc = { ...auth.oidc!, additionalIssuers: [other.issuer] };
    await start({ ...config, auth: { ...auth, oidc } });
    const { body } = await ready().expect(200);
    expect(body).toMatchObject({
      status: 'degraded',
      details: {
        [`keys of ${issuer.issuer}`]: { status: 'up' },
        [`keys of ${other.issuer}`]: { status: 'degraded', keys: 0, problem: expect.any(String) },
      },
    });
  });

  it('needs no keys where authentication is switched off', async () => {
    issuer.fail('refuse');
    const config = platformConfig(issuer.issuer);
    await start({ ...config, auth: { ...config.auth, enabled: false } });
    const { body } = await ready().expect(200);
    expect(Object.keys(body.details)).toEqual(['database', 'policy data']);
  });

  it('ends when role bindings cannot be read', async () => {
    await start();
    await ready().expect(200);
    Object.defineProperty(app!.get(LiveBindings), 'problem', { value: new Error('password of db.example.com') });
    const { body } = await ready().expect(503);
    expect(body).toMatchObject({
      detail: 'Not ready: policy data',
      details: { 'policy data': { status: 'down', message: 'role bindings cannot be read' } },
    });
    expect(JSON.stringify(body)).not.toContain('db.example.com');
    await ApiCaller.anonymous(app!).request('get', '/health/live').expect(200, { status: 'ok' });
  });
});

async function start(config: PlatformConfig = platformConfig(issuer.issuer)): Promise<void> {
  app = await startPlatform(config);
}

function ready() {
  return ApiCaller.anonymous(app!).request('get', '/health/ready');
}
