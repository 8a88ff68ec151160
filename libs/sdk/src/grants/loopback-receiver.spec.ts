import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoopbackReceiver } from './loopback-receiver.js';

describe('LoopbackReceiver', () => {
  let receiver: LoopbackReceiver;

  beforeEach(async () => {
    receiver = await LoopbackReceiver.listen('http://127.0.0.1/callback');
  });
  afterEach(() => receiver.close());

  const hasState = (parameters: URLSearchParams): boolean => parameters.get('state') === 's';

  it('waits for the request it expects and refuses all others', async () => {
    const received = receiver.receive(hasState);
    const { href, origin } = receiver.redirectUri;
    const refused = [
      await fetch(`${origin}/favicon.ico`),
      await fetch(`${origin}//callback?state=s`),
      await fetch(`${href}?state=s`, { method: 'POST' }),
      await fetch(href),
      await fetch(`${href}?state=other&code=evil`),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 400, 400]);
    const accepted = await fetch(`${href}?state=s&code=<script>`);
    expect(accepted.status).toBe(200);
    expect(accepted.headers.get('content-security-policy')).toBe("default-src 'none'");
    await expect(accepted.text()).resolves.not.toContain('<script>');
    expect(Object.fromEntries(await received)).toEqual({ state: 's', code: '<script>' });
  });

  it('tells the browser when the provider refused', async () => {
    const received = receiver.receive(hasState);
    const page = await fetch(`${receiver.redirectUri.href}?state=s&error=access_denied`);
    expect(page.status).toBe(400);
    await expect(page.text()).resolves.toContain('the terminal says why');
    expect((await received).get('error')).toBe('access_denied');
  });

  it('says so when the port is taken', async () => {
    await expect(LoopbackReceiver.listen(receiver.redirectUri.href)).rejects.toThrow(
      /cannot come back to 127\.0\.0\.1:\d+ \(EADDRINUSE\).*--redirect-uri/,
    );
  });

  it('takes the name of this machine for its address', async () => {
    const named = await LoopbackReceiver.listen('http://localhost/back');
    const received = named.receive(() => true);
    const page = await fetch(`http://127.0.0.1:${named.redirectUri.port}/back?x=1`, { headers: { host: 'localhost' } });
    expect(named.redirectUri.hostname).toBe('localhost');
    expect(page.status).toBe(200);
    expect((await received).get('x')).toBe('1');
    named.close();
  });

  it.each([
    'https://127.0.0.1/callback',
    'http://example.com/callback',
    'http://10.0.0.1/callback',
    'http://127.0.0.1.example.com/callback',
    'http://a:b@127.0.0.1/callback',
    'http://127.0.0.1/callback?a=1',
    'callback',
  ])('refuses to listen at %s', async (address) => {
    await expect(LoopbackReceiver.listen(address)).rejects.toMatchObject({ code: 'invalid_redirect_uri' });
  });
});
