import { describe, expect, it } from '@jest/globals';
import type { RawAnswer } from './normalize-answer.js';
import { normalizeAnswer } from './normalize-answer.js';

const json = (body: unknown, more: Partial<RawAnswer> = {}): RawAnswer => ({
  status: 200,
  contentType: 'application/json',
  text: JSON.stringify(body),
  ...more,
});
const html = (status: number): RawAnswer => ({ status, contentType: 'text/html', text: '<h1>Oops</h1>' });
const device = { device_code: 'd', user_code: 'u', verification_uri: 'https://idp.example.com' };

describe('normalizeAnswer', () => {
  it.each([200, 400, 401, 403, 428, 500])('lets the error in the body decide under HTTP %i', (status) => {
    const answer = normalizeAnswer(json({ error: 'authorization_pending' }, { status }));
    expect(answer).toEqual({ status: 400, body: { error: 'authorization_pending', http_status: status } });
  });

  it.each([
    ['a redirect', { ...html(302), text: '' }, 'unexpected_redirect'],
    ['a rate limit without words', html(429), 'rate_limited'],
    ['a gateway that is down', html(502), 'http_502'],
    ['a firewall', html(403), 'http_403'],
    ['a page instead of JSON', html(200), 'malformed_response'],
    ['an endpoint that is not there', html(404), 'malformed_response'],
    ['an error that is no text', json({ error: { code: 17 } }, { status: 400 }), 'http_400'],
    ["a vendor's own error", json({ errorCode: 'E0000007', errorSummary: 'Not found' }, { status: 404 }), 'E0000007'],
    ['a body that is too long', { ...html(200), text: undefined }, 'malformed_response'],
    ['a list', json([]), 'malformed_response'],
  ])('makes an error code of %s', (_, raw, error) => {
    expect(normalizeAnswer(raw)).toMatchObject({ status: 400, body: { error, http_status: raw.status } });
  });

  it('passes on when to come back, and how slowly', () => {
    const raw = json({ error: 'slow_down', interval: '7' }, { status: 400, retryAfterSeconds: 20 });
    expect(normalizeAnswer(raw)).toMatchObject({ body: { interval: 7, retry_after_seconds: 20 } });
  });

  it('makes a server’s words harmless', () => {
    const raw = json({ error: 'denied\u001b[2J', error_description: 'a\r\nb' }, { status: 400 });
    expect(normalizeAnswer(raw).body).toMatchObject({ error: 'denied [2J', error_description: 'a b' });
  });

  it('accepts JSON under a wrong content type and behind a byte-order mark', () => {
    const raw: RawAnswer = { status: 200, contentType: 'text/html', text: `\uFEFF{"access_token":"a"}` };
    expect(normalizeAnswer(raw)).toEqual({ status: 200, body: { access_token: 'a', token_type: 'Bearer' } });
  });

  it.each([
    ['5', 5],
    ['x', undefined],
    [0, undefined],
    [-3, undefined],
    [1e9, 60],
    [null, undefined],
  ])('makes of interval %j %j', (interval, expected) => {
    expect(normalizeAnswer(json({ ...device, interval })).body).toMatchObject({ device_code: 'd' });
    expect((normalizeAnswer(json({ ...device, interval })).body as { interval?: number }).interval).toBe(expected);
  });

  it('fills in what a device answer lacks', () => {
    const { verification_uri: uri, ...rest } = device;
    const answer = normalizeAnswer(json({ ...rest, verification_url: uri, expires_in: '300' }));
    expect(answer.body).toMatchObject({ verification_uri: uri, expires_in: 300 });
    expect(normalizeAnswer(json(device)).body).toMatchObject({ expires_in: 600 });
  });

  it('tidies a token answer: types, empty members, and an ID token that nobody uses', () => {
    const raw = json({
      access_token: 'a',
      token_type: 'bearer',
      expires_in: '3600.9',
      scope: ['x', 'y'],
      refresh_token: null,
      id_token: 'i',
    });
    expect(normalizeAnswer(raw).body).toEqual({
      access_token: 'a',
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'x y',
    });
  });
});
