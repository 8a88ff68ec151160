import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { DevIdp, FormBrowser } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';
import type { RawAnswer } from './support/raw-request.js';
import { RawClient } from './support/raw-request.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

const routes = [
  ['/', ['GET']],
  ['/.well-known/openid-configuration', ['GET', 'OPTIONS']],
  ['/.well-known/oauth-authorization-server', ['GET', 'OPTIONS']],
  ['/jwks', ['GET', 'OPTIONS']],
  ['/userinfo', ['GET', 'POST', 'OPTIONS']],
  ['/token', ['POST', 'OPTIONS']],
  ['/revoke', ['POST', 'OPTIONS']],
  ['/device/auth', ['POST', 'OPTIONS']],
  ['/device', ['GET', 'POST']],
  ['/device/unknown', ['GET']],
  ['/interaction/unknown', ['GET', 'POST']],
  ['/authorize', ['GET']],
  ['/authorize/unknown', ['GET']],
  ['/logout', ['GET']],
  ['/logout/confirm', ['POST']],
  ['/logout/success', ['GET']],
] as const;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const oddities: [string, { headers: Record<string, string>; body?: string }][] = [
  ['nothing else', { headers: {} }],
  ['a browser behind it', { headers: { accept: 'text/html' } }],
  ['a form', { headers: form, body: 'xsrf=forged&user_code=BCDF-GHJK&confirm=yes&logout=yes' }],
  ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"xsrf":"forged"}' }],
  ['a content type that is none', { headers: { 'content-type': ';;;' }, body: 'x' }],
  ['an unknown charset', { headers: { 'content-type': `${form['content-type']}; charset=none` }, body: 'xsrf=x' }],
  ['every field twice', { headers: form, body: 'xsrf=1&xsrf=2&client_id=nmp-cli&client_id=x&user_code=1&user_code=2' }],
  [
    'names of the language',
    { headers: form, body: 'client_id=nmp-cli&grant_type=__proto__&__proto__=1&constructor=1' },
  ],
  ['a long body', { headers: form, body: `xsrf=${'x'.repeat(200_000)}` }],
  ['a long body in pieces', { headers: { ...form, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(200_000) }],
  ['forged cookies', { headers: { cookie: 'nmp_idp_session=x; nmp_idp_interaction=__proto__; nmp_idp_resume=z' } }],
  ['a forged bearer token', { headers: { authorization: 'Bearer a.b.c' } }],
  ['broken Basic credentials', { headers: { ...form, authorization: 'Basic JUUwJUE0JUE6JQ==' }, body: 'token=x' }],
];

