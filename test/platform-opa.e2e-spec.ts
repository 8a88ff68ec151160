import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RefusalLog } from '@nmp/auth';
import type { TestIssuer } from '@nmp/auth/testing';
import { PolicyConfig } from '../src/config/policy-config.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

/** What was asked of the decision point: the path, and the input. */
type Asked = [path: string, input: Record<string, unknown>];

let opa: Server;
let asked: Asked[];
let answer: (input: Record<string, unknown>) => { status?: number; body: unknown };
let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;

beforeAll(async () => {
  opa = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      const { input } = JSON.parse(text) as { input: Record<string, unknown> };
      asked.push([String(request.url), input]);
      const { status = 200, body } = answer(input);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  opa.listen(0, '127.0.0.1');
  await once(opa, 'listening');
  const { port } = opa.address() as AddressInfo; // it listens on a port
  issuer = await startIssuer();
  const policy = Object.assign(new PolicyConfig(), {
    provider: 'opa',
    decisionPointUrl: `http://127.0.0.1:${port}`,
    propagationPollSeconds: 0.1,
  });
  app = await startPlatform(platformConfig(issuer.issuer, { policy }));
  alice = await ApiCaller.signedIn(app, issuer, {
    subject: 'alice',
    email: 'alice@example.com',
    claims: { groups: ['team-ml'] },
  });
});

beforeEach(() => {
  asked = [];
  answer = () => ({ body: { result: { allowed: true, has_role: true } } });
});

afterAll(async () => {
  await app?.close();
  opa?.close();
  await issuer?.close();
});

describe('a platform with an Open Policy Agent', () => {
  it('asks it about every request, before the request is handled', async () => {
    await alice.workspaces('get', '?page_size=5').expect(200);
    expect(asked).toEqual([
      [
        '/v1/data/authz/allow',
        expect.objectContaining({
          principal_kind: 'user',
          principal_id: 'alice',
          principal_email: 'alice@example.com',
          principal_groups: ['team-ml'],
          method: 'GET',
          path: '/apis/entities/v2/workspaces',
        }),
      ],
    ]);
  });

  it('refuses what it refuses, and does nothing then', async () => {
    answer = () => ({ body: { result: { allowed: false } } });
    await alice.workspaces('post', '', { name: 'refused' }).expect(403);
    answer = () => ({ body: { result: { allowed: true } } });
    const { body } = await alice.workspaces('get').expect(200);
    expect(JSON.stringify(body)).not.toContain('refused');
  });

  it('refuses by its own roles what it would allow', async () => {
    await alice.request('get', '/apis/auth/v2/iam/role-bindings').expect(403);
  });

  it.each([
    ['an error', { status: 500, body: {} }],
    ['nothing', { body: {} }],
    ['something else', { body: { result: { allowed: 'true' } } }],
  ])('answers 503 while it answers %s, and tells the operator', async (_, given) => {
    answer = () => given;
    const note = jest.spyOn(app.get(RefusalLog), 'note');
    const { body } = await alice.workspaces('get').expect(503);
    expect(body).toMatchObject({ statusCode: 503, code: 'policy_unavailable' });
    expect(note).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringContaining('127.0.0.1') }));
  });

  it('hands out the bundle without it, for it knows nothing before it has that', async () => {
    answer = () => ({ body: {} });
    const admin = await ApiCaller.signedIn(app, issuer, { subject: 'admin', email: 'admin@example.com' });
    await admin.request('get', '/apis/auth/v2/iam/opa-bundle.tar.gz').expect(200);
    await alice.request('get', '/apis/auth/v2/iam/opa-bundle.tar.gz').expect(403);
    expect(asked).toEqual([]);
  });

  it('does not ask it about what is public, or about nobody', async () => {
    await ApiCaller.anonymous(app).request('get', '/apis/auth/discovery').expect(200);
    await ApiCaller.anonymous(app).request('get', '/health/live').expect(200);
    await ApiCaller.anonymous(app).workspaces('get').expect(401);
    expect(asked).toEqual([]);
  });

  it('waits until it knows of a change', async () => {
    await alice.workspaces('post', '', { name: 'known' }).expect(201);
    const rounds = (): number => asked.filter(([, { role }]) => role === 'Viewer').length;
    answer = ({ role }) => ({ body: { result: { allowed: true, has_role: role === 'Editor' && rounds() > 2 } } });
    const { body } = await alice
      .workspaces('post', '/known/members?wait_role_propagation=true', { principal: 'bob@example.com' })
      .expect(201);
    expect(body).toMatchObject({ roles: ['Editor'], role_propagation_confirmed: true });
    expect(rounds()).toBe(3);
  });

  it('leaves the decisions for others to it', async () => {
    await alice.request('post', '/apis/auth/v2/authz/allow', { input: {} }).expect(404);
  });
});
