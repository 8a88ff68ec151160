import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const path = '/apis/auth/v2/authz';
const alice = { principal_id: 'alice', principal_email: 'alice@example.com' };
const bob = { principal_id: 'bob', principal_email: 'bob@example.com' };
let issuer: TestIssuer;
let app: NestFastifyApplication;
let user: ApiCaller;
let admin: ApiCaller;
let service: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  const { auth, ...config } = platformConfig(issuer.issuer);
  const serviceClients = [{ issuer: issuer.issuer, clientId: 'nmp-jobs', name: 'jobs' }];
  app = await startPlatform({ ...config, auth: { ...auth, serviceClients } });
  user = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com' });
  admin = await ApiCaller.signedIn(app, issuer, { subject: 'admin', email: 'admin@example.com' });
  service = await ApiCaller.signedIn(app, issuer, {
    subject: 'nmp-jobs',
    claims: { azp: 'nmp-jobs', client_id: 'nmp-jobs' },
  });
  await user.workspaces('post', '', { name: 'ml' }).expect(201);
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('the decision point of the platform', () => {
  it.each([
    ['allow', { ...alice, method: 'PUT', path: '/apis/entities/v2/workspaces/ml' }, { allowed: true }],
    ['allow', { ...bob, method: 'PUT', path: '/apis/entities/v2/workspaces/ml' }, { allowed: false }],
    [
      'allow',
      { ...alice, method: 'PUT', path: '/apis/entities/v2/workspaces/ml', scopes: ['platform:read'] },
      { allowed: false },
    ],
    ['has_permissions', { ...alice, workspace: 'ml', permissions: ['workspaces.delete'] }, { allowed: true }],
    ['has_permissions', { ...bob, workspace: 'ml', permissions: ['workspaces.read'] }, { allowed: false }],
    ['has_role', { ...alice, workspace: 'ml', role: 'Admin' }, { has_role: true }],
    ['has_role', { ...alice, workspace: 'ml', role: 'Editor' }, { has_role: false }],
  ])('answers %s %j with %j', async (entrypoint, input, result) => {
    const { body } = await service.request('post', `${path}/${entrypoint}`, { input }).expect(200);
    expect(body).toMatchObject({ result });
  });

  it('takes the check request of Envoy', async () => {
    const headers = { 'x-nmp-principal-id': 'alice', 'x-nmp-principal-email': 'alice@example.com' };
    const http = { method: 'GET', path: '/apis/entities/v2/workspaces/ml?x=1', headers };
    const { body } = await service
      .request('post', `${path}/allow`, { input: { attributes: { request: { http } } } })
      .expect(200);
    expect(body).toEqual({ result: { allowed: true, headers: { 'X-NMP-Authorized': 'true' } } });
  });

  it('decides by a change as soon as the change is answered', async () => {
    const ask = async (): Promise<unknown> => {
      const input = { ...bob, workspace: 'ml', permissions: ['workspaces.read'] };
      const { body } = await service.request('post', `${path}/has_permissions`, { input }).expect(200);
      return body.result.allowed;
    };
    for (let round = 0; round < 10; round += 1) {
      await user.workspaces('post', '/ml/members', { principal: 'bob@example.com' }).expect(201);
      expect(await ask()).toBe(true);
      await user.workspaces('delete', '/ml/members/bob@example.com').expect(200);
      expect(await ask()).toBe(false);
    }
  });

  it('forgets the roles of a workspace that is deleted', async () => {
    await user.workspaces('post', '', { name: 'gone' }).expect(201);
    await user.workspaces('delete', '/gone').expect(200);
    const input = { ...alice, workspace: 'gone', role: 'Admin' };
    const { body } = await service.request('post', `${path}/has_role`, { input }).expect(200);
    expect(body).toEqual({ result: { has_role: false } });
  });

  it('answers the PlatformAdmin, and nobody else', async () => {
    const question = { input: { ...alice, workspace: 'ml', role: 'Admin' } };
    await admin.request('post', `${path}/has_role`, question).expect(200);
    await user.request('post', `${path}/has_role`, question).expect(403);
    await ApiCaller.anonymous(app).request('post', `${path}/has_role`, question).expect(401);
  });

  it('names the entrypoints there are', async () => {
    const { body } = await service.request('post', `${path}/Allow`, { input: {} }).expect(400);
    expect(body.detail).toEqual({
      error: 'Invalid entrypoint: Allow',
      valid_entrypoints: ['allow', 'has_permissions', 'has_role'],
    });
  });

  it.each([
    ['no input', 'allow', {}],
    ['an input that is a list', 'allow', { input: [] }],
    ['no body', 'allow', undefined],
    [
      'a scope for a permission',
      'has_permissions',
      { input: { ...alice, workspace: 'ml', permissions: ['models:read'] } },
    ],
    ['no role', 'has_role', { input: { ...alice, workspace: 'ml' } }],
    ['half a character', 'has_role', { input: { principal_id: '\ud800', workspace: 'ml', role: 'Admin' } }],
  ])('refuses %s', async (_, entrypoint, body) => {
    const { body: answer } = await service.request('post', `${path}/${entrypoint}`, body).expect(400);
    expect(answer).toMatchObject({ statusCode: 400, code: 'invalid_input' });
  });

  it('allows nothing to nobody', async () => {
    const { body } = await service
      .request('post', `${path}/allow`, { input: { method: 'GET', path: '/apis/entities/v2/workspaces' } })
      .expect(200);
    expect(body).toMatchObject({ result: { allowed: false } });
  });
});

describe('wait_role_propagation', () => {
  const confirmed = { role_propagation_confirmed: true };

  it('says in every answer that changes roles that the change has got around', async () => {
    const wait = '?wait_role_propagation=true';
    const added = await user.workspaces('post', `/ml/members${wait}`, { principal: 'carol@example.com' }).expect(201);
    expect(added.body).toMatchObject(confirmed);
    const set = await user.workspaces('put', `/ml/members/carol@example.com${wait}`, { roles: ['Viewer'] }).expect(200);
    expect(set.body).toMatchObject(confirmed);
    const removed = await user.workspaces('delete', `/ml/members/carol@example.com${wait}`).expect(200);
    expect(removed.body).toMatchObject(confirmed);
    const created = await user.workspaces('post', wait, { name: 'waited-for' }).expect(201);
    expect(created.body).toMatchObject(confirmed);
    const bindings = '/apis/auth/v2/iam/role-bindings';
    const binding = { principal: 'carol@example.com', workspace: 'ml', role: 'Viewer' };
    const bound = await admin.request('post', `${bindings}${wait}`, binding).expect(200);
    expect(bound.body).toMatchObject(confirmed);
    const revoked = await admin.request('delete', `${bindings}/${bound.body.name}${wait}`).expect(200);
    expect(revoked.body).toMatchObject(confirmed);
  });

  it('says nothing when nobody asked', async () => {
    const { body } = await user.workspaces('post', '', { name: 'not-waited-for' }).expect(201);
    expect(body).not.toHaveProperty('role_propagation_confirmed');
    await user.workspaces('post', '?wait_role_propagation=perhaps', { name: 'never' }).expect(400);
  });
});