describe('hostile requests', () => {
  let idp: DevIdp;
  let client: OauthClient;
  let raw: RawClient;
  let warnings: string[] = [];

  beforeAll(async () => {
    idp = await DevIdp.start({ logger: { info: () => {}, warn: (line) => warnings.push(line) } });
    client = new OauthClient(idp);
    raw = new RawClient(idp);
  });
  afterEach(() => {
    expect(warnings.filter((line) => line.includes('internal error'))).toEqual([]);
    warnings = [];
  });
  afterAll(async () => {
    raw.close();
    await idp.close();
  });

  function expectCalm({ status, text }: RawAnswer): void {
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/node_modules|\bat .+:\d+:\d+|Error:|server_error/);
  }

  describe.each(oddities)('with %s', (_what, { headers, body }) => {
    it.each(routes)('get a clear answer at %s, whatever the method', async (path, allowed) => {
      for (const method of methods) {
        const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
        const chosen = hasBody || body === undefined ? headers : {};
        const answer = await raw.send({
          method,
          path,
          headers: chosen,
          ...(hasBody && body !== undefined && { body }),
        });
        expectCalm(answer);
        const isAllowed = (allowed as readonly string[]).includes(method === 'HEAD' ? 'GET' : method);
        if (!isAllowed && answer.status !== 413) {
          expect([method, answer.status]).toEqual([method, 405]);
          expect(answer.headers['allow']).toBe(allowed.join(', '));
          if (method !== 'HEAD') expect(answer.text).toContain(`${path} is asked by ${allowed[0]}, not by ${method}`);
        }
      }
    });
  });

  it.each(['/nothing', '/token/more', '/interaction/', '/interaction/a/b', '//', '/%00', '/%E0%A4%A', '/device/a/b'])(
    'hear that there is nothing at %s',
    async (path) => {
      const answer = await raw.send({ path });
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toEqual({
        error: 'not_found',
        error_description: `there is nothing at ${path}; every address is in ${idp.issuer}/.well-known/openid-configuration`,
      });
    },
  );

  it('hear it in the form they read', async () => {
    const page = await raw.send({ path: '/device/auth', method: 'PUT', headers: { accept: 'text/html' } });
    expect(page.headers['content-type']).toContain('text/html');
    const json = await raw.send({ path: '/device/auth', method: 'PUT', headers: { accept: 'application/json' } });
    expect(JSON.parse(json.text)).toEqual({
      error: 'invalid_request',
      error_description: '/device/auth is asked by POST, not by PUT',
    });
  });

  it('hear that a body is too long, though they are still sending', async () => {
    const body = 'x'.repeat(20_000_000);
    const answer = await raw.send({ method: 'POST', path: '/token', headers: form, body });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toEqual({
      error: 'invalid_request',
      error_description: 'the body is longer than 57344 bytes',
    });
    const pieces = { ...form, 'transfer-encoding': 'chunked' };
    expect((await raw.send({ method: 'POST', path: '/token', headers: pieces, body })).status).toBe(400);
    expect((await raw.send({ path: '/jwks' })).status).toBe(200);
  });

  it.each([
    ['the form of the device page', 'POST', '/device'],
    ['the way back from a sign-in', 'GET', '/device/unknown'],
  ])('are led back from %s when they have no session', async (_what, method, path) => {
    const answer = await raw.send({ method, path, headers: { accept: 'text/html' } });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Enter the code again.');
    expect(answer.text).toContain('<a href="/device">Enter the code</a>');
    expect(answer.text).not.toContain('<form');
  });

  it.each(['forged', ''])('may try the form of the device page again after the token %j', async (xsrf) => {
    const { body: device } = await client.startDevice();
    const browser = await new FormBrowser().open(`${idp.issuer}/device`);
    await browser.submit({ user_code: device['user_code'] ?? '', xsrf });
    expect(browser.status).toBe(400);
    expect(browser.text).toContain('This page is out of date');
    await browser.submit({ user_code: device['user_code'] ?? '' });
    expect(browser.text).toContain('Is this your code?');
  });

  it('end at a page when the token of the sign-out form is missing', async () => {
    const { body: device } = await client.startDevice();
    const browser = await client.approve(device['verification_uri_complete']);
    await browser.open(`${idp.issuer}/logout`);
    await browser.submit({ xsrf: 'forged' }, { button: 'Sign out' });
    expect(browser.status).toBe(400);
    expect(browser.text).toContain('This did not work');
  });

  it('take a long sign-in form to a page, too', async () => {
    const { body: device } = await client.startDevice();
    const browser = await new FormBrowser().open(device['verification_uri_complete'] ?? '');
    await browser.submit({}, { button: 'Continue' });
    await browser.submit({ login: 'a'.repeat(200_000), password: 'x' });
    expect(browser.status).toBe(413);
    expect(browser.text).toContain('the body is longer than');
  });

  it.each([
    ['no HTTP', 'GET /jwks HTTP/1.1\r\nhost: localhost\r\n\r\ngarbage\r\n\r\n'],
    ['half a body', 'POST /token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\nhalf'],
  ])('are no internal error when they are %s', async (_what, text) => {
    const socket = connect(idp.port, '127.0.0.1');
    const closed = once(socket, 'close');
    socket.end(text).resume();
    await closed;
    await raw.send({ path: '/jwks' });
  });

  it('see where they are at the bare address', async () => {
    const browser = await new FormBrowser().open(idp.issuer);
    expect(browser.status).toBe(200);
    expect(browser.text).toContain('This is where applications on this machine sign people in');
  });

  it('find the discovery document as complete as ever at its other spellings', async () => {
    for (const path of ['/.well-known/openid-configuration', '/.well-known/OpenID-configuration/']) {
      const { scopes_supported: scopes, issuer } = JSON.parse((await raw.send({ path })).text) as Record<
        string,
        unknown
      >;
      expect(issuer).toBe(idp.issuer);
      expect(scopes).toContain('platform:read');
    }
  });
});
