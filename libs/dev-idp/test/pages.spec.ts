import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { DevIdp, FormBrowser } from '../src/index.js';
import { OauthClient } from './support/oauth-client.js';

const attack = '"><script>alert(1)</script><b x=\'';

describe('pages under attack', () => {
  let idp: DevIdp;
  let client: OauthClient;

  beforeAll(async () => {
    idp = await DevIdp.start();
    client = new OauthClient(idp);
  });
  afterAll(() => idp.close());

  async function openSignIn(): Promise<FormBrowser> {
    const { body: device } = await client.startDevice();
    const browser = await new FormBrowser().open(device['verification_uri_complete'] ?? '');
    return browser.submit({}, { button: 'Continue' });
  }

  it('shows a hostile code from the address as text', async () => {
    const browser = await new FormBrowser().open(`${idp.issuer}/device?user_code=${encodeURIComponent(attack)}`);
    expect(browser.html).not.toContain('<script');
    expect(browser.html).not.toContain('<b x');
    expect(browser.text).toContain(attack);
    expect(browser.forms[0]?.fields.get('user_code')).toBe(attack);
  });

  it('shows a hostile code that was typed as text', async () => {
    const browser = await new FormBrowser().open(`${idp.issuer}/device`);
    await browser.submit({ user_code: attack });
    expect(browser.text).toContain('This code is not known');
    expect(browser.html).not.toContain('<script');
    expect(browser.forms[0]?.fields.get('user_code')).toBe(attack);
  });

  it('shows a hostile login name as text', async () => {
    const browser = await openSignIn();
    await browser.submit({ login: attack, password: 'x' });
    expect(browser.html).not.toContain('<script');
    expect(browser.forms[0]?.fields.get('login')).toBe(attack);
  });

  it('shows a hostile error on the error page as text', async () => {
    const browser = await new FormBrowser().open(`${idp.issuer}/authorize?client_id=${encodeURIComponent(attack)}`);
    expect(browser.status).toBe(400);
    expect(browser.text).toContain('This did not work');
    expect(browser.html).not.toContain('<script');
  });

  it('allows no script, no frame and no foreign asset on any page', async () => {
    const pages = [
      await new FormBrowser().open(`${idp.issuer}/device`),
      await new FormBrowser().open(`${idp.issuer}/authorize?client_id=unknown`),
      await openSignIn(),
      await (await openSignIn()).submit({ login: 'alice@example.com', password: 'alice-password' }),
    ];
    for (const { headers, html } of pages) {
      const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
      const styleHash = createHash('sha256').update(style).digest('base64');
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`,
      );
      expect(headers.get('cache-control')).toContain('no-store');
      expect(html).not.toMatch(/\son\w+=|\sstyle=|<script|https?:\/\//);
      for (const [, id] of html.matchAll(/<label for="(\w+)"/g)) expect(html).toContain(`id="${id}"`);
    }
  });

  it('takes no form without its token', async () => {
    const browser = await openSignIn();
    const fields = { login: 'alice@example.com', password: 'alice-password' };
    await browser.submit({ ...fields, xsrf: 'forged' });
    expect(browser.status).toBe(400);
    expect(browser.text).toContain('belongs to another browser');
  });

  it('shows a sign-in to no other browser', async () => {
    const browser = await openSignIn();
    const stranger = await new FormBrowser().open(browser.url);
    expect(stranger.status).toBe(400);
    expect(stranger.text).toContain('belongs to another browser');
  });

  it('answers only under a name of this machine', async () => {
    const statusFor = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const path = '/.well-known/openid-configuration';
        const call = request({ host: '127.0.0.1', port: idp.port, path, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.on('error', reject).end();
      });
    expect(await statusFor(`rebound.example:${idp.port}`)).toBe(403);
    expect(await statusFor(`127.0.0.1.example:${idp.port}`)).toBe(403);
    expect(await statusFor(`localhost:${idp.port}`)).toBe(200);
    expect(await statusFor(`127.0.0.1:${idp.port}`)).toBe(200);
  });

  it('takes no form that is too long', async () => {
    const browser = await openSignIn();
    await browser.submit({ login: 'a'.repeat(20_000), password: 'x' });
    expect(browser.status).toBe(400);
  });
});
