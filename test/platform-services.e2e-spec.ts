import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const roleBindings = '/apis/auth/v2/iam/role-bindings';
let issuer: TestIssuer;
let other: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await startIssuer();
  other = await startIssuer();
  const { auth, ...rest } = platformConfig(issuer.issuer);
  app = await startPlatform({
    ...rest,
    auth: {
      ...auth,
      serviceClients: [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }],
      oidc: { ...auth.oidc, additionalIssuers: [{ issuer: other.issuer }] },
    },
  });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
  await other?.close();
});

describe('a client that is a service', () => {
  it('is one with a token of its own, by its name alone', async () => {
    const service = await client(issuer, 'nmp-jobs');
    const { body } = await service.request('get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal).toMatchObject({
      kind: 'service',
      id: 'service:jobs',
      email: null,
      groups: [],
      client_id: 'nmp-jobs',
    });
  });

  it('needs no role', async () => {
    const service = await client(issuer, 'nmp-jobs');
    await service.request('get', roleBindings).expect(200);
    const wanted = { principal: 'alice@example.com', workspace: 'default', role: 'Admin' };
    const { body } = await service.request('post', roleBindings, wanted).expect(200);
    expect(body.granted_by).toBe('service:jobs');
    await service.workspaces('get', '/missing').expect(404);
  });

  it('has no more than its own role where it has one', async () => {
    const service = await client(issuer, 'nmp-jobs');
    await service.workspaces('post', '', { name: 'bound' }).expect(201);
    await service.workspaces('put', '/bound/members/service:jobs', { roles: ['Admin', 'Viewer'] }).expect(200);
    await service
      .workspaces('post', '/bound/members', { principal: 'alice@example.com', roles: ['Admin'] })
      .expect(201);
    await service.workspaces('put', '/bound/members/service:jobs', { roles: ['Viewer'] }).expect(200);
    await service.workspaces('get', '/bound').expect(200);
    await service.workspaces('post', '/bound/members', { principal: 'bob@example.com' }).expect(403);
    await service.workspaces('delete', '/bound').expect(403);
  });

  it('is held by the scopes of its token', async () => {
    const service = await client(issuer, 'nmp-jobs', { scope: 'auth:read' });
    await service.request('get', roleBindings).expect(200);
    await service.request('post', roleBindings, { principal: 'x@example.com', role: 'Viewer' }).expect(403);
  });

  it('is not put into headers by a gateway', async () => {
    const service = await client(issuer, 'nmp-jobs');
    const { headers } = await service.request('get', '/apis/auth/authenticate').expect(200);
    expect(Object.keys(headers as object).filter((name) => name.startsWith('x-nmp-'))).toEqual([]);
  });
});

it('makes no service of a person who uses the client', async () => {
  const person = await ApiCaller.signedIn(app, issuer, {
    subject: 'alice',
    claims: { client_id: 'nmp-jobs', azp: 'nmp-jobs' },
  });
  const { body } = await person.request('get', '/apis/auth/v2/whoami').expect(200);
  expect(body.principal).toMatchObject({ kind: 'user', id: 'alice' });
  await person.request('get', roleBindings).expect(403);
});

it('makes no service of another client, nor of one of that name at another issuer', async () => {
  for (const caller of [await client(issuer, 'nmp-cli'), await client(other, 'nmp-jobs')]) {
    const { body } = await caller.request('get', '/apis/auth/v2/whoami').expect(200);
    expect(body.principal.kind).toBe('client');
    await caller.request('get', roleBindings).expect(403);
  }
});

function client(from: TestIssuer, id: string, claims: object = {}): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, from, {
    subject: id,
    claims: { client_id: id, azp: id, email: 'jobs@example.com', groups: ['team-ml'], ...claims },
  });
}
