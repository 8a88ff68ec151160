import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DevIdp, FormBrowser } from '../src/index.js';
import { defaultScope, OauthClient } from './support/oauth-client.js';

describe('device flow', () => {
  let idp: DevIdp;
  let client: OauthClient;

  beforeAll(async () => {
    idp = await DevIdp.start({ deviceCodeTtlSeconds: 120 });
    client = new OauthClient(idp);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => idp.close());

  it('signs in a device whose user types the code', async () => {
    const { body: device } = await client.startDevice();
    expect(device).toMatchObject({ verification_uri: `${idp.issuer}/device`, expires_in: 120 });
    expect(await client.pollDevice(device['device_code'])).toMatchObject({
      status: 400,
      body: { error: 'authorization_pending' },
    });

    const browser = await new FormBrowser().open(device['verification_uri'] ?? '');
    await browser.submit({ user_code: String(device['user_code']).toLowerCase() });
    expect(browser.text).toContain('NeMo Platform CLI wants to sign you in');
    expect(browser.text).toContain(device['user_code']);
    await browser.submit({}, { button: 'Continue' });
    await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
    expect(browser.text).toContain('You are signed in as alice@example.com');
    expect(browser.text).toContain('platform:write');
    await browser.submit({}, { button: 'Allow' });
    expect(browser.text).toContain('You are signed in');

    const { status, body } = await client.pollDevice(device['device_code']);
    expect(status).toBe(200);
    expect(await client.verify(body['access_token'])).toMatchObject({
      email: 'alice@example.com',
      groups: ['team-ml'],
      client_id: 'nmp-cli',
      scope: defaultScope,
    });
    expect((await client.refresh(body['refresh_token'])).status).toBe(200);
  });

  it('signs in by the complete address, and hands the tokens out once', async () => {
    const { body: device } = await client.startDevice();
    await client.approve(device['verification_uri_complete']);
    const { status, body } = await client.pollDevice(device['device_code']);
    expect(status).toBe(200);
    expect(await client.pollDevice(device['device_code'])).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await client.refresh(body['refresh_token'])).status).toBe(200);
  });

  it('answers one of many polls that cross, and leaves that one its tokens', async () => {
    const { body: device } = await client.startDevice();
    await client.approve(device['verification_uri_complete']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.pollDevice(device['device_code'])));
    const [winner, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(7);
    expect((await client.refresh(winner?.body['refresh_token'])).status).toBe(200);
  });

  it('asks a signed-in browser for consent again, not for the password', async () => {
    const first = (await client.startDevice()).body;
    const browser = await client.approve(first['verification_uri_complete']);
    const second = (await client.startDevice()).body;
    await browser.open(second['verification_uri_complete'] ?? '');
    await browser.submit({}, { button: 'Continue' });
    expect(browser.text).toContain('Allow access?');
    await browser.submit({}, { button: 'Allow' });
    const tokens = [await client.pollDevice(first['device_code']), await client.pollDevice(second['device_code'])];
    // Each sign-in is a grant of its own: the end of the first is not the end of the second.
    await client.post('/revoke', { client_id: 'nmp-cli', token: tokens[0]?.body['refresh_token'] ?? '' });
    expect((await client.refresh(tokens[0]?.body['refresh_token'])).status).toBe(400);
    expect((await client.refresh(tokens[1]?.body['refresh_token'])).status).toBe(200);
  });

  it('lets a signed-in user sign out in the browser', async () => {
    const { body: first } = await client.startDevice();
    const browser = await client.approve(first['verification_uri_complete']);
    await browser.open(`${idp.issuer}/logout`);
    await browser.submit({}, { button: 'Sign out' });
    expect(browser.text).toContain('You are signed out');
    const { body: second } = await client.startDevice();
    await browser.open(second['verification_uri_complete'] ?? '');
    await browser.submit({}, { button: 'Continue' });
    expect(browser.text).toContain('Password');
  });

  it.each(['at the code', 'at the password', 'at the consent'])(
    'tells the device when the user says no %s',
    async (where) => {
      const { body: device } = await client.startDevice();
      const browser = await new FormBrowser().open(device['verification_uri_complete'] ?? '');
      if (where !== 'at the code') {
        await browser.submit({}, { button: 'Continue' });
        if (where === 'at the consent') {
          await browser.submit({ login: 'alice@example.com', password: 'alice-password' });
        }
      }
      await browser.submit({}, { button: where === 'at the consent' ? 'Deny' : 'Cancel' });
      expect(browser.text).toContain('Sign-in cancelled');
      expect(await client.pollDevice(device['device_code'])).toMatchObject({
        status: 400,
        body: { error: 'access_denied' },
      });
    },
  );

  it('tells device and user that the code expired', async () => {
    const { body: device } = await client.startDevice();
    const later = Date.now() + 121_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect(await client.pollDevice(device['device_code'])).toMatchObject({
      status: 400,
      body: { error: 'expired_token' },
    });
    const browser = await new FormBrowser().open(device['verification_uri_complete'] ?? '');
    await browser.submit({}, { button: 'Continue' });
    expect(browser.text).toContain('This code has expired');
  });

  it('stays at the password page after a wrong password, and the right one still works', async () => {
    const { body: device } = await client.startDevice();
    const browser = await new FormBrowser().open(device['verification_uri_complete'] ?? '');
    await browser.submit({}, { button: 'Continue' });
    await browser.submit({ login: 'alice@example.com', password: 'wrong' });
    expect(browser.status).toBe(422);
    expect(browser.text).toContain('Wrong e-mail or password');
    expect(browser.forms[0]?.fields.get('login')).toBe('alice@example.com');
    expect(browser.forms[0]?.fields.get('password')).toBe('');
    await browser.submit({ password: 'alice-password' });
    await browser.submit({}, { button: 'Allow' });
    expect((await client.pollDevice(device['device_code'])).status).toBe(200);
  });

  it('asks again after an unknown code, an empty one and a used one', async () => {
    const browser = await new FormBrowser().open(`${idp.issuer}/device`);
    await browser.submit({ user_code: 'ZZZZ-ZZZZ' });
    expect(browser.text).toContain('This code is not known');
    await browser.submit({ user_code: '' });
    expect(browser.text).toContain('Please enter the code');
    const { body: device } = await client.startDevice();
    await client.approve(device['verification_uri_complete']);
    await browser.submit({ user_code: device['user_code'] ?? '' });
    expect(browser.text).toContain('has been used already');
  });
});
