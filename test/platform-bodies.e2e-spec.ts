import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, type Method, platformConfig, startPlatform } from './support/platform.js';

let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
  alice = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com' });
  await alice.workspaces('post', '', { name: 'kept', description: 'kept' }).expect(201);
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

const depth = 3_000;
const wrongBodies: [what: string, body: string | undefined, detail: RegExp][] = [
  ['no body', undefined, /^the body must be a JSON object$/],
  ['an empty body', '', /^the body must be a JSON object$/],
  ['null', 'null', /^the body must be a JSON object$/],
  ['a list', '[]', /^the body must be a JSON object$/],
  ['a list with the object', '[{"name":"listed","description":"x"}]', /^the body must be a JSON object$/],
  ['a text', '"description"', /^the body must be a JSON object$/],
  ['a number', '1', /^the body must be a JSON object$/],
  ['a boolean', 'true', /^the body must be a JSON object$/],
  ['half an object', '{"description":', /^The body is not valid JSON$/],
  ['lists in lists', `{"description":${'['.repeat(depth)}${']'.repeat(depth)}}`, /^The body has more than 32 levels$/],
  [
    'objects in objects',
    `${'{"description":'.repeat(depth)}1${'}'.repeat(depth)}`,
    /^The body has more than 32 levels$/,
  ],
  ['a list of a megabyte', `{"description":[${'0,'.repeat(500_000)}0]}`, /^The body has more than 10000 values$/],
  ['a megabyte of members', `{"a":0${',"a":0'.repeat(150_000)}}`, /^The body has more than 10000 values$/],
  ['a list where a text belongs', '{"description":["x"]}', /description must be a text/],
  ['an object where a text belongs', '{"description":{"toString":"x"}}', /description must be a text/],
  ['a special member', '{"__proto__":{"description":"x"}}', /^The body must not have a member __proto__$/],
  ['too many unknown members', unknownMembers(40), /(name must|is not a known member).*; and \d+ more$/],
  ['an unknown member of 100 kilobytes', JSON.stringify({ ['x'.repeat(100_000)]: 1 }), /x{64} is not a known member/],
];

describe.each<[Method, string]>([
  ['post', ''],
  ['put', '/kept'],
])('%s of a workspace', (method, path) => {
  it.each(wrongBodies)('with %s is answered 400 and changes nothing', async (_, content, detail) => {
    const answer = await send(method, path, content).expect(400);
    expect(answer.body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      code: 'invalid_input',
      detail: expect.stringMatching(detail),
    });
    expect(answer.body.detail.length).toBeLessThan(1_500);
    const { body } = await alice.workspaces('get', '?sort=name').expect(200);
    expect(body.data).toMatchObject([{ name: 'default' }, { name: 'kept', description: 'kept' }, { name: 'system' }]);
  });
});

it('a change without a description keeps the one there is, and null removes it', async () => {
  await alice.workspaces('post', '', { name: 'partly', description: 'first' }).expect(201);
  expect((await alice.workspaces('put', '/partly', {}).expect(200)).body.description).toBe('first');
  expect((await alice.workspaces('put', '/partly', { description: '' }).expect(200)).body.description).toBe('');
  await alice.workspaces('put', '/partly', { description: 'second' }).expect(200);
  expect((await alice.workspaces('put', '/partly', { description: null }).expect(200)).body.description).toBeNull();
});

it.each(wrongBodies.slice(0, 8))('a deletion with %s is a deletion', async (_, content) => {
  await alice.workspaces('post', '', { name: 'deleted' }).expect(201);
  await send('delete', '/deleted', content).expect(200);
});

it('reading looks at no body', async () => {
  await send('get', '/kept', '{"description":').expect(200);
});

function send(method: Method, path: string, content: string | undefined) {
  const request = alice.workspaces(method, path);
  return content === undefined ? request : request.set('Content-Type', 'application/json').send(content);
}

function unknownMembers(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`member-${index}`, index])));
}
