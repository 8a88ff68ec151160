import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import type supertest from 'supertest';
import { Database } from '../src/storage/database.js';
import { roleBindings } from '../src/storage/schema.js';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const secret = 'a secret of the gateway';
const tokenOfAlice = { subject: 'alice', email: 'alice@example.com' };
let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  const { auth, ...rest } = platformConfig(issuer.issuer);
  const trustedHeaders = { secretHeader: 'X-Gateway-Secret', secret };
  app = await startPlatform({ ...rest, auth: { ...auth, trustedHeaders } });
  alice = await ApiCaller.signedIn(app, issuer, tokenOfAlice);
  await alice.workspaces('post', '', { name: 'of-alice' }).expect(201);
  await app
    .get<Database>(Database)
    .insert(roleBindings)
    .values(
      ['bob', 'group:team-ml'].map((principal) => ({
        name: 'rb-test',
        principal,
        workspace: 'of-alice',
        role: 'Viewer',
        grantedBy: 'test',
      })),
    );
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('somebody the trusted gateway names', () => {
  it.each<[string, Record<string, string>, number]>([
    ['the e-mail address of the Admin', { Id: 'any', Email: 'Alice@example.com' }, 200],
    ['the id of a Viewer', { Id: 'bob' }, 200],
    ['a group of Viewers', { Id: 'any', Groups: 'team-x,team-ml' }, 200],
    ['nothing that is bound', { Id: 'any', Email: 'any@example.com', Groups: 'team-x' }, 403],
    ['an address for an id', { Id: 'alice@example.com' }, 403],
    ['a group with its mark', { Id: 'any', Groups: 'group:team-ml' }, 403],
  ])('with %s has the roles of that', async (_, identity, status) => {
    await named(identity, 'get', '/of-alice').expect(status);
  });

  it('is an Admin of what they make, with a token as well as without', async () => {
    await named({ Id: 'alice', Email: 'alice@example.com' }, 'post', '', { name: 'made-behind' }).expect(201);
    await alice.workspaces('delete', '/made-behind').expect(200);
  });

  it('has no more rights than the one they act for', async () => {
    const delegated = { Id: 'alice', Email: 'alice@example.com', 'On-Behalf-Of': 'carol' };
    await named(delegated, 'get', '/of-alice').expect(403);
    await named({ ...delegated, 'On-Behalf-Of': 'bob' }, 'get', '/of-alice').expect(200);
  });

  it.each([
    [0, 403],
    [150, 403],
    ...[500, 985, ...Array.from({ length: 40 }, (_, more) => 990 + more), 2_000].map((lines) => [lines, 431] as const),
  ])('does not lose what the gateway says of them behind %i header lines of their own', async (lines, status) => {
    const identity = { Id: 'alice', Email: 'alice@example.com', 'On-Behalf-Of': 'carol' };
    const wire = await Wire.open((app.getHttpServer().address() as AddressInfo).port);
    wire.send('GET /apis/entities/v2/workspaces/of-alice HTTP/1.1', 'Host: x', 'Connection: close');
    wire.send('', `X-Gateway-Secret: ${secret}`, ...Array.from({ length: lines }, () => 'A:'));
    wire.send('', ...Object.entries(identity).map(([name, value]) => `X-NMP-Principal-${name}: ${value}`), '', '');
    expect((await wire.rest()).status).toBe(status);
  });

  it('has no expiry', async () => {
    const { body } = await identified(ApiCaller.anonymous(app).request('get', '/apis/auth/v2/whoami'), { Id: 'bob' });
    expect(body.principal).toMatchObject({ kind: 'user', id: 'bob', issuer: '', expires_at: null });
  });
});

it('nobody is who they say they are without the secret of the gateway', async () => {
  const request = ApiCaller.anonymous(app).workspaces('get', '/of-alice').set('X-NMP-Principal-Id', 'bob');
  await request.expect(401);
});

function named(identity: Record<string, string>, method: Method, path: string, body?: object): supertest.Test {
  return identified(ApiCaller.anonymous(app).workspaces(method, path, body), identity);
}

function identified(request: supertest.Test, identity: Record<string, string>): supertest.Test {
  request.set('X-Gateway-Secret', secret);
  for (const [name, value] of Object.entries(identity)) {
    request.set(`X-NMP-Principal-${name}`, value);
  }
  return request;
}
