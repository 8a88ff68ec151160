import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IssuerKeys } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import type { PlatformConfig } from '../src/config/platform-config.js';
import { PolicyConfig } from '../src/config/policy-config.js';
import { LiveBindings } from '../src/policy/live/live-bindings.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let other: TestIssuer;
let app: NestFastifyApplication | undefined;

beforeEach(async () => {
  issuer = await startIssuer();
  other = await startIssuer();
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

describe('what strangers are told of an issuer', () => {
  it('is no address of its keys', async () => {
    issuer.fail('refuse');
    const { auth, ...config } = platformConfig(issuer.issuer);
    const jwksUri = `${issuer.issuer}/internal/keys?apikey=k3y`;
    await start({ ...config, auth: { ...auth, oidc: { ...auth.oidc!, jwksUri } } });
    const { text, body } = await ready().expect(503);
    expect(body.details[`keys of ${issuer.issuer}`]).toMatchObject({ problem: 'its keys cannot be fetched' });
    expect(text).not.toMatch(/internal|k3y|ECONN/);
    expect(JSON.stringify(app!.get(IssuerKeys).states())).not.toContain('k3y');
  });
});

describe('readiness with files', () => {
  it('ends when they are removed, and the platform still stops', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'nmp-removed-'));
    await start({ ...platformConfig(issuer.issuer), dataDir: join(directory, 'data') });
    await ready().expect(200);
    rmSync(directory, { recursive: true });
    const { body } = await ready().expect(503);
    expect(body.details.database).toEqual({ status: 'down', message: 'its files are gone' });
    await expect(app!.close()).resolves.toBeUndefined();
    app = undefined;
  });
});

describe('readiness with an Open Policy Agent', () => {
  it('says that it does not decide, and lasts, for it fetches its roles here', async () => {
    const policy = Object.assign(new PolicyConfig(), { provider: 'opa', decisionPointUrl: issuer.issuer });
    await start(platformConfig(issuer.issuer, { policy }));
    const { body } = await ready().expect(200);
    expect(body).toMatchObject({
      status: 'degraded',
      details: { 'policy decision point': { status: 'degraded', message: 'it does not decide' } },
    });
  });
});

async function start(config: PlatformConfig = platformConfig(issuer.issuer)): Promise<void> {
  app = await startPlatform(config);
}

function ready() {
  return ApiCaller.anonymous(app!).request('get', '/health/ready');
}
