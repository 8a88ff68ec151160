import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;
let viewer: ApiCaller;
let stranger: ApiCaller;
let admin: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
  alice = await person('alice');
  viewer = await person('viewer');
  stranger = await person('stranger');
  admin = await person('admin');
  await alice.workspaces('post', '', { name: 'lab' }).expect(201);
  await alice.workspaces('post', '/lab/members', { principal: 'viewer@example.com', roles: ['Viewer'] }).expect(201);
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

it('creates, lists and deletes', async () => {
  const created = await alice.workspaces('post', '/lab/projects', { name: 'one', description: 'first' }).expect(201);
  expect(created.body).toEqual({
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    workspace: 'lab',
    name: 'one',
    description: 'first',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    created_by: 'alice',
  });
  await alice.workspaces('post', '/lab/projects', { name: 'two' }).expect(201);
  const { body } = await viewer.workspaces('get', '/lab/projects?sort=name&page_size=1').expect(200);
  expect(body).toEqual({
    data: [created.body],
    pagination: { page: 1, page_size: 1, current_page_size: 1, total_pages: 2, total_results: 2 },
    sort: 'name',
    filter: {},
  });
  expect(await namesIn('lab', '?filter[name]=two')).toEqual(['two']);
  const deleted = await alice.workspaces('delete', '/lab/projects/two').expect(200);
  expect(deleted.body).toEqual({ id: expect.any(String), message: "Project 'two' deleted" });
  expect(await namesIn('lab')).toEqual(['one']);
});

it('keeps names apart by workspace and unique inside one, in parallel too', async () => {
  await alice.workspaces('post', '', { name: 'other' }).expect(201);
  await alice.workspaces('post', '/other/projects', { name: 'same' }).expect(201);
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => alice.workspaces('post', '/lab/projects', { name: 'same' })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body.detail).toBe("Project 'same' already exists in workspace 'lab'");
  await alice.workspaces('delete', '/lab/projects/same').expect(200);
  expect(await namesIn('other')).toEqual(['same']);
});

it('does not delete a workspace that holds projects, and names them', async () => {
  await alice.workspaces('post', '', { name: 'full' }).expect(201);
  for (const name of ['b', 'a']) await alice.workspaces('post', '/full/projects', { name }).expect(201);
  const { body } = await alice.workspaces('delete', '/full').expect(409);
  expect(body).toEqual({
    statusCode: 409,
    error: 'Conflict',
    code: 'conflict',
    detail: "Workspace 'full' still holds projects: a, b",
    projects: ['a', 'b'],
  });
  expect((await viewer.workspaces('delete', '/full').expect(403)).body).not.toHaveProperty('projects');
  for (const name of ['b', 'a']) await alice.workspaces('delete', `/full/projects/${name}`).expect(200);
  await alice.workspaces('delete', '/full').expect(200);
});

it('names twenty projects of many', async () => {
  await alice.workspaces('post', '', { name: 'many' }).expect(201);
  for (let number = 0; number < 21; number += 1) {
    await alice.workspaces('post', '/many/projects', { name: `p${number}` }).expect(201);
  }
  const { body } = await alice.workspaces('delete', '/many').expect(409);
  expect(body.projects).toHaveLength(20);
  expect(body.detail).toMatch(/ and more$/);
});

it('leaves no project without a workspace when both happen at once', async () => {
  await alice.workspaces('post', '', { name: 'race' }).expect(201);
  const [deleted, created] = await Promise.all([
    alice.workspaces('delete', '/race'),
    alice.workspaces('post', '/race/projects', { name: 'p' }),
  ]);
  expect([
    [200, 403],
    [409, 201],
  ]).toContainEqual([deleted.status, created.status]);
});

describe('who may', () => {
  const requests: [Method, string, object?][] = [
    ['get', '/projects'],
    ['post', '/projects', { name: 'new' }],
    ['delete', '/projects/one'],
  ];

  it('shows Viewers the projects and nothing more', async () => {
    await viewer.workspaces('head', '/lab/projects').expect(200);
    for (const [method, path, body] of requests.slice(1)) {
      const answer = await viewer.workspaces(method, `/lab${path}`, body).expect(403);
      expect(answer.body.detail).toBe("Forbidden: this needs the role Editor or Admin in workspace 'lab'");
    }
  });

  it('answers a stranger alike whether the workspace and the project exist or not', async () => {
    const paths = [...requests, ['delete', '/projects/missing'] as [Method, string]];
    for (const [method, path, body] of paths) {
      for (const workspace of ['lab', 'missing']) {
        const answer = await stranger.workspaces(method, `/${workspace}${path}`, body).expect(403);
        expect(answer.body).toEqual({
          statusCode: 403,
          error: 'Forbidden',
          code: 'access_denied',
          detail: 'Forbidden',
        });
      }
    }
  });

  it('does not reach a project through another workspace', async () => {
    await stranger.workspaces('post', '', { name: 'mine' }).expect(201);
    const { body } = await stranger.workspaces('delete', '/mine/projects/one').expect(404);
    expect(body.detail).toBe("Project 'one' not found in workspace 'mine'");
    expect(await namesIn('lab')).toEqual(['one']);
  });

  it('tells the PlatformAdmin what does not exist', async () => {
    for (const [method, path, body] of requests) {
      await admin.workspaces(method, `/missing${path}`, body).expect(404);
    }
  });

  it('asks for the scopes as well', async () => {
    const reader = await ApiCaller.signedIn(app, issuer, { email: 'alice@example.com', scope: 'platform:read' });
    await reader.workspaces('get', '/lab/projects').expect(200);
    await reader.workspaces('post', '/lab/projects', { name: 'new' }).expect(403);
  });
});

it.each([
  [{}, /^name must be/],
  [{ name: 'a'.repeat(300) }, /^name must be/],
  [{ name: 't\u0435am' }, /^name must be/],
  [{ name: "x'; drop table projects; --" }, /^name must be/],
  [{ name: 'ok', workspace: 'lab' }, /workspace is not a known member/],
])('answers 400 to %j', async (body, detail) => {
  const answer = await alice.workspaces('post', '/lab/projects', body).expect(400);
  expect(answer.body.detail).toMatch(detail);
});

it.each(['%00', '%27%20or%201=1--', 'A', 'a'.repeat(300)])('finds no project %s', async (name) => {
  await alice.workspaces('delete', `/lab/projects/${name}`).expect(404);
});

async function namesIn(workspace: string, query = ''): Promise<string[]> {
  const { body } = await alice.workspaces('get', `/${workspace}/projects${query}`).expect(200);
  return body.data.map(({ name }: { name: string }) => name);
}

function person(name: string): Promise<ApiCaller> {
  return ApiCaller.signedIn(app, issuer, { subject: name, email: `${name}@example.com` });
}
