import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../test/support/fake-clock.js';
import { StubIdp } from '../test/support/stub-idp.js';
import { StubPlatform } from '../test/support/stub-platform.js';
import { TemporaryConfig } from '../test/support/temporary-config.js';
import {
  ConflictError,
  ForbiddenError,
  InsecureUrlError,
  NotFoundError,
  ServerError,
  SignInRequiredError,
  UnauthorizedError,
} from './errors.js';
import type { NeMoPlatformOptions } from './nemo-platform.js';
import { NeMoPlatform } from './nemo-platform.js';

const workspaces = '/apis/entities/v2/workspaces';

describe('NeMoPlatform', () => {
  let idp: StubIdp;
  let platform: StubPlatform;
  let config: TemporaryConfig;
  let clock: FakeClock;
  let token: string;

  beforeEach(async () => {
    idp = await StubIdp.start();
    platform = await StubPlatform.start(idp);
    config = await TemporaryConfig.create();
    clock = new FakeClock();
    token = idp.accessToken({ now: clock.now() });
    await config.signIn({ baseUrl: platform.url, token, refreshToken: 'refresh-0' });
    idp.rotate('refresh-0', () => ({ now: clock.now() }));
    platform.hasWorkspaces('one', 'two', 'three');
  });
  afterEach(async () => {
    await Promise.all([idp.close(), platform.close()]);
    await config.remove();
  });

  const client = (options: NeMoPlatformOptions = {}): NeMoPlatform =>
    new NeMoPlatform({ env: { NMP_CONFIG_FILE: config.path }, clock, ...options });

  it('lists workspaces with the stored token and no arguments, page after page', async () => {
    const list = client().workspaces.list({ pageSize: 2 });
    await expect(list.toArray()).resolves.toMatchObject([{ name: 'one' }, { name: 'two' }, { name: 'three' }]);
    expect(platform.bearers).toEqual([token, token]);
    await expect(list.page(2)).resolves.toMatchObject({ pagination: { page: 2, total_results: 3 } });
  });

  it('refreshes a token that is about to end before it is sent', async () => {
    clock.advance(3545);
    await client().workspaces.list().toArray();
    expect(idp.tokenRequests).toHaveLength(1);
    expect(platform.bearers).not.toContain(token);
  });

  it('replaces a token that the platform refuses once, and repeats the request with its body', async () => {
    const refusal = {
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' },
      json: { detail: 'no' },
    };
    platform.on(`POST ${workspaces}`, [refusal, { status: 201, json: { name: 'new' } }]);
    await expect(client().workspaces.create({ name: 'new' })).resolves.toEqual({ name: 'new' });
    expect(platform.http.requestsTo(workspaces).map(({ body }) => body)).toEqual(['{"name":"new"}', '{"name":"new"}']);
    platform.on(`POST ${workspaces}`, refusal);
    await expect(client().workspaces.create({ name: 'new' })).rejects.toThrow(UnauthorizedError);
    expect(platform.http.requestsTo(workspaces)).toHaveLength(4);
  });

  it('takes a refusal without a challenge for one of the token', async () => {
    platform.on(`GET ${workspaces}/x`, [{ status: 401, json: { detail: 'no' } }, { json: { name: 'x' } }]);
    await expect(client().workspaces.get('x')).resolves.toEqual({ name: 'x' });
    expect(idp.tokenRequests).toHaveLength(1);
  });

  it('does not repeat what another token would not change', async () => {
    platform.on(`GET ${workspaces}/x`, { status: 403, json: { detail: 'Forbidden' } });
    await expect(client().workspaces.get('x')).rejects.toThrow(ForbiddenError);
    platform.on(`GET ${workspaces}/x`, { status: 401, headers: { 'www-authenticate': 'Bearer realm="x"' }, json: {} });
    await expect(client().workspaces.get('x')).rejects.toThrow(UnauthorizedError);
    expect(idp.tokenRequests).toHaveLength(0);
  });

  it('says that nobody is signed in when there is no token and one is wanted', async () => {
    platform.on(`GET ${workspaces}`, { status: 401, json: { code: 'missing_token', detail: 'Unauthorized' } });
    await config.file.update((document) => document.clearCredentials('default'));
    const failure = client().workspaces.list().toArray();
    await expect(failure).rejects.toThrow(SignInRequiredError);
    await expect(failure).rejects.toThrow('Nobody is signed in. Run: nemo auth login');
    await expect(client({ accessToken: 'given' }).workspaces.list().toArray()).rejects.toMatchObject({
      status: 401,
      message: '(401) Unauthorized. What was refused is the token in accessToken: give a good one',
    });
  });

  it('sends the stored token to no other platform', async () => {
    const other = await StubPlatform.start(idp);
    other.hasWorkspaces();
    await client({ baseUrl: other.url }).workspaces.list().toArray();
    await client({ env: { NMP_CONFIG_FILE: config.path, NMP_BASE_URL: other.url } })
      .workspaces.list()
      .toArray();
    expect(other.bearers).toEqual([undefined, undefined]);
    await other.close();
  });

  it('sends a given token instead of the stored one', async () => {
    await client({ accessToken: 'given' }).workspaces.list().toArray();
    await client({ env: { NMP_CONFIG_FILE: config.path, NMP_ACCESS_TOKEN: 'env' } })
      .workspaces.list()
      .toArray();
    expect(platform.bearers).toEqual(['given', 'env']);
  });

  it.each([
    [{ accessToken: '' }, {}, /is empty, or .*\. Check accessToken$/],
    [{}, { NMP_ACCESS_TOKEN: 'two words' }, /Check NMP_ACCESS_TOKEN, or run: nemo auth login --base-url \S+$/],
  ])('names what held a token that cannot be sent: %j %j', async (options, env, message) => {
    const client = new NeMoPlatform({ ...options, baseUrl: platform.url, env });
    await expect(client.auth.whoami()).rejects.toThrow(message);
    expect(platform.http.requests).toEqual([]);
  });

  it.each([Number.NaN, 0, -1, Infinity, 'a' as unknown as number])('refuses %p as a time limit', (timeoutMs) => {
    expect(() => new NeMoPlatform({ timeoutMs })).toThrow(/^timeoutMs is no number of milliseconds above 0\./);
  });

  it('speaks of its own options, not of those of the command line', async () => {
    await platform.close();
    const client = new NeMoPlatform({ baseUrl: platform.url, env: {} });
    await expect(client.workspaces.get('one')).rejects.toThrow(/the address is right \(baseUrl, or NMP_BASE_URL\)$/);
  });

  it('sends no token that is none, and repeats nothing of it', async () => {
    const failure = client({ accessToken: 'SECRET\r\nX: y' }).workspaces.list().toArray();
    await expect(failure).rejects.toMatchObject({
      code: 'malformed_token',
      message: expect.not.stringContaining('SECRET'),
    });
    expect(platform.bearers).toEqual([]);
  });

  it('needs no configuration file when it is given address and token', async () => {
    await config.write('contexts: [');
    await client({ baseUrl: platform.url, accessToken: 'given' }).workspaces.list().toArray();
    expect(platform.bearers).toEqual(['given']);
    await expect(client({ accessToken: 'given' }).auth.whoami()).rejects.toMatchObject({ code: 'config' });
  });

  it('carries no token along a redirect', async () => {
    const other = await StubPlatform.start(idp);
    platform.on(`GET ${workspaces}`, { status: 307, headers: { location: `${other.url}${workspaces}` } });
    await expect(client().workspaces.list().toArray()).rejects.toMatchObject({
      status: 307,
      detail: expect.stringContaining(other.url),
    });
    expect(other.http.requests).toHaveLength(0);
    await other.close();
  });

  it('refuses to send a token over plain http to another machine', async () => {
    await expect(client({ baseUrl: 'http://nmp.example.com', accessToken: 't' }).auth.whoami()).rejects.toThrow(
      InsecureUrlError,
    );
  });

  it.each([
    [404, NotFoundError],
    [409, ConflictError],
    [503, ServerError],
  ])('makes a class of status %i', async (status, kind) => {
    const json = { statusCode: status, error: 'x', code: 'some_code', detail: 'What happened' };
    platform.on(`DELETE ${workspaces}/a%20b`, { status, json, headers: { 'x-request-id': 'r1' } });
    const failure = client().workspaces.delete('a b');
    await expect(failure).rejects.toThrow(kind);
    await expect(failure).rejects.toMatchObject({
      status,
      code: 'some_code',
      detail: 'What happened',
      requestId: 'r1',
    });
  });

  it('understands errors that are not the platform’s own', async () => {
    platform.on('GET /apis/auth/v2/whoami', { status: 502, text: '<html>bad gateway</html>' });
    await expect(client().auth.whoami()).rejects.toMatchObject({
      status: 502,
      code: 'http_502',
      detail: 'Bad Gateway',
    });
  });

  it('repeats what a busy platform did not do, and gives up after that', async () => {
    const busy = { status: 503, headers: { 'retry-after': '3' }, json: { detail: 'Busy' } };
    platform.on(`POST ${workspaces}`, [busy, { status: 201, json: { name: 'demo' } }]);
    const patient = client({ random: () => 0 });
    await expect(patient.workspaces.create({ name: 'demo' })).resolves.toEqual({ name: 'demo' });
    expect(clock.sleptSeconds).toEqual([3]);
    platform.on(`GET ${workspaces}/demo`, { status: 429, json: { detail: 'Slow down' } });
    await expect(patient.workspaces.get('demo')).rejects.toMatchObject({ status: 429, detail: 'Slow down' });
    expect(clock.sleptSeconds).toEqual([3, 0.25, 0.5]);
    await expect(client({ maxRetries: 0 }).workspaces.get('demo')).rejects.toMatchObject({ status: 429 });
    expect(platform.http.requestsTo(`${workspaces}/demo`)).toHaveLength(4);
  });

  it('says so when something else answers, and when nothing does', async () => {
    platform.on('GET /apis/auth/v2/whoami', { text: '<html>hello</html>' });
    await expect(client().auth.whoami()).rejects.toMatchObject({
      code: 'unexpected_answer',
      message: expect.stringMatching(/not like the platform/),
    });
    platform.on('GET /apis/auth/v2/whoami', { breakConnection: true });
    await expect(client().auth.whoami()).rejects.toMatchObject({ code: 'connection' });
  });

  it('cannot be led to another path by a name', async () => {
    platform.on(`GET ${workspaces}/..%2Fx`, { json: { name: '../x' } });
    await expect(client().workspaces.get('../x')).resolves.toEqual({ name: '../x' });
  });

  it('takes the workspace of the options, the environment or the context when none is named', async () => {
    for (const name of ['default', 'lab', 'mine']) platform.on(`GET ${workspaces}/${name}`, { json: { name } });
    const env = { NMP_CONFIG_FILE: config.path, NMP_WORKSPACE: 'lab' };
    await expect(client().workspaces.get()).resolves.toEqual({ name: 'default' });
    await expect(client({ env }).workspaces.get()).resolves.toEqual({ name: 'lab' });
    await expect(client({ env, workspace: 'mine' }).workspaces.get()).resolves.toEqual({ name: 'mine' });
  });

  it.each(['', '.', '..'])('asks nothing for the name %j, which would be another path', async (name) => {
    await expect(client().workspaces.delete(name)).rejects.toMatchObject({ status: 400, code: 'invalid_name' });
    expect(platform.http.requests).toHaveLength(0);
  });
});
