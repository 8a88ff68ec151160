import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpStub } from '../test/support/http-stub.js';
import { fetchThroughSlash, redirectTarget } from './redirect.js';

describe('fetchThroughSlash', () => {
  let server: HttpStub;

  beforeEach(async () => {
    server = await HttpStub.start();
  });
  afterEach(() => server.close());

  const post = (path: string): Promise<Response> =>
    fetchThroughSlash(fetch, new URL(path, server.url), {
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: 'all',
    });

  it.each([
    ['/list', '/list/'],
    ['/list/', '/list'],
  ])('sends all of a request for %s once more, to %s', async (from, to) => {
    server.on(`POST ${from}`, { status: 307, headers: { location: `${server.url}${to}?page=2` } });
    server.on(`POST ${to}`, { json: 'here' });
    expect(await (await post(`${from}?page=2`)).json()).toBe('here');
    expect(server.requestsTo(to)).toMatchObject([{ body: 'all', headers: { authorization: 'Bearer t' } }]);
  });

  it('does so once', async () => {
    server.on('POST /list', { status: 308, headers: { location: '/list/' } });
    server.on('POST /list/', { status: 308, headers: { location: '/list' } });
    expect((await post('/list')).status).toBe(308);
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['another path', 307, '/other'],
    ['other parameters', 307, '/list/?page=2'],
    ['the same address', 307, '/list'],
    ['a change of the method', 302, '/list/'],
    ['another host', 307, 'https://nmp.example.com/list/'],
    ['another port', 307, 'http://127.0.0.1:1/list/'],
    ['a user', 307, '//eve@{host}/list/'],
    ['no address', 307, 'http://['],
    ['nowhere', 307, undefined],
  ])('does not follow to %s', async (_, status, location) => {
    const { host } = new URL(server.url);
    server.on('POST /list', { status, ...(location && { headers: { location: location.replace('{host}', host) } }) });
    expect((await post('/list')).status).toBe(status);
    expect(server.requests).toHaveLength(1);
  });
});

describe('redirectTarget', () => {
  it.each([
    ['/v3/list?page=1', '/v3/list'],
    ['https://nmp.example.com/v3', '/v3'],
    ['https://login.example.com/v3', 'https://login.example.com'],
    ['http://nmp.example.com/', 'http://nmp.example.com'],
    ['http://[', 'somewhere else'],
  ])('shows %s as %s', (location, shown) => {
    expect(redirectTarget(location, 'https://nmp.example.com/list')).toBe(shown);
  });
});
