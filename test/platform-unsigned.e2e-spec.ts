import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeUnsignedToken } from '@nmp/tokens';
import supertest from 'supertest';
import type { PlatformConfig } from '../src/config/platform-config.js';
import { createPlatform } from '../src/platform.factory.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const workspaces = '/apis/entities/v2/workspaces';
const issuer = 'https://kubernetes.example.com';

/** A platform for development without an identity provider, with everything beside that could take an identity for more. */
function config(difference: Partial<PlatformConfig> = {}): PlatformConfig {
  return platformConfig(issuer, {
    auth: {
      adminEmail: 'admin@example.com',
      scopeEnforcement: 'when-present',
      allowUnsignedJwt: true,
      oidc: { enabled: false },
    },
    hopTokens: { audiences: ['models'], lifeSeconds: 60 },
    tokenExchange: {
      audience: 'nmp-workloads',
      rules: [
        {
          name: 'jobs',
          issuer,
          jwksUri: undefined,
          discoveryUrl: undefined,
          audience: 'nmp',
          subject: 'system:serviceaccount:ml:*',
          claims: {},
          principal: { id: 'job', email: undefined, groups: [] },
          scopes: ['platform:read'],
          lifeSeconds: 300,
        },
      ],
    },
    ...difference,
  });
}

describe('a platform without an identity provider', () => {
  let app: NestFastifyApplication;
  const now = (): number => Math.floor(Date.now() / 1000);
  const tokenOf = (email: string, groups: string[] = []): string => writeUnsignedToken({ email, groups }, now(), 3600);

  beforeAll(async () => {
    app = await startPlatform(config());
  });
  afterAll(() => app?.close());

  const http = () => supertest(app.getHttpServer());
  const by = (email: string, ...groups: string[]) => ({ Authorization: `Bearer ${tokenOf(email, groups)}` });

  it('knows people by their e-mail addresses, as role bindings do', async () => {
    await http().post(workspaces).set(by('alice@example.com')).send({ name: 'of-alice' }).expect(201);
    await http().get(`${workspaces}/of-alice`).set('X-NMP-Principal-Id', 'alice@example.com').expect(200);
    await http().get(`${workspaces}/of-alice`).set(by('Alice@example.com')).expect(200);
    await http().get(`${workspaces}/of-alice`).set(by('bob@example.com')).expect(403);
    const viewers = { principal: 'group:team-ml', roles: ['Viewer'] };
    await http().post(`${workspaces}/of-alice/members`).set(by('alice@example.com')).send(viewers).expect(201);
    await http().get(`${workspaces}/of-alice`).set(by('bob@example.com', 'team-ml')).expect(200);
    await http().delete(`${workspaces}/of-alice`).set(by('bob@example.com', 'team-ml')).expect(403);
  });

  it('has its administrator', async () => {
    await http().get('/apis/auth/v2/iam/role-bindings').set(by('admin@example.com')).expect(200);
    await http().get('/apis/auth/v2/iam/role-bindings').set(by('alice@example.com')).expect(403);
    const { body } = await http().get('/apis/auth/v2/whoami').set(by('admin@example.com')).expect(200);
    expect(body).toMatchObject({ principal: { kind: 'user', id: 'admin@example.com', issuer: 'urn:nmp:unsigned' } });
  });

  it('has no services, whatever is written', async () => {
    for (const id of ['service:jobs', 'service:jobs@example.com']) {
      await http().get('/apis/auth/v2/iam/role-bindings').set('X-NMP-Principal-Id', id).expect(400);
      await http().get('/apis/auth/v2/iam/role-bindings').set(by(id)).expect(401);
    }
  });

  it('writes down that nobody signed for who did something', async () => {
    const { body } = await http().get('/apis/auth/v2/audit-events').set(by('admin@example.com')).expect(200);
    const { data } = body as { data: { actor: string; actor_issuer: string }[] };
    expect(data.find(({ actor }) => actor === 'alice@example.com')?.actor_issuer).toBe('urn:nmp:unsigned');
  });

  it.each([
    '/apis/auth/authenticate',
    '/apis/auth/authenticate?hop_audience=models',
    `/apis/auth/ext-authz${workspaces}`,
    `/apis/auth/ext-authz-hop/models${workspaces}`,
  ])('makes nothing signed of what is not: %s', async (path) => {
    for (const headers of [by('alice@example.com'), { 'X-NMP-Principal-Id': 'alice@example.com' }]) {
      const { status, headers: answered } = await http().get(path).set(headers);
      expect(status).toBe(401);
      expect(Object.keys(answered).filter((name) => name.startsWith('x-nmp'))).toEqual([]);
    }
  });

  it('exchanges no unsigned token', async () => {
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: tokenOf('alice@example.com'),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    };
    const { status, body } = await http().post('/apis/auth/token').type('form').send(form);
    expect({ status, error: (body as { error: string }).error }).toEqual({ status: 400, error: 'invalid_request' });
  });

  it.each<[string, Record<string, string>]>([
    ['a page in a browser', { Origin: 'https://evil.example' }],
    ['its own page of the API', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a name that was made to lead here', { Host: 'evil.example' }],
    ['a proxy', { 'X-Forwarded-For': '192.0.2.7' }],
  ])('refuses %s, and says why', async (_what, headers) => {
    for (const identity of [by('admin@example.com'), { 'X-NMP-Principal-Id': 'admin@example.com' }]) {
      const { status, body } = await http()
        .get(workspaces)
        .set({ ...identity, ...headers });
      expect({ status, code: (body as { code: string }).code }).toEqual({ status: 403, code: 'access_denied' });
    }
  });

  it('takes a request of a proxy that says nothing of itself for one of a proxy', async () => {
    const wire = await Wire.open((app.getHttpServer().address() as AddressInfo).port);
    const identity = `Authorization: Bearer ${tokenOf('admin@example.com')}`;
    wire.send(`GET ${workspaces} HTTP/1.0`, 'Host: 127.0.0.1:8080', 'Connection: close', identity, '', '');
    expect((await wire.rest()).status).toBe(403);
  });
});

describe('a platform that others reach', () => {
  it.each<[string, Partial<PlatformConfig>, RegExp]>([
    [
      'at every address',
      { server: { host: '0.0.0.0', port: 0 } },
      /server\.host must be 127\.0\.0\.1, ::1 or localhost/,
    ],
    ['at every address of IPv6', { server: { host: '::', port: 0 } }, /server\.host must be/],
    ['at its address in a network', { server: { host: '192.0.2.1', port: 0 } }, /server\.host must be/],
    ['by a name', { publicUrl: 'https://nmp.example.com' }, /public_url must be on this machine/],
  ])('does not start %s with unsigned tokens', async (_what, difference, message) => {
    await expect(createPlatform(config(difference), { logger: false })).rejects.toThrow(message);
  });

  it('does not start with an identity provider and unsigned tokens', async () => {
    const oidc = { issuer: 'https://idp.example.com', clientId: 'nmp-cli' };
    const auth = { ...config().auth, oidc };
    await expect(createPlatform(config({ auth }), { logger: false })).rejects.toThrow(
      'auth.allow_unsigned_jwt does not go with an identity provider: leave it out, or write auth.oidc.enabled: false',
    );
  });
});
