import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import type { StubAnswer } from '../test/support/http-stub.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { discoverPlatform } from './discovery.js';
import { ApiError, UnexpectedAnswerError } from './errors.js';
import { NeMoPlatform } from './nemo-platform.js';
import type { IdentityProvider } from './grants/identity-provider.js';
import { passwordGrant } from './grants/password-grant.js';

const path = '/apis/entities/v2/workspaces';
const pagination = { page: 1, page_size: 100, total_results: 1, total_pages: 1, current_page_size: 1 };

describe('answers that no platform would give', () => {
  let idp: StubIdp;
  let platform: StubPlatform;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
  });
  afterEach(() => Promise.all([idp.close(), platform.close()]));

  const client = (): NeMoPlatform => new NeMoPlatform({ baseUrl: platform.url, accessToken: 't', env: {} });

  const calls: [string, string, () => Promise<unknown>][] = [
    ['whoami', 'GET /apis/auth/v2/whoami', () => client().auth.whoami()],
    ['a list', `GET ${path}`, () => client().workspaces.list().toArray()],
    ['a workspace', `GET ${path}/demo`, () => client().workspaces.get('demo')],
    ['a creation', `POST ${path}`, () => client().workspaces.create({ name: 'demo' })],
    ['a change', `PUT ${path}/demo`, () => client().workspaces.update('demo', { description: 'd' })],
    ['a deletion', `DELETE ${path}/demo`, () => client().workspaces.delete('demo')],
  ];
  const odd: [string, StubAnswer, RegExp][] = [
    ['nothing', { text: '' }, /its answer is empty/],
    ['a page', { headers: { 'content-type': 'text/html' }, text: '<html>hello</html>' }, /its answer is not JSON/],
    ['an empty object', { json: {} }, /is missing from its answer/],
    ['null', { json: null }, /its answer is not an object/],
    ['a list', { json: [] }, /its answer is not an object/],
    ['a number', { json: 5 }, /its answer is not an object/],
  ];
  it.each(
    calls.flatMap(([call, route, run]) => odd.map(([what, answer, why]) => ({ call, what, route, answer, run, why }))),
  )('$what for $call is named, with what to check', async ({ route, answer, run, why }) => {
    platform.on(route, answer);
    const error = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    const { message } = error as UnexpectedAnswerError;
    expect(message.startsWith(`${platform.url} answered, but not like the platform: `)).toBe(true);
    expect(message).toMatch(why);
    expect(message).toMatch(/; check the address \(baseUrl, or NMP_BASE_URL\)$/);
  });

  it.each([
    ['names that are numbers', { data: [{ name: 5 }], pagination }],
    ['entries that are text', { data: ['demo'], pagination }],
    ['data that is no list', { data: {}, pagination }],
    ['no pagination', { data: [] }],
    ['pages that are no number', { data: [], pagination: { ...pagination, total_pages: 'all' } }],
  ])('a list with %s is refused', async (_, json) => {
    platform.on(`GET ${path}`, { json });
    await expect(client().workspaces.list().toArray()).rejects.toThrow(UnexpectedAnswerError);
  });

  it.each([
    ['no scopes', { principal: { kind: 'user', id: 'a' } }],
    ['groups that are text', { principal: { kind: 'user', id: 'a', groups: 'team' }, scopes: [] }],
    ['a principal that is text', { principal: 'alice', scopes: [] }],
  ])('whoami with %s is refused', async (_, json) => {
    platform.on('GET /apis/auth/v2/whoami', { json });
    await expect(client().auth.whoami()).rejects.toThrow(UnexpectedAnswerError);
  });

  it('an answer without end is not read to its end, as a result or as an error', async () => {
    const text = `"${'x'.repeat(11_000_000)}"`;
    platform.on('GET /apis/auth/v2/whoami', [{ text }, { status: 500, text }]);
    await expect(client().auth.whoami()).rejects.toThrow(
      /its answer is longer than 10 MiB; check the address \(baseUrl, or NMP_BASE_URL\)$/,
    );
    await expect(client().auth.whoami()).rejects.toMatchObject({ status: 500, detail: 'Internal Server Error' });
  });

  it.each([
    ['a list', { json: ['no'] }],
    ['text', { json: 'no' }],
    ['null', { json: null }],
    ['members of other types', { json: { code: 5, detail: { a: 1 }, message: ['x'] } }],
    ['nothing', { text: '' }],
  ])('an error whose body is %s stays an error of its status', async (_, body) => {
    platform.on('GET /apis/auth/v2/whoami', { status: 403, ...body });
    const error = await client()
      .auth.whoami()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 403, code: 'http_403', detail: 'Forbidden' });
  });

  it.each<[string, StubAnswer, RegExp]>([
    ['nothing', { text: '' }, /its answer is empty/],
    ['a page', { text: '<html>' }, /its answer is not a JSON object/],
    ['an empty object', { json: {} }, /"auth_enabled" is missing/],
    ['a list', { json: [] }, /its answer is not a JSON object/],
    ['a word for a switch', { json: { auth_enabled: 'yes' } }, /"auth_enabled" in its answer is not true or false/],
    ['text for the provider', { json: { auth_enabled: true, oidc: 'x' } }, /"oidc" in its answer is not an object/],
    [
      'a number for an endpoint',
      { json: { auth_enabled: true, oidc: { issuer: 'https://idp.example.com', token_endpoint: 5 } } },
      /"oidc.token_endpoint" in its answer is not text/,
    ],
    ['too much', { text: ' '.repeat(2_000_000) }, /its answer is longer than 1 MiB/],
    ['not found', { status: 404, text: '' }, /it answered with HTTP 404/],
    ['a redirect', { status: 302, headers: { location: 'https://other.example/x' } }, /redirects to https:\/\/other/],
  ])('discovery refuses %s', async (_, answer, why) => {
    platform.on('GET /apis/auth/discovery', answer);
    const discovery = discoverPlatform(platform.url, { fetch, timeoutMs: 30_000 });
    await expect(discovery).rejects.toMatchObject({ code: 'not_a_platform', isUnreachable: true });
    await expect(discovery).rejects.toThrow(
      /answered, but not like the platform: .*; check the address \(baseUrl, or NMP_BASE_URL\)$/,
    );
    await expect(discovery).rejects.toThrow(why);
  });

  it.each<[string, StubAnswer]>([
    ['nothing', { text: '' }],
    ['an empty object', { json: {} }],
    ['a list', { json: [] }],
    ['a token that is a number', { json: { access_token: 5, token_type: 'Bearer' } }],
    ['a token of two words', { json: { access_token: 'a b', token_type: 'Bearer' } }],
    ['a token with a line break', { json: { access_token: 'a\r\nx-other: 1', token_type: 'Bearer' } }],
    ['a scope that is an object', { json: { access_token: 'a', token_type: 'Bearer', scope: {} } }],
    ['a refresh token that is a number', { json: { access_token: 'a', token_type: 'Bearer', refresh_token: 7 } }],
  ])('a token endpoint that answers with %s gives no token', async (_, answer) => {
    idp.http.on('POST /token', answer);
    const provider: IdentityProvider = {
      issuer: idp.issuer,
      tokenEndpoint: idp.endpoint('/token'),
      clientId: 'nmp-cli',
      http: { fetch, timeoutMs: 30_000 },
      clock: new FakeClock(),
    };
    const grant = passwordGrant(provider, { username: 'alice', password: 'secret' }, []);
    await expect(grant).rejects.toMatchObject({ code: 'malformed_response', isUnreachable: true });
  });
});
