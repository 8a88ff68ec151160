import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import type supertest from 'supertest';
import { startIssuer } from './support/issuers.js';
import { ApiCaller, platformConfig, startPlatform } from './support/platform.js';

const path = '/apis/auth/v2/iam/opa-bundle.tar.gz';
let issuer: TestIssuer;
let app: NestFastifyApplication;
let alice: ApiCaller;
let admin: ApiCaller;

beforeAll(async () => {
  issuer = await startIssuer();
  app = await startPlatform(platformConfig(issuer.issuer));
  alice = await ApiCaller.signedIn(app, issuer, { subject: 'alice', email: 'alice@example.com' });
  admin = await ApiCaller.signedIn(app, issuer, { subject: 'admin', email: 'admin@example.com' });
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

it('hands the rules and the bindings out to the PlatformAdmin', async () => {
  const { body, headers } = await admin.request('get', path).buffer(true).parse(binary).expect(200);
  expect(headers).toMatchObject({
    'content-type': 'application/gzip',
    etag: expect.stringMatching(/^"[\da-f]{64}"$/),
    'cache-control': 'private, max-age=0',
  });
  const archive = gunzipSync(body as Buffer).toString('latin1');
  expect(archive).toContain('authz/allow.rego');
  expect(archive).toContain('"admin@example.com"');
});

it('is the same until something changes, at both addresses', async () => {
  const { headers } = await admin.request('get', path).expect(200);
  await admin.request('get', path).set('If-None-Match', String(headers.etag)).expect(304);
  await admin.request('get', '/internal/iam/opa-bundle.tar.gz').set('If-None-Match', String(headers.etag)).expect(304);
  await alice.workspaces('post', '', { name: 'new' }).expect(201);
  const changed = await admin.request('get', path).set('If-None-Match', String(headers.etag)).expect(200);
  expect(changed.headers.etag).not.toBe(headers.etag);
});

it.each([path, '/internal/iam/opa-bundle.tar.gz'])('hands nothing out to others at %s', async (address) => {
  await alice.request('get', address).expect(403);
  await ApiCaller.anonymous(app).request('get', address).expect(401);
  const unscoped = await ApiCaller.signedIn(app, issuer, { email: 'admin@example.com', scope: 'entities:read' });
  await unscoped.request('get', address).expect(403);
});

/** What supertest hands a parser is the answer as it comes in. */
function binary(answer: supertest.Response, done: (error: Error | null, body: Buffer) => void): void {
  const stream = answer as unknown as NodeJS.ReadableStream; // its types know only the answer when it is complete
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
