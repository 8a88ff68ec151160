import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { TestIssuer } from '@nmp/auth/testing';
import { startIssuer } from './support/issuers.js';
import { platformConfig, startPlatform } from './support/platform.js';
import { Wire } from './support/wire.js';

const workspaces = '/apis/entities/v2/workspaces';
const expectations = ['Expect: 100-continue', 'Expect: more'];
const lines: string[] = [];
const wires: Wire[] = [];
let issuer: TestIssuer;
let app: NestFastifyApplication;
let authorization: string;

beforeAll(async () => {
  issuer = await startIssuer();
  const write = (message: unknown) => void lines.push(String(message));
  const logger = { log: write, warn: write, error: write, fatal: write };
  app = await startPlatform(platformConfig(issuer.issuer), {}, logger);
  authorization = `Authorization: Bearer ${await issuer.accessToken({ audience: 'nmp-platform' })}`;
});

afterEach(() => {
  for (const wire of wires.splice(0)) wire.drop();
});

afterAll(async () => {
  await app?.close();
  await issuer?.close();
});

describe('what is not even a request', () => {
  it.each<[string, number, string, string[]]>([
    ['headers that are too large', 431, 'headers_too_large', ['GET / HTTP/1.1', 'Host: x', `X: ${'a'.repeat(30_000)}`]],
    ['much too large headers', 431, 'headers_too_large', ['GET / HTTP/1.1', 'Host: x', `X: ${'a'.repeat(2_000_000)}`]],
    ['a malformed header', 400, 'invalid_input', ['GET / HTTP/1.1', 'Host: x', 'no colon']],
    ['a control character', 400, 'invalid_input', ['GET / HTTP/1.1', 'Host: x', 'X: \u0001']],
    ['an unknown method', 400, 'invalid_input', ['FOO / HTTP/1.1', 'Host: x']],
    ['another protocol', 400, 'invalid_input', ['\u0016\u0003\u0001']],
    ['a tunnel', 405, 'method_not_allowed', ['CONNECT example.com:443 HTTP/1.1', 'Host: x']],
    ['no Host', 400, 'invalid_input', ['GET /health HTTP/1.1', 'Connection: close']],
    ['two Hosts', 400, 'invalid_input', ['GET /health HTTP/1.1', 'Host: x', 'Host: y', 'Connection: close']],
    ['an expectation', 417, 'expectation_failed', ['GET /health HTTP/1.1', 'Host: x', 'Expect: the unexpected']],
    ['two expectations', 417, 'expectation_failed', ['GET /health HTTP/1.1', 'Host: x', ...expectations]],
    ['a transfer coding', 400, 'invalid_input', ['POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: gzip, chunked']],
    ['more header lines than 200', 431, 'headers_too_large', ['GET /health HTTP/1.1', 'Host: x', ...padding(200)]],
    [
      'a malformed URL',
      400,
      'invalid_input',
      ['GET /%zz?access_token=hidden HTTP/1.1', 'Host: x', 'Connection: close'],
    ],
    [
      'a long name',
      414,
      'url_too_long',
      [`GET ${workspaces}/${'a'.repeat(3000)} HTTP/1.1`, 'Host: x', 'Connection: close'],
    ],
  ])('%s is answered %i in the usual shape, and the connection closed', async (_, status, code, head) => {
    lines.length = 0;
    const answer = await (await open()).send(...head, '', '').rest();
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    });
    const body = JSON.parse(answer.body) as unknown;
    expect(body).toEqual({ statusCode: status, error: expect.any(String), code, detail: expect.any(String) });
    expect(lines).toEqual([expect.stringContaining(answer.headers['x-request-id']!)]);
    expect(answer.body + lines.join()).not.toContain('hidden');
  });

  it('no header line is overlooked, however many come before it', async () => {
    const head = ['GET /health HTTP/1.1', 'Host: x', ...padding(5_000), 'X-Request-Id: last'];
    const answer = await (await open()).send(...head, '', '').rest();
    expect(answer).toMatchObject({ status: 431, headers: { 'x-request-id': 'last' } });
  });

  it('200 header lines are a request', async () => {
    const wire = (await open()).send('GET /health HTTP/1.1', 'Host: x', ...padding(198), 'Connection: close', '', '');
    expect((await wire.rest()).status).toBe(200);
  });

  it('no expectation means anything in HTTP/1.0', async () => {
    expect((await (await open()).send('GET /health HTTP/1.0', ...expectations, '', '').rest()).status).toBe(200);
  });

  it('a malformed chunk is answered under the id of its request', async () => {
    const wire = (await open())
      .send(...post('X-Request-Id: chunked', 'Transfer-Encoding: chunked'))
      .send('5\r\n{"nam\r\nzz\r\n');
    const answer = await wire.rest();
    expect(answer).toMatchObject({ status: 400, headers: { 'x-request-id': 'chunked', connection: 'close' } });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_input', detail: 'The request is not valid HTTP' });
  });

  it('a request without Host is fine in HTTP/1.0', async () => {
    expect((await (await open()).send('GET /health HTTP/1.0', '', '').rest()).status).toBe(200);
  });

  it('what follows a request that was answered does not change the answer', async () => {
    const wire = (await open()).send('GET /health HTTP/1.1', 'Host: x', '', '');
    expect((await wire.answer()).status).toBe(200);
    expect((await wire.send('nonsense', '', '').rest()).status).toBe(400);
  });
});

describe('a body', () => {
  it('is not waited for when the request is refused without it', async () => {
    const wire = (await open()).send(
      `POST ${workspaces} HTTP/1.1`,
      'Host: x',
      'Content-Type: application/json',
      'Content-Length: 20',
      '',
      '',
    );
    expect((await wire.answer()).status).toBe(401);
  });

  it('is read when the request is let pass', async () => {
    const body = '{"name":"in-two-parts"}';
    const wire = (await open()).send(...post(`Content-Length: ${body.length}`)).send(body.slice(0, 9));
    wire.send(body.slice(9));
    expect((await wire.answer()).status).toBe(201);
  });

  it('may come after a 100 Continue', async () => {
    const body = '{"name":"continued"}';
    const wire = (await open()).send(...post(`Content-Length: ${body.length}`, 'Expect: 100-continue'));
    await wire.hear('HTTP/1.1 100 Continue\r\n\r\n');
    expect((await wire.send(body).answer()).status).toBe(201);
  });

  it.each<[string, number, string[]]>([
    ['without a token', 401, ['Content-Type: application/json', 'Content-Length: 20']],
    ['of another type', 415, ['Content-Type: text/plain', 'Content-Length: 20']],
    ['that is too large', 413, ['Content-Type: application/json', 'Content-Length: 2000000']],
  ])('%s is refused, not asked for by a 100 Continue', async (_, status, head) => {
    const signedIn = status === 401 ? [] : [authorization];
    const expectation = 'Expect: 100-continue';
    const wire = await open();
    wire.send(`POST ${workspaces} HTTP/1.1`, 'Host: x', ...signedIn, ...head, expectation, '', '');
    // Whether the body comes after all is not to be known: no other request can follow.
    expect(await wire.rest()).toMatchObject({ status, headers: { connection: 'close' } });
  });

  it('that is too large is refused however its length is told', async () => {
    const large = 'a'.repeat(1_100_000);
    for (const head of [[`Content-Length: ${large.length}`], ['Transfer-Encoding: chunked']]) {
      const content = head[0]!.startsWith('T') ? `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n` : '';
      const answer = await (
        await open()
      )
        .send(...post(...head))
        .send(content)
        .rest();
      expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'body_too_large', detail: expect.any(String) });
    }
  });
});

function padding(lines: number): string[] {
  return Array.from({ length: lines }, () => 'A:');
}

function post(...headers: string[]): string[] {
  return [
    `POST ${workspaces} HTTP/1.1`,
    'Host: x',
    authorization,
    'Content-Type: application/json',
    ...headers,
    '',
    '',
  ];
}

async function open(): Promise<Wire> {
  const wire = await Wire.open((app.getHttpServer().address() as AddressInfo).port);
  wires.push(wire);
  return wire;
}
